"""Which loss changes which layer of a stranger's model: the finding, the picture, the words and the table."""

from __future__ import annotations

import streamlit as st

from mtl_core.graph import CallGraph, ModelFileError
from mtl_core.graph.draw.training import training_dot
from mtl_core.graph.training_words import fits_a_table, training_rows, training_table
from mtl_core.inspect.description import MOST_SAID, Description
from mtl_core.inspect.markdown import plain
from mtl_core.inspect.spreadsheet import as_csv, as_grid
from mtl_core.language import N_, _
from pages.components.inspector import model_drawing
from pages.components.inspector.model_source import Inspected
from pages.components.inspector.once import once
from pages.components.shell import chart

__all__ = ["as_file", "show"]

MOST_DRAWN = 120
"""Most boxes of the picture; a larger one is a matter of seconds for a browser, and of no use to a reader."""

_TOO_LARGE = N_("The table is too large here; the JSON file has all of it.")

MOST_LOSSES = 3
"""Most losses that are told apart by line."""


def show(model: Inspected, said: Description) -> None:
    """The block below its heading."""
    graph = model.graph
    st.markdown(f"**{said.training}.**")
    picture, words = st.columns([3, 2], gap="medium")
    with picture, st.container(key="drawn_training", horizontal_alignment="center"):
        _draw(model, said.training_alt)
    with words:
        findings = said.training_findings
        rest = _("There is more to say; the table has all.") if fits_a_table(graph) else _("There is more to say.")
        more = [rest] * (len(findings) > MOST_SAID)
        st.markdown("\n".join(f"* {sentence}" for sentence in (*findings[:MOST_SAID], *more)))
    rows = st.expander(_("Losses and layers as a table"), key="training_rows", on_change="rerun")
    if rows.open and not fits_a_table(graph):
        rows.caption(_(_TOO_LARGE))
    elif rows.open:
        table = once("training_table", model.id, lambda: as_grid(training_table(graph)))
        rows.dataframe(table, hide_index=True, alt=_("Which loss changes which layer"))


def as_file(graph: CallGraph) -> str:
    """The same table as CSV, with names as they are in the model."""
    if not fits_a_table(graph):
        return as_csv([[_(_TOO_LARGE)]])
    headings = [_("layer"), _("class"), _("parameters")]
    losses = [_("loss of {head}").format(head=head) for head in graph.outputs]
    return as_csv([[*headings, *losses], *training_rows(graph)])


def _draw(model: Inspected, alt: str) -> None:
    graph, options = model.graph, model_drawing.folded(model.graph)
    if model_drawing.boxes_folded(model.id, graph) > MOST_DRAWN:
        st.caption(_("The model is too large to draw what training changes: the words and the table have all of it."))
        return
    chosen = st.session_state.inspect_head
    try:
        dot = once(
            "training_drawing",
            (model.id, chosen, chart.dark()),
            lambda: training_dot(
                graph,
                losses=[chosen] if chosen else [],
                dark=chart.dark(),
                collapsed=options.get("collapsed", ()),
                open_runs=options.get("open_runs"),
            ),
        )
    except ModelFileError as error:
        st.caption(plain(str(error)))
        return
    st.graphviz_chart(dot, width="content", alt=alt)
    if chosen:
        st.caption(_("Only the loss of the head that is chosen above is drawn."))
    elif len(graph.outputs) > MOST_LOSSES:
        st.caption(_("All losses share one line; choose a head above to see what its loss alone changes."))
