"""A figure for a wall: everything in it that is measured in pixels, larger by the same factor.

The page around it is zoomed by CSS. Within anything that is zoomed Plotly measures wrongly and crops its axes, so a chart is
made larger as a figure.
"""

from __future__ import annotations

from typing import Any

from mtl_core.figures.exhibit import Figure

__all__ = ["FACTOR", "enlarged"]

FACTOR = 1.3
"""Of the page while presenting, too (`pages/components/lesson/presenter.css`)."""

_PIXELS = {"height", "size", "standoff", "yshift", "xshift", "width", "pad", "l", "r", "t", "b"}
_AT_A_POINT = {"x0", "x1", "y0", "y1"}


def enlarged(figure: Figure, factor: float = FACTOR) -> Figure:
    """The same figure with type, lines, margins and distances larger; the figure itself is left as it is."""
    grown: Figure = _grown(figure, factor)
    return grown


def _grown(value: Any, factor: float) -> Any:
    if isinstance(value, dict):
        pixels = _PIXELS | (_AT_A_POINT if value.get("xsizemode") == "pixel" else set())
        return {
            name: part * factor if name in pixels and isinstance(part, (int, float)) else _grown(part, factor)
            for name, part in value.items()
        }
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_grown(part, factor) for part in value]
    return value
