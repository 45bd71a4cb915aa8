"""Small repairs of Streamlit's own markup and colours, so that the app can be read with any eyes and without a mouse.

`tests/browser/test_accessibility.py` says which of them are still needed: take one out, and axe-core names what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

__all__ = ["show"]

_HERE = Path(__file__).parent

_REPAIRS = st.components.v2.component(
    "repairs",
    css=(_HERE / "repairs.css").read_text(encoding="utf-8"),
    js=(_HERE / "repairs.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # what it repairs is outside
)


def show(arrival: Mapping[str, Any]) -> None:
    """Repair this page, as long as it is shown; draws nothing.

    Parameters
    ----------
    arrival : mapping
        `state.arrival()`: the link that the address bar is to show, and when.
    """
    # A theme that changes under an open page draws the page anew: pictures and charts have colours of their own.
    _REPAIRS(key="repairs", data=dict(arrival), on_theme_change=lambda: None)
