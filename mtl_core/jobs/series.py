"""Many runs for one visitor, asked for one at a time: each stands behind all others, and what is known is not run again.

The next run is asked for when the last has come, so a series never has more than one run in the queue, however long it is; and who
stops calling `advance` asks for nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mtl_core.jobs.tasks import Rank
from mtl_core.records import Run, Score
from mtl_core.spec import ExperimentSpec
from mtl_core.theory import best_on_test

__all__ = ["Asked", "Series"]


class Asked(Protocol):
    """What a series asks of `mtl_core.jobs.runs.Runs`."""

    def look(self, spec: ExperimentSpec, visitor: str = "") -> Run:
        """What is known of a run."""

    def background(self, spec: ExperimentSpec, visitor: str, rank: Rank) -> Run:
        """Ask for a run behind those of a lower rank."""

    def stop(self, spec: ExperimentSpec, visitor: str) -> None:
        """Follow a run no longer."""

    def renew(self, visitor: str) -> None:
        """The visitor is still there."""


@dataclass(slots=True)
class Series:
    """Runs that were started together.

    Parameters
    ----------
    specs : tuple of ExperimentSpec
        In the order in which they are asked for.
    scores : dict of ExperimentSpec to Score
        What is known already; gets what comes.
    current : ExperimentSpec or None
        The run that was asked for last.
    problems : dict of ExperimentSpec to Run
        Runs that gave no numbers; they are not asked for again. One that had failed before the series began is, once.
    """

    specs: tuple[ExperimentSpec, ...]
    scores: dict[ExperimentSpec, Score]
    current: ExperimentSpec | None = None
    problems: dict[ExperimentSpec, Run] = field(default_factory=dict)

    def look_for(self, runs: Asked, specs: Sequence[ExperimentSpec]) -> None:
        """Take the scores of those that are finished, wherever they are kept."""
        for spec in specs:
            if spec not in self.scores:
                self._take(runs.look(spec))

    def advance(self, runs: Asked, visitor: str) -> Run | None:
        """Take what has come, and ask for the next run unless one is under way.

        Returns
        -------
        Run or None
            What is under way; None if there is nothing left to ask for.
        """
        runs.renew(visitor)
        if self.current is not None:
            run = runs.look(self.current, visitor)
            if run.busy:
                return run
            # One that was stopped, as the visitor's own Train does with it, is simply asked for again.
            self.current = None
            self._take(run)
        for spec in self.specs:
            if spec in self.scores or spec in self.problems:
                continue
            if (run := runs.look(spec)).state != "failed":
                self._take(run)
            if spec in self.scores or spec in self.problems:
                continue
            self.current = spec
            runs.background(spec, visitor, Rank.SERIES)
            return runs.look(spec, visitor)
        return None

    def stop(self, runs: Asked, visitor: str) -> None:
        """Follow the run under way no longer."""
        if self.current is not None:
            runs.stop(self.current, visitor)
            self.current = None

    def _take(self, run: Run) -> None:
        if run.state in ("diverged", "failed"):
            self.problems[run.spec] = run
        elif run.state == "finished" and run.epochs:
            self.scores[run.spec] = Score.of(run, best_on_test(run.spec.data, run.spec.train.seed))
