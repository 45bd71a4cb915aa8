"""What each head loses when its weights for the other tweet are turned down, beside a case 2 that was trained without."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mtl_core.figures import names
from mtl_core.figures.curves import ceiling
from mtl_core.figures.exhibit import Exhibit, Figure, Row
from mtl_core.figures.numbers import capital, nats, number, setting
from mtl_core.figures.panel import Axis, Numbers, Panel
from mtl_core.language import _
from mtl_core.palette import Theme
from mtl_core.records import Pair
from mtl_core.spec import OUTPUTS, Float64, other_input

__all__ = ["exhibit"]

_NOISE = 0.005  # nats: half the standard error of a loss on 2,048 rows


def exhibit(alphas: Numbers, losses: Float64, case2: Pair, *, scale: float) -> Exhibit:
    """Loss of each head while its block of weights for the other tweet is turned from 0 to 1.

    Parameters
    ----------
    alphas : array (A,)
        Factors of the block, in [0, 1] and increasing.
    losses : array (2 heads, A)
        Test losses; nats.
    case2 : Pair
        Test loss of the *trained* case 2, which has learned to do without the other tweet; nats.
    scale : float
        Where the slider is, in [0, 1].
    """
    return Exhibit(
        heading=_heading(losses, case2),
        draw=lambda colours: {head: _figure(alphas, losses, case2, scale, head, colours) for head in OUTPUTS},
        reading=_reading(alphas, losses, case2, scale),
        rows=lambda: _rows(alphas, losses, case2),
    )


def _heading(losses: Float64, case2: Pair) -> str:
    if all(losses[i, 0] > case2[i] + _NOISE for i in range(len(OUTPUTS))):
        return _("To lose the other tweet after training is worse than to be trained without it")
    return _("Turn the other tweet’s weights down, and see what each head loses")


def _figure(alphas: Numbers, losses: Float64, case2: Pair, scale: float, head: str, colours: Theme) -> Figure:
    row, name = OUTPUTS.index(head), other_input(head)
    panel = Panel(
        title=capital(names.head(head)),
        x=Axis(title=_("other tweet’s block times"), low=0, high=1),
        y=Axis(title=_("loss (nats)"), low=0, high=ceiling(losses.ravel(), 0.75)),
        colours=colours,
    )
    panel.level(case2[row], colours.ink, width=1.5, dash="dash")
    panel.label(case2[row], _("trained case 2"), number(case2[row]), colour=colours.ink)
    panel.curve(alphas, losses[row], name, colours.line[name], width=3)
    panel.label(float(losses[row, -1]), _("as trained"), colour=colours.text[name])
    panel.point(scale, float(np.interp(scale, alphas, losses[row])), colours.line[name], size=11)
    return panel.figure()


def _reading(alphas: Numbers, losses: Float64, case2: Pair, scale: float) -> str:
    sentence = _(
        "With the other tweet’s weights times {scale}, {head}’s loss is {now}. As trained it is {full}, with those weights at 0 "
        "it is {none}; a case 2 that was trained without them has {case2}."
    )
    heads = [
        sentence.format(
            scale=setting(scale),
            head=names.head(head),
            now=nats(float(np.interp(scale, alphas, losses[i]))),
            full=number(float(losses[i, -1])),
            none=number(float(losses[i, 0])),
            case2=number(case2[i]),
        )
        for i, head in enumerate(OUTPUTS)
    ]
    return " ".join([*heads, _("At 0 each head reads what case 2 reads, but it never learned to do without the rest.")])


def _rows(alphas: Numbers, losses: Float64, case2: Pair) -> Sequence[Row]:
    """A row for each factor of the other tweet's block, and one for the trained case 2; losses in nats."""
    title, first, second = _("other tweet’s weights times"), _("head 1: loss (nats)"), _("head 2: loss (nats)")
    rows: list[Row] = [
        {title: setting(alpha), first: float(losses[0, k]), second: float(losses[1, k])}
        for k, alpha in enumerate(alphas)
    ]
    return [*rows, {title: _("trained case 2"), first: case2[0], second: case2[1]}]
