"""`mtl_core.jobs.worker_setup` for a worker that needs no Keras."""

from mtl_core.jobs import tasks, worker_setup

tasks.warm = lambda: None
dask_setup = worker_setup.dask_setup
