"""What takes work is done once for a model and a choice, not at every click: the session keeps the last of each kind."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

import streamlit as st

from mtl_core.graph import ModelFileError
from mtl_core.language import spoken

__all__ = ["once"]

T = TypeVar("T")


def once(kind: str, of: Hashable, make: Callable[[], T]) -> T:
    """What `make` gives, made anew only where `of` or the visitor's language is another than last time.

    Raises
    ------
    ModelFileError
        Where `make` does; what it says is kept too, so that nobody waits for it twice.
    """
    key, of = f"once_{kind}", (of, spoken())
    if key not in st.session_state or st.session_state[key][0] != of:
        made, problem = None, ""
        try:
            made = make()
        except ModelFileError as error:
            problem = str(error)
        st.session_state[key] = (of, made, problem)
    _of, made, problem = st.session_state[key]
    if problem:
        raise ModelFileError(problem)
    return made  # type: ignore[no-any-return]
