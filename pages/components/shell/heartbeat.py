"""Says "this visitor is still here" on every page, so that a run goes on while its visitor reads another page."""

from __future__ import annotations

import streamlit as st

from mtl_core.jobs.runs import shared
from pages.components.shell import state

__all__ = ["show"]

BEAT_SECONDS = 20


@st.fragment(run_every=BEAT_SECONDS)
def show() -> None:
    """Renew the visitor's lease; draws nothing."""
    shared().renew(state.visitor())
