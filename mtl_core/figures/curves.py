"""Strokes that several figures share, so that they mean the same in each.

A line has the colour of the input it is about: what a head reads, or what is disturbed. A line about both inputs, or
neither, is neutral ink. Heads are told apart by panel, cases by dash, the one on screen from the other by width; recorded or live
is a word in the legend.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mtl_core.figures import names
from mtl_core.figures.numbers import number
from mtl_core.figures.panel import Panel
from mtl_core.language import _
from mtl_core.palette import Theme
from mtl_core.records import BoundLines, Run
from mtl_core.spec import OUTPUTS, OWN_INPUT, Float64, other_input

__all__ = ["bound_lines", "ceiling", "colour_of", "dash_of", "head_colour", "head_dash", "no_path"]

_MOST = 3.0  # nats: a diverging curve leaves the panel at the top, and the reading says where it is


def ceiling(values: Sequence[float] | Float64, least: float) -> float:
    """Upper end of an axis of losses (nats): room for all of `values` that is finite, from `least` up to 3."""
    finite = [float(v) for v in values if np.isfinite(v)]
    return min(max([least, *(1.06 * v for v in finite)]), _MOST)


def head_colour(head: str, both: bool, colours: Theme) -> str:
    """A head's colour is what it reads, whatever is done to a tweet: ink if that is `both`, else its own tweet's."""
    return colours.ink if both else colours.line[OWN_INPUT[head]]


def head_dash(both: bool) -> str:
    """The stroke of a case: a head that reads `both` tweets is solid, one without its other tweet is dashed."""
    return "solid" if both else "dash"


def colour_of(run: Run, head: str, colours: Theme) -> str:
    """The colour of a run's curve about a head."""
    return head_colour(head, names.reads(run.spec.model, head, other_input(head)), colours)


def dash_of(run: Run) -> str:
    """The stroke of a run's case, wherever its curve comes from."""
    return head_dash(run.spec.model.merge != "none")


def no_path(panel: Panel, x: float, y: float, *, side: str) -> None:
    """Say beside a flat line that it is flat by construction; `side` is the end of the words that stands at `x`."""
    below = y < panel.y.low + 0.8 * (panel.y.high - panel.y.low)
    place = {"yanchor": "bottom", "yshift": 7} if below else {"yanchor": "top", "yshift": -7}
    panel.note(x, y, _("0: no path exists"), panel.colours.ink, xanchor=side, **place)


def bound_lines(panel: Panel, head: str, bounds: BoundLines, *, stressed: bool) -> None:
    """Chance, own and both as thin lines; the floor thick and named if `stressed`.

    It is the floor of this model's test curve alone, so nothing is shaded: the training curve and the other case may cross it.
    """
    colours, row = panel.colours, OUTPUTS.index(head)
    floor, own = bounds.floor_line(row), OWN_INPUT[head]
    line = {"own": colours.line[own], "chance": colours.muted}
    text = {"own": colours.text[own], "chance": colours.muted}
    for name, nats in bounds.lines(row).items():
        is_floor = stressed and name == floor
        panel.level(nats, line.get(name, colours.ink), width=2.5 if is_floor else 1)
        words = f"{names.bound(name)} {number(nats)}"
        lines = (f"<b>{words}</b>", _("floor of the"), _("thick curve")) if is_floor else (words,)
        panel.label(nats, *lines, colour=text.get(name, colours.ink))
