"""What shuffling one tweet once costs each head, epoch by epoch."""

from __future__ import annotations

from collections.abc import Sequence

from mtl_core.figures import names
from mtl_core.figures.curves import ceiling, dash_of, no_path
from mtl_core.figures.exhibit import Exhibit, Figure, Row
from mtl_core.figures.numbers import capital, nats
from mtl_core.figures.panel import Axis, Panel
from mtl_core.language import _
from mtl_core.palette import Theme
from mtl_core.records import Run
from mtl_core.spec import INPUTS, OUTPUTS, OWN_INPUT, other_input

__all__ = ["exhibit"]


def exhibit(run: Run, *, pinned: int | None = None) -> Exhibit:
    """The cost of one shuffle per epoch (nats); the colour of a curve is the shuffled tweet's.

    Parameters
    ----------
    run : Run
    pinned : int or None
        Index of the epoch that the rest of the page shows; None follows the newest.
    """
    return Exhibit(
        heading=_heading(run),
        draw=lambda colours: {head: _figure(run, pinned, head, colours) for head in OUTPUTS},
        reading=_reading(run, pinned),
        rows=lambda: _rows(run),
    )


def _heading(run: Run) -> str:
    if run.spec.model.merge == "none":
        return _("At every epoch, shuffling the other tweet costs exactly nothing")
    return _("How much each head comes to rely on each tweet")


def _figure(run: Run, pinned: int | None, head: str, colours: Theme) -> Figure:
    costs = [epoch.reliance[output, name] for epoch in run.epochs for output in OUTPUTS for name in INPUTS]
    panel = Panel(
        title=capital(names.head(head)),
        x=Axis(title=_("epoch"), low=0, high=run.spec.train.epochs),
        y=Axis(title=_("cost of shuffling (nats)"), low=min(-0.05, *costs, 0), high=ceiling(costs, 0.5)),
        colours=colours,
    )
    panel.level(0, colours.muted)
    epochs = [epoch.index for epoch in run.epochs]
    for name in (OWN_INPUT[head], other_input(head)):
        costs = [epoch.reliance[head, name] for epoch in run.epochs]
        _curve(panel, run, head, name, epochs, costs)
    if pinned is not None:
        panel.moment(pinned, _("epoch {n}").format(n=pinned))
    return panel.figure()


def _curve(panel: Panel, run: Run, head: str, name: str, epochs: Sequence[int], costs: Sequence[float]) -> None:
    """What one tweet is to a head, in that tweet's colour as its arrow; the other tweet is stressed, a missing path is said."""
    if not costs:
        return
    width = 1.5 if name == OWN_INPUT[head] else 3
    panel.curve(epochs, costs, name, panel.colours.line[name], dash=dash_of(run), width=width)
    panel.label(costs[-1], name, colour=panel.colours.text[name])
    if not names.reads(run.spec.model, head, name):
        no_path(panel, panel.x.high, costs[-1], side="right")


def _reading(run: Run, pinned: int | None) -> str:
    epoch = run.at(pinned)
    if epoch is None:
        return _("Nothing was shuffled yet: train first.")
    sentences = [
        _(
            "Cost of shuffling a tweet once between the unseen pairs, after epoch {n}; another shuffle would cost a little "
            "more or less."
        ).format(n=epoch.index)
    ]
    for head in OUTPUTS:
        costs = (
            f"{name} {nats(epoch.reliance[head, name])}"
            if names.reads(run.spec.model, head, name)
            else _("{name} 0, because no path exists").format(name=name)
            for name in (other_input(head), OWN_INPUT[head])
        )
        sentences.append(f"{capital(names.head(head))}: {', '.join(costs)}.")
    return " ".join(sentences)


def _rows(run: Run) -> Sequence[Row]:
    """A row an epoch: what shuffling each input once costs each head; nats."""
    title = _("{head}, {name} shuffled (nats)")
    return [
        {_("epoch"): epoch.index}
        | {title.format(head=names.head(head), name=name): cost for (head, name), cost in epoch.reliance.items()}
        for epoch in run.epochs
    ]
