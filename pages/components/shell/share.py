"""One way to share every page: the link to this screen, the same as a QR code, and a snippet that embeds it."""

from __future__ import annotations

import html
from contextvars import ContextVar
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import segno
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mtl_core.language import _
from pages.components.shell import address, state

if TYPE_CHECKING:
    from streamlit.elements.lib.mutable_popover_container import PopoverContainer

__all__ = ["begin", "link", "popover", "show"]

_OF_ONE_SCREEN = ("pres", "hide", "a", "rep", "ord")
"""What belongs to whoever looks: their presenting, their hiding, their predictions, their answers in the test and which form
came first. A link for others leaves it out."""

_tools: ContextVar[DeltaGenerator] = ContextVar("tools")


def link(page: str = "", **overrides: str) -> str:
    """The address of this screen, for others.

    Parameters
    ----------
    page : str
        Another page of the app, by its path.
    **overrides : str
        Query keys to replace or add; "" removes one.
    """
    query = {**state.query(), **dict.fromkeys(_OF_ONE_SCREEN, ""), **overrides}
    return f"{address.page(page or None)}?{urlencode({key: value for key, value in query.items() if value != ''})}"


def begin() -> None:
    """Make room for this page's popovers: first in the sidebar, so that there is space below for them to open into."""
    if not st.session_state.presenter:
        _tools.set(st.sidebar.container(horizontal=True, key="tools"))


def popover(label: str, key: str) -> PopoverContainer:
    """A popover among the sidebar's tools, or here on the page where there is no sidebar; `open` says if it is."""
    place = st if st.session_state.presenter else _tools.get(st.sidebar)
    return place.popover(label, on_change="rerun", key=key)


def show() -> None:
    """The link, its QR code and the snippet; made only while somebody looks."""
    opened = popover(_("Share this screen"), "share")
    if not opened.open:
        return
    with opened:
        shared, note = address.reachable(link())
        st.markdown(_("This link opens the same screen, with the same finished run if it is stored or recorded."))
        st.code(shared, language=None, wrap_lines=True)
        st.image(_qr(shared), width=200, alt=_("QR code of the link above"))
        if note:
            st.caption(note)
        st.markdown(_("To show it inside another page:"))
        st.code(_embed(shared), language="html", wrap_lines=True)


@st.cache_data(max_entries=200, show_spinner=False)
def _qr(link: str) -> str:
    # White paper and a quiet zone, also in the dark theme: scanners need the contrast.
    return str(segno.make(link, error="m", micro=False).svg_inline(scale=5, border=3, light="#ffffff"))


def _embed(link: str) -> str:
    """A frame for another page; without the permission the copy buttons within it do nothing."""
    source, title = html.escape(f"{link}&embed=true"), html.escape(_("What does concatenate do?"))
    return f'<iframe src="{source}" title="{title}" width="100%" height="900" allow="clipboard-write"></iframe>'
