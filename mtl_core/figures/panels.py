"""The drawing kit of `figures`: panels side by side (or below each other on a phone), curves, and labels that don't collide.

A figure is a plain dict in plotly's format, because a page pays 4.3 ms for a dict and 7-11 ms for a `go.Figure`. Curves
are labelled where they end, in the margin right of their panel; labels too close to each other are pushed apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from mtl_core.figures.labels import spread
from mtl_core.palette import Theme, theme, with_alpha

__all__ = ["Axis", "Panels"]

FONT = '"Source Sans", "Source Sans Pro", sans-serif'
_LEFT, _RIGHT, _BOTTOM = 54, 112, 40  # pixels
_GAP = 0.215  # of the plot's width: 114 pixels for the left panel's labels where a figure is 700 wide
_TITLE, _ENTRY = 24, 20  # pixels: a panel's title, and a line of the legend
_LINE = 14  # pixels: a line of a label
_APART = 4  # pixels: between labels, where one has several lines
_NO_CURVE = {"type": "scatter", "x": [], "y": []}  # plotly refuses a figure without any trace
_CORNER = {"xref": "paper", "yref": "paper", "y": 1, "xanchor": "left", "yanchor": "middle"}
_SAMPLE = 34  # pixels: the line in a legend's entry
_IN_PIXELS = {
    "type": "line",
    "xref": "paper",
    "yref": "paper",
    "xsizemode": "pixel",
    "ysizemode": "pixel",
    "yanchor": 1,
}

Numbers = Sequence[float] | npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """An axis: its title with unit, its range, and plotly's format of a tick ("" is plotly's choice)."""

    title: str
    low: float
    high: float
    ticks: str = ""


@dataclass(frozen=True, slots=True)
class _Label:
    y: float
    lines: tuple[str, ...]
    colour: str

    @property
    def height(self) -> float:
        return _LINE * len(self.lines) + (_APART if len(self.lines) > 1 else 0)


@dataclass(slots=True)
class Panels:
    """A figure under construction; `figure` returns it.

    Parameters
    ----------
    titles : sequence of str
        One panel each, and what it shows.
    x : Axis
        The same for every panel.
    y : Axis or sequence of Axis
        One for every panel, or one for each.
    dark, narrow : bool
        Dark theme; panels below each other, for 340 pixels.
    height : int
        Pixels of one panel.
    """

    titles: Sequence[str]
    x: Axis
    y: Axis | Sequence[Axis]
    dark: bool
    narrow: bool = False
    height: int = 210
    colours: Theme = field(init=False)
    _traces: list[dict[str, Any]] = field(init=False, default_factory=list)
    _shapes: list[dict[str, Any]] = field(init=False, default_factory=list)
    _notes: list[dict[str, Any]] = field(init=False, default_factory=list)
    _labels: dict[int, list[_Label]] = field(init=False, default_factory=dict)
    _legend: list[tuple[str, list[dict[str, Any]]]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.colours = theme(self.dark)

    def curve(
        self, panel: int, x: Numbers, y: Numbers, name: str, colour: str, *, dash: str = "solid", width: float = 2
    ) -> None:
        """A line; `name` shows on hover."""
        self._traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": _plain(x),
                "y": _plain(y),
                "name": name,
                "line": {"color": colour, "dash": dash, "width": width},
                "hovertemplate": f"{self.x.title}: %{{x}}<br>{self.axis(panel).title}: %{{y:.3g}}<extra>{name}</extra>",
                "showlegend": False,
                **self._axes(panel),
            }
        )

    def band(self, panel: int, x: Numbers, low: Numbers, high: Numbers, colour: str) -> None:
        """An interval around a curve."""
        there, back = _plain(x), _plain(x)[::-1]
        self._traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": there + back,
                "y": _plain(high) + _plain(low)[::-1],
                "fill": "toself",
                "fillcolor": with_alpha(colour, 0.22),
                "line": {"width": 0},
                "hoverinfo": "skip",
                "showlegend": False,
                **self._axes(panel),
            }
        )

    def point(self, panel: int, x: float, y: float, colour: str, *, size: float = 8) -> None:
        """A marked place on a curve."""
        self._traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": _plain([x]),
                "y": _plain([y]),
                "marker": {"color": colour, "size": size, "line": {"color": self.colours.paper, "width": 1.5}},
                "hoverinfo": "skip",
                "showlegend": False,
                "cliponaxis": False,
                **self._axes(panel),
            }
        )

    def legend(self, name: str, colours: Sequence[str], *, dash: str = "solid", width: float = 2) -> None:
        """An entry above the panels, for what is told apart by dash or width; `colours` share its sample line."""
        self._legend.append((name, [{"color": colour, "dash": dash, "width": width} for colour in colours]))

    def level(self, panel: int, y: float, colour: str, *, width: float = 1, dash: str = "solid") -> None:
        """A horizontal line across a panel, behind the curves."""
        line = {"color": colour, "width": width, "dash": dash}
        self._shape(panel, "line", {"x0": self.x.low, "x1": self.x.high, "y0": y, "y1": y, "line": line})

    def below(self, panel: int, y: float, colour: str) -> None:
        """Shade what is below a level."""
        area = {"x0": self.x.low, "x1": self.x.high, "y0": self.axis(panel).low, "y1": y}
        self._shape(panel, "rect", area | {"fillcolor": with_alpha(colour, 0.1), "line": {"width": 0}})

    def moment(self, panel: int, x: float, text: str) -> None:
        """A vertical line at `x`, with its name at the top."""
        line = {"color": self.colours.muted, "width": 1, "dash": "dot"}
        axis = self.axis(panel)
        self._shape(panel, "line", {"x0": x, "x1": x, "y0": axis.low, "y1": axis.high, "line": line})
        right = x > (self.x.low + self.x.high) / 2
        self.note(panel, x, axis.high, text, self.colours.muted, xanchor="right" if right else "left", yanchor="top")

    def note(self, panel: int, x: float, y: float, text: str, colour: str, **where: Any) -> None:
        """Words inside a panel, on the page's colour so that a line behind them doesn't cross them."""
        axes = {key + "ref": name for key, name in (("x", f"x{_n(panel)}"), ("y", f"y{_n(panel)}"))}
        self._notes.append(self._words(text, colour) | {"x": x, "y": y, "bgcolor": self.colours.paper} | axes | where)

    def label(self, panel: int, y: float, *lines: str, colour: str) -> None:
        """Words in the margin right of a panel, at the height of `y`; none if that is nowhere."""
        if math.isfinite(y):
            self._labels.setdefault(panel, []).append(_Label(y, lines, colour))

    def axis(self, panel: int) -> Axis:
        """The vertical axis of a panel."""
        return self.y if isinstance(self.y, Axis) else self.y[panel]

    def figure(self) -> dict[str, Any]:
        """The figure: a dict with "data" and "layout"."""
        count = len(self.titles)
        columns = 1 if self.narrow else count
        top = _TITLE + 6 + _ENTRY * math.ceil(len(self._legend) / columns)
        between = _BOTTOM + _TITLE + 6
        rows = count if self.narrow else 1
        inside = rows * self.height + (rows - 1) * between
        layout: dict[str, Any] = {
            "height": top + inside + _BOTTOM,
            "margin": {"l": _LEFT, "r": _RIGHT, "t": top, "b": _BOTTOM, "pad": 0},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "size": 13, "color": self.colours.ink},
            "hoverlabel": {"bgcolor": self.colours.paper, "font": {"color": self.colours.ink, "family": FONT}},
            "hovermode": "closest",
            # A swipe over a chart must scroll a phone's page, not zoom the chart.
            "dragmode": False if self.narrow else "zoom",
            "uirevision": "constant",
            "showlegend": False,
        }
        notes, shapes = list(self._notes), list(self._shapes)
        for panel in range(count):
            across, up = self._domain(panel, count, inside, between)
            layout[f"xaxis{_n(panel)}"] = self._side(self.x, domain=across, anchor=f"y{_n(panel)}", grid=False)
            layout[f"yaxis{_n(panel)}"] = self._side(self.axis(panel), domain=up, anchor=f"x{_n(panel)}", grid=True)
            if panel and not self.narrow and isinstance(self.y, Axis):
                layout[f"yaxis{_n(panel)}"] |= {"title": None, "showticklabels": False}
            notes += [self._title(panel, across, up), *self._margin(panel, across)]
            if panel < columns:
                words, lines = self._key(panel, columns, left=across[0], top=top)
                notes, shapes = notes + words, shapes + lines
        return {"data": self._traces or [_NO_CURVE], "layout": layout | {"annotations": notes, "shapes": shapes}}

    def _key(self, column: int, columns: int, *, left: float, top: int) -> tuple[list[Any], list[Any]]:
        """One column of the legend: its words and its sample lines."""
        words, lines = [], []
        for row, (name, samples) in enumerate(self._legend[column::columns]):
            y = top - _ENTRY * (row + 0.5)
            words.append(
                self._words(name, self.colours.ink) | _CORNER | {"x": left, "xshift": _SAMPLE + 4, "yshift": y}
            )
            part = _SAMPLE / len(samples)
            lines += [
                _IN_PIXELS | {"xanchor": left, "x0": i * part, "x1": (i + 1) * part, "y0": y, "y1": y, "line": sample}
                for i, sample in enumerate(samples)
            ]
        return words, lines

    def _domain(self, panel: int, count: int, inside: int, between: int) -> tuple[list[float], list[float]]:
        if self.narrow:
            top = 1 - panel * (self.height + between) / inside
            return [0.0, 1.0], [round(top - self.height / inside, 6), round(top, 6)]
        width = (1 - _GAP * (count - 1)) / count
        left = panel * (width + _GAP)
        return [round(left, 6), round(min(left + width, 1), 6)], [0.0, 1.0]

    def _title(self, panel: int, across: list[float], up: list[float]) -> dict[str, Any]:
        words = self._words(self.titles[panel], self.colours.ink, size=14)
        place = {"xref": "paper", "yref": "paper", "x": across[0], "y": up[1], "xanchor": "left", "yanchor": "bottom"}
        return words | place | {"yshift": 3}

    def _margin(self, panel: int, across: list[float]) -> list[dict[str, Any]]:
        labels, axis = self._labels.get(panel, []), self.axis(panel)
        pixels = self.height / (axis.high - axis.low)
        wanted = [(min(max(its.y, axis.low), axis.high) - axis.low) * pixels for its in labels]
        placed = spread(wanted, [its.height for its in labels], self.height)
        return [
            self._words("<br>".join(its.lines), its.colour)
            | {"xref": "paper", "yref": f"y{_n(panel)}", "x": across[1], "xanchor": "left", "yanchor": "middle"}
            | {"y": axis.low, "yshift": round(y, 1), "xshift": 5, "align": "left"}
            for its, y in zip(labels, placed, strict=True)
        ]

    def _words(self, text: str, colour: str, size: int = 12) -> dict[str, Any]:
        return {"text": text, "showarrow": False, "font": {"color": colour, "size": size, "family": FONT}}

    def _shape(self, panel: int, kind: str, rest: dict[str, Any]) -> None:
        self._shapes.append({"type": kind, "layer": "below", "xref": f"x{_n(panel)}", "yref": f"y{_n(panel)}"} | rest)

    def _axes(self, panel: int) -> dict[str, str]:
        return {"xaxis": f"x{_n(panel)}", "yaxis": f"y{_n(panel)}"}

    def _side(self, axis: Axis, *, domain: list[float], anchor: str, grid: bool) -> dict[str, Any]:
        return {
            "domain": domain,
            "anchor": anchor,
            "range": [axis.low, axis.high],
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


def _n(panel: int) -> str:
    return "" if panel == 0 else str(panel + 1)


def _plain(values: Numbers) -> list[float | None]:
    """Numbers as JSON has them: what is not finite becomes a gap in the curve."""
    return [float(v) if math.isfinite(v) else None for v in np.asarray(values, dtype=float)]
