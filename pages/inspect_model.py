"""Somebody's own model: which inputs can each head see, through which merge, and what would plot_model have drawn?"""

from __future__ import annotations

import streamlit as st

from mtl_core.graph import ModelFileError
from mtl_core.inspect.description import describe
from mtl_core.inspect.markdown import plain
from mtl_core.language import _
from pages.components.inspector import inspection, model_drawing, model_source, program_text, side_by_side, training
from pages.components.inspector.once import once
from pages.components.shell.in_turn import step_aside
from pages.components.shell.terms import linked

step_aside()  # reading, describing and drawing somebody's large model may take seconds

st.title(_("Which inputs can each head of your model see?"))
st.markdown(
    linked(
        _(
            "Paste your program, or give a Keras file. You read which head (an output with its task) may depend on which input, "
            "through which calls of layers, and which inputs it cannot depend on at all. **Only the architecture is read:** "
            "nothing is run, and weights are not looked at."
        )
    )
)
with st.container(key="source"):
    model = model_source.show()
model_drawing.begin(model)
graph = model.graph
try:
    said = once("description", model.id, lambda: describe(graph))
except ModelFileError as error:
    st.error(_("**{title}** can't be described. {why}").format(title=model.title, why=plain(str(error))))
    st.stop()

st.header(said.headline)
st.markdown(f"**{model.title}** · {said.size}  \n{model.about}")
program_text.refusals(model.program)
for caveat in said.caveats:
    st.warning(caveat)
left, right = st.columns([3, 2], gap="medium")
with right, st.container(key="who_sees_what"):
    st.subheader(_("Which head may depend on which input"))
    inspection.dependence(graph, said)
    start, head = model_drawing.choose_ends(graph)
    inspection.between(graph, start, head)
with left, st.container(key="calls"):
    model_drawing.show(model, said.alt)

with st.container(key="training"):
    st.subheader(_("Which loss changes which layer"))
    training.show(model, said)
if model.program.text:
    with st.container(key="program"):
        st.subheader(program_text.heading(model.program))
        program_text.show(model.program)
with st.container(key="compare"):
    st.subheader(_("Two models side by side"))
    side_by_side.show(model)
with st.container(key="plot_model"):
    st.subheader(said.drawn)
    inspection.plot_model(model, said)
with st.container(key="shared_layers"):
    st.subheader(said.shared)
    inspection.shared_layers(graph, said)
with st.container(key="trained_model"):
    st.subheader(_("What does your trained model rely on?"))
    inspection.trained_model()
with st.container(key="take_home"):
    st.subheader(_("Take it home"))
    inspection.take_home(model)
