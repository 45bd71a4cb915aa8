"""Two models side by side: which pairs changed, which layers became shared, and both drawings."""

from __future__ import annotations

import streamlit as st

from mtl_core.graph import CallGraph
from mtl_core.graph import words as graph_words
from mtl_core.graph.draw.dot import Options, drawn_boxes
from mtl_core.inspect import compare as words
from mtl_core.inspect.markdown import plain
from mtl_core.language import _
from pages.components.inspector import model_drawing, model_source
from pages.components.inspector.model_source import Inspected
from pages.components.shell import chart

__all__ = ["show"]

MOST_DRAWN = 120
"""Most boxes a side."""


def show(model: Inspected) -> None:
    """Choose a second model, or give one, and read what differs."""
    offered = model_source.others(model)
    if st.session_state.get("inspect_compare") not in offered:
        st.session_state.inspect_compare = None
    choice, own = st.columns(2, gap="medium", vertical_alignment="bottom")
    with choice:
        chosen = st.selectbox(
            _("Compare with"),
            list(offered),
            index=None,
            key="inspect_compare",
            format_func=lambda key: offered[key][0],
            placeholder=_("A model before or after an edit"),
            persist_state="session",
        )
    with own, st.popover(_("A second model of your own"), width="stretch"):
        model_source.offer("second")
    if chosen is None:
        st.caption(_("Choose a second model: then you read which pairs changed and which layers became shared."))
        return
    title, graph = offered[chosen][0], offered[chosen][1]()
    comparison = words.compare(model.graph, graph)
    st.markdown(f"**{words.headline(comparison)}**")
    st.markdown("\n".join(f"* {sentence}" for sentence in words.sentences(comparison)))
    _drawings(model, graph, title)
    rows = words.rows(comparison)
    if rows:
        table = st.expander(_("Every pair in both models"), key="compared_pairs", on_change="rerun")
        if table.open:
            table.dataframe(rows, hide_index=True, alt=words.headline(comparison))


def _drawings(model: Inspected, other: CallGraph, title: str) -> None:
    both = [(model.graph, model.title, "first"), (other, plain(title), "second")]
    if max(len(drawn_boxes(graph, **model_drawing.folded(graph))) for graph, _title, _place in both) > MOST_DRAWN:
        st.caption(_("The models are too large to draw both side by side."))
        return
    for column, (graph, name, place) in zip(st.columns(2), both, strict=True):
        with column:
            st.markdown((_("First: {title}") if place == "first" else _("Second: {title}")).format(title=name))
            with st.container(key=f"compared_{place}", horizontal_alignment="center"):
                options = model_drawing.folded(graph) | Options(dark=chart.dark(), prefix=f"compared-{place}")
                model_drawing.plain_drawing(graph, "calls", options, alt=f"{name}. {graph_words.alt(graph)}")
