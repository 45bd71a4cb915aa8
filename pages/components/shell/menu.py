"""The pages of the app, in the order in which a newcomer reads them."""

from __future__ import annotations

import copy
import functools

import streamlit as st

from mtl_core.language import _

__all__ = ["page", "pages"]


def pages(language: str) -> list[st.Page]:
    """The pages, with titles in a language; to be declared and run by one session only.

    Outside of a session Streamlit makes pages that it cannot run: then the language is "".
    """
    return [copy.copy(page) for page in _made(language).values()]


def page(name: str) -> st.Page:
    """One of the pages, to link to; `name` is that of its file. Streamlit would look a path up on disk at every click."""
    return _made(st.session_state.language)[name]


@functools.lru_cache(maxsize=8)
def _made(_language: str) -> dict[str, st.Page]:
    # Each is looked for on disk when it is made: a twentieth of a click.
    titles = {
        "playground": _("Playground"),
        "walkthrough": _("Walkthrough"),
        "quiz": _("Test yourself"),
        "sharing": _("Sharing"),
        "compare": _("Compare"),
        "inspect_model": _("Inspect your model"),
        "questions": _("Training questions"),
        "teachers": _("For teachers"),
        "glossary": _("Words"),
    }
    return {
        name: st.Page(f"pages/{name}.py", title=title, default=name == "playground") for name, title in titles.items()
    }
