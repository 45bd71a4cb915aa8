"""A run that was asked for since this process started, as far as this process follows it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mtl_core.jobs.attempts import Attempts
from mtl_core.language import _, ngettext
from mtl_core.records import Epoch, Run, RunState, versions
from mtl_core.spec import ExperimentSpec

__all__ = ["Request"]

Sentence = Callable[[], str]
"""Composed when it is read, in the language of whoever reads it."""


def _silence() -> str:
    return ""


@dataclass(slots=True, kw_only=True)
class Request:
    """The state of one request for a run. Not thread-safe: the caller holds a lock.

    Parameters
    ----------
    spec : ExperimentSpec
    key : str
        The run's name, see `mtl_core.engine_version.run_key`.
    background : bool
        Whether it stands behind the runs that somebody pressed Train for.
    attempts : Attempts
    visitors : set of str
        Everybody who ever followed this request.
    """

    spec: ExperimentSpec
    key: str
    background: bool
    attempts: Attempts
    visitors: set[str]
    left: set[str] = field(default_factory=set)
    """Those of them who said that they no longer want it."""
    state: RunState = "queued"
    attempt: str = ""
    """The attempt that ended this request, if one did."""
    future: Any = None
    submissions: int = 0
    """How often the task was handed to a scheduler; what an earlier submission brings is ignored."""
    revivals: int = 0
    """How often what it joined turned out to have ended already."""
    blamed: int = 0
    """How often Dask gave it up as one that kills workers."""
    finished: Run | None = None
    say: Sentence = _silence
    since: float = field(default_factory=time.monotonic)
    """When its first epoch came; until then, when it was asked for."""

    @property
    def busy(self) -> bool:
        """Whether more epochs may come."""
        return self.state in ("queued", "running")

    @property
    def retries(self) -> int:
        """How often the run began again because a worker or the cluster was lost."""
        return self.attempts.retries

    def take(self, stamp: float, event: Any) -> None:
        """Take an event of the run's topic."""
        if not self.busy:
            return
        self.attempts.take(stamp, event)
        state: RunState = "running" if self.attempts.running else "queued"
        if state != self.state:
            self.state, self.since = state, time.monotonic()

    def lose(self) -> None:
        """The cluster is gone; the run is wanted as before."""
        self.future = None
        self.attempts.lose()
        self.state = "queued"

    def end(self, state: RunState, say: Sentence = _silence, *, attempt: str = "", finished: Run | None = None) -> None:
        """No more epochs will come."""
        self.state, self.say, self.attempt, self.finished = state, say, attempt, finished

    def join(self, visitor: str) -> None:
        """The visitor wants it too, or again."""
        self.visitors.add(visitor)
        self.left.discard(visitor)

    def look(self, visitor: str = "", position: int | None = None, wait: float | None = None) -> Run:
        """The picture a page draws from for this visitor, at this place in the queue."""
        if self.finished is not None:
            return self.finished
        return Run(
            spec=self.spec,
            state=self.state,
            epochs=self.attempts.epochs,
            position=position,
            wait=wait,
            retries=self.retries,
            message=self.say() or self._standing(visitor),
            config=self.attempts.config,
            versions=versions(),
        )

    def remaining_seconds(self) -> float:
        """Expected seconds until it ends, once it runs."""
        epochs: tuple[Epoch, ...] = self.attempts.epochs
        left = 1 - max(0, len(epochs) - 1) / self.spec.train.epochs
        return left * self.spec.cost.seconds

    def _standing(self, visitor: str) -> str:
        if not self.busy:
            return ""
        if visitor in self.left:
            return _("You have left this run; it goes on for others who follow it.")
        if not self.retries:
            return ""
        return ngettext(
            "The worker was lost; the run began again by itself.",
            "The worker was lost {n} times; each time the run began again by itself.",
            self.retries,
        ).format(n=self.retries)
