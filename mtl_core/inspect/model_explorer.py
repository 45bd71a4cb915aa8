"""A call graph for Model Explorer, Google's viewer of large models, with what each call sees and which heads it reaches.

Its input is "graph collections" in JSON (model-explorer's graph.ts: `GraphNode` with id, label, namespace, incomingEdges and
attrs). Namespaces are the nested models, so that they fold up there too.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from mtl_core.graph import Call, CallGraph
from mtl_core.graph.config.untrusted import each, shown, step
from mtl_core.graph.training_words import loss
from mtl_core.graph.words import in_words, reached_in_words, seen_in_words, shape_in_words
from mtl_core.language import _

__all__ = ["model_explorer"]


@step()
def model_explorer(graph: CallGraph) -> str:
    """JSON that `model-explorer FILE` opens: a node a call."""
    number_of = {call.id: str(number) for number, call in enumerate(graph.calls)}
    heads = {head.call: head.name for head in graph.heads}
    keys = (
        _("layer"), _("class"), _("shape"), _("parameters"), _("sees inputs"), _("reaches heads"), _("changed by"),
        _("is head"), _("not read"),
    )  # fmt: skip
    nodes = [_node(graph, call, number_of, heads.get(call.id, ""), keys) for call in each(graph.calls)]
    collection = {"label": shown(graph.name) or "model", "graphs": [{"id": "calls", "nodes": nodes}]}
    return json.dumps({"graphCollections": [collection]}, separators=(",", ":"))


def _node(graph: CallGraph, call: Call, number_of: dict[str, str], head: str, keys: Sequence[str]) -> dict[str, Any]:
    values = (
        shown(call.layer),
        shown(call.class_name),
        shape_in_words(call.shape),
        "" if call.parameters is None else str(call.parameters),
        seen_in_words(graph, call.id),
        reached_in_words(graph, call.id),
        in_words(graph.trained_by(call.layer), lambda name: loss(graph, name)),
        shown(head) if head else "",
        _("what it does is not known") if call.unread else "",
    )
    return {
        "id": number_of[call.id],
        "label": shown(call.name),
        "namespace": "/".join(shown(group).replace("/", "∕") for group in call.groups),
        "incomingEdges": [{"sourceNodeId": number_of[source]} for source in call.reads],
        "attrs": [{"key": key, "value": value} for key, value in zip(keys, values, strict=True) if value],
    }
