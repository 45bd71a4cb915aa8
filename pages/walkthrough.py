"""The walkthrough: predict, let the experiment answer, notice. The steps are data; this page draws the one in the link."""

from __future__ import annotations

import streamlit as st

from mtl_core.language import _
from mtl_core.lessons.parts import Step
from mtl_core.lessons.walkthrough import STEPS
from mtl_core.spec import ViewSpec
from pages.components.lesson import ballot, door, ending, evidence, lesson, podium, pool, presenter, seat, take_home
from pages.components.lesson.seat import Seat
from pages.components.shell import chart, state


def show(step: Step, view: ViewSpec, here: Seat | None) -> None:
    """A step: the question and its picture, and once the answer may be seen, what answers it."""
    exhibits = chart.collect()
    lesson.bar(step, led=here is not None and here.follows and not here.leads)
    if here is not None and here.leads:
        podium.show(here, step)
    elif here is not None:
        ballot.place(here)
    st.title(_(step.title))

    # In a room the answers are shown to all at once, and elsewhere to whoever has predicted.
    together = here is not None and here.together
    hidden = view.hide_answers and not together
    committed = here.revealed if here is not None and together else lesson.committed(step, view)
    discussed = here is not None and here.leads and not here.room.voting
    with presenter.setup(folded=committed or discussed):
        st.markdown(_(step.setup))
        if step.table and view.presenter:
            st.markdown(lesson.table(step))
    pictures, questions = st.columns(2, gap="medium") if step.pictures else (st.container(), st.container())
    with questions, st.container(key="questions"):
        if here is None or not together:
            lesson.ask(step, view)
        elif here.leads:
            lesson.ask(step, view, shown=here.revealed, form=podium.form(here), below=podium.distribution(here))
        else:
            lesson.ask(step, view, shown=here.revealed, form=ballot.form(here))
    with pictures, st.container(key="pictures"):
        if step.table and not view.presenter:
            st.markdown(lesson.table(step))
        lesson.draw(step, committed and not hidden)

    if committed and hidden:
        presenter.hidden()
    elif committed:
        with st.container(key="evidence"):
            evidence.show(step)
            if here is not None and step.experiments:
                pool.spread(step)
    if committed and (here is None or not here.follows):
        lesson.onward(step)
    if committed and not hidden and step is STEPS[-1]:
        ending.show(view)
    presenter.controls(step, view)
    take_home.show(step, exhibits)


here = seat.take(state.view())
view = state.view()
presenter.style(view)
if here is not None:
    seat.follow(here)
if here is not None and here.leads and door.is_open():
    door.show(here)
else:
    show(STEPS[min(view.step, len(STEPS)) - 1], view, here)
