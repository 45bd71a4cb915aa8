"""Calls of layers and models on tensors: what a model gives comes in its own lists and dicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mtl_core.graph.config.layers.table import output_shapes
from mtl_core.graph.config.untrusted import Shape
from mtl_core.graph.interpreter.layers import entry
from mtl_core.graph.interpreter.shapes import shapes_made
from mtl_core.graph.interpreter.trace import Trace
from mtl_core.graph.interpreter.values import (
    Data,
    Layer,
    LayerCall,
    Model,
    Pending,
    Sequential,
    Tensor,
    Unknown,
)

if TYPE_CHECKING:
    pass

__all__ = ["alike", "call_model", "tensors_in"]


def call_model(trace: Trace, layer: Layer, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Call a layer or a model on tensors: a model gives what it gives in its own lists or dicts."""
    if isinstance(layer, Model):
        outputs = tensors_in(layer.outputs)
        made = trace.call(layer, args, kwargs, max(len(outputs), 1))
        if isinstance(made, Data):
            return made
        fixed = all(tensor.shape is not None and None not in tensor.shape[1:] for tensor in layer.inputs)
        for tensor, inner in zip(made, outputs, strict=False):
            tensor.shape = inner.shape if fixed else None
        left = iter(made)
        return alike(layer.outputs, left)
    if isinstance(layer, Sequential):
        made = trace.call(layer, args, kwargs)
        if isinstance(made, Tensor):
            made.shape = _shape_through(trace, layer, made.call)
        return made
    return trace.call(layer, args, kwargs, _number_made(layer, kwargs))


def alike(pattern: Any, tensors: Any, *, every: bool = False) -> Any:
    """`tensors` in the lists and dicts of `pattern`, in place of its tensors, or of every leaf."""
    if isinstance(pattern, (list, tuple)):
        return [alike(item, tensors, every=every) for item in pattern]
    if isinstance(pattern, Mapping):
        made = {key: alike(pattern[key], tensors, every=every) for key in sorted(pattern, key=str)}
        return {key: made[key] for key in pattern}
    held = every or isinstance(pattern, (Tensor, Pending, Unknown)) or pattern is ...
    return next(tensors, None) if held else pattern


def tensors_in(value: Any) -> list[Tensor]:
    """The tensors in nested lists and dicts, in Keras's order."""
    tensors: list[Tensor] = []
    stack = [value]
    while stack:
        top = stack.pop()
        if isinstance(top, (list, tuple)):
            stack.extend(reversed(top))
        elif isinstance(top, Mapping):
            stack.extend(top[key] for key in sorted(top, key=str, reverse=True))
        elif isinstance(top, Tensor):
            tensors.append(top)
    return tensors


def _shape_through(trace: Trace, model: Sequential, call: LayerCall) -> Shape | None:
    """The shape that comes out of a sequential model, layer by layer."""
    tensor = call.first[0] if call.first else None
    for layer in model.parts:
        if layer.is_input:
            continue
        if tensor is None or tensor.shape is None:
            return None
        step = LayerCall(layer, (tensor,), None, (), call.line, 0)
        if isinstance(layer, Sequential):
            shape = _shape_through(trace, layer, step)
        elif isinstance(layer, Model):
            outputs = tensors_in(layer.outputs)
            shape = outputs[0].shape if outputs else None
        else:
            shape = shapes_made(step, 1)[0]
        tensor = Tensor(step, 0, shape)
    return tensor.shape if tensor else None


def _number_made(layer: Layer, kwargs: Mapping[str, Any]) -> int:
    """How many tensors a layer gives in a list; 0 for one without a list."""
    config = layer.config
    inner = config.get("layer")
    if layer.class_name == "Bidirectional" and isinstance(inner, Mapping):
        config = inner.get("config", {})
    if config.get("return_state"):
        shapes = output_shapes(entry(layer), [(None,) * 5]) or output_shapes(entry(layer), [(None, None, 1)])
        return len(shapes) if len(shapes) > 1 else 3
    attention = layer.class_name in ("MultiHeadAttention", "Attention", "AdditiveAttention", "GroupedQueryAttention")
    return 2 if attention and kwargs.get("return_attention_scores") else 0
