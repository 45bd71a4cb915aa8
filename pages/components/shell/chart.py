"""An exhibit on a page: its heading, its charts, their reading in words, and their numbers on demand."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import streamlit as st
from plotly.basedatatypes import BaseFigure

from mtl_core.figures.enlarged import enlarged
from mtl_core.figures.exhibit import CONFIG, Exhibit, Figure
from mtl_core.figures.numbers import number
from mtl_core.language import _
from mtl_core.palette import theme
from pages.components.shell.terms import linked

__all__ = ["collect", "dark", "phone", "show"]

_collected: ContextVar[list[Exhibit] | None] = ContextVar("collected", default=None)


def dark() -> bool:
    """Whether the visitor's theme is the dark one."""
    return st.context.theme.type == "dark"


def phone() -> bool:
    """Whether the visitor's browser says that it is a phone's: there a swipe must scroll the page, not zoom a chart."""
    return "Mobi" in st.context.headers.get("User-Agent", "")


def collect() -> list[Exhibit]:
    """A list that fills with the exhibits that the rest of this run shows, for whoever takes the screen home."""
    exhibits: list[Exhibit] = []
    _collected.set(exhibits)
    return exhibits


def show(exhibit: Exhibit, *, key: str, heading: bool = True) -> None:
    """An exhibit, its charts side by side, and below each other on a phone.

    Parameters
    ----------
    exhibit : Exhibit
        One without a chart is its heading and its reading.
    key : str
        Names the charts and the table.
    heading : bool
        False where the page has put the heading above a control of the exhibit.
    """
    if (collected := _collected.get()) is not None:
        collected.append(exhibit)
    if heading:
        st.header(linked(exhibit.heading, beside=exhibit.reading))
    charts = exhibit.draw(theme(dark()))
    if not charts:
        st.markdown(linked(exhibit.reading))
        return
    if st.session_state.get("presenter", False):
        charts = {part: enlarged(figure) for part, figure in charts.items()}
    for column, (part, figure) in zip(st.columns(len(charts)), charts.items(), strict=True):
        column.plotly_chart(
            _Checked(figure, touched=phone()),
            key=f"{key}_{part}",
            theme=None,
            config=dict(CONFIG),
            alt=exhibit.reading,
        )
    st.markdown(linked(exhibit.reading))
    numbers = st.expander(_("The numbers"), key=f"{key}_numbers", on_change="rerun")
    if numbers.open:
        numbers.dataframe(_table(exhibit), hide_index=True, alt=_("The numbers of the figure above"))


def _table(exhibit: Exhibit) -> Any:
    """The rows: measured numbers are sorted as numbers, and written with three significant digits as everywhere."""
    import pandas as pd  # Streamlit's own tables need it, and no page does before one is opened

    rows = pd.DataFrame(list(exhibit.rows()))
    return rows.style.format(dict.fromkeys(rows.select_dtypes("float").columns, number), na_rep="")


class _Checked(BaseFigure):
    """A figure that tests have found valid. Streamlit would have Plotly check it anew at every tick: 14 ms of 15 a chart.

    It has no template, which would be half of what is sent: a figure of ours says itself what it needs of one.
    """

    def __init__(self, figure: Figure, *, touched: bool) -> None:
        drag = {"dragmode": False} if touched else {}
        self._checked = {**figure, "layout": {**figure["layout"], **drag}}

    def to_dict(self) -> dict[str, Any]:
        """What the browser gets, the same as a checked `go.Figure` without a template would send."""
        return self._checked
