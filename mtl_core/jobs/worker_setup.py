"""What a worker does besides its tasks: it gets ready before it is asked, and makes room before it is full.

Dask loads this module into each worker (`--preload`). Importing TensorFlow takes seconds and compiling a shape about one
more, so a thread does both as soon as the worker is up. And every *new* shape that is trained leaves 3 to 16 MB behind
which no garbage collection returns, so a worker that is nearly full is replaced, but only between two runs: it tells the
scheduler that it retires, gives back what it has not begun, and its nanny starts a fresh one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import threading
from typing import Any

from mtl_core.records import versions

__all__ = ["dask_setup"]

log = logging.getLogger(__name__)

_FULL = 0.55
"""Share of its memory limit at which an idle worker is replaced. It begins at 0.35 of the usual 2 GB, and the largest
run takes it to 0.6 for a while. Dask gives it no new work at 0.8, whereupon a busy worker becomes idle, and ends it at
0.95."""

_CHECK_SECONDS = 2.0

_NICE = 10
"""Where processors are few, a page is drawn before a training goes on: it takes milliseconds, and people wait for it."""


def dask_setup(worker: Any) -> None:
    """Step back behind the app, begin to warm up and to watch the memory; Dask calls this in the worker's event loop."""
    with contextlib.suppress(AttributeError, OSError):  # Windows has no such call.
        os.nice(_NICE)
    warm = threading.Event()
    # Dask sends metrics to the scheduler with each heartbeat, so every app process can read these two.
    worker.metrics["mtl_warm"] = lambda _: warm.is_set()
    worker.metrics["mtl_versions"] = lambda _: dict(versions())
    threading.Thread(target=_warm_up, args=(warm,), name="warm-up", daemon=True).start()
    worker.loop.add_callback(_recycle_when_full, worker)


def _warm_up(warm: threading.Event) -> None:
    from mtl_core.jobs import tasks

    try:
        tasks.warm()
    except Exception:  # The worker can still train; it will be slower to begin, or say why it cannot.
        log.exception("Warming up failed")
    warm.set()


async def _recycle_when_full(worker: Any) -> None:
    while worker.status.name in ("init", "running", "paused"):
        await asyncio.sleep(_CHECK_SECONDS)
        limit = worker.memory_manager.memory_limit
        full = limit and worker.monitor.get_process_memory() > _FULL * limit
        if full and not worker.state.executing_count and not worker.data:
            await worker.close_gracefully(restart=True, reason="its memory is nearly full")
            return
