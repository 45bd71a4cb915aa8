"""What has to be said about a link, or about settings that were too much together: until it was read and dismissed."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mtl_core.inspect.markdown import plain
from mtl_core.language import _

__all__ = ["show"]


def show(notes: Sequence[str], key: str) -> None:
    """The notes that were not dismissed, and a button that dismisses them.

    Parameters
    ----------
    notes : sequence of str
        Sentences that may quote a link.
    key : str
        What they are about. A note that went away, because what it was about did, is shown when it comes again.
    """
    held = f"{key}_dismissed"
    dismissed = set(notes) & st.session_state.get(held, set())
    st.session_state[held] = dismissed
    fresh = [note for note in notes if note not in dismissed]
    if not fresh:
        return
    with st.container(key=f"{key}_notes"):
        for note in fresh:
            st.warning(plain(note))
        st.button(_("Dismiss"), key=f"{key}_dismiss", on_click=dismissed.update, args=(fresh,))
