"""Everything that is known of a graph, as plain data and as JSON for other programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from mtl_core.graph import CallGraph, ModelFileError, Status
from mtl_core.language import _

__all__ = ["MAX_ANSWER", "as_dict", "as_json", "within_limit"]

MAX_ANSWER = 20_000_000
"""Most characters of an answer for other programs."""


def as_dict(graph: CallGraph) -> dict[str, Any]:
    """All that is known of a graph, as plain data for other programs.

    Inputs, outputs, layers with weights and calls are named once; everywhere else they are numbers, counted from 0 in the order
    of those lists. What is neither in `may_depend` nor in `not_known` a head cannot depend on, and what is neither in `may_change`
    nor in `changes_not_known` no training on that head's loss can change.
    """
    input_of = {name: number for number, name in enumerate(graph.inputs)}
    output_of = {name: number for number, name in enumerate(graph.outputs)}
    call_of = {call.id: number for number, call in enumerate(graph.calls)}
    return {
        "name": graph.name,
        "inputs": list(graph.inputs),
        "outputs": list(graph.outputs),
        "parameters": graph.parameters,
        "may_depend": [[input_of[name] for name in names] for names in _inputs_of(graph, "may")],
        "not_known": [[input_of[name] for name in names] for names in _inputs_of(graph, "unknown")],
        "first_merges": [[call_of[call.id] for call in graph.first_merges(head)] for head in graph.outputs],
        "shared_layers": {layer: [call_of[call.id] for call in calls] for layer, calls in graph.shared_layers.items()},
        "layers_with_weights": list(graph.layers_with_weights),
        "may_change": _layers_of(graph, "may"),
        "changes_not_known": _layers_of(graph, "unknown"),
        "loss_weights": dict(graph.loss_weights),
        "false_paths": [{"input": input_of[name], "output": output_of[head]} for name, head in graph.false_paths()],
        "calls": [
            {
                "id": call.id,
                "layer": call.layer,
                "class_name": call.class_name,
                "index": call.index,
                "shape": call.shape,
                "parameters": call.parameters,
                "reads": [call_of[source] for source in call.reads],
                "sees": [input_of[name] for name in graph.surely_seen_by(call.id)],
                "sees_not_known": [input_of[name] for name in _doubted(graph, call.id)],
                "read": not call.unread,
                "weights": call.weights,
                "line": call.line or None,
                "groups": call.groups,
            }
            for call in graph.calls
        ],
    }


def _inputs_of(graph: CallGraph, wanted: Status) -> list[list[str]]:
    """For each head, the inputs whose status is this one."""
    return [[name for name in graph.inputs if graph.status(head, name) == wanted] for head in graph.outputs]


def _layers_of(graph: CallGraph, wanted: Status) -> list[list[int]]:
    """For each head, the layers with weights, as numbers, of which its loss has this status."""
    layers: dict[str, list[int]] = {head: [] for head in graph.outputs}
    for number, layer in enumerate(graph.layers_with_weights):
        surely = set(graph.surely_trained_by(layer))
        for head in graph.trained_by(layer):
            if (head in surely) == (wanted == "may"):
                layers[head].append(number)
    return list(layers.values())


def _doubted(graph: CallGraph, call_id: str) -> list[str]:
    """The inputs of which it isn't known whether a call depends on them."""
    if graph.own_class:
        return list(graph.inputs)
    sure = set(graph.surely_seen_by(call_id))
    return [name for name in graph.seen_by(call_id) if name not in sure]


def as_json(graph: CallGraph) -> str:
    """`as_dict` as text, a call a line.

    Raises
    ------
    ModelFileError
        If it would be longer than `MAX_ANSWER` characters.
    """
    return within_limit(_lines(as_dict(graph)))


def within_limit(pieces: Iterable[str]) -> str:
    """The pieces of an answer as one text; `ModelFileError` as soon as they are longer than `MAX_ANSWER` characters."""
    kept, length = [], 0
    for piece in pieces:
        length += len(piece)
        if length > MAX_ANSWER:
            raise ModelFileError(
                _("The answer would be larger than {most:,} characters: ask for another format instead.").format(
                    most=MAX_ANSWER
                )
            )
        kept.append(piece)
    return "".join(kept)


def _lines(plain: dict[str, Any]) -> Iterator[str]:
    """JSON with a line for each entry, and for each call."""
    calls = plain.pop("calls")
    for name, value in plain.items():
        yield f"{'{' if name == 'name' else ','}\n {json.dumps(name)}: {json.dumps(value)}"
    yield ',\n "calls": ['
    for number, call in enumerate(calls):
        yield f"{',' if number else ''}\n  {json.dumps(call)}"
    yield "\n ]\n}"
