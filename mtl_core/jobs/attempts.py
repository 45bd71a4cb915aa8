"""The epochs of a run, read from its topic on the scheduler.

A topic is a log that every follower can read from the start, so who joins late sees what the others saw. But one topic
holds the events of *every* attempt at the run: a worker that is killed leaves half a log behind, and a run that was
stopped leaves another. Each event therefore names its attempt, and a reader shows the newest one only, newest by the
scheduler's clock, because that is the one clock they all share. Events may come twice and in any order: a reader asks
for the past and listens for the future at once, and the two overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from mtl_core.records import Epoch, epoch_from_plain

__all__ = ["GAVE_WAY", "Attempts", "Tell", "topic"]

Tell = Callable[[Mapping[str, Any]], None]
"""Takes what happened, as a table, to those who follow the run."""


def topic(key: str) -> str:
    """Name of the topic of the run with this key."""
    return f"mtl-run-{key}"


GAVE_WAY = "gave way"
"""End of a background run whose place was needed by one that somebody pressed Train for."""

_LOST = "lost"
_VOID = ("stopped", GAVE_WAY, _LOST)
"""Ends of attempts that leave nothing to show."""


@dataclass(slots=True)
class _Attempt:
    begun: float
    """Scheduler's time of the first event that was seen of it."""
    epochs: dict[int, Epoch] = field(default_factory=dict)
    config: str | None = None
    end: str = ""


class Attempts:
    """What the newest attempt at a run has told so far.

    Parameters
    ----------
    rejected : collection of str
        Attempts to leave out: those that were seen to their end before this run was asked for.
    """

    def __init__(self, rejected: Collection[str] = ()) -> None:
        self._rejected = frozenset(rejected)
        self._attempts: dict[str, _Attempt] = {}

    def rejects(self, attempt: str) -> bool:
        """Whether an attempt is left out."""
        return attempt in self._rejected

    def take(self, stamp: float, event: Mapping[str, Any]) -> None:
        """Take one event of the topic, with the scheduler's time stamp in seconds."""
        name = event["attempt"]
        if self.rejects(name):
            return
        attempt = self._attempts.setdefault(name, _Attempt(stamp))
        attempt.begun = min(attempt.begun, stamp)
        if "epoch" in event:
            epoch = epoch_from_plain(event["epoch"])
            attempt.epochs[epoch.index] = epoch
        attempt.config = event.get("config", attempt.config)
        # Whoever still tells was not lost: only the connection was.
        attempt.end = event.get("end", "" if attempt.end == _LOST else attempt.end)

    def lose(self) -> None:
        """The scheduler is gone, and the attempt that was under way with it."""
        newest = self._newest
        if newest is not None and not newest.end:
            newest.end = _LOST

    @property
    def running(self) -> bool:
        """Whether an attempt is under way, or has come to its end with a result that is still to arrive."""
        newest = self._newest
        return newest is not None and newest.end not in _VOID

    @property
    def epochs(self) -> tuple[Epoch, ...]:
        """Epochs of the newest attempt from 0 on, without a gap; none of an attempt that came to nothing."""
        newest = self._newest
        if newest is None or newest.end in _VOID:
            return ()
        epochs: list[Epoch] = []
        while len(epochs) in newest.epochs:
            epochs.append(newest.epochs[len(epochs)])
        return tuple(epochs)

    @property
    def config(self) -> str | None:
        """The real model's config, once the newest attempt has told it."""
        return self._newest.config if self._newest else None

    @property
    def retries(self) -> int:
        """Attempts that were lost: those that began and neither ended nor are the newest."""
        attempts = self._attempts.values()
        return sum(each.end == _LOST or (not each.end and each is not self._newest) for each in attempts)

    @property
    def _newest(self) -> _Attempt | None:
        # A lost attempt has the time of a scheduler that is gone, whose clock may have been ahead.
        return max(self._attempts.values(), key=lambda each: (each.end != _LOST, each.begun), default=None)
