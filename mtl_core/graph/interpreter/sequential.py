"""Sequential models of a program, Keras 1's `Merge` among them, and the tensors that run through them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mtl_core.graph.config.untrusted import Shape, as_shape
from mtl_core.graph.interpreter.calling import call_model, tensors_in
from mtl_core.graph.interpreter.signatures import MERGE_MODES
from mtl_core.graph.interpreter.trace import Trace, batch_shape
from mtl_core.graph.interpreter.values import (
    Function,
    Instance,
    Layer,
    Model,
    Sequential,
    Tensor,
    Unknown,
)
from mtl_core.language import _

if TYPE_CHECKING:
    pass

__all__ = ["add", "chain", "first_shape", "merge", "sequential"]


def sequential(trace: Trace, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Sequential:
    """`Sequential([...])`."""
    layers = args[0] if args else kwargs.get("layers", ())
    model: Sequential = trace.new(Sequential, "Sequential", "keras", {}, kwargs.get("name"))
    trace.models.append(model)
    for layer in layers if isinstance(layers, (list, tuple)) else ():
        add(trace, model, layer)
    if not isinstance(layers, (list, tuple)):
        model.unread = _("It isn't known which layers this model has.")
        trace.note(model.unread)
    return model


def add(trace: Trace, model: Sequential, layer: Any) -> None:
    """`model.add(layer)`."""
    trace.budget.spend()
    if isinstance(layer, Instance):
        layer = layer.layer
    if isinstance(layer, Tensor) and layer.call.layer.is_input:
        layer = layer.call.layer
    if isinstance(layer, Layer):
        if trace.doubts:
            layer.unread = layer.unread or trace.doubts[-1]
        model.parts.append(layer)
        return
    why = layer.why if isinstance(layer, Unknown) else _("It isn't known which layer is added here.")
    stand_in: Layer = trace.new(Layer, getattr(layer, "name", "") or _("unread"), "", {})
    stand_in.unread = why
    model.parts.append(stand_in)


def merge(trace: Trace, layers: Any, mode: Any, kwargs: Mapping[str, Any]) -> Layer:
    """Keras 1's `Merge`: a layer of today's; a mode that is a function stays unread."""
    options = {key: value for key, value in kwargs.items() if key in ("name",)}
    class_name = MERGE_MODES.get(mode) if isinstance(mode, str) else None
    if class_name == "Concatenate":
        options["axis"] = kwargs.get("concat_axis", -1)
    if class_name == "Dot":
        options["axes"] = kwargs.get("dot_axes", -1)
        options["normalize"] = mode == "cos"
    made = trace.layer(class_name or "Lambda", "keras.layers", (), options)
    if class_name is None:
        made.function = mode if isinstance(mode, Function) else None
        made.unread = "" if isinstance(mode, Function) else _("It isn't known how this merges.")
    made.attributes["branches"] = layers
    return made


def chain(trace: Trace, model: Sequential) -> list[Tensor]:
    """The tensors of a sequential model: what goes in, and what each layer makes."""
    if model.chain and model.chained == len(model.parts):
        return model.chain
    if not model.parts:
        return []
    first = model.parts[0]
    tensors: list[Tensor]
    if first.is_input:
        shape = as_shape(first.config.get("batch_shape"))
        tensors = [Tensor(first.calls[0], 0, shape)] if first.calls else [trace.input(shape, None)]
        rest = model.parts[1:]
    elif (branches := _branches(trace, first)) is not None:
        tensors = [trace.call(first, [branches], {})]
        rest = model.parts[1:]
    else:
        tensors = model.chain[:1] or [trace.input(first_shape(first), f"{first.keras_name}_input")]
        rest = model.parts
    for layer in rest:
        made = call_model(trace, layer, [tensors[-1]], {})
        made = next(iter(tensors_in(made)), None)
        if made is None:
            break
        tensors.append(made)
    model.chain, model.chained = tensors, len(model.parts)
    return tensors


def _branches(trace: Trace, layer: Layer) -> list[Tensor] | None:
    """What the branches of Keras 1's `Merge` make, where it is a model's first layer."""
    branches = layer.attributes.get("branches")
    if not isinstance(branches, (list, tuple)) or not branches:
        return None
    made = [_end(trace, branch.layer if isinstance(branch, Instance) else branch) for branch in branches]
    return [tensor for tensor in made if tensor is not None] or None


def _end(trace: Trace, branch: Any) -> Tensor | None:
    """What comes out of a branch: a model, a layer that was called, or a tensor."""
    if isinstance(branch, Sequential):
        tensors = chain(trace, branch)
        return tensors[-1] if tensors else None
    if isinstance(branch, Model):
        return next(iter(tensors_in(branch.outputs)), None)
    if isinstance(branch, Layer):
        return branch.calls[0].made[0] if branch.calls and branch.calls[0].made else None
    return branch if isinstance(branch, Tensor) else None


def first_shape(layer: Layer) -> Shape | None:
    """The shape that a model's first layer asks for, with the batch axis."""
    config = layer.config
    if isinstance(layer, Sequential):
        return first_shape(layer.parts[0]) if layer.parts else None
    if isinstance(layer, Model):
        return layer.inputs[0].shape if layer.inputs else None
    whole = config.get("batch_shape", config.get("batch_input_shape"))
    if whole is not None:
        return as_shape(whole)
    shape = config.get("input_shape")
    if shape is None and isinstance(config.get("input_dim"), int) and layer.class_name != "Embedding":
        length = config.get("input_length")
        shape = (
            (length, config["input_dim"])
            if layer.class_name in ("LSTM", "GRU", "SimpleRNN")
            else (config["input_dim"],)
        )
    if shape is None and layer.class_name == "Embedding":
        shape = (config.get("input_length"),)
    if shape is None and isinstance(config.get("layer"), Mapping):
        inner = config["layer"].get("config", {})
        shape = inner.get("input_shape")
    return batch_shape(shape)
