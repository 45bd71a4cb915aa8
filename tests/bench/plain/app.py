"""As many elements and widgets as the playground's first screen, with nothing in them: what Streamlit itself costs."""

from __future__ import annotations

import streamlit as st
from plotly.basedatatypes import BaseFigure
from streamlit.runtime.scriptrunner import get_script_run_ctx

_COMPONENT = st.components.v2.component("plain", html="<p></p>", js="export default () => undefined")


class _Empty(BaseFigure):
    def __init__(self) -> None:
        """Without Plotly's own checks, as the app's figures."""

    def to_dict(self) -> dict[str, object]:
        return {"data": [], "layout": {}}


def _sidebar() -> None:
    with st.container(horizontal=True, key="tools"):
        for name in ("one", "two"):
            st.popover(name, on_change="rerun", key=name)
    st.menu_button("Start", ["a", "b"], key="preset")
    st.caption("A text.")
    st.toggle("Toggle", key="concatenate", persist_state="session")
    st.select_slider("Options", [1, 2, 4, 8], key="options", persist_state="session")
    st.slider("Number", 0.0, 90.0, key="number", persist_state="session")
    st.expander("More", key="more", on_change="rerun")


def _left() -> None:
    st.header("Heading")
    st.segmented_control("Ways", ["a", "b", "c"], key="ways", persist_state="session")
    _COMPONENT(key="picture", data={})
    with st.container(horizontal=True, key="row"):
        st.button("Train", key="train")
        st.caption("A text.")
    st.select_slider("Epoch", list(range(31)), key="epoch", persist_state="session")


@st.fragment
def _right() -> None:
    st.header("Heading")
    for key in ("editor", "bars"):
        _COMPONENT(key=key, data={})


def _charts() -> None:
    with st.container(horizontal=True, key="choose"):
        st.segmented_control("Charts", ["a", "b", "c"], key="charts", persist_state="session")
        st.toggle("Units", key="units", persist_state="session")
    with st.container(key="chart"):
        st.header("Heading")
        for number, column in enumerate(st.columns(2)):
            column.plotly_chart(_Empty(), key=f"chart_{number}", theme=None)
        st.markdown("A text.")
        st.expander("The numbers", key="numbers", on_change="rerun")


@st.fragment(run_every=4.9)
def _timer() -> None:
    """A block that redraws itself, and is empty."""


def _home() -> None:
    with st.sidebar:
        _sidebar()
    st.title("Title")
    with st.container(horizontal=True, key="question"):
        st.markdown("A text.")
        st.page_link(_OTHERS[0], label="Another page")
    left, right = st.columns([4, 3])
    with left, st.container(key="left"):
        _left()
    with right:
        _right()
    _charts()


def _other() -> None:
    """A page that nobody opens."""


if get_script_run_ctx(suppress_warning=True):
    st.set_page_config(page_title="Plain", layout="wide")
    _OTHERS = [st.Page(_other, title=f"Page {number}", url_path=f"page_{number}") for number in range(8)]
    st.navigation([st.Page(_home, title="Home", default=True), *_OTHERS]).run()
    st.caption("A text.")
    _timer()
    _COMPONENT(key="repairs", data={})
