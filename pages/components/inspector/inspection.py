"""What a call graph says about a model, block by block; each headed by its finding."""

from __future__ import annotations

import functools
import itertools
import json
import shlex
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from mtl_core.graph import CallGraph, ModelFileError, Status
from mtl_core.graph import words as graph_words
from mtl_core.graph.draw.dot import Options, View
from mtl_core.inspect import findings as inspect_words
from mtl_core.inspect.command import readings
from mtl_core.inspect.description import Description
from mtl_core.inspect.everything import as_json, within_limit
from mtl_core.inspect.markdown import code, plain, table
from mtl_core.inspect.spreadsheet import as_csv, as_grid
from mtl_core.language import N_, _
from mtl_core.take_home.program import shuffle_test_snippet
from pages.components.inspector import model_drawing, training
from pages.components.inspector.model_source import Inspected
from pages.components.inspector.once import once
from pages.components.shell.terms import linked

__all__ = ["between", "dependence", "plot_model", "shared_layers", "take_home", "trained_model"]

MOST_COLUMNS, MOST_ROWS = 6, 14
"""Largest matrix that is set as text on the page; a larger one scrolls in a box of its own."""

MOST_DRAWN = 120
"""Most boxes a side for two drawings next to each other."""

MOST_TRIED = 10_000
"""Most pairs that are looked at for a rule to show."""


def dependence(graph: CallGraph, said: Description) -> None:
    """The matrix of heads and inputs, and who sees everything or nothing."""
    names, rows = graph.inputs, said.matrix
    if not rows:
        st.caption(
            _(
                "{n:,} pairs of a head and an input are more than a table shows; a file below, Head by input, has all."
            ).format(n=len(names) * len(graph.outputs))
        )
    elif len(names) <= MOST_COLUMNS and len(rows) <= MOST_ROWS:
        marked = {_("cannot"): "**{}**", _("not known"): "*{}*"}
        lines = ([code(head), *(marked.get(cell, "{}").format(cell) for cell in cells)] for head, *cells in rows)
        st.markdown(table([_("Head"), *map(code, names)], lines))
    else:
        heading = _("Head")
        columns = [
            _("{name} (input)").format(name=name) if name == heading else name
            for name in graph_words.labels(names).values()
        ]
        cells = [dict(zip((heading, *columns), row, strict=True)) for row in rows]
        st.dataframe(as_grid(cells), hide_index=True, height=420, alt=_("Which head may depend on which input"))
    if told := said.who_sees_what:
        st.markdown(linked("\n".join(f"* {sentence}" for sentence in told)))


def between(graph: CallGraph, start: str | None, head: str | None) -> None:
    """What lies between the chosen input and the chosen head."""
    if start and head:
        try:
            st.markdown(inspect_words.between(graph, start, head))
        except ModelFileError as error:
            st.caption(plain(str(error)))
        calls = graph.calls_between(start, head)
        if calls:
            _on_demand(_("These calls as a table"), lambda: graph_words.table(graph, calls), key="between_rows")
    elif start or head:
        st.caption(_("Choose both to read which calls lie between them, and where the input first meets another one."))
    else:
        st.caption(_("Choose an input, a head or both: the drawing lights up the way, and the words here name it."))


def plot_model(model: Inspected, said: Description) -> None:
    """Beside one another: one box a call, and one box a layer as `keras.utils.plot_model` draws it."""
    graph, false = model.graph, said.false_paths
    st.markdown(
        _(
            "`keras.utils.plot_model` draws one box per *layer*. A layer that is called twice, or a nested model, is one "
            "box there, and all ways into a box seem to lead to all ways out."
        )
    )
    if false:
        st.markdown("\n".join(f"* {line}" for line in false))
    if max(model_drawing.boxes_folded(model.id, graph), len(graph.layers)) > MOST_DRAWN:
        st.caption(_("The model is too large to draw both side by side."))
        return
    if not false:
        both = st.expander(_("Both drawings"), key="both_drawings", on_change="rerun")
        if both.open:
            with both:
                _side_by_side(model, said)
    else:
        _side_by_side(model, said)


def _side_by_side(model: Inspected, said: Description) -> None:
    drawings: tuple[tuple[View, Options, str], ...] = (
        ("calls", model_drawing.folded(model.graph), _("One box a call: what is computed")),
        ("layers", Options(explain=True), _("One box a layer: what plot_model draws")),
    )
    for column, (view, options, title) in zip(st.columns(2), drawings, strict=True):
        with column:
            st.markdown(f"**{title}**")
            with st.container(key=f"beside_{view}", horizontal_alignment="center"):
                options = options | Options(prefix=f"beside-{view}")
                model_drawing.plain_drawing(model.id, model.graph, view, options, alt=f"{title}. {said.alt}")


def shared_layers(graph: CallGraph, said: Description) -> None:
    """Every call of every layer that is called more than once."""
    if not graph.shared_layers:
        st.markdown(_("So no two calls share weights."))
        return
    st.markdown(
        _(
            "One set of weights, several calls. The calls are separate when the model *predicts*. While it *trains*, each "
            "loss that is named in the table may change these weights."
        )
    )
    rows = said.shared_rows
    st.dataframe(as_grid(rows), hide_index=True, height="auto", alt=said.shared)
    calls = sum(map(len, graph.shared_layers.values()))
    if calls > len(rows):
        st.caption(_("The first {n:,} of {all:,} calls; the JSON file below has all.").format(n=len(rows), all=calls))


def trained_model() -> None:
    """How to measure on their own trained model what a path is worth."""
    st.markdown(
        _(
            "A path says what a head *may* read; what a trained model has learned to rely on is a number. This function "
            "shuffles one input at a time among your test rows and tells how many answers of each head change and what that "
            "costs. It needs numpy and `model.predict`, so it runs with TensorFlow, JAX or PyTorch. Run it where your model "
            "and your data are: neither leaves your machine."
        )
    )
    program = shuffle_test_snippet()
    st.code(program, language="python", height=320)
    st.download_button(
        _("shuffle_test.py"), program, "shuffle_test.py", "text/x-python", on_click="ignore", key="save_shuffle_test"
    )


def take_home(model: Inspected) -> None:
    """The findings and the graph as files, made when somebody asks for them; and the same as a command."""
    graph = model.graph
    row = st.container(horizontal=True)
    for name, (label, ending, mime, make, say) in FILES.items():
        content = functools.partial(file_or_why, graph, make, say)
        row.download_button(_(label), content, f"{model.file}{ending}", mime, on_click="ignore", key=f"save_{name}")
    st.caption(_("The drawing on screen is saved as SVG by the button above it."))
    st.markdown(_("The same from a terminal, and as a check in continuous integration:"))
    st.code(once("command", model.id, lambda: _command(model)), language="bash")


def _command(model: Inspected) -> str:
    """The command, and rules that hold for this model: one that forbids if there is a pair without a path, and one of training.

    A name with characters that don't print, such as line breaks, is in no command: a terminal would act on them.
    """
    plain = (
        ["which-inputs", "train.py", "--model", model.variable]
        if model.program.text
        else ["which-inputs", "model.keras"]
    )
    lines = [plain] if model.variable.isprintable() else []
    graph = model.graph
    for status_of, names, flags in (
        (graph.status, graph.inputs, ("--forbid", "--require")),
        (graph.training_status, graph.layers_with_weights, ("--frozen", "--trains")),
    ):
        pairs = list(itertools.islice(itertools.product(graph.outputs, names), MOST_TRIED))
        rule = _rule(pairs, status_of, *flags)
        if rule and lines:
            lines.append([*plain, *rule])
    return "\n".join(map(shlex.join, lines)) or "which-inputs --help"


def _rule(
    pairs: Sequence[tuple[str, str]], status_of: Callable[[str, str], Status], against: str, in_favour: str
) -> list[str]:
    """A rule that holds: against a pair that is impossible, if there is one, else in favour of one that is possible."""
    heads, names = ({pair[side] for pair in pairs} for side in (0, 1))
    for wanted, flag in (("cannot", against), ("may", in_favour)):
        for pair in pairs:
            text = ":".join(pair)
            if status_of(*pair) == wanted and text.isprintable() and len(readings(text, heads, names)) == 1:
                return [flag, text]
    return []


def _matrix_csv(graph: CallGraph) -> str:
    return as_csv([[_("Head"), *graph.inputs], *inspect_words.matrix(graph)])


def _calls_csv(graph: CallGraph) -> str:
    rows = graph_words.table(graph)
    return as_csv([list(rows[0]), *(list(row.values()) for row in rows)])


def _cell(why: str) -> str:
    return as_csv([[why]])


def file_or_why(graph: CallGraph, make: Callable[[CallGraph], str], say: Callable[[str], str]) -> str:
    """A file to take home, or in its place the reason why there is none."""
    try:
        return within_limit([make(graph)])
    except ModelFileError as error:
        return say(str(error))


FILES: Mapping[str, tuple[str, str, str, Callable[[CallGraph], str], Callable[[str], str]]] = {
    "dot": (N_("Graph (DOT)"), ".dot", "text/vnd.graphviz", CallGraph.to_dot, "// {}\n".format),
    "json": (N_("Everything (JSON)"), ".json", "application/json", as_json, json.dumps),
    "matrix": (N_("Head by input (CSV)"), "-dependence.csv", "text/csv", _matrix_csv, _cell),
    "training": (N_("Layer by loss (CSV)"), "-training.csv", "text/csv", training.as_file, _cell),
    "calls": (N_("Calls (CSV)"), "-calls.csv", "text/csv", _calls_csv, _cell),
}
"""Files to take home: label, end of the name, kind, how one is made, and how it says why it could not be."""


def _on_demand(title: str, rows: Callable[[], list[dict[str, str]]], *, key: str) -> None:
    """A table that is made only when somebody opens it."""
    expander = st.expander(title, key=key, on_change="rerun")
    if expander.open:
        expander.dataframe(as_grid(rows()), hide_index=True, alt=title)
