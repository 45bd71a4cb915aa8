"""What a graph is made of: calls, heads, and the boxes that plot_model would draw; put together from a config.

Weights belong to layers, so all calls of a layer show the same count.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any, NamedTuple

from mtl_core.graph.calls import Call, Head, Layer, Weights
from mtl_core.graph.config.flow import Flow, flow, passes_nothing_back
from mtl_core.graph.config.gradients import stops_gradients, together, weights_of
from mtl_core.graph.config.layers.constant import is_constant
from mtl_core.graph.config.loss_weights import by_head
from mtl_core.graph.config.measure import measure, owners
from mtl_core.graph.config.parts import LayerConfig, ModelConfig
from mtl_core.graph.config.unroll import Path, Tensor, Unrolled, unroll
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
    trainable: bool
    loss_weights: Mapping[str, float]


MAX_TRAINED = 1_000
"""Most calls of layers with weights of which it is followed through slices whether a gradient arrives."""


def assemble(model: ModelConfig, budget: Budget | None = None) -> Parts:
    """All calls of a model, and what plot_model would draw of it; `budget` is what that may cost."""
    budget = budget or Budget()
    unrolled = unroll(model, budget)
    calls = _calls(unrolled, budget)
    followed = None if any(call.stateful for call in calls) else flow(unrolled, budget)
    if followed:
        calls = tuple(dataclasses.replace(call, unseen=followed.unseen(unrolled, i)) for i, call in enumerate(calls))
    taught = _gradients(unrolled, calls, budget) if followed else None
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
                spared=_named(calls, taught.left_out(output)) if taught else (),
            )
            for name, (output, box) in unrolled.outputs.items()
        ),
        layers=tuple(
            Layer(name=box.name, class_name=box.class_name, parameters=_sum(weights.get(box.name, {}).values()))
            for box in boxes
        ),
        layer_edges=_drawn_edges(model, boxes),
        own_class=model.own_class,
        trainable=model.trainable,
        loss_weights=by_head(model, list(unrolled.outputs)),
    )


def _gradients(unrolled: Unrolled, calls: Sequence[Call], budget: Budget) -> Flow | None:
    """Whose weights a gradient on each tensor can change, call number i as bit i; None for more than can be followed."""
    learning = [number for number, call in enumerate(calls) if call.weights in ("trainable", "unknown")]
    if len(learning) > MAX_TRAINED:
        return None
    return flow(unrolled, budget, {number: 1 << number for number in learning})


def _named(calls: Sequence[Call], bits: int) -> tuple[str, ...]:
    return tuple(call.id for number, call in enumerate(calls) if bits >> number & 1) if bits else ()


def _calls(unrolled: Unrolled, budget: Budget) -> tuple[Call, ...]:
    label, identity, group = _Unique(), _Unique(), _Unique()
    owned = owners(unrolled, budget)
    paths = [owned.get(node.path, node.path) for node in unrolled.nodes]
    weights = measure(unrolled, paths, budget)
    kinds = _kinds(unrolled, paths, weights)
    for name in unrolled.inputs:  # asked for by their own names, so these are theirs before anything else is named
        label.of((name,), name)
        identity.of((name, 1), name)
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
                weights=kinds[paths[number]],
                cut=stops_gradients(node.layer) or passes_nothing_back(node, budget),
                anything=node.call.anything,
                line=node.call.line,
            )
        )
    return tuple(calls)


def _kinds(unrolled: Unrolled, paths: Sequence[Path], weights: Mapping[Path, int | None]) -> dict[Path, Weights]:
    """What a loss can change of each layer, by whichever of the entries that a file has for it says most."""
    entries = {
        (path, id(node.layer), id(node.call.inside)): (path, node)
        for node, path in zip(unrolled.nodes, paths, strict=True)
    }
    kinds: dict[Path, Weights] = {}
    for path, node in entries.values():
        kind = weights_of(node.layer, weights[path], node.call.inside)
        kinds[path] = together((kind, kinds.get(path, kind)))
    return kinds


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
    """Gives each key a text of its own, even where a file's names run into one another."""

    def __init__(self) -> None:
        self._texts: dict[Hashable, str] = {}
        self._uses: Counter[str] = Counter()

    def of(self, key: Hashable, wanted: str) -> str:
        """The text of `key`: `wanted`; with a prime and a number if something else has it."""
        if key not in self._texts:
            text = wanted
            while text in self._uses:
                text = f"{wanted}'{self._uses[wanted]}"
                self._uses[wanted] += 1
            self._uses[text] = 1
            self._texts[key] = text
        return self._texts[key]
