"""A program's own classes and functions as layers: models with a `call`, layers with a `call`, and `Lambda`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mtl_core.graph.interpreter import calling, models
from mtl_core.graph.interpreter.interpreter import Interpreter
from mtl_core.graph.interpreter.paths import normal_path
from mtl_core.graph.interpreter.signatures import is_layer
from mtl_core.graph.interpreter.values import (
    Class,
    Data,
    Function,
    Imported,
    Instance,
    Layer,
    LayerCall,
    Method,
    Model,
    Names,
    Pending,
    Sequential,
    Super,
    Tensor,
    Unknown,
    may_hold_tensors,
)
from mtl_core.language import _

__all__ = ["attribute", "call_instance", "call_lambda", "call_layer", "kind_of", "make", "super_of", "untried"]

_NOT_INPUTS = ("training", "mask", "return_attention_scores")


def kind_of(cls: Class, depth: int = 0) -> str:
    """ "model", "layer" or "" for an object of Keras's or of neither kind."""
    for base in cls.bases:
        if isinstance(base, Imported):
            path = normal_path(base.path)
            name = path.rpartition(".")[2]
            if path.startswith(("keras", "tensorflow")) and name in ("Model", "Sequential", "Functional", "Module"):
                return "model"
            if path.startswith("keras") and (is_layer(name) or ".layers" in path):
                return "layer"
        elif isinstance(base, Class) and depth < 20 and (kind := kind_of(base, depth + 1)):
            return kind
    return ""


def lookup(cls: Class, name: str, depth: int = 0) -> Any:
    """A name in a class or in those that it extends; None if none has it."""
    if name in cls.names.values:
        return cls.names.values[name]
    for base in cls.bases:
        if isinstance(base, Class) and depth < 20:
            value = lookup(base, name, depth + 1)
            if value is not None:
                return value
    return None


def make(reader: Interpreter, cls: Class, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Instance:
    """An object of one of the program's classes."""
    cls.made = True
    kind = kind_of(cls)
    instance = Instance(cls)
    if kind:
        instance.layer = reader.trace.new(Layer, cls.name, "own", {}, kwargs.get("name"))
        instance.layer.attributes["instance"] = instance
        if kind == "model":
            reader.trace.models.append(instance.layer)
    start = lookup(cls, "__init__")
    if isinstance(start, Function):
        reader.call_function(start, [instance, *args], dict(kwargs))
    if kind == "model" and instance.layer is not None:
        instance.layer.attributes["behind"] = len(reader.trace.models)
    return instance


def attribute(reader: Interpreter, value: Instance | Super | Class, name: str) -> Any:
    """`value.name`."""
    if isinstance(value, Super):
        for base in value.cls.bases:
            method = lookup(base, name) if isinstance(base, Class) else None
            if isinstance(method, Function):
                return Method(value.instance, method)
        return Method(value, name)
    if isinstance(value, Class):
        inner = lookup(value, name)
        return Method(value, inner) if isinstance(inner, Function) and inner.kind == "classmethod" else inner
    if name == "__dict__":
        return value.names
    if name in value.names:
        return value.names[name]
    inner = lookup(value.cls, name)
    if isinstance(inner, Function):
        if inner.kind == "property":
            return reader.call_function(inner, [value], {})
        return Method(value.cls if inner.kind == "classmethod" else value, inner)
    if inner is not None:
        return inner
    if value.layer is not None:
        return reader.attribute(value.layer, name)
    return Unknown(_("“{name}” isn't known here.").format(name=name), name)


def super_of(args: Sequence[Any], names: Names | None) -> Any:
    """`super()`, also as `super(Class, self)`."""
    while names is not None:
        owner, instance = names.values.get("__class__"), next(iter(names.values.values()), None)
        if isinstance(instance, Instance):
            cls = args[0] if args and isinstance(args[0], Class) else owner
            return Super(instance, cls if isinstance(cls, Class) else instance.cls)
        names = names.outer
    return Unknown(_("It isn't known what super() is here."))


def super_method(reader: Interpreter, of: Super, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """`super().__init__(...)` and other methods that are Keras's own."""
    instance = of.instance
    if name == "__init__" and instance.layer is not None:
        if isinstance(kwargs.get("name"), str):
            instance.layer.keras_name, instance.layer.named = kwargs["name"][:200], True
        if len(args) >= 2 or ("inputs" in kwargs and "outputs" in kwargs):
            model = models.functional(reader.trace, args, kwargs)
            if isinstance(model, Model):
                made = reader.trace.models
                made[made.index(instance.layer)] = made.pop()
                instance.layer = model
    if name in ("call", "__call__"):
        return Data(name)
    return None


# Calls


def call_instance(reader: Interpreter, instance: Instance, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Call an object: through its `call` if it is a model or a layer, else through `__call__`."""
    if instance.layer is None or isinstance(instance.layer, (Model, Sequential)):
        function = lookup(instance.cls, "__call__" if instance.layer is None else "call")
        if isinstance(function, Function):
            return reader.call_function(function, [instance, *args], dict(kwargs))
        if instance.layer is not None:
            return calling.call_model(reader.trace, instance.layer, args, kwargs)
        return reader.call(Unknown(_("This object can't be called."), instance.cls.name), list(args), dict(kwargs))
    function = lookup(instance.cls, "call")
    if not isinstance(function, Function):
        instance.layer.unread = instance.layer.unread or _("“{name}” has no `call` in this text.").format(
            name=instance.cls.name
        )
        return reader.trace.call(instance.layer, args, kwargs)
    _build(reader, instance, args)
    if kind_of(instance.cls) == "model":
        return _call_model(reader, instance, function, args, kwargs)
    return _inlined(reader, instance.layer, Method(instance, function), args, kwargs)


def _build(reader: Interpreter, instance: Instance, args: Sequence[Any]) -> None:
    """Follow `build(input_shape)` before the first call."""
    build = lookup(instance.cls, "build")
    if isinstance(build, Function) and "built" not in instance.traced:
        instance.traced["built"] = True
        first = args[0] if args else None
        shapes = [
            leaf.shape for leaf in reader.trace.leaves(first) if isinstance(leaf, Tensor) and leaf.shape is not None
        ]
        unknown = Unknown(_("The shape of this tensor isn't known."))
        reader.call_function(
            build, [instance, (shapes[0] if isinstance(first, Tensor) else shapes) if shapes else unknown], {}
        )


def _call_model(
    reader: Interpreter, instance: Instance, function: Function, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Any:
    """Call a model of the program's own class: its `call` is followed once for inputs of each form, as a model inside."""
    trace, layer = reader.trace, instance.layer
    assert layer is not None
    given = {key: value for key, value in kwargs.items() if key not in _NOT_INPUTS}
    tensors = [leaf for leaf in trace.leaves([args, given]) if isinstance(leaf, (Tensor, Pending))]
    real = [tensor for tensor in map(trace.tensor, tensors) if tensor]
    if not real and may_hold_tensors(trace.leaves([args, given])):
        return Unknown(_("It isn't known what “{name}” is called on.").format(name=instance.cls.name[:60]))
    if not real:
        return Data(instance.cls.name)
    form = _form([list(args), given], trace)
    inner = instance.traced.get(form)
    if inner is None:
        stand_ins: list[Tensor] = []
        copies = [_copied(value, trace, stand_ins) for value in args]
        options = {key: _copied(value, trace, stand_ins) for key, value in given.items()}
        options |= {key: value for key, value in kwargs.items() if key in _NOT_INPUTS}
        result = reader.call_function(function, [instance, *copies], options)
        if not calling.tensors_in(result):
            return trace.unread(instance.cls.name, _("“call” gives no tensors here."), real, is_open=True)
        outer = [
            call for call in models.calls_behind(calling.tensors_in(result), set(stand_ins)) if call.layer.is_input
        ]
        if outer:  # it reads tensors from outside of it
            return result if len(real) == 0 else reader.call_function(function, [instance, *args], dict(kwargs))
        inner = Model(instance.cls.name, "own", {}, layer.line, layer.keras_name, layer.named, layer.wishes)
        inner.inputs, inner.outputs = stand_ins, result
        instance.traced[form] = inner
        layer.attributes["called"] = True
    inner.wishes = layer.wishes
    return calling.call_model(trace, inner, [real], {})


def _form(value: Any, trace: Any) -> Any:
    trace.budget.spend()
    if isinstance(value, (list, tuple)):
        return ("list", *(_form(item, trace) for item in value))
    if isinstance(value, Mapping):
        return ("dict", *((key, _form(value[key], trace)) for key in value))
    return value.shape if isinstance(value, Tensor) else type(value).__name__


def _copied(value: Any, trace: Any, stand_ins: list[Tensor]) -> Any:
    """Arguments with a new input in place of each tensor."""
    if isinstance(value, (list, tuple)):
        return type(value)(_copied(item, trace, stand_ins) for item in value)
    if isinstance(value, Mapping):
        return {key: _copied(value[key], trace, stand_ins) for key in sorted(value, key=str)}
    if isinstance(value, (Tensor, Pending)):
        tensor = trace.tensor(value)
        stand_ins.append(trace.input(tensor.shape, None, (tensor.call.layer.wishes or [""])[0]))
        return stand_ins[-1]
    return value


def call_layer(reader: Interpreter, layer: Layer, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Call a layer of Keras's or a model."""
    if layer.function is not None and layer.class_name == "Lambda":
        return call_lambda(reader, layer, args, kwargs)
    inner = layer.attributes.get("wrapped")
    if inner is not None and not isinstance(inner, Layer):
        layer.unread = layer.unread or _("It isn't known what this layer wraps.")
    return calling.call_model(reader.trace, layer, args, kwargs)


def call_lambda(reader: Interpreter, layer: Layer, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Call a `Lambda` layer: its function is followed, and it stays one call."""
    more = kwargs.get("arguments", layer.config.get("arguments"))
    options = dict(more) if isinstance(more, Mapping) else {}
    if isinstance(layer.function, (Unknown, Data)) or not callable_by_program(layer.function):
        layer.unread = layer.unread or _("It isn't known what this Lambda does.")
        return reader.trace.call(layer, args, kwargs)
    return _inlined(reader, layer, layer.function, args, {**kwargs, **options})


def callable_by_program(value: Any) -> bool:
    """Whether the reader knows how to follow a call of it."""
    return isinstance(value, (Function, Method, Imported, Layer, Instance))


def _inlined(reader: Interpreter, layer: Layer, function: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Follow a function on the tensors themselves, and note it as one call that reads what the result depends on."""
    trace = reader.trace
    start = trace.calls_made
    options = {key: value for key, value in kwargs.items() if key not in ("output_shape", "arguments")}
    result = reader.call(function, list(args), options)
    tensors = calling.tensors_in(result)
    made = trace.call(layer, args, {key: value for key, value in kwargs.items() if key != "arguments"}, len(tensors))
    if not tensors:
        if isinstance(made, Tensor) and isinstance(result, Unknown):
            made.call.unread, made.call.open = made.call.unread or result.why, True
        return made
    if isinstance(made, Data):
        return result
    call: LayerCall = made[0].call
    behind, entering = _since(tensors, start)
    known = {(tensor.call.serial, tensor.output) for tensor in call.reads()}
    call.rest += tuple(tensor for tensor in entering if (tensor.call.serial, tensor.output) not in known)
    for inner in behind:
        call.unread = call.unread or inner.unread
        call.open = call.open or inner.open
    for outer, inner_tensor in zip(made, tensors, strict=True):
        outer.shape = inner_tensor.shape
    call.inside = list(dict.fromkeys(call.reads())), tensors
    left = iter(made)
    return calling.alike(result, left)


def _since(tensors: Sequence[Tensor], start: int) -> tuple[list[LayerCall], list[Tensor]]:
    """The calls behind some tensors that were made after a moment, and the earlier tensors that those read."""
    behind: dict[int, LayerCall] = {}
    entering: dict[tuple[int, int], Tensor] = {}
    stack = list(tensors)
    while stack:
        tensor = stack.pop()
        call = tensor.call
        if call.serial <= start:
            entering[call.serial, tensor.output] = tensor
        elif call.serial not in behind:
            behind[call.serial] = call
            stack += call.reads()
    return list(behind.values()), list(entering.values())


# What nobody calls


def untried(reader: Interpreter, layer: Layer) -> Model | None:
    """The model that an own class makes, where the program never calls it on tensors: its arguments are its inputs."""
    instance = layer.attributes.get("instance")
    if not isinstance(instance, Instance) or layer.attributes.get("called"):
        return None
    function = lookup(instance.cls, "call")
    if not isinstance(function, Function):
        return None
    reader.trace.line = function.node.lineno
    parameters = [argument.arg for argument in function.node.args.args[1:] if argument.arg not in _NOT_INPUTS]
    optional = len(function.defaults)
    wanted = parameters if not optional else parameters[: max(1, len(function.node.args.args) - 1 - optional)]
    pending = [Pending(name) for name in wanted]
    result = reader.call_function(function, [instance, *pending], {})
    outputs = calling.tensors_in(result)
    inputs = [tensor for one in pending for _key, tensor in one.tensors()]
    if not outputs or not inputs:
        return None
    keys = [key for one in pending for key, _tensor in one.tensors()]
    model = Model(instance.cls.name, "own", {}, layer.line, layer.keras_name, layer.named, layer.wishes)
    model.inputs, model.outputs = inputs, result
    model.input_keys = tuple(keys) if all(isinstance(key, str) for key in keys) else None
    return model
