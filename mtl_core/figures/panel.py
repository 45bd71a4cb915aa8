"""The drawing kit of every figure: one panel, its curves, and labels that don't collide.

A figure is a plain dict in plotly's format, because a page pays 4.3 ms for a dict and 7-11 ms for a `go.Figure`. Curves
are labelled where they end, in the margin right of the panel; labels too close to each other are pushed apart.

Show figures with `st.plotly_chart(figure, theme=None, config=CONFIG, key=...)`: another theme would repaint them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from mtl_core.figures.exhibit import Figure
from mtl_core.palette import Theme, with_alpha

__all__ = ["Axis", "Numbers", "Panel", "spread"]

FONT = '"Source Sans", "Source Sans Pro", sans-serif'
HEIGHT = 210  # pixels, without title, legend and axis
_LEFT, _RIGHT, _BOTTOM = 54, 112, 40  # pixels
_TITLE, _ENTRY = 24, 20  # pixels: the title, and a line of the legend
_LINE = 14  # pixels: a line of a label
_APART = 4  # pixels: between labels, where one has several lines
_SAMPLE = 34  # pixels: the line in a legend's entry
_LETTER = 6  # pixels: a letter of an axis
_NARROW = 220  # pixels: a phone's panel, between its margins
_TILT = 45  # degrees: of an axis's names where they do not fit side by side
_NO_CURVE = {"type": "scatter", "x": [], "y": []}  # plotly refuses a figure without any trace
_ON_PAPER = {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "xanchor": "left"}
_IN_PIXELS = {"xref": "paper", "yref": "paper", "xsizemode": "pixel", "ysizemode": "pixel", "xanchor": 0, "yanchor": 1}

Numbers = Sequence[float] | npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """An axis: its title with unit, its range, and plotly's format of a tick ("" is plotly's choice).

    One of categories has their `names`, the first at 0, the second at 1 and so on.
    """

    title: str
    low: float
    high: float
    ticks: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Label:
    y: float
    lines: tuple[str, ...]
    colour: str

    @property
    def height(self) -> float:
        return _LINE * len(self.lines) + (_APART if len(self.lines) > 1 else 0)


@dataclass(slots=True)
class Panel:
    """A figure under construction; `figure` returns it.

    Parameters
    ----------
    title : str
        What it shows.
    x, y : Axis
    colours : Theme
    """

    title: str
    x: Axis
    y: Axis
    colours: Theme
    _traces: list[dict[str, Any]] = field(init=False, default_factory=list)
    _shapes: list[dict[str, Any]] = field(init=False, default_factory=list)
    _notes: list[dict[str, Any]] = field(init=False, default_factory=list)
    _labels: list[_Label] = field(init=False, default_factory=list)
    _legend: list[tuple[str, dict[str, Any]]] = field(init=False, default_factory=list)

    def curve(self, x: Numbers, y: Numbers, name: str, colour: str, *, dash: str = "solid", width: float = 2) -> None:
        """A line; `name` shows on hover."""
        hover = f"{self.x.title}: %{{x}}<br>{self.y.title}: %{{y:.3g}}<extra>{name}</extra>"
        line = {"color": colour, "dash": dash, "width": width}
        self._trace("lines", x=_plain(x), y=_plain(y), name=name, line=line, hovertemplate=hover)

    def band(self, x: Numbers, low: Numbers, high: Numbers, colour: str) -> None:
        """An interval around a curve."""
        there, back = _plain(x), _plain(x)[::-1]
        around = {"x": there + back, "y": _plain(high) + _plain(low)[::-1]}
        fill = {"fill": "toself", "fillcolor": with_alpha(colour, 0.22), "line": {"width": 0}}
        self._trace("lines", **around, **fill, hoverinfo="skip")

    def point(self, x: float, y: float, colour: str, *, size: float = 8) -> None:
        """A marked place on a curve."""
        marker = {"color": colour, "size": size, "line": {"color": self.colours.paper, "width": 1.5}}
        self._trace("markers", x=_plain([x]), y=_plain([y]), marker=marker, hoverinfo="skip", cliponaxis=False)

    def legend(self, name: str, colour: str, *, dash: str = "solid", width: float = 2) -> None:
        """An entry above the panel, for what is told apart by dash or width."""
        self._legend.append((name, {"color": colour, "dash": dash, "width": width}))

    def level(self, y: float, colour: str, *, width: float = 1, dash: str = "solid") -> None:
        """A horizontal line across the panel, behind the curves."""
        line = {"color": colour, "width": width, "dash": dash}
        self._shape("line", x0=self.x.low, x1=self.x.high, y0=y, y1=y, line=line)

    def moment(self, x: float, text: str) -> None:
        """A vertical line at `x`, with its name at the top."""
        line = {"color": self.colours.muted, "width": 1, "dash": "dot"}
        self._shape("line", x0=x, x1=x, y0=self.y.low, y1=self.y.high, line=line)
        side = "right" if x > (self.x.low + self.x.high) / 2 else "left"
        self.note(x, self.y.high, text, self.colours.muted, xanchor=side, yanchor="top")

    def note(self, x: float, y: float, text: str, colour: str, **where: Any) -> None:
        """Words inside the panel, on the page's colour so that a line behind them doesn't cross them."""
        place = {"x": x, "y": y, "xref": "x", "yref": "y", "bgcolor": self.colours.paper}
        self._notes.append(_words(text, colour) | place | where)

    def label(self, y: float, *lines: str, colour: str) -> None:
        """Words in the margin right of the panel, at the height of `y`; none if that is nowhere."""
        if math.isfinite(y):
            self._labels.append(_Label(y, lines, colour))

    def figure(self) -> Figure:
        """The figure: a dict with "data" and "layout"."""
        top, bottom = _TITLE + 6 + _ENTRY * len(self._legend), _BOTTOM + _below(self.x.names)
        title = _words(self.title, self.colours.ink, size=14) | _ON_PAPER | {"yanchor": "bottom", "yshift": 3}
        names, samples = self._key(top)
        layout: dict[str, Any] = {
            "height": top + HEIGHT + bottom,
            "margin": {"l": _LEFT, "r": _RIGHT, "t": top, "b": bottom, "pad": 0},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "size": 13, "color": self.colours.ink},
            "hoverlabel": {"bgcolor": self.colours.paper, "font": {"color": self.colours.ink, "family": FONT}},
            "hovermode": "closest",
            "dragmode": "zoom",
            "uirevision": "constant",
            "showlegend": False,
            "xaxis": self._side(self.x, anchor="y", grid=False),
            "yaxis": self._side(self.y, anchor="x", grid=True),
            "annotations": [*self._notes, title, *self._margin(), *names],
            "shapes": [*self._shapes, *samples],
        }
        return {"data": self._traces or [_NO_CURVE], "layout": layout}

    def _key(self, top: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The legend: its words and its sample lines."""
        names, samples = [], []
        for row, (name, line) in enumerate(self._legend):
            y = top - _ENTRY * (row + 0.5)
            place = {"yanchor": "middle", "xshift": _SAMPLE + 4, "yshift": y}
            names.append(_words(name, self.colours.ink) | _ON_PAPER | place)
            samples.append(_IN_PIXELS | {"type": "line", "x0": 0, "x1": _SAMPLE, "y0": y, "y1": y, "line": line})
        return names, samples

    def _margin(self) -> list[dict[str, Any]]:
        """The labels, each beside what it names and none over another."""
        pixels = HEIGHT / (self.y.high - self.y.low)
        wanted = [(min(max(each.y, self.y.low), self.y.high) - self.y.low) * pixels for each in self._labels]
        placed = spread(wanted, [each.height for each in self._labels], HEIGHT)
        place = {"xref": "paper", "yref": "y", "x": 1, "y": self.y.low, "xanchor": "left", "yanchor": "middle"}
        return [
            _words("<br>".join(each.lines), each.colour) | place | {"yshift": round(y, 1), "xshift": 5, "align": "left"}
            for each, y in zip(self._labels, placed, strict=True)
        ]

    def _trace(self, mode: str, **rest: Any) -> None:
        self._traces.append({"type": "scatter", "mode": mode, "showlegend": False, **rest})

    def _shape(self, kind: str, **rest: Any) -> None:
        self._shapes.append({"type": kind, "layer": "below", "xref": "x", "yref": "y", **rest})

    def _side(self, axis: Axis, *, anchor: str, grid: bool) -> dict[str, Any]:
        written = [name.replace(" ", "<br>") if _broken(axis.names) else name for name in axis.names]
        places = {"tickvals": [*range(len(axis.names))], "ticktext": written, "autotickangles": [0, _TILT]}
        return {
            "anchor": anchor,
            "range": [axis.low, axis.high],
            **(places if axis.names else {}),
            "title": {"text": axis.title, "font": {"size": 12, "color": self.colours.muted}, "standoff": 6},
            "tickformat": axis.ticks,
            "tickfont": {"size": 12, "color": self.colours.muted},
            "nticks": 6,
            "showgrid": grid,
            "gridcolor": self.colours.grid,
            "zeroline": False,
            "showline": not grid,
            "linecolor": self.colours.muted,
        }


def spread(wanted: Sequence[float], heights: Sequence[float], room: float) -> list[float]:
    """Centres of labels in a margin, as near to `wanted` as they can be without overlap, in the order of `wanted`; pixels.

    Labels are laid from the bottom up, each as low as it wants to be and may be; a block that is pushed out at the top
    is moved down as a whole.

    Examples
    --------
    >>> spread([10, 12, 90], [14, 14, 14], 100)
    [10.0, 24.0, 90.0]
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    centres = [float(y) for y in wanted]
    floor = -float("inf")
    for i in order:
        centres[i] = max(centres[i], floor + heights[i] / 2)
        floor = centres[i] + heights[i] / 2
    ceiling = room + (heights[order[-1]] / 2 if order else 0)
    for i in reversed(order):
        centres[i] = min(centres[i], ceiling - heights[i] / 2)
        ceiling = centres[i] - heights[i] / 2
    return centres


def _fit(names: Sequence[str]) -> bool:
    """Whether names find room side by side on a narrow screen."""
    return _LETTER * max(map(len, names), default=0) * len(names) <= _NARROW


def _broken(names: Sequence[str]) -> bool:
    """Whether they do with a line for each of their words, and only so."""
    return (
        not _fit(names) and _LETTER * max(len(word) for name in names for word in name.split()) * len(names) <= _NARROW
    )


def _below(names: Sequence[str]) -> int:
    """Pixels that names on the axis need in addition: for more lines, or for being tilted on a narrow screen."""
    if _fit(names):
        return 0
    if _broken(names):
        return _LINE * (max(len(name.split()) for name in names) - 1)
    return round(_LETTER * max(map(len, names)) * math.sin(math.radians(_TILT)))


def _words(text: str, colour: str, size: int = 12) -> dict[str, Any]:
    return {"text": text, "showarrow": False, "font": {"color": colour, "size": size, "family": FONT}}


def _plain(values: Numbers) -> list[float | None]:
    """Numbers as JSON has them: what is not finite becomes a gap in the curve."""
    return [float(v) if math.isfinite(v) else None for v in np.asarray(values, dtype=float)]
