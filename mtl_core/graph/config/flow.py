"""Which inputs each piece of a tensor can depend on: exact through concatenation, slices and splits.

A concatenation knows where each of its tensors lies. A slice that takes one of them depends on that one only, although a
path leads from the others:

    merged = concatenate([a, b])        two pieces: a's columns, then b's
    merged[:, :64]                      the first piece, so a and nothing else

What lies where is followed along one axis of each tensor. Layers that treat every place of that axis alike keep it. All
others mix: whatever one place can depend on, every place of their result can.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mtl_core.graph.config.gradients import stops_gradients
from mtl_core.graph.config.layers.operations import is_operation
from mtl_core.graph.config.parts import ModelConfig
from mtl_core.graph.config.pieces import Pieces, Value, concatenated, merged, sliced, split, union, with_others
from mtl_core.graph.config.unroll import Node, Tensor, Unrolled, unroll
from mtl_core.graph.config.untrusted import Budget, Shape

__all__ = ["Flow", "flow", "passes_nothing_back"]

MAX_INSIDE = 8
"""Most calls whose insides are followed within one another."""


@dataclass(frozen=True, slots=True)
class Flow:
    """For each tensor, the inputs that it can depend on, and for each call those from which a path leads."""

    values: Mapping[Tensor, Value]
    nodes: Sequence[int]
    paths: Sequence[int]

    def unseen(self, unrolled: Unrolled, tensor: Tensor | int) -> tuple[str, ...]:
        """The inputs of which nothing arrives in a tensor, or in a whole call, although a path leads from them."""
        left = self.left_out(tensor)
        return tuple(name for i, name in enumerate(unrolled.inputs) if left >> i & 1) if left else ()

    def left_out(self, tensor: Tensor | int) -> int:
        """What doesn't arrive in a tensor, or in a whole call, although a path leads there; as bits."""
        number, arrived = (tensor, self.nodes[tensor]) if isinstance(tensor, int) else (tensor.node, self.of(tensor))
        return self.paths[number] & ~arrived

    def of(self, tensor: Tensor) -> int:
        """The inputs that a tensor can depend on, as bits."""
        return union(self.value(tensor))

    def value(self, tensor: Tensor) -> Value:
        """The same, piece by piece where the pieces differ."""
        return self.values.get(tensor, self.nodes[tensor.node])


def flow(unrolled: Unrolled, budget: Budget, weights: Mapping[int, int] | None = None) -> Flow | None:
    """Follow what each tensor of a model can depend on; input number i is bit i.

    What a layer keeps from one of its calls for another is not followed.

    Parameters
    ----------
    unrolled : Unrolled
    budget : Budget
    weights : mapping of node number to int, optional
        Follow these bits of calls instead, for the weights that they use, and only as far as gradients come back: what is
        left of them in a tensor is what a loss on it can change.

    Returns
    -------
    Flow or None
        None where nothing in the model leaves a part of a tensor out, so that the paths say it all.
    """
    parts = any(
        node.call.index is not None or node.call.inside or node.layer.class_name == "Split" for node in unrolled.nodes
    )
    if not parts:
        return None
    if weights is not None:
        return _follow(unrolled, dict.fromkeys(unrolled.inputs.values(), 0), budget, 0, weights)
    return _follow(unrolled, {tensor: 1 << i for i, tensor in enumerate(unrolled.inputs.values())}, budget, depth=0)


def passes_nothing_back(node: Node, budget: Budget) -> bool:
    """Whether the insides of a call, where they are known, let no gradient through to anything that it reads."""
    if node.call.inside is None:
        return False
    inner = unroll(node.call.inside, budget)
    followed = _follow(inner, dict.fromkeys(inner.inputs.values(), 1), budget, 1, {})
    return not any(followed.of(tensor) for tensor, _box in inner.outputs.values())


def _follow(
    unrolled: Unrolled,
    starts: Mapping[Tensor, Value],
    budget: Budget,
    depth: int,
    weights: Mapping[int, int] | None = None,
) -> Flow:
    values: dict[Tensor, Value] = dict(starts)
    nodes: list[int] = []
    paths: list[int] = []
    so_far = Flow(values, nodes, paths)
    for number, node in enumerate(unrolled.nodes):
        own = (weights or {}).get(number, 0)
        reads = () if weights is not None and stops_gradients(node.layer) else node.reads
        known = Tensor(number, 0) in starts or not reads
        made = {} if known else _made(unrolled, number, node, so_far, budget, depth, weights is not None)
        made = {tensor: with_others(value, own) for tensor, value in made.items()} if own else made
        values.update(made)
        everything = union(starts.get(Tensor(number, 0), 0)) | own
        paths.append(functools.reduce(operator.or_, (paths[tensor.node] for tensor in reads), everything))
        for bits in map(union, made.values()) if made else (union(values.get(t, nodes[t.node])) for t in reads):
            everything |= bits
        nodes.append(everything)
    return so_far


def _made(
    unrolled: Unrolled, number: int, node: Node, before: Flow, budget: Budget, depth: int, back: bool
) -> dict[Tensor, Value]:
    """What each output of a call depends on; empty where the call mixes all that it reads."""
    if node.call.inside is not None and depth < MAX_INSIDE:
        return _made_inside(number, node, node.call.inside, before, budget, depth, back)
    stranger = node.layer.own_class and not is_operation(node.layer)
    if node.unread or stranger or not node.first:
        return {}
    budget.value(len(node.reads))
    # A function of two tensors has the second as an argument of its own, and no mask.
    read = node.reads if is_operation(node.layer) and node.layer.class_name in _ALIKE else node.first
    shapes = [unrolled.shapes.get(tensor) for tensor in read]
    outputs = _outputs(node, [before.value(tensor) for tensor in read], shapes, unrolled.shapes.get(Tensor(number, 0)))
    others = functools.reduce(operator.or_, map(before.of, set(node.reads) - set(read)), 0)
    return {Tensor(number, i): with_others(value, others) for i, value in enumerate(outputs)}


def _made_inside(
    number: int, node: Node, inside: ModelConfig, before: Flow, budget: Budget, depth: int, back: bool
) -> dict[Tensor, Value]:
    """What the outputs of a call depend on whose insides are known, although it is one call of the model."""
    inner = unroll(inside, budget)
    if len(node.reads) != len(inner.inputs):
        return {}
    given = dict(zip(inner.inputs.values(), map(before.value, node.reads), strict=True))
    followed = _follow(inner, given, budget, depth + 1, {} if back else None)
    ends = [tensor for tensor, _box in inner.outputs.values()]
    return {Tensor(number, i): followed.value(end) for i, end in enumerate(ends)}


def _outputs(node: Node, read: list[Value], shapes: list[Shape | None], made: Shape | None) -> list[Value]:
    """What each output depends on, for the classes that keep pieces apart; empty for all others."""
    layer = node.layer
    name, shape = layer.class_name, shapes[0]
    if name == "Concatenate":
        value = concatenated(layer.config.get("axis", -1), read, shapes, made)
        return [] if value is None else [value]
    if shape is None:
        return []
    if name in ("GetItem", "SlicingOpLambda") and node.call.index is not None:
        return [sliced(read[0], node.call.index, shape)]
    if name == "Split" and len(read) == 1:
        return split(read[0], layer, shape)
    if name in _ALIKE or (name == "Activation" and layer.config.get("activation") in _POINTWISE):
        return [merged(read)] if all(other == shape == made for other in shapes) else []
    if name in _LAST_AXIS and len(read) == 1 and layer.config.get("axis", -1) == -1:
        value = read[0]
        return [
            value if isinstance(value, Pieces) and value.axis < len(shape) - (name != "Embedding") else union(value)
        ]
    return []


_POINTWISE = (
    "elu", "exponential", "gelu", "hard_sigmoid", "leaky_relu", "linear", "mish", "relu", "relu6", "selu", "sigmoid",
    "silu", "softplus", "softsign", "swish", "tanh",
)  # fmt: skip
"""Activations that make each number of one number; no set, since a file may name a list where Keras has a name."""

_ALIKE = frozenset(
    {
        "Absolute", "Add", "AlphaDropout", "Average", "Cast", "Clip", "Cos", "Divide", "Dropout", "ELU", "Elu", "Exp", "GaussianDropout",
        "GaussianNoise", "Gelu", "Identity", "LeakyReLU", "LeakyRelu", "Log", "Log1p", "Maximum", "Minimum", "Multiply",
        "Negative", "ReLU", "Relu", "Relu6", "Rescaling", "Selu", "Sigmoid", "Sign", "Silu", "Sin", "Softplus", "Softsign",
        "Sqrt", "Square", "StopGradient", "Subtract", "Tanh", "TrueDivide",
    }
)  # fmt: skip
"""Layers and functions that make each number of the numbers at the same place."""

_LAST_AXIS = frozenset({"Dense", "Embedding", "LayerNormalization", "RMSNormalization"})
"""Layers that mix along the last axis and along no other; an embedding adds one."""
