"""Models in a program: functional and sequential ones, what goes in and comes out, and the layers inside."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mtl_core.graph.config.inbound import flat_keys
from mtl_core.graph.config.untrusted import Shape, as_shape
from mtl_core.graph.interpreter.calling import alike, tensors_in
from mtl_core.graph.interpreter.sequential import chain
from mtl_core.graph.interpreter.trace import Trace, batch_shape
from mtl_core.graph.interpreter.values import (
    Layer,
    LayerCall,
    Model,
    Sequential,
    Tensor,
    Unknown,
)
from mtl_core.language import _

__all__ = [
    "application",
    "calls_behind",
    "ends",
    "functional",
    "inside",
    "is_part",
    "layers_of",
    "new_input",
    "part_of",
]


def new_input(trace: Trace, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Tensor:
    """`Input(...)`, in the words of any Keras."""
    given = dict(zip(("shape", "batch_size"), args, strict=False)) | dict(kwargs)
    shape: Shape | None = None
    if isinstance(given.get("tensor"), Tensor):
        tensor: Tensor = given["tensor"]
        return tensor
    whole = given.get("batch_shape", given.get("batch_input_shape"))
    if isinstance(whole, (list, tuple)):
        shape = as_shape([size if isinstance(size, int) else None for size in whole])
    else:
        shape = batch_shape(given.get("shape", given.get("input_shape")))
        size = given.get("batch_size")
        if shape is not None and isinstance(size, int):
            shape = (size, *shape[1:])
    return trace.input(shape, given.get("name"))


def functional(trace: Trace, args: Sequence[Any], kwargs: Mapping[str, Any], class_name: str = "Functional") -> Any:
    """`Model(inputs, outputs)`."""
    given = dict(zip(("inputs", "outputs", "name"), args, strict=False)) | dict(kwargs)
    inputs, outputs = given.get("inputs", given.get("input")), given.get("outputs", given.get("output"))
    no_tensor = _("What stands here is no tensor, as far as it can be followed.")
    tensors = [trace.tensor(leaf) or trace.unread("", no_tensor, (), is_open=True) for leaf in trace.leaves(outputs)]
    if outputs is None or not tensors:
        trace.note(_("It isn't known which tensors come out of this model."))
        return Unknown(_("It isn't known which tensors come out of this model."))
    first = [leaf if isinstance(leaf, Tensor) else None for leaf in trace.leaves(inputs)]
    entering = [tensor for tensor in first if tensor is not None]
    doubtful = len(entering) < len(first) or not entering
    if doubtful:
        trace.note(_("It isn't known which tensors go into this model."))
        reached = (tensor for call in calls_behind(tensors, set(entering)) for tensor in _input_of(call))
        entering = list(dict.fromkeys((*entering, *reached)))
    keys = flat_keys(inputs, lambda leaf: isinstance(leaf, Tensor)) if not doubtful else None
    name = given.get("name")
    model: Model = trace.new(Model, class_name, "keras", {}, name)
    model.inputs, model.input_keys, model.outputs, model.doubtful = (
        entering,
        keys,
        alike(outputs, iter(tensors), every=True),
        doubtful,
    )
    trace.models.append(model)
    return model


def _input_of(call: LayerCall) -> Iterable[Tensor]:
    return [Tensor(call, 0, as_shape(call.layer.config.get("batch_shape")))] if call.layer.is_input else ()


def calls_behind(outputs: Iterable[Tensor], inputs: set[Tensor]) -> list[LayerCall]:
    """All calls that lead to some tensors, those of inputs included; in the order in which they were made."""
    stop = {(tensor.call.serial, tensor.output) for tensor in inputs}
    reached: dict[int, LayerCall] = {}
    stack = list(outputs)
    while stack:
        tensor = stack.pop()
        call = tensor.call
        if (call.serial, tensor.output) in stop or call.serial in reached:
            continue
        reached[call.serial] = call
        stack += call.reads()
    return [reached[serial] for serial in sorted(reached)]


def layers_of(layer: Layer, spend: Callable[[], None]) -> list[Layer]:
    """A layer and all layers inside it, however deep; `spend` is called for each, and may raise."""
    layers: dict[int, Layer] = {}
    stack = [layer]
    while stack:
        spend()
        inner = stack.pop()
        if id(inner) in layers:
            continue
        layers[id(inner)] = inner
        if isinstance(inner, Sequential):
            stack += inner.parts
        elif isinstance(inner, Model):
            stack += [call.layer for call in calls_behind(tensors_in(inner.outputs), set(inner.inputs))]
    return list(layers.values())


# What goes in and comes out


def ends(trace: Trace, model: Layer) -> tuple[Any, Any]:
    """What goes into a model or a layer, and what comes out."""
    if isinstance(model, Model):
        return (model.inputs[0] if len(model.inputs) == 1 else list(model.inputs)), model.outputs
    if isinstance(model, Sequential):
        tensors = chain(trace, model)
        if not tensors:
            return Unknown(_("This model has no layers.")), Unknown(_("This model has no layers."))
        inputs = [tensor for call in calls_behind(tensors[-1:], set()) for tensor in _input_of(call)]
        return (inputs[0] if len(inputs) == 1 else inputs), tensors[-1]
    if not model.calls:
        nothing = Unknown(_("“{name}” was not called on anything.").format(name=model.keras_name))
        return nothing, nothing
    call = model.calls[0]
    reads = call.reads()
    made = call.made[0] if call.made else Tensor(call, 0, as_shape(model.config.get("batch_shape")))
    return (reads[0] if len(reads) == 1 else list(reads)), made


def application(trace: Trace, name: str, kwargs: Mapping[str, Any]) -> Any:
    """A model of `keras.applications`, as one closed call."""
    layer: Layer = trace.new(Layer, name, "keras.applications", {}, kwargs.get("name"))
    given = kwargs.get("input_tensor")
    if not isinstance(given, Tensor):
        given = trace.input(batch_shape(kwargs.get("input_shape", (None, None, 3))), f"{layer.keras_name}_input")
    made = trace.call(layer, [given], {})
    pooled = kwargs.get("pooling") in ("avg", "max") or kwargs.get("include_top", True) is True
    if pooled and kwargs.get("include_top", True) is True:
        made.shape = (None, kwargs.get("classes", 1000)) if isinstance(kwargs.get("classes", 1000), int) else None
    layer.calls[0].line = trace.line
    return layer


def inside(trace: Trace, layer: Layer) -> Any:
    """`model.layers`."""
    if isinstance(layer, Sequential):
        chain(trace, layer)
        return [part for part in layer.parts if not part.is_input]
    if isinstance(layer, Model):
        calls = calls_behind(tensors_in(layer.outputs), set(layer.inputs))
        layers = [tensor.call.layer for tensor in layer.inputs] + [call.layer for call in calls]
        return list({id(inner): inner for inner in layers}.values())
    return [part_of(layer)] if layer.module == "keras.applications" else [layer]


def part_of(model: Layer) -> Layer:
    """What stands for some layer inside a model that is one closed call: what is set on it is set on a part of the model."""
    return dataclasses.replace(model, attributes={**model.attributes, _PART: True})


def is_part(layer: Layer) -> bool:
    """Whether it stands for a part of a closed model."""
    return _PART in layer.attributes


_PART = "part of a closed model"
