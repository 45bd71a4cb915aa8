"""Somebody's own model: which inputs can each head see, through which merge, and what would plot_model have drawn?"""

from __future__ import annotations

import streamlit as st

from mtl_core.graph import words as graph_words
from mtl_core.inspect import findings as inspect_words
from mtl_core.inspect.markdown import code
from mtl_core.language import _
from pages.components.inspector import inspection, model_drawing, model_source, program_text, side_by_side, training
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

st.header(inspect_words.headline(graph))
st.markdown(f"**{model.title}** · {inspect_words.size(graph)}  \n{model.about}")
program_text.refusals(model.program)
for caveat in graph_words.caveats(graph, code):
    st.warning(caveat)
left, right = st.columns([3, 2], gap="medium")
with right, st.container(key="who_sees_what"):
    st.subheader(_("Which head may depend on which input"))
    inspection.dependence(graph)
    start, head = model_drawing.choose_ends(graph)
    inspection.between(graph, start, head)
with left, st.container(key="calls"):
    model_drawing.show(model)

with st.container(key="training"):
    st.subheader(_("Which loss changes which layer"))
    training.show(model)
if model.program.text:
    with st.container(key="program"):
        st.subheader(program_text.heading(model.program))
        program_text.show(model.program)
with st.container(key="compare"):
    st.subheader(_("Two models side by side"))
    side_by_side.show(model)
with st.container(key="plot_model"):
    st.subheader(inspect_words.drawn(graph))
    inspection.plot_model(graph)
with st.container(key="shared_layers"):
    st.subheader(inspect_words.shared(graph))
    inspection.shared_layers(graph)
with st.container(key="trained_model"):
    st.subheader(_("What does your trained model rely on?"))
    inspection.trained_model()
with st.container(key="take_home"):
    st.subheader(_("Take it home"))
    inspection.take_home(model)
