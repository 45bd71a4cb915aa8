"""What a step's runs came to: numbers for its checks, and the same numbers as its sentences quote them.

A sentence of a lesson names what it quotes: `{case1.head1.right}` is the share of unseen pairs that head 1 gets right in the
experiment called case1, as "90 in 100"; `{case1.head1.loss}` its loss, as the app formats a loss. So no sentence can quote
a number that was not measured, or computed by `mtl_core.theory`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from mtl_core.figures.numbers import drop, number, share
from mtl_core.language import _
from mtl_core.records import Run
from mtl_core.spec import INPUTS, OUTPUTS, OWN_INPUT, DataSpec, other_input
from mtl_core.theory import bayes_accuracy

__all__ = ["HeadPair", "HeadResult", "Nats", "Results", "RunResult", "Share"]


class Nats(float):
    """A loss or a difference of losses; in a sentence it has three significant digits."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return number(float(self))


class Share(float):
    """A share of right answers, 0..1; in a sentence it is "90 in 100"."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return _("a number not measured") if math.isnan(self) else share(float(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadResult:
    """One head at the end of a run, on unseen pairs.

    Parameters
    ----------
    right, most : Share
        Right answers at the end, and at the best epoch.
    start, loss, least : Nats
        Loss before training, at the end, and at the best epoch.
    other_shuffled, own_shuffled : Share
        Right answers with the other tweet shuffled, and with the head's own; not measured without a response.
    shuffled : Nats
        Loss with the other tweet shuffled.
    flat : bool
        Whether shuffling the other tweet changes not one bit of the loss, at any share of shuffled rows.
    """

    right: Share
    most: Share
    start: Nats
    loss: Nats
    least: Nats
    other_shuffled: Share
    own_shuffled: Share
    shuffled: Nats
    flat: bool

    @classmethod
    def of(cls, run: Run, output: str) -> Self:
        """Read off a finished run. The shuffles are those of its response; without one, of its last epoch."""
        epochs = [epoch.test[output] for epoch in run.epochs]
        cost = run.epochs[-1].reliance[output, other_input(output)]
        flat, other_right, own_right = cost == 0, math.nan, math.nan
        if run.response is not None:
            other, own = ((OUTPUTS.index(output), INPUTS.index(name)) for name in _tweets(output))
            curve = run.response.loss[other]
            cost, flat = curve[-1] - curve[0], bool((curve == curve[0]).all())
            other_right, own_right = (float(run.response.accuracy[place][-1]) for place in (other, own))
        return cls(
            right=Share(epochs[-1].accuracy),
            most=Share(max(epoch.accuracy for epoch in epochs)),
            start=Nats(epochs[0].loss),
            loss=Nats(epochs[-1].loss),
            least=Nats(min(epoch.loss for epoch in epochs)),
            other_shuffled=Share(other_right),
            own_shuffled=Share(own_right),
            shuffled=Nats(epochs[-1].loss + cost),
            flat=flat,
        )


def _tweets(output: str) -> tuple[str, str]:
    """A head's other tweet and its own."""
    return other_input(output), OWN_INPUT[output]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """Both heads at the end of a run, and what its data allow (shares of right answers, the same for both heads).

    Parameters
    ----------
    head1, head2 : HeadResult
    both, own : Share
        Right answers of the best predictors, with both tweets and with a head's own: the lines that are drawn.
    worth : Share
        What the other tweet is worth: the difference of these two as they are said.
    """

    head1: HeadResult
    head2: HeadResult
    both: Share
    own: Share
    worth: Share

    @classmethod
    def of(cls, run: Run) -> Self:
        """Read off a finished run."""
        first, second = (HeadResult.of(run, output) for output in OUTPUTS)
        return cls.of_heads(run.spec.data, first, second)

    @classmethod
    def of_heads(cls, data: DataSpec, first: HeadResult, second: HeadResult) -> Self:
        """What two heads came to, and what their data allow."""
        best = bayes_accuracy(data)
        both, own = best.both[0], best.own[0]
        return cls(head1=first, head2=second, both=Share(both), own=Share(own), worth=Share(drop([both, own])))

    @property
    def heads(self) -> tuple[HeadResult, HeadResult]:
        """Head 1 and head 2."""
        return self.head1, self.head2


@dataclass(frozen=True, slots=True)
class HeadPair:
    """A loss of each head."""

    head1: Nats
    head2: Nats


@dataclass(frozen=True, slots=True)
class Results:
    """All that a step's sentences may speak about.

    Parameters
    ----------
    runs : mapping of experiment name to RunResult
    off : HeadPair or None
        Loss of each head with its block for the other tweet multiplied by 0, in steps that show it.
    """

    runs: Mapping[str, RunResult] = field(default_factory=dict)
    off: HeadPair = HeadPair(Nats(math.nan), Nats(math.nan))

    @classmethod
    def of(cls, runs: Mapping[str, Run], off: tuple[float, float] = (math.nan, math.nan)) -> Self:
        """The results of finished runs, by the experiments' names."""
        return cls({name: RunResult.of(run) for name, run in runs.items()}, HeadPair(*map(Nats, off)))

    def __getitem__(self, name: str) -> RunResult:
        return self.runs[name]

    @property
    def fields(self) -> dict[str, Any]:
        """What a sentence may name."""
        return {**self.runs, "off": self.off, "chance": Nats(math.log(2))}
