"""The question, where it was asked, and what the two heads are asked."""

from __future__ import annotations

import streamlit as st

from mtl_core.figures import answer
from mtl_core.language import _
from mtl_core.spec import ExperimentSpec
from pages.components.shell import menu
from pages.components.shell.terms import linked

__all__ = ["ASKED_AT", "show"]

ASKED_AT = "https://stackoverflow.com/questions/57197895"


def show(spec: ExperimentSpec) -> None:
    """What is asked, where it was asked, what the model is and what its heads are asked."""
    st.title(linked(_("Which one is multi-task, and what is `concatenate` for?")))
    with st.container(horizontal=True, vertical_alignment="center", key="question"):
        told = _("Two tweets, one LSTM, two heads: [asked here]({link}). **{asked}**")
        st.markdown(linked(told.format(link=ASKED_AT, asked=answer.asked(spec.data))), width="content")
        st.page_link(menu.page("walkthrough"), label=_("Take the walkthrough"), width="content")
