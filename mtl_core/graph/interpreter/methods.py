"""Methods of layers, models, tensors, lists and texts in a program."""

from __future__ import annotations

from typing import Any

from mtl_core.graph.interpreter import models, objects, sequential
from mtl_core.graph.interpreter.constants import Unfollowed
from mtl_core.graph.interpreter.containers import call_method
from mtl_core.graph.interpreter.freezing import compiled
from mtl_core.graph.interpreter.functions import Partial
from mtl_core.graph.interpreter.interpreter import Interpreter
from mtl_core.graph.interpreter.operations import operation_name
from mtl_core.graph.interpreter.values import (
    Data,
    Function,
    Layer,
    Method,
    Pending,
    Sequential,
    Super,
    Tensor,
    Unknown,
)
from mtl_core.language import _

__all__ = ["call_bound"]


def call_bound(reader: Interpreter, called: Method, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """`value.method(*args, **kwargs)`."""
    of, function = called.of, called.function
    if isinstance(function, Function):
        return reader.call_function(function, [of, *args] if function.kind != "staticmethod" else args, kwargs)
    if isinstance(of, Partial):
        return reader.call(of.function, [*of.args, *args], of.kwargs | kwargs)
    if isinstance(of, Super):
        return objects.super_method(reader, of, function, args, kwargs)
    if isinstance(of, Layer):
        return _layer_method(reader, of, function, args, kwargs)
    if isinstance(of, Tensor):
        if function == "get_shape":
            return Method(of, "as_list") if of.shape is None else list(of.shape)
        if function in ("as_list", "set_shape"):
            return Unknown(_("The shape of this tensor isn't known."))
        return reader.operation(operation_name(function), [of, *args], kwargs)
    if isinstance(of, Pending):
        if function in ("get", "pop") and args and isinstance(args[0], str):
            return reader.part(of, args[0])
        return Unknown(_("It isn't known what this input is."))
    if function == "as_list":
        return list(of)
    return call_method(reader, of, function, args, kwargs)


def _layer_method(reader: Interpreter, layer: Layer, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    trace = reader.trace
    if name in ("call", "__call__", "apply"):
        return objects.call_layer(reader, layer, args, kwargs)
    if name == "add" and isinstance(layer, Sequential) and (args or kwargs):
        return sequential.add(trace, layer, args[0] if args else kwargs.get("layer"))
    if name == "pop" and isinstance(layer, Sequential) and layer.parts:
        return layer.parts.pop()
    if name == "get_layer":
        wanted = kwargs.get("name", kwargs.get("index", args[0] if args else None))
        inside = models.inside(trace, layer)
        if layer.module == "keras.applications":
            return models.part_of(layer)
        if isinstance(wanted, int) and -len(inside) <= wanted < len(inside):
            return inside[wanted]
        fit = [inner for inner in inside if inner.keras_name == wanted] or [i for i in inside if wanted in i.wishes[:1]]
        why = _("“{model}” has no layer named “{name}” here.").format(model=layer.keras_name, name=str(wanted)[:60])
        return fit[0] if fit else Unknown(why)
    if name in ("get_output_at", "get_input_at"):
        number = args[0] if args and isinstance(args[0], int) else 0
        if not 0 <= number < len(layer.calls):
            raise Unfollowed
        call = layer.calls[number]
        return call.made[0] if name == "get_output_at" else call.reads()[0]
    if name == "compile":
        weights = kwargs.get("loss_weights", args[3] if len(args) > 3 else None)
        layer.attributes["loss_weights"] = weights
        layer.attributes["compiled_in"] = trace.line
        compiled(layer, None if trace.doubts else weights, trace.budget.spend)
        return None
    if name == "build" and isinstance(layer, Sequential):
        shape = kwargs.get("input_shape", args[0] if args else None)
        if layer.parts and isinstance(shape, (list, tuple)):
            layer.parts[0].config.setdefault("batch_input_shape", tuple(shape))
        return None
    tensors = [leaf for leaf in trace.leaves([args, kwargs]) if isinstance(leaf, (Tensor, Pending))]
    if tensors:
        return trace.unread(
            name, _("It isn't known what “{name}” does with a tensor.").format(name=name[:60]), tensors, is_open=True
        )
    return Data(name)
