"""Everything that is known of a graph, as plain data and as JSON for other programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from mtl_core.graph import Call, CallGraph, ModelFileError
from mtl_core.graph.config.untrusted import each, step
from mtl_core.language import _

__all__ = ["MAX_ANSWER", "as_dict", "as_json", "within_limit"]

Number = Callable[[str], int]
"""Which number a name has in the list that says it once."""

MAX_ANSWER = 20_000_000
"""Most bytes of an answer for other programs, and of a file to take home."""


@step()
def as_dict(graph: CallGraph) -> dict[str, Any]:
    """All that is known of a graph, as plain data for other programs.

    Inputs, outputs, layers with weights and calls are named once; everywhere else they are numbers, counted from 0 in the order
    of those lists. What is neither in `may_depend` nor in `not_known` a head cannot depend on, and what is neither in `may_change`
    nor in `changes_not_known` no training on that head's loss can change.
    """
    return {name: list(value) if isinstance(value, Iterator) else value for name, value in _facts(graph)}


def _facts(graph: CallGraph) -> Iterator[tuple[str, Any]]:
    """What `as_dict` holds; the long lists entry by entry, as somebody takes them."""
    input_of, output_of, call_of, layer_of = (
        dict(zip(names, range(len(names)), strict=True)).__getitem__
        for names in (graph.inputs, graph.outputs, [call.id for call in graph.calls], graph.layers_with_weights)
    )
    heads = graph.outputs
    yield "name", graph.name
    yield "inputs", list(graph.inputs)
    yield "outputs", list(heads)
    yield "parameters", graph.parameters
    yield "may_depend", ([*map(input_of, graph.with_status(head, "may"))] for head in each(heads))
    yield "not_known", ([*map(input_of, graph.with_status(head, "unknown"))] for head in each(heads))
    yield "first_merges", ([call_of(call.id) for call in graph.first_merges(head)] for head in each(heads))
    shared = each(graph.shared_layers.items())
    yield "shared_layers", {layer: [call_of(call.id) for call in calls] for layer, calls in shared}
    yield "layers_with_weights", list(graph.layers_with_weights)
    yield "may_change", ([*map(layer_of, graph.layers_with(head, "may"))] for head in each(heads))
    yield "changes_not_known", ([*map(layer_of, graph.layers_with(head, "unknown"))] for head in each(heads))
    yield "loss_weights", dict(graph.loss_weights)
    yield "false_paths", ({"input": input_of(n), "output": output_of(h)} for n, h in each(graph.false_paths()))
    yield "calls", (_call(graph, call, input_of, call_of) for call in each(graph.calls))


def _call(graph: CallGraph, call: Call, input_of: Number, call_of: Number) -> dict[str, Any]:
    return {
        "id": call.id,
        "layer": call.layer,
        "class_name": call.class_name,
        "index": call.index,
        "shape": call.shape,
        "parameters": call.parameters,
        "reads": [*map(call_of, call.reads)],
        "sees": [*map(input_of, graph.surely_seen_by(call.id))],
        "sees_not_known": [*map(input_of, _doubted(graph, call.id))],
        "read": not call.unread,
        "weights": call.weights,
        "line": call.line or None,
        "groups": call.groups,
    }


def _doubted(graph: CallGraph, call_id: str) -> list[str]:
    """The inputs of which it isn't known whether a call depends on them."""
    if graph.own_class:
        return list(graph.inputs)
    seen, sure = graph.seen_by(call_id), graph.surely_seen_by(call_id)
    if len(seen) == len(sure):
        return []
    surely = set(sure)
    return [name for name in seen if name not in surely]


@step()
def as_json(graph: CallGraph) -> str:
    """`as_dict` as text, a call a line.

    Raises
    ------
    ModelFileError
        If it would be longer than `MAX_ANSWER` bytes, or takes too long.
    """
    return within_limit(_lines(graph))


def within_limit(pieces: Iterable[str]) -> str:
    """The pieces of an answer as one text; `ModelFileError` as soon as they are longer than `MAX_ANSWER` bytes."""
    kept, length = [], 0
    for piece in pieces:
        length += len(piece.encode())
        if length > MAX_ANSWER:
            raise ModelFileError(
                _("The answer would be larger than {most:,} bytes: ask for another format instead.").format(
                    most=MAX_ANSWER
                )
            )
        kept.append(piece)
    return "".join(kept)


def _lines(graph: CallGraph) -> Iterator[str]:
    """JSON with a line for each entry, and for each call."""
    for name, value in _facts(graph):
        yield f"{'{' if name == 'name' else ','}\n {json.dumps(name)}: "
        if not isinstance(value, Iterator):
            yield json.dumps(value)
            continue
        before, between, after = ("[\n  ", ",\n  ", "\n ]") if name == "calls" else ("[", ", ", "]")
        yield before
        for number, entry in enumerate(value):
            yield f"{between if number else ''}{json.dumps(entry)}"
        yield after
    yield "\n}"
