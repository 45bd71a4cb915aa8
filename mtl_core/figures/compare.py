"""Where each of several experiments ends: head 1's test loss in charts, both heads in words and numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from mtl_core.figures import names
from mtl_core.figures.curves import ceiling
from mtl_core.figures.exhibit import Exhibit, Figure, Row
from mtl_core.figures.numbers import capital, nats, number, share
from mtl_core.figures.panel import Axis, Panel
from mtl_core.language import _
from mtl_core.palette import Theme
from mtl_core.records import Run
from mtl_core.spec import OUTPUTS

__all__ = ["exhibit"]

_DASHES = ("solid", "dash", "dot")
"""No world has more curves than can be told apart."""

Worlds = Mapping[str, Mapping[str, Run]]


def exhibit(worlds: Worlds) -> Exhibit:
    """A chart for each world, each curve named where it ends, and equal ends together.

    Parameters
    ----------
    worlds : mapping of str to (mapping of str to Run)
        Runs by what tells them apart, of at most three in each world; worlds by what their runs have in common, ""
        where there is one only. Names as they are shown.
    """
    runs = {_label(world, name): run for world, curves in worlds.items() for name, run in curves.items()}
    return Exhibit(
        heading=_("Where head 1 ends in each experiment"),
        draw=lambda colours: {world: _figure(world, curves, colours) for world, curves in worlds.items()},
        reading="\n".join(f"* {_ended(label, run)}" for label, run in runs.items()),
        rows=lambda: _rows(runs),
    )


def _label(world: str, name: str) -> str:
    return _("{world}: {curve}").format(world=world, curve=name) if world else name


def _figure(world: str, runs: Mapping[str, Run], colours: Theme) -> Figure:
    output = OUTPUTS[0]
    losses = [epoch.test[output].loss for run in runs.values() for epoch in run.epochs]
    head = names.head(output)
    panel = Panel(
        title=_("{world}: {head}").format(world=world, head=head) if world else capital(head),
        x=Axis(title=_("epoch"), low=0, high=max(run.spec.train.epochs for run in runs.values())),
        y=Axis(title=_("loss (nats)"), low=0, high=ceiling(losses, 0.75)),
        colours=colours,
    )
    panel.level(math.log(2), colours.muted)
    panel.label(math.log(2), _("chance"), colour=colours.muted)
    ends: dict[str, list[tuple[float, str]]] = {}
    for n, (name, run) in enumerate(runs.items()):
        if run.epochs:
            curve = [epoch.test[output].loss for epoch in run.epochs]
            panel.curve([epoch.index for epoch in run.epochs], curve, name, colours.ink, dash=_DASHES[n])
            ends.setdefault(number(curve[-1]), []).append((curve[-1], name))
    for (end, name), *equal in ends.values():
        panel.label(end, name, *(_("= {name}").format(name=other) for _end, other in equal), colour=colours.ink)
    return panel.figure()


def _ended(label: str, run: Run) -> str:
    if not run.epochs:
        return _("{label}: not trained yet.").format(label=label)
    last = run.epochs[-1]
    first, second = (last.test[output] for output in OUTPUTS)
    sentence = _(
        "{label}: after epoch {n}, head 1 is right on {right1} unseen pairs ({loss1}) and head 2 on {right2} ({loss2})."
    )
    return sentence.format(
        label=label,
        n=last.index,
        right1=share(first.accuracy),
        loss1=nats(first.loss),
        right2=share(second.accuracy),
        loss2=nats(second.loss),
    )


def _rows(runs: Mapping[str, Run]) -> Sequence[Row]:
    """A row for each epoch of each experiment: both heads' test losses; nats."""
    first, second = (_("{head}: loss (nats)").format(head=names.head(output)) for output in OUTPUTS)
    return [
        {
            _("experiment"): label,
            _("epoch"): epoch.index,
            first: epoch.test[OUTPUTS[0]].loss,
            second: epoch.test[OUTPUTS[1]].loss,
        }
        for label, run in runs.items()
        for epoch in run.epochs
    ]
