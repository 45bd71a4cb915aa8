"""A Dask process that ends with the app that started it, even if the app is killed.

The app holds the write end of a pipe whose read end is the child's standard input. It writes nothing: when the app ends,
however it ends, the system closes the pipe and the child reads the end of the file. That takes no polling and works on
every system, where a parent's process number may be given to a stranger. Dask loads this module into the scheduler
(`--preload`) and the nanny (`--preload-nanny`); a worker ends with its nanny.
"""

from __future__ import annotations

import os
import shutil
import threading
from typing import Any

__all__ = ["dask_setup"]


def dask_setup(service: Any) -> None:
    """Watch for the end of standard input; Dask calls this when the process starts."""
    threading.Thread(target=_end_with_parent, name="guard", daemon=True).start()


def _end_with_parent() -> None:
    # Not through `sys.stdin`: at a normal end, Python would wait for its lock, which this thread holds.
    while os.read(0, 4096):
        pass
    if scratch := os.environ.get("MTL_SCRATCH"):
        shutil.rmtree(scratch, ignore_errors=True)
    os._exit(0)
