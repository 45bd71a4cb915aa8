"""For whoever leads a lesson: what each step is for, what learners often think, and how to run it on one link."""

from __future__ import annotations

import streamlit as st

from mtl_core.language import _, ngettext
from mtl_core.lessons.handout import handout
from mtl_core.lessons.walkthrough import STEPS
from pages.components.lesson import readiness
from pages.components.shell import share, state

st.title(_("Run the walkthrough with a class"))
minutes = sum(step.minutes for step in STEPS)
st.markdown(
    _(
        "{n} steps, about {minutes} minutes without discussion. In each step learners *predict* first and commit to it. Then "
        "the app runs the experiment that answers, and three sentences say what to notice. Who has committed remembers the "
        "answer, so give every prediction its half minute."
    ).format(n=len(STEPS), minutes=minutes)
)

st.header(_("Thirty people on one link"))
st.markdown(
    _(
        """
1. Open the walkthrough, switch on *Presenter mode* at its foot, and use the arrow keys.
2. Switch on *Hide the answers* while the class predicts. *Links for the class* has a link to the same step for your learners' phones; the QR code is under *Share this screen*.
3. Let them commit, ask for hands, and then switch the hiding off.
4. Each step shows recorded runs, so everybody sees them at once. *Run it live* trains the step's models anew, for whoever pressed it. One worker trains one run at a time, and the others see their place in the queue: use it on your own screen, or with a few groups. In the playground, people who ask for the same run share one training.
5. Nothing about learners is stored. Their predictions are in their own link, which survives a reload.
"""
    )
)

readiness.show()

st.header(_("What each step is for"))
for n, step in enumerate(STEPS, start=1):
    title = ngettext("{n}. {title} ({minutes} minute)", "{n}. {title} ({minutes} minutes)", step.minutes)
    with st.expander(title.format(n=n, title=_(step.title), minutes=step.minutes)):
        st.markdown(_(step.teacher.purpose))
        st.markdown("\n".join(f"* {_(text)}" for text in step.teacher.misconceptions))
        st.caption(_(step.teacher.timing))
        row = st.container(horizontal=True, vertical_alignment="center")
        row.page_link(
            "pages/walkthrough.py",
            label=_("Open this step"),
            query_params=state.query() | {"step": str(n)},
        )
        row.download_button(
            _("Handout to print"),
            handout(step, address=share.link("walkthrough", step=str(n), a="")),
            file_name=f"{n}-{step.id}.html",
            mime="text/html",
            on_click="ignore",
            key=f"handout_{step.id}",
        )
