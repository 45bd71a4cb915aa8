"""For whoever leads a lesson: what each step is for, what learners often think, and how to run it on one link."""

from __future__ import annotations

import streamlit as st

from mtl_core.language import _, ngettext
from mtl_core.lessons.walkthrough import STEPS
from mtl_core.spec import ViewSpec
from pages.components.lesson import door, paper, readiness
from pages.components.shell import menu, state

st.title(_("Run the walkthrough with a class"))
minutes = sum(step.minutes for step in STEPS)
st.markdown(
    _(
        "{n} steps, about {minutes} minutes without discussion. In each step learners *predict* first and commit to it. Then "
        "the app runs the experiment that answers, and three sentences say what to notice. Who has committed remembers the "
        "answer, so give every prediction its half minute."
    ).format(n=len(STEPS), minutes=minutes)
)

st.header(_("A class that answers"))
st.markdown(
    _(
        """
A room has a code, and a QR code that fills the screen. Phones that scan it follow you: your step, and the moment at which you reveal the answer.

1. Learners predict on their phones. You see how many have, and when you close the vote, what they predicted.
2. Where they disagree, let them talk and *vote again*. Both distributions stand side by side.
3. *Reveal the answer* shows it on your screen and on all phones.
4. Afterwards take all votes home as CSV, with the misconception to take up at each question.

Votes are anonymous: the server keeps counts, in memory only. It shows none below five votes, and forgets all of them when you end the room or nobody has used it for two hours.
"""
    )
)
row = st.container(horizontal=True, vertical_alignment="center")
with row:
    door.opener()
row.page_link(
    menu.page("walkthrough"),
    label=_("Present without a room"),
    query_params=state.query() | {"pres": "1", "step": "1", "room": ""},
)
st.markdown(
    _(
        "The runs that each step shows are recorded, so everybody sees them at once. *Run it live* trains the step's models from a "
        "new seed, for the person who pressed it: a worker trains one run at a time, and the others see their place in the queue."
    )
)

readiness.show()

st.header(_("On paper"))
paper.packets()

st.header(_("Before and after"))
st.markdown(
    _(
        "*Test yourself* has three forms of one test: for before the lesson, after it and in a week. A link without answers lets "
        "chance decide who begins with which form, so that an easier form cannot look like learning."
    )
)
st.code(paper.link("quiz", ViewSpec()), language=None, wrap_lines=True)

st.header(_("What each step is for"))
for n, step in enumerate(STEPS, start=1):
    title = ngettext("{n}. {title} ({minutes} minute)", "{n}. {title} ({minutes} minutes)", step.minutes)
    with st.expander(title.format(n=n, title=_(step.title), minutes=step.minutes)):
        st.markdown(_(step.teacher.purpose))
        st.markdown("\n".join(f"* {_(text)}" for text in step.teacher.misconceptions))
        st.caption(_(step.teacher.timing))
        row = st.container(horizontal=True, vertical_alignment="center")
        row.page_link(
            menu.page("walkthrough"),
            label=_("Open this step"),
            query_params=state.query() | {"step": str(n)},
        )
        with row:
            paper.step_file(step)
