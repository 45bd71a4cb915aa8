"""The figures: pure functions from records to plotly figures as plain dicts.

A line has the colour of the input it is about: what a head reads (`loss`), or what is disturbed (`reliance`, `response`).
A line about both, or neither, is neutral ink. Heads are told apart by panel, recorded from live by dash, this case from
the other by width, and each line has its name where it ends.

Show them with `st.plotly_chart(figure, theme=None, config=figures.CONFIG, key=...)`: another theme would repaint them. A
figure can be drawn one panel at a time (`heads`, `parts`) for columns that a phone stacks; `narrow=True` stacks the panels
within one figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mtl_core.figures import names
from mtl_core.figures.lesson_figures import block_scale, jacobian, value_of_other
from mtl_core.figures.numbers import capital, number
from mtl_core.figures.panels import Axis, Panels
from mtl_core.language import _
from mtl_core.palette import Theme
from mtl_core.records import BoundLines, Epoch, Response, Run, WhatIf
from mtl_core.spec import INPUTS, OUTPUTS, OWN_INPUT, Float64, other_input

__all__ = [
    "CONFIG",
    "BoundLines",
    "block_scale",
    "jacobian",
    "loss",
    "reliance",
    "response",
    "value_of_other",
    "what_if",
]

CONFIG: Mapping[str, Any] = {"displayModeBar": False, "responsive": True}
"""Plotly's options for every figure: no tool bar; a double click undoes a zoom."""

_MOST = 3.0  # nats: a diverging curve leaves the panel at the top, and `narrate.loss` says where it is


def loss(
    run: Run,
    other: Run | None,
    bounds: BoundLines,
    *,
    pinned: int | None,
    dark: bool,
    heads: Sequence[str] = OUTPUTS,
    narrow: bool = False,
) -> dict[str, Any]:
    """Test loss per epoch as it arrives, and the line that this model cannot go below.

    Parameters
    ----------
    run : Run
        The case on screen; may have no epoch yet.
    other : Run or None
        The other case, drawn thin behind it; None leaves it out.
    bounds : BoundLines
        Of `run`'s model on `run`'s test split.
    pinned : int or None
        Index of the epoch that the rest of the page shows; None follows the newest.
    dark, narrow : bool
    heads : sequence of str
        The heads to draw, a panel each.
    """
    shown = [r for r in (run, other) if r is not None]
    losses = [its.test[head].loss for r in shown for its in r.epochs for head in OUTPUTS]
    panels = Panels(
        titles=[_loss_title(run, head, pinned) for head in heads],
        x=Axis(title=_("epoch"), low=0, high=run.spec.train.epochs),
        y=Axis(title=_("loss (nats)"), low=0, high=_ceiling(losses, 0.75)),
        dark=dark,
        narrow=narrow,
    )
    for panel, head in enumerate(heads):
        _bounds(panels, panel, head, bounds, stressed=True)
        if other is not None:
            _loss_curve(panels, panel, other, head, width=1.5)
        _curve_of(panels, panel, head, run, _train_losses(run, head), _("training pairs"), "dot", 1)
        _loss_curve(panels, panel, run, head, width=3)
        if pinned is not None:
            panels.moment(panel, pinned, _("epoch {n}").format(n=pinned))
    for its, width in zip(shown, (3, 1.5), strict=False):
        panels.legend(_legend(its), _colours(panels, its, heads), dash=_dash(its), width=width)
    panels.legend(_("training pairs"), _colours(panels, run, heads), dash="dot", width=1)
    return panels.figure()


def reliance(
    run: Run,
    *,
    dark: bool,
    pinned: int | None = None,
    heads: Sequence[str] = OUTPUTS,
    narrow: bool = False,
) -> dict[str, Any]:
    """What shuffling one input once costs each head, epoch by epoch; the colour is the shuffled input's."""
    costs = [its.reliance[head, name] for its in run.epochs for head in OUTPUTS for name in INPUTS]
    panels = Panels(
        titles=[capital(names.head(head)) for head in heads],
        x=Axis(title=_("epoch"), low=0, high=run.spec.train.epochs),
        y=Axis(title=_("cost of shuffling (nats)"), low=min(-0.05, *costs, 0), high=_ceiling(costs, 0.5)),
        dark=dark,
        narrow=narrow,
    )
    for panel, head in enumerate(heads):
        panels.level(panel, 0, panels.colours.muted)
        for name in (OWN_INPUT[head], other_input(head)):
            series = [(its.index, its.reliance[head, name]) for its in run.epochs]
            _input_curve(panels, panel, head, name, series, names.reads(run.spec.model, head, name), _dash(run))
        if pinned is not None:
            panels.moment(panel, pinned, _("epoch {n}").format(n=pinned))
    return panels.figure()


def response(
    response: Response,
    graph_paths: Mapping[tuple[str, str], bool],
    bounds: BoundLines,
    *,
    dark: bool,
    heads: Sequence[str] = OUTPUTS,
    narrow: bool = False,
) -> dict[str, Any]:
    """Loss of each head against how much of each input is disturbed: the other input in front, 95 % bands.

    Parameters
    ----------
    response : Response
    graph_paths : mapping of (output, input) to bool
        `CallGraph.dependence()`: where there is no path, the flat line says so.
    bounds : BoundLines
    """
    panels = Panels(
        titles=[capital(names.head(head)) for head in heads],
        x=Axis(title=_DISTURBED[response.perturbation](), low=0, high=1, ticks=".0%"),
        y=Axis(title=_("loss (nats)"), low=0, high=_ceiling(response.high.ravel(), 0.75)),
        dark=dark,
        narrow=narrow,
    )
    for panel, head in enumerate(heads):
        _bounds(panels, panel, head, bounds, stressed=False)
        for name in (OWN_INPUT[head], other_input(head)):
            at = OUTPUTS.index(head), INPUTS.index(name)
            if graph_paths[head, name]:
                low, high = response.low[at], response.high[at]
                panels.band(panel, response.levels, low, high, panels.colours.line[name])
            series = list(zip(response.levels, response.loss[at], strict=True))
            _input_curve(panels, panel, head, name, series, graph_paths[head, name], "solid")
    return panels.figure()


def what_if(
    answer: WhatIf,
    other_evidence: Sequence[float] | Float64,
    *,
    output: str,
    at: float,
    connected: bool,
    dark: bool,
    parts: Sequence[str] = ("probability", "loss"),
    narrow: bool = False,
) -> dict[str, Any]:
    """One head's probability and expected loss while the other tweet's evidence slides and its own stays.

    Parameters
    ----------
    answer : WhatIf
        Arrays over `other_evidence`.
    other_evidence : array (K,)
        Standard deviations, increasing.
    output : str
        The head that is asked.
    at : float
        Where the slider is.
    connected : bool
        Whether a path leads from the other tweet to this head.
    parts : sequence of {"probability", "loss"}
        The panels to draw.
    """
    name, x = other_input(output), np.asarray(other_evidence, dtype=float)
    label = "y" + str(OUTPUTS.index(output) + 1)
    titles = {
        "probability": _("{head} says").format(head=capital(names.head(output))),
        "loss": _("what that costs"),
    }
    axes = {
        "probability": Axis(title=_("probability of {label} = 1").format(label=label), low=0, high=1),
        "loss": Axis(title=_("expected loss (nats)"), low=0, high=_ceiling(answer.expected_loss, 0.75)),
    }
    panels = Panels(
        titles=[titles[part] for part in parts],
        x=Axis(title=_("evidence in {name} (sd)").format(name=name), low=float(x[0]), high=float(x[-1])),
        y=[axes[part] for part in parts],
        dark=dark,
        narrow=narrow,
    )
    colours = panels.colours
    for panel, part in enumerate(parts):
        values = answer.probability if part == "probability" else answer.expected_loss
        if part == "probability":
            panels.curve(panel, x, answer.ideal_probability, _("the data rule"), colours.ink, dash="dash", width=1.5)
            panels.label(panel, float(answer.ideal_probability[-1]), _("the data rule"), colour=colours.ink)
        panels.curve(panel, x, values, names.head(output), colours.line[name], width=3)
        panels.label(panel, float(values[-1]), names.head(output), colour=colours.text[name])
        panels.point(panel, at, float(np.interp(at, x, values)), colours.line[name], size=11)
        if part == "probability" and not connected:
            _no_path(panels, panel, panels.x.low, float(values[0]), xanchor="left")
    return panels.figure()


_DISTURBED = {
    "permute": lambda: _("pairs given another’s tweet"),
    "noise": lambda: _("noise, as a share of the tweet’s sd"),
    "fade": lambda: _("share of the tweet faded out"),
}


def _loss_curve(panels: Panels, panel: int, run: Run, head: str, *, width: float) -> None:
    series = [(its.index, its.test[head].loss) for its in run.epochs]
    _curve_of(panels, panel, head, run, series, names.case(run.spec.model), _dash(run), width)
    if series:
        x, y = series[-1]
        panels.point(panel, x, y, _colour(panels.colours, run, head), size=3 + 2 * width)


def _curve_of(
    panels: Panels,
    panel: int,
    head: str,
    run: Run,
    series: Sequence[tuple[float, float]],
    name: str,
    dash: str,
    width: float,
) -> None:
    if series:
        x, y = zip(*series, strict=True)
        panels.curve(panel, x, y, name, _colour(panels.colours, run, head), dash=dash, width=width)


def _input_curve(
    panels: Panels, panel: int, head: str, name: str, series: Sequence[tuple[float, float]], path: bool, dash: str
) -> None:
    """The curve of one disturbed input; the head's other input is stressed."""
    if not series:
        return
    x, y = zip(*series, strict=True)
    panels.curve(panel, x, y, name, panels.colours.line[name], dash=dash, width=1.5 if name == OWN_INPUT[head] else 3)
    panels.label(panel, y[-1], name, colour=panels.colours.text[name])
    if not path:
        _no_path(panels, panel, panels.x.high, y[-1], xanchor="right")


def _no_path(panels: Panels, panel: int, x: float, y: float, **where: Any) -> None:
    axis = panels.axis(panel)
    side = "bottom" if y < axis.low + 0.8 * (axis.high - axis.low) else "top"
    shift = 7 if side == "bottom" else -7
    panels.note(panel, x, y, _("0: no path exists"), panels.colours.ink, yanchor=side, yshift=shift, **where)


def _bounds(panels: Panels, panel: int, head: str, bounds: BoundLines, *, stressed: bool) -> None:
    """Chance, own and both, thin; the floor thick, and shaded below if `stressed`."""
    colours, row = panels.colours, OUTPUTS.index(head)
    floor, own = bounds.floor_line(row), OWN_INPUT[head]
    line = {"own": colours.line[own], "chance": colours.muted}
    text = {"own": colours.text[own], "chance": colours.muted}
    for name, nats in bounds.lines(row).items():
        its = stressed and name == floor
        panels.level(panel, nats, line.get(name, colours.ink), width=2.5 if its else 1)
        words = f"{names.bound(name)} {number(nats)}"
        lines = (f"<b>{words}</b>", _("cannot go below")) if its else (words,)
        panels.label(panel, nats, *lines, colour=text.get(name, colours.ink))
        if its:
            panels.below(panel, nats, colours.muted)


def _loss_title(run: Run, head: str, pinned: int | None) -> str:
    epoch = _at(run, pinned)
    name = capital(names.head(head))
    if epoch is None:
        return name
    return _("{head}: loss {loss} at epoch {n}").format(head=name, loss=number(epoch.test[head].loss), n=epoch.index)


def _at(run: Run, pinned: int | None) -> Epoch | None:
    """The pinned epoch, else the newest; None if it has not come yet."""
    found = [its for its in run.epochs if pinned is None or its.index == pinned]
    return found[-1] if found else None


def _train_losses(run: Run, head: str) -> list[tuple[int, float]]:
    return [(its.index, its.train[head].loss) for its in run.epochs]


def _legend(run: Run) -> str:
    return f"{names.case(run.spec.model)} — {names.origin(run)}"


def _colour(colours: Theme, run: Run, head: str) -> str:
    """A run's colour is what the head reads: its own tweet's, or ink for both."""
    both = names.reads(run.spec.model, head, other_input(head))
    return colours.ink if both else colours.line[OWN_INPUT[head]]


def _colours(panels: Panels, run: Run, heads: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(_colour(panels.colours, run, head) for head in heads))


def _dash(run: Run) -> str:
    return "dash" if run.source == "recorded" else "solid"


def _ceiling(values: Sequence[float] | Float64, least: float) -> float:
    """Upper end of an axis of losses: room for all that is finite, up to `_MOST`."""
    finite = [float(v) for v in values if np.isfinite(v)]
    return min(max([least, *(1.06 * v for v in finite)]), _MOST)
