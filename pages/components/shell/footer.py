"""The foot of every page: which version of the app this is."""

from __future__ import annotations

import streamlit as st

from mtl_core import __version__
from mtl_core.language import _

__all__ = ["show"]


def show() -> None:
    """One line; on a wall, where a lesson is presented, it would be in the way."""
    if not st.session_state.presenter:
        st.caption(_("Version {version}").format(version=__version__))
