"""A figure with all that belongs to it: no figure is shown anywhere without its heading, its words and its numbers.

Each file of this package makes one exhibit from records, and a page, a lesson and the report show the same one. A row of
a table is a mapping from a column's title to a text, a count, or a measured number in full precision, which
is written with three significant digits where it is shown (`numbers.number`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mtl_core.palette import Theme

__all__ = ["CONFIG", "Exhibit", "Figure", "Row"]

CONFIG: Mapping[str, Any] = {"displayModeBar": False, "responsive": True}
"""Plotly's options for every figure: no tool bar; a double click undoes a zoom."""

Figure = dict[str, Any]
"""A figure in plotly's format, with "data" and "layout"."""

Row = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One figure: heading, picture, reading and table.

    Parameters
    ----------
    heading : str
        What it shows, as a finding where there is one.
    draw : callable
        From a theme to the charts by what they show, to stand side by side: one a head, mostly; none where the table is
        the picture.
    reading : str
        The same in words, for those who cannot see the chart or do not read charts.
    rows : callable
        Makes the table; called only where somebody opens it.
    """

    heading: str
    draw: Callable[[Theme], Mapping[str, Figure]]
    reading: str
    rows: Callable[[], Sequence[Row]]
