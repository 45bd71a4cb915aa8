"""Who follows which run, and for how long they may be silent.

A browser that closes says nothing, and one that reconnects looks as if it had closed. So a visitor holds a *lease*, which
each tick of a page renews; browsers slow the timers of hidden tabs down to one a minute, so it lasts longer than that.
When it ends, the visitor follows nothing any more. A run is *own* if the visitor pressed Train for it: each visitor has at
most one. Others are run *beside* it for comparison. And who merely looks at a run that is under way *watches* it, for as
long as they look: so a visitor who comes back with a link, as a new visitor, finds the run going on and keeps it going.
"""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["Leases", "browser_of"]


_HAD_SECONDS = 600.0


def browser_of(visitor: str) -> str:
    """What the tabs of one browser share of their names: all before the dot. Where turns are taken they are one."""
    return visitor.partition(".")[0]


class Leases:
    """Followers by run, for one process. Not thread-safe: the caller holds a lock.

    Parameters
    ----------
    grace : float
        Seconds that a visitor may be silent.
    clock : callable
        Seconds that never go back.
    """

    def __init__(self, grace: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._grace, self._clock = grace, clock
        self._renewed: dict[str, float] = {}
        self._own: dict[str, str] = {}
        self._beside: dict[str, set[str]] = {}
        self._watched: dict[tuple[str, str], float] = {}
        self._begun: dict[str, list[float]] = {}

    def renew(self, visitor: str) -> None:
        """The visitor is still there."""
        self._renewed[visitor] = self._clock()

    def follow(self, visitor: str, key: str) -> set[str]:
        """Make a run the visitor's own; returns the runs they followed until now and no longer do."""
        left = self._drop(visitor) - {key}
        self._own[visitor] = key
        self.renew(visitor)
        return left

    def count(self, visitor: str) -> int:
        """Count a run that is trained for the visitor; returns how many their browser had in the last ten minutes before it."""
        now, browser = self._clock(), browser_of(visitor)
        before = [begun for begun in self._begun.get(browser, ()) if now - begun < _HAD_SECONDS]
        self._begun[browser] = [*before, now]
        return len(before)

    def follow_beside(self, visitor: str, key: str) -> None:
        """Follow a run for comparison, in addition."""
        if self._own.get(visitor) != key:
            self._beside.setdefault(visitor, set()).add(key)
        self.renew(visitor)

    def watch(self, visitor: str, key: str) -> None:
        """The visitor looks at a run now."""
        self._watched[visitor, key] = self._clock()

    def watchers(self, seconds: float) -> int:
        """Visitors who looked at any run under way within the last seconds."""
        since = self._clock() - seconds
        return len({visitor for (visitor, _key), looked in self._watched.items() if looked >= since})

    def leave(self, visitor: str, key: str) -> None:
        """Follow a run no longer."""
        if self._own.get(visitor) == key:
            del self._own[visitor]
        self._beside.get(visitor, set()).discard(key)
        self._watched.pop((visitor, key), None)

    def forget(self, key: str) -> None:
        """A run has ended: nobody needs to follow it."""
        for visitor in {*self._renewed, *(watcher for watcher, watched in self._watched if watched == key)}:
            self.leave(visitor, key)

    def expire(self) -> set[str]:
        """End the leases that were not renewed in time; returns the runs that lost a follower by it."""
        deadline = self._clock() - self._grace
        left: set[str] = set()
        for visitor in [visitor for visitor, renewed in self._renewed.items() if renewed < deadline]:
            del self._renewed[visitor]
            left |= self._drop(visitor)
        for browser in [name for name, begun in self._begun.items() if begun[-1] < self._clock() - _HAD_SECONDS]:
            del self._begun[browser]
        for watcher in [watcher for watcher, looked in self._watched.items() if looked < deadline]:
            del self._watched[watcher]
            left.add(watcher[1])
        return left

    def followed(self, key: str) -> bool:
        """Whether anybody follows the run."""
        beside = any(key in keys for keys in self._beside.values())
        return beside or key in self._own.values() or any(watched == key for _, watched in self._watched)

    def _drop(self, visitor: str) -> set[str]:
        own = {self._own.pop(visitor)} if visitor in self._own else set()
        left = own | self._beside.pop(visitor, set())
        for key in left:
            self._watched.pop((visitor, key), None)
        return left
