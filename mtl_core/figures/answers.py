"""What both heads say of one pair of tweets, in both cases, beside the true chance; and how that moves with tweet_b."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from mtl_core.data import label_probability
from mtl_core.figures import names
from mtl_core.figures.exhibit import Exhibit, Row
from mtl_core.figures.numbers import capital
from mtl_core.forward import Network
from mtl_core.language import _
from mtl_core.spec import OUTPUTS, DataSpec, Float32, Float64, ModelSpec

__all__ = ["Answers", "exhibit", "in_hundred", "truth"]

_MOVES = 0.05
"""Of a probability: what moves less is said to hardly move."""


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """P(y = 1) of both heads.

    Parameters
    ----------
    pair : array (2 heads,)
        Of the pair of tweets.
    along : array (K, 2 heads)
        Of the same tweet_a with each tweet_b from the clearest no to the clearest yes.
    """

    pair: Float64
    along: Float64

    @classmethod
    def by(cls, network: Network, a: Float32, b: Float32, ladder: Float32) -> Self:
        """What a trained model says of tweets (T, D), and of tweet_b's from no to yes (K, T, D)."""
        answers = network.probabilities(np.repeat(a[None], 1 + len(ladder), axis=0), np.concatenate([b[None], ladder]))
        return cls(answers[0], answers[1:])


def truth(data: DataSpec, own: float, other: float, ladder: Float64) -> Answers:
    """The true chance of both labels, from the evidence in tweet_a (`own`) and tweet_b (`other`); standard deviations."""
    second = np.append(other, ladder)
    chance = np.stack([label_probability(data, own, second), label_probability(data, second, own)], axis=1)
    return Answers(chance[0], chance[1:])


def exhibit(cases: Sequence[tuple[ModelSpec, Answers | None]], true: Answers) -> Exhibit:
    """The table of answers; it has no chart.

    Parameters
    ----------
    cases : sequence of (ModelSpec, Answers or None)
        Both cases; None where a case was not trained yet.
    true : Answers
        The true chance.
    """
    return Exhibit(
        heading=_heading(cases),
        draw=lambda _colours: {},
        reading=_reading(cases, true),
        rows=lambda: _rows(cases, true),
    )


def in_hundred(probability: float) -> str:
    """Times in 100, as a whole number."""
    return str(round(100 * float(probability)))


def _heading(cases: Sequence[tuple[ModelSpec, Answers | None]]) -> str:
    moves = {model.merge != "none": answers is not None and _span(answers) > _MOVES for model, answers in cases}
    if any(answers is None for _model, answers in cases):
        return _("Change tweet_b, watch head 1")
    if moves.get(True):
        return _("Head 1 follows tweet_b only if connected")
    return _("Head 1 hardly follows tweet_b, connected or not")


def _span(answers: Answers) -> float:
    return float(np.ptp(answers.along[:, 0]))


def _reading(cases: Sequence[tuple[ModelSpec, Answers | None]], true: Answers) -> str:
    """Head 1 along tweet_b, in each case that was trained, against the truth."""
    parts = []
    for model, answers in cases:
        case = names.short_case(model)
        if answers is None:
            continue
        first, last = (in_hundred(p) for p in answers.along[[0, -1], 0])
        if names.reads(model, OUTPUTS[0], "tweet_b"):
            parts.append(_("{first} to {last} in {case}").format(first=first, last=last, case=case))
        else:
            parts.append(_("always {first} in {case}, to the last digit").format(first=first, case=case))
    if not parts:
        return ""
    first, last = (in_hundred(p) for p in true.along[[0, -1], 0])
    return _("Head 1, as tweet_b goes from no to yes: {cases}. The truth: {first} to {last}.").format(
        cases="; ".join(parts), first=first, last=last
    )


def _rows(cases: Sequence[tuple[ModelSpec, Answers | None]], true: Answers) -> Sequence[Row]:
    """A row a head: its answer in each case, and the true chance; times in 100."""
    return [
        {_("says yes, times in 100"): capital(names.head(output))}
        | {names.case(model): "" if answers is None else in_hundred(answers.pair[k]) for model, answers in cases}
        | {_("true chance"): in_hundred(true.pair[k])}
        for k, output in enumerate(OUTPUTS)
    ]
