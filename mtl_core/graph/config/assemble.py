"""What a graph is made of: calls, heads, and the boxes that plot_model would draw; put together from a config.

Weights belong to layers, so all calls of a layer show the same count.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any, NamedTuple

from mtl_core.graph.calls import Call, Head, Layer
from mtl_core.graph.config.flow import flow
from mtl_core.graph.config.layers.constant import is_constant
from mtl_core.graph.config.measure import measure, owners
from mtl_core.graph.config.parts import LayerConfig, ModelConfig
from mtl_core.graph.config.unroll import Tensor, Unrolled, unroll
from mtl_core.graph.config.untrusted import Budget

__all__ = ["Parts", "assemble"]


class Parts(NamedTuple):
    """All that a graph needs."""

    name: str
    calls: tuple[Call, ...]
    inputs: tuple[str, ...]
    heads: tuple[Head, ...]
    layers: tuple[Layer, ...]
    layer_edges: tuple[tuple[str, str], ...]
    own_class: str


def assemble(model: ModelConfig, budget: Budget | None = None) -> Parts:
    """All calls of a model, and what plot_model would draw of it; `budget` is what that may cost."""
    budget = budget or Budget()
    unrolled = unroll(model, budget)
    calls = _calls(unrolled, budget)
    followed = None if any(call.stateful for call in calls) else flow(unrolled, budget)
    if followed:
        calls = tuple(dataclasses.replace(call, unseen=followed.unseen(unrolled, i)) for i, call in enumerate(calls))
    weights: dict[str, dict[str, int | None]] = {}
    for node, call in zip(unrolled.nodes, calls, strict=True):
        weights.setdefault(node.path[0], {})[call.layer] = call.parameters
    # plot_model leaves the input of a sequential model out.
    boxes = [layer for layer in model.layers.values() if not (model.sequential and layer.class_name == "InputLayer")]
    return Parts(
        name=model.name,
        calls=calls,
        inputs=tuple(unrolled.inputs),
        heads=tuple(
            Head(
                name=name,
                call=calls[output.node].id,
                layer=box,
                unseen=followed.unseen(unrolled, output) if followed else (),
            )
            for name, (output, box) in unrolled.outputs.items()
        ),
        layers=tuple(
            Layer(name=box.name, class_name=box.class_name, parameters=_sum(weights.get(box.name, {}).values()))
            for box in boxes
        ),
        layer_edges=_drawn_edges(model, boxes),
        own_class=model.own_class,
    )


def _calls(unrolled: Unrolled, budget: Budget) -> tuple[Call, ...]:
    label, identity, group = _Unique(), _Unique(), _Unique()
    owned = owners(unrolled.nodes)
    paths = [owned.get(node.path, node.path) for node in unrolled.nodes]
    weights = measure(unrolled, paths, budget)
    labels = [label.of(path, "/".join(path)) for path in paths]
    times = Counter(labels)
    so_far: Counter[str] = Counter()
    ids: list[str] = []
    calls: list[Call] = []
    for number, (node, layer) in enumerate(zip(unrolled.nodes, labels, strict=True)):
        budget.clock()
        so_far[layer] += 1
        suffix = f"#{so_far[layer]}" if times[layer] > 1 else ""
        ids.append(identity.of((layer, so_far[layer]), layer + suffix))
        shape = unrolled.shapes.get(Tensor(number, 0))
        calls.append(
            Call(
                id=ids[-1],
                layer=layer,
                name=node.layer.name,
                class_name=node.layer.class_name,
                index=so_far[layer],
                shape=shape,
                parameters=weights[paths[number]],
                reads=tuple(dict.fromkeys(ids[tensor.node] for tensor in node.reads)),
                groups=tuple(group.of(inside, f"{'/'.join(inside[0])}#{inside[1]}") for inside in node.groups),
                stateful=_remembers(node.layer.config),
                constant=is_constant(node.layer, shape),
                unread=node.unread,
                line=node.call.line,
            )
        )
    return tuple(calls)


def _remembers(config: Mapping[str, Any]) -> bool:
    """Whether an RNN, perhaps inside a wrapper, keeps its state from one call to the next."""
    wrapped = config.get("layer")
    inner = wrapped.get("config") if isinstance(wrapped, Mapping) else None
    return bool(config.get("stateful")) or (isinstance(inner, Mapping) and bool(inner.get("stateful")))


def _drawn_edges(model: ModelConfig, boxes: Sequence[LayerConfig]) -> tuple[tuple[str, str], ...]:
    if model.sequential:
        return tuple((before.name, after.name) for before, after in itertools.pairwise(boxes))
    edges = ((ref.layer, box.name) for box in boxes for call in box.calls for ref in call.refs())
    return tuple(dict.fromkeys(edges))


def _sum(counts: Collection[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if counts and len(known) == len(counts) else None


class _Unique:
    """Gives each thing a text of its own, even where a file's names run into one another."""

    def __init__(self) -> None:
        self._texts: dict[Hashable, str] = {}
        self._uses: Counter[str] = Counter()

    def of(self, thing: Hashable, wanted: str) -> str:
        """The text of `thing`: `wanted`; with a prime and a number if something else has it."""
        if thing not in self._texts:
            text = wanted
            while text in self._uses:
                text = f"{wanted}'{self._uses[wanted]}"
                self._uses[wanted] += 1
            self._uses[text] = 1
            self._texts[thing] = text
        return self._texts[thing]
