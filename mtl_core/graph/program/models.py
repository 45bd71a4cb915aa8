"""Models in a program: functional and sequential ones, what goes in and comes out, and the layers inside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mtl_core.graph.config.inbound import flat_keys
from mtl_core.graph.config.layers.table import output_shapes
from mtl_core.graph.config.untrusted import Shape, as_shape
from mtl_core.graph.program.layers import entry
from mtl_core.graph.program.shapes import shapes_made
from mtl_core.graph.program.signatures import MERGE_MODES
from mtl_core.graph.program.trace import Trace, batch_shape
from mtl_core.graph.program.values import (
    Data,
    Function,
    Instance,
    Layer,
    LayerCall,
    Model,
    Pending,
    Sequential,
    Tensor,
    Unknown,
)
from mtl_core.language import _

__all__ = [
    "add",
    "alike",
    "application",
    "call_model",
    "calls_behind",
    "chain",
    "ends",
    "functional",
    "layers_of",
    "merge",
    "new_input",
    "output_of",
    "sequential",
    "tensors_in",
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
    tensors = [leaf for leaf in map(trace.tensor, trace.leaves(outputs)) if leaf]
    if not tensors:
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
        alike(outputs, iter(tensors)),
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


def layers_of(layer: Layer) -> list[Layer]:
    """A layer and all layers inside it, however deep."""
    found: dict[int, Layer] = {}
    stack = [layer]
    while stack:
        inner = stack.pop()
        if id(inner) in found:
            continue
        found[id(inner)] = inner
        if isinstance(inner, Sequential):
            stack += inner.parts
        elif isinstance(inner, Model):
            stack += [call.layer for call in calls_behind(tensors_in(inner.outputs), set(inner.inputs))]
    return list(found.values())


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


# Sequential models


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
    ends_ = [output_of(trace, branch) for branch in branches]
    return [end for end in ends_ if isinstance(end, Tensor)] or None


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


def output_of(trace: Trace, value: Any) -> Any:
    """A branch of Keras 1's `Merge` as the tensor that comes out of it."""
    if isinstance(value, Instance):
        value = value.layer
    return ends(trace, value)[1] if isinstance(value, Layer) else value


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


def alike(pattern: Any, tensors: Any) -> Any:
    """`tensors` in the lists and dicts of `pattern`."""
    if isinstance(pattern, (list, tuple)):
        return [alike(item, tensors) for item in pattern]
    if isinstance(pattern, Mapping):
        made = {key: alike(pattern[key], tensors) for key in sorted(pattern, key=str)}
        return {key: made[key] for key in pattern}
    return next(tensors, None) if isinstance(pattern, (Tensor, Pending, Unknown)) or pattern is ... else pattern


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
