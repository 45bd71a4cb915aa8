"""The playground, read from top to bottom as an argument: the question, the picture, the training, the response."""

from __future__ import annotations

import streamlit as st

from mtl_core.figures import answer
from mtl_core.language import _
from pages.components.playground import controls, dependence, drawing, response, take_home, training
from pages.components.shell import state

spec, notes = state.experiment()
controls.show(spec)
take_home.show(spec)
view = state.view()
run = state.look(spec)
bounds = training.bounds_of(spec)
epoch = run.nearest_kept(view.epoch)

st.title(_("What does `concatenate` do in a multi-task Keras model?"))
st.markdown(answer.answer(spec.model))
st.caption(answer.advice())
with st.container(key="narrow_hint"):
    st.caption(_("*Concatenate*, *LSTM units* and all other settings are behind **»**, at the top left."))
for note in notes:
    st.warning(note)

wide = view.drawing in ("cases", "code")
left, right = (st.container(), st.container()) if wide else st.columns(2, gap="medium")
with left, st.container(key="graph"):
    st.header(answer.headline(spec.model))
    drawing.show(spec, view, run)
with right, st.container(key="dependence"):
    dependence.show(run, epoch)

with st.container(key="loss"):
    training.show(spec, run, bounds)

if run.cut_short:
    st.info(_("What a disturbed tweet does is measured on a finished model. This run did not finish: train it again."))
if run.kept:
    if epoch != (shown := run.nearest(view.epoch)):
        st.info(_("The weights of epoch {n} are not kept; what follows is of epoch {m}.").format(n=shown, m=epoch))
    with st.container(key="response"):
        response.show(spec, view, run, epoch, bounds)
    with st.container(key="what_if"):
        response.what_if(spec, view, run, epoch)
