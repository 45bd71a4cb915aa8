"""A figure with its reading in words and its numbers as a table: no figure stands on a page without the two."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import streamlit as st
from plotly.basedatatypes import BaseFigure

from mtl_core.figures import figures
from mtl_core.language import _
from mtl_core.spec import OUTPUTS

__all__ = ["beside", "dark", "per_head", "phone", "table"]

Rows = Sequence[Mapping[str, Any]]


def dark() -> bool:
    """Whether the visitor's theme is the dark one."""
    return st.context.theme.type == "dark"


def phone() -> bool:
    """Whether the visitor's browser says that it is a phone's: there a swipe must scroll the page, not zoom a chart."""
    return "Mobi" in st.context.headers.get("User-Agent", "")


def per_head(figure: Callable[..., dict[str, Any]], *, key: str, reading: str, rows: Callable[[], Rows]) -> None:
    """One chart a head: `figure(heads=..., dark=..., narrow=...)` makes it; the rest is as in `beside`."""
    charts = {output: figure(heads=(output,), dark=dark(), narrow=phone()) for output in OUTPUTS}
    beside(charts, key=key, reading=reading, rows=rows)


def beside(charts: Mapping[str, dict[str, Any]], *, key: str, reading: str, rows: Callable[[], Rows]) -> None:
    """Charts side by side, and below each other on a phone; their reading; their numbers on demand.

    Parameters
    ----------
    charts : mapping of str to dict
        Plotly figures by what they show, which completes their keys.
    key : str
        Names the charts and the table.
    reading : str
        What they say, in words.
    rows : callable
        Makes the table; called only when it is open.
    """
    for column, (part, figure) in zip(st.columns(len(charts)), charts.items(), strict=True):
        column.plotly_chart(_Checked(figure), key=f"{key}_{part}", theme=None, config=dict(figures.CONFIG), alt=reading)
    st.markdown(reading)
    table(rows, key=key)


def table(rows: Callable[[], Rows], *, key: str) -> None:
    """The numbers of a figure, made only when somebody opens them."""
    numbers = st.expander(_("The numbers"), key=f"{key}_numbers", on_change="rerun")
    if numbers.open:
        numbers.dataframe(rows(), hide_index=True, alt=_("The numbers of the figure above"))


_TEMPLATE = go.Figure().to_dict()["layout"]["template"]


class _Checked(BaseFigure):
    """A figure that tests have found valid. Streamlit would have Plotly check it anew at every tick: 14 ms of 15 a chart."""

    def __init__(self, figure: Mapping[str, Any]) -> None:
        self._checked = {**figure, "layout": {"template": _TEMPLATE, **figure["layout"]}}

    def to_dict(self) -> dict[str, Any]:
        """What the browser gets, the same as a checked `go.Figure` would send."""
        return self._checked
