"""The playground, read from top to bottom as an argument: the question, the picture, two tweets to change, one chart."""

from __future__ import annotations

import streamlit as st

from mtl_core.figures import answer
from pages.components.playground import answers, charts, controls, drawing, question, take_home, training
from pages.components.shell import notes, state

spec, too_much = state.experiment()
controls.show(spec)
take_home.show(spec)
view = state.view()
run, other = state.look(spec), state.look(spec.other_case)

question.show(spec)
notes.show(too_much, "settings")

left, right = st.columns([4, 3], gap="large")
with left, st.container(key="graph"):
    st.header(answer.in_short(spec))
    drawing.choose()
    training.show(spec, view, run, other)
with right:
    answers.show(spec)
charts.show(spec, view, run, other, training.bounds_of(spec))
