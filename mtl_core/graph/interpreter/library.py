"""What a program's imported names are, and what calling them does: Keras in all its spellings, TensorFlow, numpy, Python.

Nothing is imported. A name is known by its dotted path, which is brought into today's form first.
"""

from __future__ import annotations

import builtins
import re
from typing import Any

from mtl_core.graph.interpreter import models, objects, sequential
from mtl_core.graph.interpreter.containers import spoil
from mtl_core.graph.interpreter.functions import SPECIAL, call_builtin, is_builtin, with_all_arguments
from mtl_core.graph.interpreter.interpreter import Interpreter
from mtl_core.graph.interpreter.methods import call_bound
from mtl_core.graph.interpreter.operations import operation_name
from mtl_core.graph.interpreter.paths import PLAIN, normal_path
from mtl_core.graph.interpreter.python import BUILTINS
from mtl_core.graph.interpreter.signatures import FUNCTIONS, is_layer
from mtl_core.graph.interpreter.values import (
    Class,
    Data,
    Function,
    Imported,
    Instance,
    Layer,
    Method,
    Names,
    Pending,
    Tensor,
    Unknown,
    may_hold_tensors,
)
from mtl_core.language import _

__all__ = ["call_anything", "unbound"]

_SHORT = {"np": "numpy", "tf": "tensorflow", "pd": "pandas", "plt": "matplotlib.pyplot", "K": "keras.backend"}
_KERAS_ROOTS = frozenset({
    "keras", "layers", "models", "optimizers", "losses", "metrics", "callbacks", "regularizers", "initializers",
    "applications", "backend", "ops", "utils", "activations", "constraints", "preprocessing",
})  # fmt: skip


def unbound(name: str) -> Any:
    """What a name stands for that the program doesn't define: pastes often leave out their imports."""
    if is_builtin(name):
        return Imported(f"builtins.{name}")
    if name in _SHORT:
        return Imported(_SHORT[name])
    if name == "keras":
        return Imported("keras")
    if name in _KERAS_ROOTS:
        return Imported(f"keras.{name}")
    if name in PLAIN or name == "tensorflow":
        return Imported(name)
    if is_layer(name) or name in FUNCTIONS or name in ("Input", "Merge", "merge"):
        return Imported(f"keras.layers.{name}")
    if name in ("Model", "Sequential", "Functional"):
        return Imported(f"keras.models.{name}")
    if name == "__name__":
        return "__main__"
    if hasattr(builtins, name):
        return Unknown(_("Python's own “{name}” is not followed.").format(name=name[:60]), name)
    return Unknown(_("“{name}” isn't defined in this text.").format(name=name[:60]), name)


# Calls


def call_anything(
    reader: Interpreter, function: Any, args: list[Any], kwargs: dict[str, Any], names: Names | None
) -> Any:
    """`function(*args, **kwargs)`."""
    trace = reader.trace
    if isinstance(function, Imported):
        return _imported(reader, normal_path(function.path), args, kwargs, names)
    if isinstance(function, Function):
        return reader.call_function(function, args, kwargs)
    if isinstance(function, Method):
        return call_bound(reader, function, args, kwargs)
    if isinstance(function, Class):
        return objects.make(reader, function, args, kwargs)
    if isinstance(function, Instance):
        return objects.call_instance(reader, function, args, kwargs)
    if isinstance(function, Layer):
        return objects.call_layer(reader, function, args, kwargs)
    tensors = _tensors(reader, [args, kwargs])
    if isinstance(function, Unknown):
        trace.may_have_thawed |= any(isinstance(leaf, (Layer, Instance)) for leaf in trace.leaves([args, kwargs]))
        if not function.closed:
            _spoil_all([*args, *kwargs.values()], function.why)
        if not tensors:
            return Unknown(function.why, function.name, function.closed)
        if function.layer is None:
            function.layer = trace.new(Layer, re.sub(r"\W+", "", function.name) or _("unread"), "", {})
            function.layer.wishes = function.wishes
        return trace.unread(function.name, function.why, tensors, is_open=not function.closed, layer=function.layer)
    if isinstance(function, Data) and not tensors:
        return _without_tensors(reader, function.name, args, kwargs, function.is_kerass)
    if isinstance(function, Data) and function.is_kerass:
        return trace.operation(operation_name(function.name or "function"), {}, tensors, {})
    if isinstance(function, Data):
        why = _("It isn't known what “{name}” does with a tensor.").format(name=function.name or "…")
        return trace.unread(function.name, why, tensors, is_open=False)
    if tensors:
        return trace.unread("", _("It isn't known what is called here."), tensors, is_open=True)
    return Unknown(_("It isn't known what is called here."))


def _tensors(reader: Interpreter, value: Any) -> list[Tensor]:
    """The tensors among some arguments, and those of inputs that are still to be made."""
    leaves = [leaf for leaf in reader.trace.leaves(value) if isinstance(leaf, (Tensor, Pending))]
    return [tensor for tensor in map(reader.trace.tensor, leaves) if tensor]


def _imported(reader: Interpreter, path: str, args: list[Any], kwargs: dict[str, Any], names: Names | None) -> Any:
    root, _dot, _rest = path.partition(".")
    name = path.rpartition(".")[2]
    if root == "builtins" or (path in BUILTINS and not _tensors(reader, [args, kwargs])):
        return call_builtin(reader, name if root == "builtins" else path, args, kwargs, names)
    if root == "keras":
        return _keras(reader, path, name, args, kwargs)
    special = SPECIAL.get(path)
    if special:
        return with_all_arguments(special, reader, args, kwargs)
    tensors = _tensors(reader, [args, kwargs])
    if root == "tensorflow" and path.startswith("tensorflow.layers.") and name[:1].islower():
        return _old_function(reader, name, args, kwargs)
    if root in ("tensorflow", "numpy") and tensors:
        return _function(reader, path, name, args, kwargs)
    if root in PLAIN or root == "tensorflow":
        return (
            reader.operation(operation_name(name), args, kwargs)
            if tensors
            else _without_tensors(reader, name, args, kwargs)
        )
    owner = next((part for part in reversed(path.split(".")[:-1]) if part[:1].isupper()), "")
    shown = owner if name[:1].islower() and owner else name
    return call_anything(
        reader,
        Unknown(_("“{path}” is not Keras's, and not read.").format(path=path[:80]), shown, True),
        args,
        kwargs,
        names,
    )


def _keras(reader: Interpreter, path: str, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    trace = reader.trace
    functions = any(part in path for part in (".backend.", ".ops.", ".activations.", ".random."))
    if name == "Input":
        return models.new_input(trace, args, kwargs)
    if name in ("Model", "Functional", "Graph"):
        return models.functional(trace, args, kwargs) if args or kwargs else Unknown(_("This model is empty."))
    if name == "Sequential":
        return sequential.sequential(trace, args, kwargs)
    if name in ("Merge", "merge") and not functions:
        given = dict(zip(("layers", "mode"), args, strict=False)) | kwargs
        made = sequential.merge(trace, given.get("layers", given.get("inputs")), given.get("mode", "sum"), given)
        if name == "Merge":
            return made
        return objects.call_layer(reader, made, [given.get("inputs", given.get("layers"))], {})
    if ".applications" in path and name[:1].isupper():
        return models.application(trace, name, kwargs)
    if not functions and name in FUNCTIONS and ".layers" in path:
        rest = {key: value for key, value in kwargs.items() if key != "inputs"}
        read = args[0] if args else kwargs.get("inputs")
        return objects.call_layer(reader, trace.layer(FUNCTIONS[name], "keras.layers", args[1:], rest), [read], {})
    if not functions and (is_layer(name) or (".layers" in path and name[:1].isupper())):
        return make_layer(reader, name, args, kwargs)
    if name in ("load_model", "model_from_json", "model_from_yaml", "clone_model", "from_pretrained", "from_config"):
        return Unknown(_("“{name}” makes a model that is not in this text.").format(name=name), name, True)
    if name == "epsilon":
        return 1e-07
    if ".losses" in path or ".metrics" in path or ".optimizers" in path:
        return Data(name, True)
    if _tensors(reader, [args, kwargs]):
        return _function(reader, path, name, args, kwargs)
    return _without_tensors(reader, name, args, kwargs, is_kerass=True)


def _without_tensors(
    reader: Interpreter, name: str, args: list[Any], kwargs: dict[str, Any], is_kerass: bool = False
) -> Data | Unknown:
    """What a function that isn't followed makes of numbers: numbers; of functions and objects, which may hold tensors: unknown."""
    if may_hold_tensors(reader.trace.leaves([args, kwargs])):
        return Unknown(_("What “{name}” makes of this is not followed.").format(name=name[:60]), name)
    return Data(name, is_kerass)


def _spoil_all(values: list[Any], why: str) -> None:
    """Forget lists and dicts that a function which isn't in the text may have changed."""
    for value in values:
        spoil(value, why)


def make_layer(reader: Interpreter, name: str, args: list[Any], kwargs: dict[str, Any]) -> Layer:
    """`Dense(...)`, or any other layer of Keras's."""
    made = reader.trace.layer(name, "keras.layers", args, kwargs)
    wrapped = kwargs.get("layer", args[0] if args else None) if name in _WRAPPERS else None
    if isinstance(wrapped, Instance):
        wrapped = wrapped.layer
    if isinstance(wrapped, Layer):
        made.attributes["wrapped"] = wrapped
        made.config["layer"] = {
            "class_name": wrapped.class_name,
            "module": wrapped.module,
            "config": dict(wrapped.config),
        }
    elif name in _WRAPPERS:
        made.attributes["wrapped"] = wrapped
    if name == "Lambda":
        made.function = kwargs.get("function", args[0] if args else None)
    return made


_WRAPPERS = frozenset({"Bidirectional", "TimeDistributed", "SpectralNormalization", "Wrapper"})


def _function(reader: Interpreter, path: str, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """A function of Keras's, TensorFlow's or numpy's on tensors."""
    if name in ("int_shape", "shape", "get_variable_shape") and args and isinstance(args[0], Tensor):
        shape = args[0].shape
        return shape if shape is not None else Unknown(_("The shape of this tensor isn't known."))
    if name in ("is_keras_tensor", "ndim", "is_tensor", "print_tensor") and args:
        known = isinstance(args[0], Tensor) and args[0].shape is not None
        return True if name.startswith("is_") else (len(args[0].shape) if name == "ndim" and known else args[0])
    called = [leaf for leaf in reader.trace.leaves([args, kwargs]) if isinstance(leaf, (Function, Unknown, Method))]
    if called:
        why = _("What “{name}” does with a function is not followed.").format(name=name)
        return reader.trace.unread(name, why, _tensors(reader, [args, kwargs]), is_open=True)
    if (
        name in ("concat", "concatenate")
        and path.startswith("tensorflow.")
        and len(args) > 1
        and isinstance(args[0], int)
    ):
        args = [args[1], args[0], *args[2:]]  # before TensorFlow 1.0
    if "values" in kwargs and name in ("concat", "stack"):
        args = [kwargs.pop("values"), *args]
    for key in ("x", "a", "tensor", "tensors", "inputs", "input", "xs", "input_tensor", "arrays"):
        if not args and key in kwargs:
            args = [kwargs.pop(key)]
    return reader.operation(operation_name(name), args, kwargs, path)


def _old_function(reader: Interpreter, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """`tf.layers.dense(x, 3)` of TensorFlow 1."""
    written = (
        "".join(part.capitalize() for part in name.split("_"))
        .replace("2d", "2D")
        .replace("1d", "1D")
        .replace("3d", "3D")
    )
    given = args[0] if args else kwargs.pop("inputs", None)
    return objects.call_layer(reader, make_layer(reader, written, args[1:], kwargs), [given], {})
