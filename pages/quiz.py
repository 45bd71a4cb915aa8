"""A test of learning: the same kinds of question before the lesson, after it and in a week, about models of other things."""

from __future__ import annotations

import random

import streamlit as st

from mtl_core.inspect.markdown import plain
from mtl_core.language import _
from mtl_core.lessons.quiz import KINDS, form_at, replies_to
from pages.components.lesson import quiz
from pages.components.shell import state
from pages.components.shell.switch import switch

if st.session_state.order == "any":
    # By chance, so that over a class each form comes first as often as the other; the link keeps it.
    st.session_state.order = random.choice(("ab", "ba"))
view = state.view()
form = form_at(view.moment, view.order)
replies = replies_to(view.replies, view.moment)

st.title(_("Test yourself"))
st.markdown(
    _(
        "{n} questions, about a minute each, on models that are not in the lesson. Answer them before the walkthrough, "
        "after it, and once more in a week: each time it is another form of the same test."
    ).format(n=len(KINDS))
)
switch("moment", {"before": _("Before the lesson"), "after": _("After the lesson"), "later": _("In a week")})

if view.room:
    st.caption(
        _(
            "You are in room {room}: with your last answer, which of them were right is counted there. Your name is not known, and "
            "nobody sees your answers."
        ).format(room=plain(view.room))
    )
quiz.result(view.moment, form, replies)
quiz.gain(view, view.order)
quiz.ask(view.moment, form, replies)
if None not in replies:
    st.caption(_("Your result stands at the top of this page."))
st.caption(
    _(
        "Form {form}. The models are made by chance and their call graphs are the answer key. Your answers are in your own link "
        "and nowhere else. The test measures what one can do with the idea; only people can show that a lesson teaches it."
    ).format(form=form)
)
