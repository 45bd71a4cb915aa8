"""How many answers in 100 each head gets right, epoch by epoch, in both cases, and the best that anybody could."""

from __future__ import annotations

from collections.abc import Sequence

from mtl_core.figures import names, recipe
from mtl_core.figures.curves import colour_of, dash_of
from mtl_core.figures.exhibit import Exhibit, Figure, Row
from mtl_core.figures.numbers import capital, share
from mtl_core.figures.panel import Axis, Panel
from mtl_core.language import _
from mtl_core.palette import Theme
from mtl_core.records import Pair, Run
from mtl_core.spec import OUTPUTS, OWN_INPUT

__all__ = ["exhibit"]

_LOW = 40.0  # right answers in 100: guessing gives 50


def exhibit(run: Run, other: Run, both: Pair, own: Pair, *, pinned: int | None = None) -> Exhibit:
    """Right answers on unseen pairs, out of 100.

    Parameters
    ----------
    run, other : Run
        The case on screen, and the other one.
    both, own : Pair
        Share of right answers of the best predictors, with both tweets and with the head's own; 0..1.
    pinned : int or None
        Index of the epoch that the rest of the page shows; None follows the newest.
    """
    return Exhibit(
        heading=_heading(run, other, pinned),
        draw=lambda colours: {head: _figure(run, other, both, own, pinned, head, colours) for head in OUTPUTS},
        reading=_reading(run, both, own, pinned),
        rows=lambda: _rows(run, other),
    )


def _heading(run: Run, other: Run, pinned: int | None) -> str:
    head = OUTPUTS[0]
    here, beside = (each.at(pinned) for each in (run, other))
    if here is None:
        return _("How often will each head be right? Train to see")
    right, one = share(here.test[head].accuracy), names.short_case(run.spec.model)
    if beside is None:
        return _("Head 1 is right on {right} in {case}").format(right=right, case=one)
    return _("Head 1 is right on {right} in {one}, on {other} in {two}").format(
        right=right, one=one, other=share(beside.test[head].accuracy), two=names.short_case(other.spec.model)
    )


def _figure(run: Run, other: Run, both: Pair, own: Pair, pinned: int | None, head: str, colours: Theme) -> Figure:
    k = OUTPUTS.index(head)
    panel = Panel(
        title=capital(names.head(head)),
        x=Axis(title=_("epoch"), low=0, high=run.spec.train.epochs),
        y=Axis(title=_("right answers in 100"), low=_LOW, high=100),
        colours=colours,
    )
    tweet = OWN_INPUT[head]
    panel.level(100 * both[k], colours.ink, dash="dot")
    panel.label(100 * both[k], _("best with both"), colour=colours.ink)
    panel.level(100 * own[k], colours.line[tweet], dash="dot")
    panel.label(100 * own[k], _("best with own"), colour=colours.text[tweet])
    for each, width in ((other, 1.5), (run, 3)):
        if not each.epochs:
            continue
        x, y = [epoch.index for epoch in each.epochs], [100 * epoch.test[head].accuracy for epoch in each.epochs]
        colour = colour_of(each, head, colours)
        panel.curve(x, y, names.case(each.spec.model), colour, dash=dash_of(each), width=width)
        shown = each.at(pinned)
        if shown is not None:
            panel.point(shown.index, 100 * shown.test[head].accuracy, colour, size=3 + 2 * width)
    for each, width in ((run, 3), (other, 1.5)):
        name = f"{names.case(each.spec.model)} — {names.origin(each)}"
        panel.legend(name, colour_of(each, head, colours), dash=dash_of(each), width=width)
    if pinned is not None:
        panel.moment(pinned, _("epoch {n}").format(n=pinned))
    return panel.figure()


def _reading(run: Run, both: Pair, own: Pair, pinned: int | None) -> str:
    best = _("The best possible is {both} with both tweets, {own} with a head’s own alone.").format(
        both=share(both[0]), own=share(own[0])
    )
    epoch = run.at(pinned)
    if epoch is None:
        return best
    first, second = (share(epoch.test[head].accuracy) for head in OUTPUTS)
    when = _("After epoch {n},").format(n=epoch.index) if epoch.index else _("Before any training,")
    now = _("head 1 is right on {first} unseen pairs and head 2 on {second}.").format(first=first, second=second)
    return " ".join(filter(None, (when, now, best, recipe.remarks(run.spec))))


def _rows(run: Run, other: Run) -> Sequence[Row]:
    """A row an epoch: right answers in 100 of each head, in each case where that has the epoch."""
    return [
        {_("epoch"): epoch.index}
        | {
            _("{head}, {case}: right in 100").format(head=names.head(head), case=names.case(each.spec.model)): 100
            * beside.test[head].accuracy
            for each in (run, other)
            if (beside := each.at(epoch.index)) is not None
            for head in OUTPUTS
        }
        for epoch in run.epochs
    ]
