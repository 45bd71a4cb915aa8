"""What a step's runs came to: numbers for its checks, and the same numbers as its sentences quote them.

A sentence of a lesson names what it quotes: `{case1.head1.loss}` is head 1's final test loss in the experiment called
case1, formatted as the app formats a loss; `{case1.head1.right}` its share of right answers, as "90 in 100". So no
sentence can quote a number that was not measured, or computed by `mtl_core.theory`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from mtl_core.figures.numbers import number, share
from mtl_core.records import Run
from mtl_core.spec import INPUTS, OUTPUTS, OWN_INPUT, other_input
from mtl_core.theory import bayes_risk

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
        return share(float(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadResult:
    """One head at the end of a run, on test rows.

    Parameters
    ----------
    start, loss, least : Nats
        Before training, at the end, and at the best epoch.
    right : Share
    shuffled, cost : Nats
        Loss with the other tweet shuffled, and how much that is more.
    own_shuffled, own_cost : Nats
        The same for the head's own tweet.
    flat : bool
        Whether shuffling the other tweet changes not one bit of the loss, at any share of shuffled rows.
    """

    start: Nats
    loss: Nats
    least: Nats
    right: Share
    shuffled: Nats
    cost: Nats
    own_shuffled: Nats
    own_cost: Nats
    flat: bool

    @classmethod
    def of(cls, run: Run, output: str) -> Self:
        """Read off a finished run. The shuffles are those of its response, and of its last epoch if it has none."""
        losses = [epoch.test[output].loss for epoch in run.epochs]
        last = run.epochs[-1]
        cost, own_cost = last.reliance[output, other_input(output)], last.reliance[output, OWN_INPUT[output]]
        flat = cost == 0
        if run.response is not None:
            curves = run.response.loss[OUTPUTS.index(output)]
            other, own = curves[INPUTS.index(other_input(output))], curves[INPUTS.index(OWN_INPUT[output])]
            cost, own_cost, flat = other[-1] - other[0], own[-1] - own[0], bool((other == other[0]).all())
        return cls(
            start=Nats(losses[0]),
            loss=Nats(losses[-1]),
            least=Nats(min(losses)),
            right=Share(last.test[output].accuracy),
            shuffled=Nats(losses[-1] + cost),
            cost=Nats(cost),
            own_shuffled=Nats(losses[-1] + own_cost),
            own_cost=Nats(own_cost),
            flat=flat,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """Both heads at the end of a run, and what its data allow (nats, the same for both heads).

    Parameters
    ----------
    head1, head2 : HeadResult
    both, own, symmetric, worth : Nats
        `theory.BayesRisk`'s lines, and what the other tweet is worth.
    """

    head1: HeadResult
    head2: HeadResult
    both: Nats
    own: Nats
    symmetric: Nats
    worth: Nats

    @classmethod
    def of(cls, run: Run) -> Self:
        """Read off a finished run."""
        risk = bayes_risk(run.spec.data)
        first, second = (HeadResult.of(run, output) for output in OUTPUTS)
        return cls(
            head1=first,
            head2=second,
            both=Nats(risk.both[0]),
            own=Nats(risk.own[0]),
            symmetric=Nats(risk.symmetric[0]),
            # Integrals are exact to 1e-4; what is less is 0.
            worth=Nats(round(risk.value_of_other[0], 4)),
        )

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
