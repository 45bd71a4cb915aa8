"""A request for a run: what this process knows of a training that somebody asked for since it started."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mtl_core.jobs.attempts import Attempts
from mtl_core.jobs.loop import Life
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
        The run's name, see `mtl_core.records.run_key`.
    background : bool
        Whether it stands behind the runs that somebody pressed Train for.
    attempts : Attempts
        What its topic has told: epochs 0 .. `spec.train.epochs`, their losses in nats.
    visitors : set of str
        Everybody who ever followed this request.
    left : set of str
        Those of them who said that they no longer want it.
    state : RunState
        "queued" or "running" while it is busy; else how it ended.
    attempt : str
        The attempt that ended it, if one did.
    life : Life
        Of the coroutine that follows it.
    finished : Run or None
        What a page shows from its end on, if it was trained to its last epoch.
    say : callable
        Makes the sentence about its end, in the language of whoever reads it.
    """

    spec: ExperimentSpec
    key: str
    background: bool
    attempts: Attempts
    visitors: set[str]
    left: set[str] = field(default_factory=set)
    state: RunState = "queued"
    attempt: str = ""
    life: Life = field(default_factory=Life)
    finished: Run | None = None
    say: Sentence = _silence

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
        self.state = "running" if self.attempts.running else "queued"

    def lose(self) -> None:
        """The cluster is gone; the run is wanted as before."""
        self.attempts.lose()
        self.state = "queued"

    def end(self, state: RunState, say: Sentence = _silence, *, attempt: str = "", finished: Run | None = None) -> None:
        """No more epochs will come."""
        self.state, self.say, self.attempt, self.finished = state, say, attempt, finished

    def join(self, visitor: str) -> None:
        """The visitor wants it too, or again."""
        self.visitors.add(visitor)
        self.left.discard(visitor)

    def shown_to(self, visitor: str) -> bool:
        """Whether it is what this visitor sees of the run: one that was stopped or failed concerns its followers only."""
        return self.busy or self.state in ("finished", "diverged") or visitor in ("", *self.visitors)

    def look(self, visitor: str = "", position: int | None = None, wait: float | None = None) -> Run:
        """The picture a page draws from.

        Parameters
        ----------
        visitor : str
            Who looks.
        position, wait : int, float or None
            Its place in the queue: runs ahead, and expected seconds until it starts.
        """
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
