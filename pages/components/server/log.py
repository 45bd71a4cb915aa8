"""A log that stays readable: what repeats is written a few times a minute, and how often it was left out is said.

Without it the log grew by 41 MB a minute, a stack for every visitor whom the system did not let in.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import LRUCache

__all__ = ["Throttle", "throttle"]

log = logging.getLogger(__name__)

_TIMES, _SECONDS = 5, 60.0
_DIFFERENT = 1_000

_Kind = tuple[str, str, int, str]


@dataclass(slots=True)
class _Count:
    since: float
    written: int = 0
    left_out: int = 0


class Throttle(logging.Filter):
    """Lets a record pass unless as many of its kind did within a minute.

    Of one kind is what the same line of the same program wrote with the same kind of error.

    Parameters
    ----------
    clock : callable
        Seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._counts: LRUCache[_Kind, _Count] = LRUCache(_DIFFERENT)
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to write it; the first of the next minute says how many were not."""
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        kind = (record.name, record.pathname, record.lineno, error)
        with self._lock:
            now = self._clock()
            count = self._counts.setdefault(kind, _Count(now))
            if now - count.since >= _SECONDS:
                if count.left_out:
                    record.msg, record.args = (
                        f"{record.getMessage()} ({count.left_out:,} more like it were left out)",
                        (),
                    )
                count.since, count.written, count.left_out = now, 0, 0
            if count.written >= _TIMES:
                count.left_out += 1
                return False
            count.written += 1
            return True


def throttle() -> None:
    """Throttle every logger there is, and what a thread's death writes."""
    one = Throttle()
    for logger in [logging.root, *map(logging.getLogger, list(logging.root.manager.loggerDict))]:
        logger.addFilter(one)
    threading.excepthook = _log_death


def _log_death(death: threading.ExceptHookArgs) -> None:
    """As Python's own hook, but through the log, which is throttled."""
    if death.exc_type is not SystemExit and death.exc_value is not None:
        name = death.thread.name if death.thread else "?"
        stack = (death.exc_type, death.exc_value, death.exc_traceback)
        log.error("A thread ended with an error: %s", name, exc_info=stack)
