"""Few of many combinations: those that `make test` tries, while the long version tries all."""

import itertools
from collections.abc import Hashable, Sequence

import pytest
from _pytest.mark.structures import ParameterSet

__all__ = ["cases"]


def cases(*choices: Sequence[Hashable]) -> list[ParameterSet]:
    """All combinations of one of each `choices`, as parameters of a test; `full` is what pairs of choices don't need."""
    everything = list(itertools.product(*choices))
    kept = _pairwise(everything)
    return [pytest.param(*case, marks=[] if case in kept else [pytest.mark.full]) for case in everything]


def _pairwise(options: list[tuple[Hashable, ...]]) -> list[tuple[Hashable, ...]]:
    """Greedily, few of `options` in which any two choices that occur together in `options` still do."""
    pairs = {option: set(itertools.combinations(enumerate(option), 2)) for option in options}
    wanted, chosen = set().union(*pairs.values()), []
    while wanted:
        best = max(options, key=lambda option: len(pairs[option] & wanted))
        chosen.append(best)
        wanted -= pairs[best]
    return chosen
