"""What is compared: one or two settings with a few values each, over several seeds; the third part of a link.

The experiment that is varied is the one on screen, and has its own keys in the link. What the values mean depends on the
setting that they belong to, so a link's values are read in two steps: here they are text, and `mtl_core.study` reads them by the
limits of that setting.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from mtl_core.language import N_
from mtl_core.spec.factors import FACTORS
from mtl_core.spec.fields import VERSION, Checked, choice, read_fields, row, write_fields

__all__ = ["BETWEEN", "MEASURES", "SweepSpec"]

BETWEEN = "~"
"""Stands between two values in a link."""

MEASURES = ("right", "loss", "reliance", "distance")
"""What is compared: right answers, loss, cost of shuffling the other tweet, distance to the best possible."""

_LETTERS = string.ascii_letters + string.digits + ".,+-_" + BETWEEN
_LONGEST = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepSpec(Checked):
    """A comparison, as a visitor chooses it and a link names it.

    Parameters
    ----------
    vary, also : str
        Names of the settings that are varied, keys of `FACTORS`; "none" for no second one.
    vary_values, also_values : str
        Their values with `BETWEEN` between; empty for those that are offered first.
    seeds : int
        How many, 3..10.
    first_seed : int
        Of them; the others follow it.
    both_cases : bool
        Each setting with its merge and without.
    live_seed : int
        First seed of the study of sharing that is trained live; 0 for the recorded one.
    measure : {"right", "loss", "reliance", "distance"}
        What is drawn.
    measured_head : {"predictions1", "predictions2"}
        Of which head.
    """

    vary: str = choice(N_("Vary"), "angle", "by", *FACTORS)
    vary_values: str = row(N_("Values"), "", "val", "text", 0, _LONGEST, *_LETTERS)
    also: str = choice(N_("And vary"), "none", "by2", "none", *FACTORS)
    also_values: str = row(N_("Values of the second"), "", "val2", "text", 0, _LONGEST, *_LETTERS)
    seeds: int = row(N_("Seeds"), 3, "ns", "int", 3, 10)
    first_seed: int = row(N_("First seed"), 0, "s0", "int", 0, 2**31 - 10)
    live_seed: int = row(N_("First seed of the live study"), 0, "ls", "int", 0, 2**31 - 10)
    both_cases: bool = row(N_("Both cases"), True, "both", "flag")
    measure: str = choice(N_("Show"), "right", "meas", *MEASURES)
    measured_head: str = choice(N_("Head"), "predictions1", "mh", "predictions1", "predictions2")

    def to_query(self) -> dict[str, str]:
        """What differs from the defaults, by short key; `from_query` is its inverse."""
        return {"v": str(VERSION)} | write_fields(self)

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """The comparison a link names, and a sentence for every value that was not taken as written. Never raises."""
        values, notes = read_fields(cls, query, {})
        return cls(**values), notes
