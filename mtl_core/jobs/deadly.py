"""Runs that killed their worker, written down, so that no visitor and no other app process tries them again for a day.

Dask gives such a run up after four workers, and with each of them everybody who trains there begins again. One small
file a run in a folder beside the finished ones says how often it was; whoever removes it has the run tried again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cachetools import TTLCache

__all__ = ["Deadly"]

log = logging.getLogger(__name__)

_SECONDS = 86_400.0
_MOST = 1000
"""Runs that are remembered, the newest: a worker takes seconds to come back, so a day has not many more."""


class Deadly:
    """Keys of such runs, for any number of threads and processes. Nothing here raises: what no disk takes stays in memory.

    Parameters
    ----------
    folder : str
        Where finished runs are kept; empty for nowhere.
    clock : callable
        Seconds since 1970.
    """

    def __init__(self, folder: str, clock: Callable[[], float] = time.time) -> None:
        self._folder = Path(folder) / "deadly" if folder else None
        self._clock = clock
        self._lock = threading.Lock()
        self._memory: TTLCache[str, int] = TTLCache(_MOST, _SECONDS, clock)

    def put(self, key: str, losses: int, *, surely: bool = True) -> None:
        """Write down that a run lost so many workers.

        Parameters
        ----------
        key : str
        losses : int
        surely : bool
            Whether it was seen running there. A run that was not may have waited behind another's each time, so only this process
            remembers it.
        """
        try:
            if self._folder is None or not surely:
                raise OSError("it is in no folder")
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self._folder / key).write_text(str(losses))
            self._forget_the_oldest(self._folder)
        except OSError as error:
            log.info("A run that kills its worker is remembered in memory only: %s", error)
            with self._lock:
                self._memory[key] = losses

    def losses(self, key: str) -> int:
        """Workers that a run lost within the last day, if it was given up for that; else 0. It may ask the disk."""
        with self._lock:
            known = self._memory.get(key, 0)
        if known or self._folder is None:
            return known
        with suppress(OSError, ValueError):
            file = self._folder / key
            if self._clock() - file.stat().st_mtime < _SECONDS:
                return int(file.read_text()[:9])
        return 0

    def _forget_the_oldest(self, folder: Path) -> None:
        files = list(folder.iterdir())
        if len(files) > _MOST:
            files.sort(key=lambda file: file.stat().st_mtime)
            for file in files[:-_MOST]:
                file.unlink(missing_ok=True)
