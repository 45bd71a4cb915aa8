"""The lines a learning curve is read against, for one model on one split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["BoundLines", "Pair"]

Pair = tuple[float, float]
"""Head 1's value and head 2's."""

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

    def floor_line(self, head: int) -> str:
        """The line on which the floor lies, by its best known name.

        What a head can say by adding up is worth exactly both tweets under the additive rule and exactly the head's
        own tweet under the match rule; a second line there, with a stranger's name, would only hide that.
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
