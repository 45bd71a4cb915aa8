"""The lines a learning curve is read against, for one model on one split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from mtl_core.spec import DataSpec, ModelSpec
from mtl_core.theory import BayesRisk, Pair, lower_bound

__all__ = ["BoundLines"]

_SAME = 1e-3  # nats: closer lines are one line


@dataclass(frozen=True, slots=True)
class BoundLines:
    """Losses in nats, each a pair (head 1, head 2).

    Parameters
    ----------
    floor : tuple of (name, Pair)
        What no model of this shape can go below; name as `theory.lower_bound` gives it.
    both, own : Pair
        Best possible with both tweets, and with the head's own tweet alone.
    chance : Pair
        Saying 1/2 always: ln 2.
    """

    floor: tuple[str, Pair]
    both: Pair
    own: Pair
    chance: Pair

    @classmethod
    def of(cls, model: ModelSpec, data: DataSpec, risk: BayesRisk) -> Self:
        """The lines of a model; `risk` is `bayes_risk(data)`, or `bayes_loss(split, data)` for curves on that split."""
        name, _nats = lower_bound(model, data)
        return cls(floor=(name, getattr(risk, name)), both=risk.both, own=risk.own, chance=risk.chance)

    def floor_line(self, head: int) -> str:
        """The line on which the floor lies, by its best known name.

        What a head can say by adding up is worth exactly both tweets under the additive rule and exactly the own tweet
        under the match rule; a second line there, with a stranger's name, would only hide that.
        """
        name, nats = self.floor
        for known, line in (("both", self.both), ("own", self.own)):
            if abs(line[head] - nats[head]) < _SAME:
                return known
        return name

    def lines(self, head: int) -> Mapping[str, float]:
        """One head's lines by name, the floor among them; names are keys of `names.bound`."""
        known = {"chance": self.chance[head], "own": self.own[head], "both": self.both[head]}
        return {self.floor_line(head): self.floor[1][head]} | known
