"""The end of the walkthrough: the answer, what the learner had predicted, and where to go from here."""

from __future__ import annotations

import streamlit as st

from mtl_core.figures import answer
from mtl_core.language import _
from mtl_core.lessons.ending import ANSWER, Prediction, predictions
from mtl_core.spec import ViewSpec
from pages.components.shell import menu

__all__ = ["show"]


def show(view: ViewSpec) -> None:
    """All of it, below the last step."""
    with st.container(key="ending"):
        st.header(_("The answer to the question of step 1"))
        st.markdown("\n".join(f"* {_(sentence)}" for sentence in ANSWER))
        st.markdown(answer.advice())
        _predictions(view)
        _onward()


def _predictions(view: ViewSpec) -> None:
    made = list(predictions(view.answers))
    right = sum(each.right for each in made)
    st.header(_("Your predictions: {right} of {all} were right").format(right=right, all=len(made)))
    st.markdown("\n".join(f"* {_line(each)}" for each in made))


def _line(each: Prediction) -> str:
    """One prediction; of a question that was left out, the answer is not told."""
    if not each.predicted:
        line = _("Step {n}. {question} You made no prediction.")
    elif each.right:
        line = _("Step {n}. {question} You predicted “{predicted}”, and so it was.")
    else:
        line = _("Step {n}. {question} You predicted “{predicted}”; what was seen: “{seen}”.")
    return line.format(n=each.step, question=_(each.question), predicted=_(each.predicted), seen=_(each.seen))


def _onward() -> None:
    st.header(_("What to do next"))
    for page, label, why in (
        ("playground", _("Try it in the playground"), _("Change the words of a tweet, and see which head notices.")),
        (
            "inspect_model",
            _("Ask the same of your own model"),
            _("Paste its code or drop its file: each head’s inputs are listed."),
        ),
        ("glossary", _("Look up a word"), _("With the name that books and papers use.")),
    ):
        row = st.container(horizontal=True, vertical_alignment="center")
        row.page_link(menu.page(page), label=label, icon=":material/arrow_forward:")
        row.markdown(why)
