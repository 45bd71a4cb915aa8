"""The question, where it was asked, what the two heads are asked, and the answer for the model on screen."""

from __future__ import annotations

import streamlit as st

from mtl_core.figures import answer
from mtl_core.language import _
from mtl_core.spec import ExperimentSpec

__all__ = ["ASKED_AT", "show"]

ASKED_AT = "https://stackoverflow.com/questions/57197895"


def show(spec: ExperimentSpec) -> None:
    """Three short paragraphs: what is asked, what the model is, and the answer."""
    st.title(_("Which one is multi-task, and what is `concatenate` for?"))
    with st.container(key="question"):
        st.markdown(
            _(
                "[A learner asked]({link}) about two models: two tweets go through one LSTM to two heads. **{asked}** "
                "New here? [Take the walkthrough](walkthrough)."
            ).format(link=ASKED_AT, asked=answer.asked(spec.data))
        )
        st.markdown(answer.in_short(spec))
