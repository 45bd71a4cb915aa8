"""What a finished run comes to: a few numbers at its last epoch, which comparisons over seeds are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from mtl_core.records.bounds import Pair
from mtl_core.records.run import Run
from mtl_core.spec import MEASURES, OUTPUTS, other_input

__all__ = ["Score"]


@dataclass(frozen=True, slots=True)
class Score:
    """A run's test numbers after its last epoch, pairs (head 1, head 2), in the order of `MEASURES`.

    Parameters
    ----------
    right : Pair
        Share of unseen pairs answered rightly, 0..1.
    loss : Pair
        Nats.
    reliance : Pair
        What shuffling the other tweet costs, nats; exactly 0.0 where no path exists.
    distance : Pair
        Loss above the best that anybody with both tweets reaches on these very rows, nats.
    source : {"live", "stored", "recorded"}
    """

    right: Pair
    loss: Pair
    reliance: Pair
    distance: Pair
    source: Literal["live", "stored", "recorded"] = "recorded"

    @classmethod
    def of(cls, run: Run, best: Pair) -> Self:
        """The score of a finished run.

        Parameters
        ----------
        run : Run
        best : Pair
            Loss of the best predictors with both tweets on the run's test rows; nats.
        """
        last = run.epochs[-1]
        first, second = (last.test[output] for output in OUTPUTS)
        cost = [last.reliance[output, other_input(output)] for output in OUTPUTS]
        return cls(
            right=(first.accuracy, second.accuracy),
            loss=(first.loss, second.loss),
            reliance=(cost[0], cost[1]),
            distance=(first.loss - best[0], second.loss - best[1]),
            source=run.source,
        )

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The inverse of `to_plain`; `KeyError` or `ValueError` if it is none."""
        right, loss, reliance, distance = (_pair(plain[name]) for name in MEASURES)
        return cls(right, loss, reliance, distance)

    def to_plain(self) -> dict[str, list[float]]:
        """The numbers by measure, for JSON."""
        return {name: list(getattr(self, name)) for name in MEASURES}

    def value(self, measure: str, output: str) -> float:
        """One of `MEASURES` for one head."""
        return float(getattr(self, measure)[OUTPUTS.index(output)])


def _pair(numbers: Any) -> Pair:
    first, second = numbers
    return float(first), float(second)
