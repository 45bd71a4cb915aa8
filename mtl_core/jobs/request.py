"""A request for a run: what this process knows of a training that somebody asked for since it started."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mtl_core.jobs.attempts import Attempts
from mtl_core.jobs.loop import Life
from mtl_core.jobs.tasks import Rank
from mtl_core.language import N_, _, ngettext
from mtl_core.records import Run, RunState, versions
from mtl_core.spec import ExperimentSpec

__all__ = ["Request", "killed"]

Sentence = Callable[[], str]
"""Composed when it is read, in the language of whoever reads it."""


_SILENT = N_(
    "The worker has not been heard from for {s:.0f} s. If it does not come back, the run begins again by itself."
)
_RESTORED = N_("The server was restarted; this run was asked for again by itself.")
_NOT_AGAIN = N_("For up to a day it is not tried again.")
_KILLED = N_("The worker was lost {n} times during this run. Most likely it needs more memory than a worker has.")


def killed(losses: int) -> Sentence:
    """Says that a run was given up after it lost so many workers."""
    return lambda: _(_KILLED).format(n=losses)


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
    rank : Rank
        Before and behind which others it is trained.
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
    had : int
        Runs that whoever asked for it had a short while ago: who had many waits behind who had none.
    restored : bool
        Whether it was asked for again when the app started.
    refused : bool
        Whether it killed its worker and somebody asked for it after that.
    """

    spec: ExperimentSpec
    key: str
    rank: Rank
    attempts: Attempts
    visitors: set[str]
    left: set[str] = field(default_factory=set)
    state: RunState = "queued"
    attempt: str = ""
    life: Life = field(default_factory=Life)
    finished: Run | None = None
    say: Sentence = _silence
    had: int = 0
    restored: bool = False
    refused: bool = False

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

    def look(
        self,
        visitor: str = "",
        *,
        position: int | None = None,
        wait: float | None = None,
        silent: float = 0.0,
        problem: str = "",
    ) -> Run:
        """The picture a page draws from.

        Parameters
        ----------
        visitor : str
            Who looks.
        position, wait : int, float or None
            Its place in the queue: runs ahead, and expected seconds until it starts.
        silent : float
            Seconds for which its worker has not been heard from, if that is long.
        problem : str
            A sentence about the engine, if something is wrong with it.
        """
        if self.finished is not None:
            return self.finished
        return Run(
            spec=self.spec,
            state=self.state,
            epochs=self.attempts.epochs,
            position=position,
            wait=wait,
            silent=silent if self.busy else 0.0,
            retries=self.retries,
            message=self._standing(visitor, silent, problem) if self.busy else self._end_in_words(),
            config=self.attempts.config,
            versions=versions(),
        )

    def remaining_seconds(self) -> float:
        """Expected seconds until it ends, once it runs."""
        run = Run(spec=self.spec, epochs=self.attempts.epochs)
        return self.spec.cost.seconds if run.seconds_left is None else run.seconds_left

    def _standing(self, visitor: str, silent: float, problem: str) -> str:
        if visitor in self.left:
            return _("You have left this run; it goes on for others who follow it.")
        if problem:
            return problem
        if silent:
            return _(_SILENT).format(s=silent)
        if self.retries:
            return ngettext(
                "The worker was lost; the run began again by itself.",
                "The worker was lost {n} times; each time the run began again by itself.",
                self.retries,
            ).format(n=self.retries)
        return _(_RESTORED) if self.restored else ""

    def _end_in_words(self) -> str:
        return f"{self.say()} {_(_NOT_AGAIN)}" if self.refused else self.say()
