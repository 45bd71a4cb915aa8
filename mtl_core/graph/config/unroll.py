"""From layers to calls: one node for every time a layer is called, with nested models opened up.

A nested model is no step of its own: its inputs *are* the tensors it is called on, and its outputs are the tensors its
inner calls make. Substituting them, call by call, keeps apart what a nested model keeps apart. A model that swaps its two
inputs stays two separate paths, which one box with two arrows in and two out would hide.
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from mtl_core.graph.config.parts import CallConfig, LayerConfig, ModelConfig, Ref
from mtl_core.graph.config.untrusted import MAX_CALLS, Budget, ModelFileError, Shape, as_shape, shown
from mtl_core.language import _

__all__ = ["Node", "Path", "Tensor", "Unrolled", "from_input", "input_layer", "unroll"]


_NO_CALL = CallConfig()


class Tensor(NamedTuple):
    """Output number `output` of node number `node`."""

    node: int
    output: int


Path = tuple[str, ...]
Groups = tuple[tuple[Path, int], ...]
Value = tuple[Tensor, ...]
"""What a name in a config stands for: a tensor, perhaps with its mask; nothing, for a constant."""


@dataclass(frozen=True, slots=True)
class Node:
    """One call, before shapes and parameters are known.

    Parameters
    ----------
    path : tuple of str
        The layer's name behind those of the models it is in: ("encoder", "dense").
    layer : LayerConfig
    first : tuple of Tensor
        Its first argument, which decides shapes.
    reads : tuple of Tensor
        Everything it reads, each tensor once.
    groups : tuple of (path, number)
        The calls of nested models that it is part of, outermost first, counted from 1.
    unread : bool
        Whether it isn't known what it does with what it reads.
    arrays : bool
        Whether it also takes a list of numbers.
    call : CallConfig
        The call as its model has it.
    """

    path: Path
    layer: LayerConfig
    first: tuple[Tensor, ...]
    reads: tuple[Tensor, ...]
    groups: Groups
    unread: bool = False
    arrays: bool = False
    call: CallConfig = _NO_CALL


@dataclass(slots=True)
class Unrolled:
    """The nodes of a model, each after those that it reads.

    Parameters
    ----------
    nodes : list of Node
    inputs : dict of name to Tensor
    outputs : dict of name to (Tensor, str)
        With the name of the outermost layer that makes it.
    shapes : dict of Tensor to shape
        As far as the config mentions them.
    """

    nodes: list[Node] = field(default_factory=list)
    inputs: dict[str, Tensor] = field(default_factory=dict)
    outputs: dict[str, tuple[Tensor, str]] = field(default_factory=dict)
    shapes: dict[Tensor, Shape] = field(default_factory=dict)


def unroll(model: ModelConfig, budget: Budget) -> Unrolled:
    """Every call of a model, with nested models opened up.

    Parameters
    ----------
    model : ModelConfig
    budget : Budget
        What opening them may cost.

    Raises
    ------
    ModelFileError
        If calls wait for one another in a circle, a nested model is called on the wrong number of tensors, or opening up
        makes more than `MAX_CALLS` calls.
    """
    work = _Work(budget.again())
    if model.sequential:
        layers = from_input(model)
        ends = work.outputs_of(work.chain(layers[1:], [work.input(layers[0])], (), ()))
        names = boxes = [layers[-1].name]
    else:
        given = {ref.layer: work.input(model.layers[ref.layer]) for ref in model.inputs}
        ends = work.functional(model, [given[ref.layer] for ref in model.inputs], (), ())
        names, boxes = _head_names(model), [ref.layer for ref in model.outputs]
    for name, box, end in zip(names, boxes, ends, strict=False):
        if not end:
            raise ModelFileError(_("The output “{name}” is a constant.").format(name=shown(name)))
        work.out.outputs[name] = end[0], box
    return work.out


def input_layer(name: str, batch_shape: Shape | None) -> LayerConfig:
    """The config of an input, as Keras 3 writes it."""
    config = {"name": name, "batch_shape": batch_shape}
    return LayerConfig(name, "InputLayer", "keras.layers", "", config, {}, (), None, None)


def from_input(model: ModelConfig) -> list[LayerConfig]:
    """The layers of a sequential model; its input layer, which may be left out, comes first."""
    layers = list(model.layers.values())
    if not layers:
        raise ModelFileError(_("The model has no layers."))
    first = layers[0]
    if first.class_name == "InputLayer":
        return layers
    shape = as_shape(first.config.get("batch_input_shape")) or first.built_for.get("input_shape") or model.built_for
    name = f"{first.name}_input"
    while name in model.layers:
        name += "_input"
    return [input_layer(name, shape), *layers]


def _head_names(model: ModelConfig) -> list[str]:
    """Names of the outputs, each once: that of the layer, as in `model.output_names`, or a number behind it."""
    names = [model.aliases.get(ref.layer, ref.layer) for ref in model.outputs]
    uses = Counter(names)
    if max(uses.values()) > 1 and model.output_keys:
        return list(model.output_keys)
    taken = {name for name in names if uses[name] == 1}
    numbers = {name: itertools.count() for name in uses}

    def numbered(name: str) -> str:
        return next(text for n in numbers[name] if (text := f"{name}[{n}]") not in taken)

    return [name if uses[name] == 1 else numbered(name) for name in names]


class _Work:
    """Unrolls models into `out`."""

    def __init__(self, budget: Budget) -> None:
        self.out = Unrolled()
        self._entered: Counter[Path] = Counter()
        self._orders: dict[int, list[tuple[str, int]]] = {}
        self._budget = budget

    def add(
        self,
        path: Path,
        layer: LayerConfig,
        first: Sequence[Value],
        rest: Value,
        groups: Groups,
        call: CallConfig = _NO_CALL,
    ) -> int:
        """Append a node and return its number."""
        if len(self.out.nodes) >= MAX_CALLS:
            raise ModelFileError(
                _("With its nested models opened up, the model has more than {most:,} calls.").format(most=MAX_CALLS)
            )
        self._budget.value(sum(map(len, first)) + len(rest))
        reads = tuple(dict.fromkeys(itertools.chain(*first, rest)))
        tensors = tuple(value[0] for value in first if value)
        self.out.nodes.append(Node(path, layer, tensors, reads, groups, call.unread or layer.unread, call.arrays, call))
        return len(self.out.nodes) - 1

    def input(self, layer: LayerConfig) -> Value:
        """Append an input of the whole model."""
        if layer.calls or layer.model:
            raise ModelFileError(_("The input “{name}” is not an input layer.").format(name=shown(layer.name)))
        tensor = Tensor(self.add((layer.name,), layer, (), (), ()), 0)
        self.out.inputs[layer.name] = tensor
        shape = as_shape(layer.config.get("batch_shape", layer.config.get("batch_input_shape")))
        if shape is not None:
            self.out.shapes[tensor] = shape
        return (tensor,)

    def outputs_of(self, made: int | list[Value]) -> list[Value]:
        """The outputs of a call; a plain layer is taken to have one."""
        return [(Tensor(made, 0),)] if isinstance(made, int) else made

    def chain(
        self, layers: Sequence[LayerConfig], given: list[Value], prefix: Path, groups: Groups
    ) -> int | list[Value]:
        """Call each layer on what the one before it made."""
        made: int | list[Value] = given
        for layer in layers:
            if layer.class_name != "InputLayer":
                made = self.apply(layer, _NO_CALL, self.outputs_of(made), (), prefix, groups)
        return made

    def functional(self, model: ModelConfig, given: Sequence[Value], prefix: Path, groups: Groups) -> list[Value]:
        """Make every call of a functional model whose inputs stand for `given`."""
        made: dict[tuple[str, int], int | list[Value]] = {
            (ref.layer, 0): [value] for ref, value in zip(model.inputs, given, strict=True)
        }

        def value(ref: Ref | None) -> Value:
            return self._value(ref, made[ref.layer, ref.call], model) if ref else ()

        if id(model) not in self._orders:
            self._orders[id(model)] = _in_order(model, set(made), self._budget)
        for name, number in self._orders[id(model)]:
            layer = model.layers[name]
            call = layer.calls[number] if layer.calls else _NO_CALL
            self._budget.value(len(call.first) + len(call.rest) + 1)
            masks = call.masks or (None,) * len(call.first)
            first = [value(ref) + value(mask) for ref, mask in zip(call.first, masks, strict=True)]
            rest = tuple(dict.fromkeys(itertools.chain.from_iterable(map(value, call.rest))))
            made[name, number] = self.apply(layer, call, first, rest, prefix, groups)
        return [value(ref) for ref in model.outputs]

    def _value(self, ref: Ref, made: int | list[Value], model: ModelConfig) -> Value:
        if isinstance(made, int):
            tensor = Tensor(made, ref.tensor)
            value: Value = (tensor,)
        elif ref.tensor < len(made):
            value = made[ref.tensor]
        else:
            raise ModelFileError(
                _("Something reads output {output} of “{name}”, which has {number}.").format(
                    output=ref.tensor + 1, name=shown(ref.layer), number=len(made)
                )
            )
        if value and ref in model.shapes:
            self.out.shapes.setdefault(value[0], model.shapes[ref])
        return value

    def apply(
        self,
        layer: LayerConfig,
        call: CallConfig,
        first: list[Value],
        rest: Value,
        prefix: Path,
        groups: Groups,
    ) -> int | list[Value]:
        """Call a layer: a node, or the inside of a nested model."""
        path = (*prefix, layer.name)
        if layer.model is None:
            return self.add(path, layer, first, rest, groups, call)
        self._budget.call()  # models that hold nothing but models make no node that would be counted
        self._entered[path] += 1
        inside = (*groups, (path, self._entered[path]))
        self._budget.value(sum(map(len, first)) + len(first) * len(rest))
        first = [tuple(dict.fromkeys(value + rest)) for value in first]
        if layer.model.sequential:
            return self.chain(list(layer.model.layers.values()), first, path, inside)
        return self.functional(layer.model, _matched(layer.name, layer.model, call, first), path, inside)


def _matched(name: str, model: ModelConfig, call: CallConfig, first: list[Value]) -> list[Value]:
    """What a nested model is called on, in the order of its inputs; a dict goes by name, as in Keras."""
    names = model.input_keys or tuple(ref.layer for ref in model.inputs)
    if call.keys and set(names) <= set(call.keys):
        by_key = dict(zip(call.keys, first, strict=True))
        return [by_key[key] for key in names]
    if len(first) != len(model.inputs):
        raise ModelFileError(
            _(
                "The nested model “{name}” takes this many tensors: {inputs}. It is called on this many: {given}."
            ).format(name=shown(name), inputs=len(model.inputs), given=len(first))
        )
    return first


def _in_order(model: ModelConfig, done: set[tuple[str, int]], budget: Budget) -> list[tuple[str, int]]:
    """The calls of a model, each after those that it reads; among those that are free, in the file's order."""
    position = {name: i for i, name in enumerate(model.layers)}
    waits: dict[tuple[str, int], int] = {}
    readers: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for name, layer in model.layers.items():
        calls = layer.calls or ((_NO_CALL,) if layer.model is None else ())
        for number, call in enumerate(calls):
            budget.clock()
            if (name, number) in done:
                continue
            needs = {ref[:2] for ref in call.refs()} - done
            waits[name, number] = len(needs)
            for need in needs:
                readers.setdefault(need, []).append((name, number))
    free = [(position[name], name, number) for (name, number), n in waits.items() if not n]
    heapq.heapify(free)
    order = []
    while free:
        _position, name, number = heapq.heappop(free)
        order.append((name, number))
        for reader in readers.get((name, number), ()):
            waits[reader] -= 1
            if not waits[reader]:
                heapq.heappush(free, (position[reader[0]], *reader))
    if len(order) < len(waits):
        done |= set(order)
        stuck = next(call for call in waits if call not in done)
        raise ModelFileError(
            _("The calls run in a circle: “{name}” waits for its own result.").format(name=shown(stuck[0]))
        )
    return order
