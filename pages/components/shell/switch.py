"""One of a few ways to look at the screen: a row of options for a field of `ViewSpec`, which is in the link."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mtl_core.language import _
from mtl_core.spec import ViewSpec, knob

__all__ = ["switch"]


def switch(name: str, titles: Mapping[str, str], *, labelled: bool = True) -> None:
    """Offer what a field may be; without its label where the options speak for themselves (a screen reader has it)."""
    row = knob(ViewSpec, name)
    st.segmented_control(
        _(row.label),
        row.choices,
        key=name,
        format_func=titles.__getitem__,
        required=True,
        label_visibility="visible" if labelled else "collapsed",
        persist_state="session",
        wrap=True,  # on a phone, and in a longer language
    )
