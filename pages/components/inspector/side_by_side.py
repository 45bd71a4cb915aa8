"""Two models side by side: which pairs changed, which layers became shared, and both drawings."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from mtl_core.graph import CallGraph, ModelFileError
from mtl_core.graph import words as graph_words
from mtl_core.graph.config.untrusted import step
from mtl_core.graph.draw.dot import Options
from mtl_core.inspect import compare as words
from mtl_core.inspect.markdown import plain
from mtl_core.inspect.spreadsheet import as_grid
from mtl_core.language import _
from pages.components.inspector import model_drawing, model_source
from pages.components.inspector.model_source import Inspected
from pages.components.inspector.once import once

__all__ = ["show"]

MOST_DRAWN = 120
"""Most boxes a side."""

MOST_ROWS = 2_000
"""Most pairs in the table; those that changed come first."""


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
    with own, model_source.box("second", _("A second model of your own")):
        model_source.offer("second")
    if chosen is None:
        st.caption(_("Choose a second model: then you read which pairs changed and which layers became shared."))
        return
    title, graph = offered[chosen][0], offered[chosen][1]()
    held = st.session_state
    of = f"{model.id} {chosen} {held.own_number} {held.second_number}"
    try:
        told = once("comparison", of, lambda: _told(model.graph, graph))
    except ModelFileError as error:
        st.caption(plain(str(error)))
        return
    st.markdown(f"**{told.headline}**")
    st.markdown("\n".join(f"* {sentence}" for sentence in told.sentences))
    _drawings(model, graph, title, of)
    if told.rows:
        table = st.expander(_("Every pair in both models"), key="compared_pairs", on_change="rerun")
        if table.open:
            table.dataframe(as_grid(told.rows), hide_index=True, alt=told.headline)
            if told.pairs > len(told.rows):
                table.caption(_("The first {n:,} of {all:,} pairs.").format(n=len(told.rows), all=told.pairs))


class _Told(NamedTuple):
    """What is said of a comparison."""

    headline: str
    sentences: tuple[str, ...]
    rows: list[dict[str, str]]
    pairs: int


@step()
def _told(model: CallGraph, other: CallGraph) -> _Told:
    comparison = words.compare(model, other)
    rows, pairs = words.rows(comparison, MOST_ROWS), len(comparison.heads) * len(comparison.inputs)
    return _Told(words.headline(comparison), tuple(words.sentences(comparison)), rows, pairs)


def _drawings(model: Inspected, other: CallGraph, title: str, of: str) -> None:
    both = [(model.graph, model.title, "first"), (other, plain(title), "second")]
    sizes = model_drawing.boxes_folded(model.id, model.graph), model_drawing.boxes_folded(of, other, "second")
    if max(sizes) > MOST_DRAWN:
        st.caption(_("The models are too large to draw both side by side."))
        return
    for column, (graph, name, place) in zip(st.columns(2), both, strict=True):
        with column:
            st.markdown((_("First: {title}") if place == "first" else _("Second: {title}")).format(title=name))
            with st.container(key=f"compared_{place}", horizontal_alignment="center"):
                options = model_drawing.folded(graph) | Options(prefix=f"compared-{place}")
                model_drawing.plain_drawing(of, graph, "calls", options, alt=f"{name}. {graph_words.alt(graph)}")
