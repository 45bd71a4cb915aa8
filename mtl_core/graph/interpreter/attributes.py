"""Attributes of what a program's names stand for: `model.output`, `x.shape`, `keras.layers`."""

from __future__ import annotations

from typing import Any

from mtl_core.graph.interpreter import models, objects
from mtl_core.graph.interpreter.interpreter import Interpreter
from mtl_core.graph.interpreter.paths import normal_path
from mtl_core.graph.interpreter.values import (
    Class,
    Data,
    Imported,
    Instance,
    Layer,
    Method,
    Pending,
    Super,
    Tensor,
    Unknown,
)
from mtl_core.language import _

__all__ = ["attribute"]


def attribute(reader: Interpreter, value: Any, name: str) -> Any:
    """`value.name`."""
    if isinstance(value, Imported):
        return _constant(normal_path(f"{value.path}.{name}"))
    if isinstance(value, Tensor):
        return _of_tensor(value, name)
    if isinstance(value, (Instance, Super, Class)):
        return objects.attribute(reader, value, name)
    if isinstance(value, Layer):
        return _of_layer(reader, value, name)
    if isinstance(value, (str, list, tuple, dict, set)):
        return Method(value, name)
    if isinstance(value, Pending):
        return Unknown(_("The shape of this input isn't known.")) if name == "shape" else Method(value, name)
    if isinstance(value, (Data, Unknown)):
        return Data(name) if isinstance(value, Data) else value
    if isinstance(value, slice) and name in ("start", "stop", "step"):
        return getattr(value, name)
    return Unknown(_("“{name}” isn't known here.").format(name=name), name)


def _constant(path: str) -> Any:
    """An imported number, or the path itself."""
    return {
        "numpy.newaxis": None,
        "tensorflow.newaxis": None,
        "math.pi": 3.141592653589793,
        "numpy.pi": 3.141592653589793,
    }.get(path, Imported(path))


def _of_tensor(tensor: Tensor, name: str) -> Any:
    if tensor.call.unread and name not in ("shape", "dtype", "name", "get_shape"):
        return Tensor(tensor.call, 0)
    if name in ("shape", "_keras_shape"):
        return tensor.shape if tensor.shape is not None else Unknown(_("The shape of this tensor isn't known."))
    if name in ("ndim", "rank"):
        return len(tensor.shape) if tensor.shape is not None else Unknown(_("The shape of this tensor isn't known."))
    if name == "name":
        return tensor.call.layer.keras_name
    return Data(name) if name == "dtype" else Method(tensor, name)


def _of_layer(reader: Interpreter, layer: Layer, name: str) -> Any:
    if name in layer.attributes:
        return layer.attributes[name]
    if name in ("input", "output", "inputs", "outputs"):
        given, made = models.ends(reader.trace, layer)
        value = made if name.startswith("output") else given
        return (list(value) if isinstance(value, list) else [value]) if name.endswith("s") else value
    if name == "name":
        return layer.keras_name
    if name == "trainable":
        return layer.config.get("trainable", True)
    if name in ("layers", "_layers"):
        return models.inside(reader.trace, layer)
    if name in ("input_shape", "output_shape"):
        tensor = models.ends(reader.trace, layer)[name == "output_shape"]
        return tensor.shape if isinstance(tensor, Tensor) and tensor.shape else Unknown(_("This shape isn't known."))
    if name in (
        "weights",
        "trainable_weights",
        "trainable_variables",
        "variables",
        "optimizer",
        "history",
        "metrics",
        "loss",
    ):
        return Data(name)
    if name in layer.config:
        return layer.config[name]
    return Method(layer, name)
