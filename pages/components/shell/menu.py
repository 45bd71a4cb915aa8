"""The pages of the app, in the order in which a newcomer reads them."""

from __future__ import annotations

import copy
import functools

import streamlit as st

from mtl_core.language import _

__all__ = ["pages"]


def pages(language: str) -> list[st.Page]:
    """The pages, with titles in a language; to be declared and run by one session only.

    Outside of a session Streamlit makes pages that it cannot run: then the language is "".
    """
    return [copy.copy(page) for page in _made(language)]


@functools.lru_cache(maxsize=8)
def _made(_language: str) -> list[st.Page]:
    # Each is looked for on disk when it is made: a twentieth of a click.
    return [
        st.Page("pages/playground.py", title=_("Playground"), default=True),
        st.Page("pages/walkthrough.py", title=_("Walkthrough")),
        st.Page("pages/quiz.py", title=_("Test yourself")),
        st.Page("pages/sharing.py", title=_("Sharing")),
        st.Page("pages/compare.py", title=_("Compare")),
        st.Page("pages/inspect_model.py", title=_("Inspect your model")),
        st.Page("pages/questions.py", title=_("Training questions")),
        st.Page("pages/teachers.py", title=_("For teachers")),
        st.Page("pages/glossary.py", title=_("Words")),
    ]
