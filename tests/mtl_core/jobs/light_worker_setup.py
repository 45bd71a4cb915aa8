"""`mtl_core.jobs.worker_setup` for a worker that needs no Keras and is looked at more often."""

from mtl_core.jobs import tasks, worker_setup

tasks.warm = lambda: None
worker_setup._CHECK_SECONDS = 0.1
dask_setup = worker_setup.dask_setup
