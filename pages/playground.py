"""The playground, read from top to bottom as an argument: the question, the picture, two tweets to change, one chart."""

from __future__ import annotations

import streamlit as st

from mtl_core.figures import answer
from mtl_core.inspect.markdown import plain
from mtl_core.language import _
from pages.components.playground import (
    answers,
    controls,
    dependence,
    drawing,
    question,
    response,
    take_home,
    training,
)
from pages.components.shell import state

spec, notes = state.experiment()
controls.show(spec)
take_home.show(spec)
view = state.view()
run = state.look(spec)
bounds = training.bounds_of(spec)
epoch = run.nearest_kept(view.epoch)

question.show(spec)
for note in notes:
    st.warning(plain(note))

left, right = st.columns([3, 2], gap="large")
with left, st.container(key="graph"):
    st.header(answer.headline(spec.model))
    drawing.show(spec, view, run)
with right, st.container(key="answers_block"):
    answers.show(spec)

with st.container(key="loss"):
    training.show(spec, run, bounds)
with st.container(key="dependence"):
    dependence.show(run, epoch)

if run.cut_short:
    st.info(_("What a disturbed tweet does is measured on a finished model. This run did not finish: train it again."))
if run.kept:
    if epoch != (shown := run.nearest(view.epoch)):
        st.info(_("The weights of epoch {n} are not kept; what follows is of epoch {m}.").format(n=shown, m=epoch))
    with st.container(key="response"):
        response.show(spec, view, run, epoch, bounds)
    with st.container(key="what_if"):
        response.what_if(spec, view, run, epoch)
