"""Where each of several experiments ends: head 1 in charts, both heads in words and numbers; in right answers, or in nats."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from mtl_core.figures import names
from mtl_core.figures.curves import ceiling, head_colour
from mtl_core.figures.exhibit import Exhibit, Figure, Row
from mtl_core.figures.numbers import capital, nats, number, share
from mtl_core.figures.panel import Axis, Panel
from mtl_core.language import _
from mtl_core.palette import Theme
from mtl_core.records import Epoch, Run
from mtl_core.spec import OUTPUTS, OWN_INPUT, other_input

__all__ = ["exhibit"]

_DASHES = ("solid", "dash", "dot")
"""No world has more curves than can be told apart."""

_LOW = 40.0  # right answers in 100: guessing gives 50

Worlds = Mapping[str, Mapping[str, Run]]
Best = tuple[float, float]
"""Share of right answers, 0..1, of the best possible with both tweets, and with a head's own."""


def exhibit(worlds: Worlds, *, plain: bool = False, best: Mapping[str, Best] | None = None) -> Exhibit:
    """A chart for each world, each curve named where it ends, and equal ends together.

    Parameters
    ----------
    worlds : mapping of str to (mapping of str to Run)
        Runs by what tells them apart, of at most three in each world; worlds by what their runs have in common, ""
        where there is one only. Names as they are shown.
    plain : bool
        Right answers in 100 in place of losses.
    best : mapping of world to Best, optional
        Drawn in these worlds' charts of right answers.
    """
    runs = {_label(world, name): run for world, curves in worlds.items() for name, run in curves.items()}
    lines = (best or {}) if plain else {}
    return Exhibit(
        heading=_("Where head 1 ends in each experiment"),
        draw=lambda colours: {
            world: _figure(world, curves, colours, plain, lines.get(world)) for world, curves in worlds.items()
        },
        reading="\n".join(
            f"* {line}"
            for line in (
                [_world(world, curves, lines.get(world)) for world, curves in worlds.items()]
                if plain
                else [_ended(label, run) for label, run in runs.items()]
            )
        ),
        rows=lambda: _rows(runs, plain),
    )


def _label(world: str, name: str) -> str:
    return _("{world}: {curve}").format(world=world, curve=name) if world else name


def _figure(world: str, runs: Mapping[str, Run], colours: Theme, plain: bool, best: Best | None) -> Figure:
    head = names.head(OUTPUTS[0])
    heights = {name: [_height(epoch, plain) for epoch in run.epochs] for name, run in runs.items() if run.epochs}
    panel = Panel(
        title=_("{world}: {head}").format(world=world, head=head) if world else capital(head),
        x=Axis(title=_("epoch"), low=0, high=max(run.spec.train.epochs for run in runs.values())),
        y=_axis([height for curve in heights.values() for height in curve], plain),
        colours=colours,
    )
    if best is None:
        chance = 50.0 if plain else math.log(2)
        panel.level(chance, colours.muted)
        panel.label(chance, _("guessing"), colour=colours.muted)
    else:
        _best_lines(panel, best)
    ends: dict[str, list[tuple[float, str, str]]] = {}
    for n, (name, run) in enumerate(runs.items()):
        if run.epochs:
            colour, text = _colours(run, colours)
            panel.curve([epoch.index for epoch in run.epochs], heights[name], name, colour, dash=_DASHES[n], width=2.5)
            end = heights[name][-1]
            ends.setdefault(f"{end:.0f}" if plain else number(end), []).append((end, name, text))
    for (end, name, text), *equal in ends.values():
        panel.label(end, name, *(_("= {name}").format(name=other) for _end, other, _text in equal), colour=text)
    return panel.figure()


def _colours(run: Run, colours: Theme) -> tuple[str, str]:
    """A curve's colour is what head 1 reads; its name's, the same, to be read as text."""
    head = OUTPUTS[0]
    both = names.reads(run.spec.model, head, other_input(head))
    return head_colour(head, both, colours), colours.ink if both else colours.text[OWN_INPUT[head]]


def _height(epoch: Epoch, plain: bool) -> float:
    metrics = epoch.test[OUTPUTS[0]]
    return 100 * metrics.accuracy if plain else metrics.loss


def _axis(heights: Sequence[float], plain: bool) -> Axis:
    if plain:
        return Axis(title=_("right answers in 100"), low=min([_LOW, *(height - 2 for height in heights)]), high=100)
    return Axis(title=_("loss (nats)"), low=0, high=ceiling(list(heights), 0.75))


def _best_lines(panel: Panel, best: Best) -> None:
    """The two lines whose distance is what the other tweet is worth; one line where they are the same."""
    colours, own = panel.colours, OWN_INPUT[OUTPUTS[0]]
    both, alone = 100 * best[0], 100 * best[1]
    panel.level(both, colours.ink, dash="dot")
    if round(both) == round(alone):
        panel.label(both, _("best with both"), _("= best with own"), colour=colours.ink)
        return
    panel.label(both, _("best with both"), colour=colours.ink)
    panel.level(alone, colours.line[own], dash="dot")
    panel.label(alone, _("best with own"), colour=colours.text[own])


def _world(world: str, runs: Mapping[str, Run], best: Best | None) -> str:
    """What head 1 gets right in one world, and what is possible there."""
    ends = [
        _("{curve} {right}").format(curve=name, right=share(run.epochs[-1].test[OUTPUTS[0]].accuracy))
        if run.epochs
        else _("{curve} not trained yet").format(curve=name)
        for name, run in runs.items()
    ]
    counted = _label(world, _("head 1 is right on unseen pairs: {ends}.").format(ends="; ".join(ends)))
    if best is None:
        return counted
    possible = _("The best possible is {both} with both tweets, {own} with its own alone.")
    return f"{counted} {possible.format(both=share(best[0]), own=share(best[1]))}"


def _ended(label: str, run: Run) -> str:
    """What both heads of one run come to."""
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


def _rows(runs: Mapping[str, Run], plain: bool) -> Sequence[Row]:
    """A row for each epoch of each experiment: both heads' right answers in 100, or their test losses in nats."""
    title = _("{head}: right in 100") if plain else _("{head}: loss (nats)")
    rows: list[Row] = []
    for label, run in runs.items():
        for epoch in run.epochs:
            row: dict[str, str | int | float] = {_("experiment"): label, _("epoch"): epoch.index}
            for output in OUTPUTS:
                metrics = epoch.test[output]
                row[title.format(head=names.head(output))] = 100 * metrics.accuracy if plain else metrics.loss
            rows.append(row)
    return rows
