"""The call graph of any model, also of a large one: folded until it fits, and opened up where somebody looks.

A browser lays out about a hundred boxes in the blink of an eye and a thousand in several seconds. So a large model starts
with its nested models and its straight runs of calls as one box each; the page says so, and every box opens by a click or
by searching for what is in it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mtl_core.graph import CallGraph, ModelFileError
from mtl_core.graph.config.untrusted import step
from mtl_core.graph.draw.boxes import Box, Highlight
from mtl_core.graph.draw.dot import Options, View, drawn_boxes
from mtl_core.graph.words import in_words, labels, layer_in_words, parameters_in_words
from mtl_core.inspect.markdown import code, plain
from mtl_core.language import _, ngettext
from pages.components.inspector.model_source import Inspected
from pages.components.inspector.once import once
from pages.components.shell import chart, graph_tools

__all__ = ["COMFORTABLE", "MOST_BOXES", "begin", "boxes_folded", "choose_ends", "folded", "plain_drawing", "show"]

COMFORTABLE = 60
"""Most boxes that are drawn without folding any: they fit a screen or two."""

MOST_BOXES = 400
"""Most boxes that are drawn unasked: a browser is busy with them for a second or two."""

DRAWING = "call_graph"

_KEEP: Any = {"persist_state": "session"}


def begin(model: Inspected) -> None:
    """Look at another model with fresh eyes: nothing chosen, and folded so that it fits."""
    if st.session_state.get("inspect_of") == model.id:
        return
    large = len(model.graph.calls) > COMFORTABLE
    st.session_state.update(
        inspect_of=model.id,
        inspect_head=None,
        inspect_input=None,
        inspect_call=None,
        inspect_only=False,
        inspect_open_models=[] if large else list(model.graph.nested_models),
        inspect_fold_runs=large,
        inspect_open_runs=(),
        inspect_all_the_same=False,
    )


def choose_ends(graph: CallGraph) -> tuple[str | None, str | None]:
    """Two boxes to choose an input and a head from; return what is chosen."""
    columns = st.columns(2)
    for column, key, names, label, none in (
        (columns[0], "inspect_input", graph.inputs, _("From input"), _("any input")),
        (columns[1], "inspect_head", graph.outputs, _("to head"), _("any head")),
    ):
        column.selectbox(
            label, names, index=None, key=key, format_func=labels(names).__getitem__, placeholder=none, **_KEEP
        )
    return st.session_state.inspect_input, st.session_state.inspect_head


def show(model: Inspected, alt: str) -> None:
    """The heading with the drawing's tools, the controls, and the drawing."""
    graph = model.graph
    title = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
    title.subheader(_("One box a call"), width="content")
    _controls(graph)
    options = _options(graph) | Options(dark=chart.dark(), prefix=DRAWING)
    most = None if st.session_state.inspect_all_the_same else MOST_BOXES
    try:
        drawing = once("drawing", (model.id, most, *options.items()), lambda: _drawing(graph, options, most))
    except ModelFileError as error:
        _not_drawn(error)
    else:
        if drawing.dot:
            _draw(model, drawing, alt, tools=title)
        else:
            _too_many(drawing.size)


class _Drawing(NamedTuple):
    """How many boxes there are; and unless those are too many, the boxes by their nodes' names, and DOT."""

    size: int
    boxes: dict[str, Box]
    dot: str


@step()
def _drawing(graph: CallGraph, options: Options, most: int | None) -> _Drawing:
    boxes = drawn_boxes(graph, **options)
    if most is not None and len(boxes) > most:
        return _Drawing(len(boxes), {}, "")
    return _Drawing(len(boxes), boxes, graph.to_dot(**options))


def plain_drawing(of: str, graph: CallGraph, view: View, options: Options, *, alt: str) -> None:
    """A drawing of the model `of` this name, without tools; a sentence where it can't be made in time."""
    options = options | Options(dark=chart.dark())
    kind = f"drawing_{options['prefix']}"
    try:
        dot = once(kind, (of, view, *options.items()), lambda: graph.to_dot(view, **options))
    except ModelFileError as error:
        _not_drawn(error)
    else:
        st.graphviz_chart(dot, width="content", alt=alt)


def boxes_folded(of: str, graph: CallGraph, kind: str = "model") -> int:
    """How many boxes the model `of` this name has where nobody chooses; more than any limit if that can't be told in time."""
    try:
        return once(f"boxes_of_{kind}", of, lambda: len(drawn_boxes(graph, **folded(graph))))
    except ModelFileError:
        return len(graph.calls)


def folded(graph: CallGraph) -> Options:
    """How a graph is drawn where nobody chooses: folded if it is large."""
    if len(graph.calls) <= COMFORTABLE:
        return Options()
    return Options(collapsed=graph.nested_models, open_runs=())


def _not_drawn(error: ModelFileError) -> None:
    st.info(
        _("It can't be drawn: {why} What is said in words holds for the whole model.").format(why=plain(str(error)))
    )


def _highlight() -> Highlight:
    """What is lit up: what lies between the chosen ends, or what reaches the one that is chosen."""
    start, head = st.session_state.inspect_input, st.session_state.inspect_head
    return (start, head) if start and head else start or head


def _controls(graph: CallGraph) -> None:
    """What to look for, and what to fold."""
    models = graph.nested_models
    find, fold = st.columns(2) if models else (st.container(), st.container())
    names = tuple(call.id for call in graph.calls)
    find.selectbox(
        _("Find a layer"),
        names,
        index=None,
        key="inspect_call",
        format_func=labels(names).__getitem__,
        placeholder=_("Type part of its name"),
        **_KEEP,
    )
    if models:
        fold.multiselect(
            _("Nested models that are open"),
            models,
            key="inspect_open_models",
            format_func=labels(models).__getitem__,
            placeholder=_("None: each is one box"),
            **_KEEP,
        )
    row = st.container(horizontal=True)
    if len(graph.calls) > COMFORTABLE:
        row.toggle(
            _("Fold straight runs"),
            key="inspect_fold_runs",
            on_change=_fold_all_runs,
            help=_("Calls in a row, without a branch, become one box. Click a box to open it."),
            **_KEEP,
        )
    if _highlight():
        row.toggle(
            _("Leave out the rest"),
            key="inspect_only",
            help=_("Draws only what is lit up. What a call reads from elsewhere is left out too."),
            **_KEEP,
        )
    if st.session_state.inspect_call:
        st.markdown(_about(graph, st.session_state.inspect_call))


def _options(graph: CallGraph) -> Options:
    """What is folded, lit and left out. What was searched for is always opened up."""
    held, sought = st.session_state, st.session_state.inspect_call
    open_models = {*held.inspect_open_models}
    if sought:
        open_models |= {group.rpartition("#")[0] for group in graph[sought].groups}
    return Options(
        highlight=_highlight(),
        collapsed=tuple(name for name in graph.nested_models if name not in open_models),
        only_lit=bool(_highlight() and held.inspect_only),
        open_runs=(*held.inspect_open_runs, *([sought] if sought else [])) if held.inspect_fold_runs else None,
    )


def _draw(model: Inspected, drawing: _Drawing, alt: str, *, tools: DeltaGenerator) -> None:
    sought = st.session_state.inspect_call
    _size, boxes, dot = drawing
    place = _place(dot, len(boxes))
    with tools:
        graph_tools.show(
            f"{DRAWING}_{place}",
            model=model.id,
            target=next((name for name, box in boxes.items() if sought in box.calls), "") if sought else "",
            file=f"{model.file}.svg",
            picked=lambda name: _pick(model.graph, boxes.get(name)),
        )
    for number in range(2):
        with st.container(key=f"{DRAWING}_{number}"):
            if number == place:
                st.graphviz_chart(dot, width="stretch", alt=alt)
            else:
                st.empty()
    st.caption(_legend(model.graph, boxes))


def _place(dot: str, boxes: int) -> int:
    """Which of two places to draw in.

    A small drawing changes in place. Streamlit's renderer prepares that by walking along every old and new path, which
    took 6.5 s for 209 boxes; drawn afresh they take 1 s. So a large drawing moves to the other place when it changes.
    """
    held, digest = st.session_state, zlib.crc32(dot.encode())
    if boxes > COMFORTABLE and held.get("inspect_drawn") != digest:
        held.inspect_place = 1 - held.get("inspect_place", 0)
    held.inspect_drawn = digest
    return int(held.get("inspect_place", 0))


def _pick(graph: CallGraph, box: Box | None) -> None:
    """A box was clicked: open it, choose it as an end, or look at it."""
    if box is None:
        return
    held = st.session_state
    if box.folded or box.run:
        held.inspect_open_models = [*held.inspect_open_models, *([box.layer] if box.folded else [])]
        held.inspect_open_runs = (*held.inspect_open_runs, box.calls[0])
        held.inspect_call = box.calls[0]
    elif box.id in graph.inputs:
        held.inspect_input = None if held.inspect_input == box.id else box.id
    elif box.id in (heads := {head.call: head.name for head in graph.heads}):
        held.inspect_head = None if held.inspect_head == heads[box.id] else heads[box.id]
    else:
        held.inspect_call = None if held.inspect_call == box.id else box.id


def _fold_all_runs() -> None:
    st.session_state.inspect_open_runs = ()


def _too_many(number: int) -> None:
    st.info(
        _(
            "This is {n:,} boxes, more than your browser would draw quickly. Fold nested models or straight runs, or choose "
            "an input and a head and leave out the rest. All that is said below holds for the whole model."
        ).format(n=number)
    )
    st.button(_("Draw it all the same"), on_click=st.session_state.update, kwargs={"inspect_all_the_same": True})


def _legend(graph: CallGraph, boxes: dict[str, Box]) -> str:
    """What the drawing's signs mean, as far as they are in it."""
    drawn = boxes.values()
    lines = [_("Colour says whose information a call carries.") if 1 < len(graph.inputs) <= 6 else ""]
    if _highlight():
        lines.append(_("What is dashed is not on the way."))
    runs = sum(box.run for box in drawn)
    if runs:
        lines.append(
            ngettext("{n} straight run is one box.", "{n} straight runs are one box each.", runs).format(n=runs)
        )
    if any(box.folded for box in drawn):
        lines.append(_("A nested model that is folded is one box for each of its calls."))
    if runs or any(box.folded for box in drawn):
        lines.append(_("Click a double frame to open it."))
    lines.append(_("Click an input or a head to light up its way; drag to move around."))
    return " ".join(filter(None, lines))


def _about(graph: CallGraph, call_id: str) -> str:
    """All that is known of one call."""
    call = graph[call_id]
    sentences = [
        _("{call} is call {n} of {layer}: {what}, {weights}.").format(
            call=code(call_id),
            n=call.index,
            layer=code(call.layer),
            what=code(layer_in_words(call)),
            weights=parameters_in_words(call.parameters),
        ),
        _("It reads {names}.").format(names=in_words(call.reads, code)) if call.reads else "",
        _("What it does with that is not known.") if call.unread else "",
        *_seen_and_reached(graph, call_id),
    ]
    return " ".join(filter(None, sentences))


def _seen_and_reached(graph: CallGraph, call_id: str) -> Iterator[str]:
    """Which inputs a call may depend on and which heads it may reach, and of which that isn't known."""
    seen, reached = graph.seen_by(call_id), graph.reached_from(call_id)
    for every, sure, known, unknown in (
        (graph.inputs if graph.own_class else seen, graph.surely_seen_by(call_id),
         _("It may depend on {names}."), _("It is not known whether it depends on {names}.")),
        (graph.outputs if graph.own_class else reached, graph.surely_reached_from(call_id),
         _("It reaches {names}."), _("It is not known whether it reaches {names}.")),
    ):  # fmt: skip
        surely = set(sure)
        unsure = [name for name in every if name not in surely]
        if sure:
            yield known.format(names=in_words(sure, code))
        if unsure:
            yield unknown.format(names=in_words(unsure, code))
    if not seen and not graph.own_class:
        yield _("It depends on no input.")
    if not reached and not graph.own_class:
        yield _("It reaches no head.")
