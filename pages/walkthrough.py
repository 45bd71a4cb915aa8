"""The walkthrough: predict, let the experiment answer, notice. The steps are data; this page draws the one in the link."""

from __future__ import annotations

import streamlit as st

from mtl_core.language import _
from mtl_core.lessons.walkthrough import STEPS, spec_of
from mtl_core.spec import ExperimentSpec
from pages.components.lesson import evidence, lesson, presenter
from pages.components.playground import take_home
from pages.components.shell import state

view = state.view()
step = STEPS[min(view.step, len(STEPS)) - 1]
presenter.style(view)

lesson.bar(step, view)
st.title(_(step.title))
st.markdown(_(step.setup))

committed = lesson.committed(step, view)
pictures, questions = st.columns(2, gap="medium") if step.pictures else (st.container(), st.container())
with questions, st.container(key="questions"):
    lesson.ask(step, view)
with pictures, st.container(key="pictures"):
    lesson.draw(step, committed and not view.hide_answers)

if committed and view.hide_answers:
    st.info(_("Your prediction is noted in the link. The answers are hidden until the teacher shows them."))
elif committed:
    with st.container(key="evidence"):
        evidence.show(step)
if committed:
    lesson.onward(step)
presenter.controls(step, view)
if step.experiments:
    take_home.show(spec_of(step, step.experiments[0].name, st.session_state.seed))
elif step.pictures:
    take_home.show(ExperimentSpec(model=step.pictures[0].model))
