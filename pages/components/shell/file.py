"""A file to take home, made only when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from mtl_core.language import speaking

__all__ = ["file"]


def file(label: str, name: str, mime: str, make: Callable[[], Any], *, about: str = "") -> None:
    """A button that downloads what `make` returns, in the visitor's language; `about` says on demand what is in it."""
    language = st.session_state.language

    def made() -> Any:
        with speaking(language):
            return make()

    st.download_button(label, made, name, mime, key=f"file_{name}", on_click="ignore", help=about or None)
