"""`mtl_core.jobs.preload` for a worker that needs no Keras."""

from mtl_core.jobs import preload, tasks

tasks.warm = lambda: None
dask_setup = preload.dask_setup
