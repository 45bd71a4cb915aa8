"""Questions about training a model with several outputs, each with an answer, a program that shows it, and its sources."""

from __future__ import annotations

import streamlit as st

from mtl_core.language import _
from mtl_core.lessons.questions import QUESTIONS, TrainingQuestion
from pages.components.shell import state


def ask(question: TrainingQuestion) -> None:
    """A question with its answer, the program that shows it and what that prints, and the way to the playground."""
    st.header(_(question.title))
    for paragraph in question.answer:
        st.markdown(_(paragraph))
    with st.expander(_("The program, and what it prints")):
        st.code(question.program, language="python")
        st.caption(_("What it prints, recorded with Keras 3. The tests of this app run it again and compare:"))
        st.code(question.printed, language=None)
    if question.experiment is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            opened = st.button(
                _("Open it in the playground"), key=f"open_{question.id}", on_click=_put, args=(question,)
            )
            st.caption(_(question.look))
        if opened:
            st.switch_page("pages/playground.py")
    st.markdown("  \n".join((_("Sources:"), *map(_, question.sources))))


def _put(question: TrainingQuestion) -> None:
    if question.experiment is not None:
        state.put(question.experiment)
        state.follow_newest()
        st.session_state.chart = question.chart


st.title(_("Training questions"))
st.markdown(
    _(
        "What people ask about training a model with several outputs. Each answer is short, and a complete program shows it: "
        "copy it, change it, run it."
    )
)
for each in QUESTIONS:
    ask(each)
