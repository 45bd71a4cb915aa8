"""What a program's imported names are, and what calling them does: Keras in all its spellings, TensorFlow, numpy, Python.

Nothing is imported. A name is known by its dotted path, which is brought into today's form first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mtl_core.graph.program import models, objects
from mtl_core.graph.program.containers import call_method
from mtl_core.graph.program.operations import operation_name
from mtl_core.graph.program.paths import PLAIN, normal_path
from mtl_core.graph.program.python import BUILTINS, Unfollowed, is_constant
from mtl_core.graph.program.signatures import FUNCTIONS, is_layer
from mtl_core.graph.program.values import (
    Class,
    Data,
    Function,
    Imported,
    Instance,
    Layer,
    Method,
    Model,
    Names,
    Pending,
    Sequential,
    Super,
    Tensor,
    Unknown,
)
from mtl_core.language import _

if TYPE_CHECKING:
    from mtl_core.graph.program.follow import Follower

__all__ = ["attribute", "call_anything", "unbound"]

_SHORT = {"np": "numpy", "tf": "tensorflow", "pd": "pandas", "plt": "matplotlib.pyplot", "K": "keras.backend"}
_KERAS_ROOTS = frozenset({
    "keras", "layers", "models", "optimizers", "losses", "metrics", "callbacks", "regularizers", "initializers",
    "applications", "backend", "ops", "utils", "activations", "constraints", "preprocessing",
})  # fmt: skip


def unbound(name: str) -> Any:
    """What a name stands for that the program doesn't define: pastes often leave out their imports."""
    if name in BUILTINS or name in _BUILTINS or name in ("super", "print", "exec"):
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
    return Unknown(_("“{name}” isn't defined in this text.").format(name=name[:60]), name)


# Attributes


def attribute(follower: Follower, value: Any, name: str) -> Any:
    """`value.name`."""
    if isinstance(value, Imported):
        return _constant(normal_path(f"{value.path}.{name}"))
    if isinstance(value, Tensor):
        return _of_tensor(value, name)
    if isinstance(value, (Instance, Super, Class)):
        return objects.attribute(follower, value, name)
    if isinstance(value, Layer):
        return _of_layer(follower, value, name)
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


def _of_layer(follower: Follower, layer: Layer, name: str) -> Any:
    if name in layer.attributes:
        return layer.attributes[name]
    if name in ("input", "output", "inputs", "outputs"):
        given, made = models.ends(follower.trace, layer)
        value = made if name.startswith("output") else given
        return (list(value) if isinstance(value, list) else [value]) if name.endswith("s") else value
    if name == "name":
        return layer.keras_name
    if name == "trainable":
        return layer.config.get("trainable", True)
    if name in ("layers", "_layers"):
        return _layers(follower, layer)
    if name in ("input_shape", "output_shape"):
        tensor = models.ends(follower.trace, layer)[name == "output_shape"]
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


def _layers(follower: Follower, layer: Layer) -> Any:
    """`model.layers`."""
    if isinstance(layer, Sequential):
        models.chain(follower.trace, layer)
        return [part for part in layer.parts if not part.is_input]
    if isinstance(layer, Model):
        calls = models.calls_behind(models.tensors_in(layer.outputs), set(layer.inputs))
        inside = [tensor.call.layer for tensor in layer.inputs] + [call.layer for call in calls]
        return list({id(inner): inner for inner in inside}.values())
    return [layer]


# Calls


def call_anything(
    follower: Follower, function: Any, args: list[Any], kwargs: dict[str, Any], names: Names | None
) -> Any:
    """`function(*args, **kwargs)`."""
    trace = follower.trace
    if isinstance(function, Imported):
        return _imported(follower, normal_path(function.path), args, kwargs, names)
    if isinstance(function, Function):
        return follower.call_function(function, args, kwargs)
    if isinstance(function, Method):
        return _method(follower, function, args, kwargs)
    if isinstance(function, Class):
        return objects.make(follower, function, args, kwargs)
    if isinstance(function, Instance):
        return objects.call_instance(follower, function, args, kwargs)
    if isinstance(function, Layer):
        return call_layer(follower, function, args, kwargs)
    tensors = _tensors(follower, [args, kwargs])
    if isinstance(function, Unknown):
        if not tensors:
            return Unknown(function.why, function.name, function.closed)
        if function.layer is None:
            function.layer = trace.new(Layer, re.sub(r"\W+", "", function.name) or _("unread"), "", {})
            function.layer.wishes = function.wishes
        return trace.unread(function.name, function.why, tensors, is_open=not function.closed, layer=function.layer)
    if isinstance(function, Data) and not tensors:
        return Data(function.name, function.is_kerass)
    if isinstance(function, Data) and function.is_kerass:
        return trace.operation(operation_name(function.name or "function"), {}, tensors, {})
    if isinstance(function, Data):
        why = _("It isn't known what “{name}” does with a tensor.").format(name=function.name or "…")
        return trace.unread(function.name, why, tensors, is_open=False)
    if tensors:
        return trace.unread("", _("It isn't known what is called here."), tensors, is_open=True)
    return Unknown(_("It isn't known what is called here."))


def call_layer(follower: Follower, layer: Layer, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Call a layer of Keras's or a model."""
    if layer.function is not None and layer.class_name == "Lambda":
        return objects.call_lambda(follower, layer, args, kwargs)
    inner = layer.attributes.get("wrapped")
    if inner is not None and not isinstance(inner, Layer):
        layer.unread = layer.unread or _("It isn't known what this layer wraps.")
    return models.call_model(follower.trace, layer, args, kwargs)


def _tensors(follower: Follower, value: Any) -> list[Tensor]:
    """The tensors among some arguments, and those of inputs that are still to be made."""
    leaves = [leaf for leaf in follower.trace.leaves(value) if isinstance(leaf, (Tensor, Pending))]
    return [tensor for tensor in map(follower.trace.tensor, leaves) if tensor]


def _imported(follower: Follower, path: str, args: list[Any], kwargs: dict[str, Any], names: Names | None) -> Any:
    root, _dot, _rest = path.partition(".")
    name = path.rpartition(".")[2]
    if root == "builtins" or path in BUILTINS:
        return _builtin(follower, name if root == "builtins" else path, args, kwargs, names)
    if root == "keras":
        return _keras(follower, path, name, args, kwargs)
    special = _SPECIAL.get(path)
    if special:
        return special(follower, args, kwargs)
    tensors = _tensors(follower, [args, kwargs])
    if root == "tensorflow" and path.startswith("tensorflow.layers.") and name[:1].islower():
        return _old_function(follower, name, args, kwargs)
    if root in ("tensorflow", "numpy") and tensors:
        return _function(follower, path, name, args, kwargs)
    if root in PLAIN or root == "tensorflow":
        return follower.operation(operation_name(name), args, kwargs) if tensors else Data(name)
    owner = next((part for part in reversed(path.split(".")[:-1]) if part[:1].isupper()), "")
    shown = owner if name[:1].islower() and owner else name
    return call_anything(
        follower,
        Unknown(_("“{path}” is not Keras's, and not read.").format(path=path[:80]), shown, True),
        args,
        kwargs,
        names,
    )


def _keras(follower: Follower, path: str, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    trace = follower.trace
    functions = any(part in path for part in (".backend.", ".ops.", ".activations.", ".random."))
    if name == "Input":
        return models.new_input(trace, args, kwargs)
    if name in ("Model", "Functional", "Graph"):
        return models.functional(trace, args, kwargs) if args or kwargs else Unknown(_("This model is empty."))
    if name == "Sequential":
        return models.sequential(trace, args, kwargs)
    if name in ("Merge", "merge") and not functions:
        given = dict(zip(("layers", "mode"), args, strict=False)) | kwargs
        made = models.merge(trace, given.get("layers", given.get("inputs")), given.get("mode", "sum"), given)
        if name == "Merge":
            return made
        return call_layer(follower, made, [given.get("inputs", given.get("layers"))], {})
    if ".applications" in path and name[:1].isupper():
        return models.application(trace, name, kwargs)
    if not functions and name in FUNCTIONS and ".layers" in path:
        rest = {key: value for key, value in kwargs.items() if key != "inputs"}
        read = args[0] if args else kwargs.get("inputs")
        return call_layer(follower, trace.layer(FUNCTIONS[name], "keras.layers", args[1:], rest), [read], {})
    if not functions and (is_layer(name) or (".layers" in path and name[:1].isupper())):
        return make_layer(follower, name, args, kwargs)
    if name in ("load_model", "model_from_json", "model_from_yaml", "clone_model", "from_pretrained", "from_config"):
        return Unknown(_("“{name}” makes a model that is not in this text.").format(name=name), name, True)
    if name == "epsilon":
        return 1e-07
    if ".losses" in path or ".metrics" in path or ".optimizers" in path:
        return Data(name, True)
    if _tensors(follower, [args, kwargs]):
        return _function(follower, path, name, args, kwargs)
    return Data(name, True)


def make_layer(follower: Follower, name: str, args: list[Any], kwargs: dict[str, Any]) -> Layer:
    """`Dense(...)`, or any other layer of Keras's."""
    made = follower.trace.layer(name, "keras.layers", args, kwargs)
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


def _function(follower: Follower, path: str, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """A function of Keras's, TensorFlow's or numpy's on tensors."""
    if name in ("int_shape", "shape", "get_variable_shape") and args and isinstance(args[0], Tensor):
        shape = args[0].shape
        return shape if shape is not None else Unknown(_("The shape of this tensor isn't known."))
    if name in ("is_keras_tensor", "ndim", "is_tensor", "print_tensor"):
        known = isinstance(args[0], Tensor) and args[0].shape is not None
        return True if name.startswith("is_") else (len(args[0].shape) if name == "ndim" and known else args[0])
    called = [leaf for leaf in follower.trace.leaves([args, kwargs]) if isinstance(leaf, (Function, Unknown, Method))]
    if called:
        why = _("What “{name}” does with a function is not followed.").format(name=name)
        return follower.trace.unread(name, why, _tensors(follower, [args, kwargs]), is_open=True)
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
    return follower.operation(operation_name(name), args, kwargs, path)


def _old_function(follower: Follower, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """`tf.layers.dense(x, 3)` of TensorFlow 1."""
    written = (
        "".join(part.capitalize() for part in name.split("_"))
        .replace("2d", "2D")
        .replace("1d", "1D")
        .replace("3d", "3D")
    )
    given = args[0] if args else kwargs.pop("inputs", None)
    return call_layer(follower, make_layer(follower, written, args[1:], kwargs), [given], {})


# Methods


def _method(follower: Follower, called: Method, args: list[Any], kwargs: dict[str, Any]) -> Any:
    of, function = called.of, called.function
    if isinstance(function, Function):
        return follower.call_function(function, [of, *args] if function.kind != "staticmethod" else args, kwargs)
    if isinstance(of, Partial):
        return call_anything(follower, of.function, [*of.args, *args], of.kwargs | kwargs, None)
    if isinstance(of, Super):
        return objects.super_method(follower, of, function, args, kwargs)
    if isinstance(of, Layer):
        return _layer_method(follower, of, function, args, kwargs)
    if isinstance(of, Tensor):
        if function == "get_shape":
            return Method(of, "as_list") if of.shape is None else list(of.shape)
        if function in ("as_list", "set_shape"):
            return Unknown(_("The shape of this tensor isn't known."))
        return follower.operation(operation_name(function), [of, *args], kwargs)
    if isinstance(of, Pending):
        if function in ("get", "pop") and args and isinstance(args[0], str):
            return follower.part(of, args[0])
        return Unknown(_("It isn't known what this input is."))
    if function == "as_list":
        return list(of)
    return call_method(follower, of, function, args, kwargs)


def _layer_method(follower: Follower, layer: Layer, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    trace = follower.trace
    if name in ("call", "__call__"):
        return call_layer(follower, layer, args, kwargs)
    if name == "add" and isinstance(layer, Sequential) and (args or kwargs):
        return models.add(trace, layer, args[0] if args else kwargs.get("layer"))
    if name == "pop" and isinstance(layer, Sequential) and layer.parts:
        return layer.parts.pop()
    if name == "get_layer":
        wanted = kwargs.get("name", kwargs.get("index", args[0] if args else None))
        inside = _layers(follower, layer)
        if layer.module == "keras.applications":
            return layer
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
        weights = kwargs.get("loss_weights")
        layer.attributes["loss_weights"] = weights
        layer.attributes["compiled_in"] = trace.line
        return None
    if name == "build" and isinstance(layer, Sequential):
        shape = kwargs.get("input_shape", args[0] if args else None)
        if layer.parts and isinstance(shape, (list, tuple)):
            layer.parts[0].config.setdefault("batch_input_shape", tuple(shape))
        return None
    return Data(name)


# Python's functions


def _builtin(follower: Follower, name: str, args: list[Any], kwargs: dict[str, Any], names: Names | None) -> Any:
    special = _BUILTINS.get(name)
    if special:
        return special(follower, args, kwargs)
    if name == "super":
        return objects.super_of(args, names)
    if name == "print":
        return None
    if name == "exec":
        return follower.follow_text(args[0] if args else None)
    first = args[0] if args else None
    if name == "len" and isinstance(first, Tensor) and first.shape and first.shape[0] is not None:
        return first.shape[0]
    if any(isinstance(arg, (Unknown, Data, Tensor, Pending)) for arg in args):
        return Data(name)
    if name in ("sum", "abs", "max", "min") and _tensors(follower, args):
        return follower.operation(operation_name(name), args, {})
    try:
        return BUILTINS[name](*args, **kwargs)
    except (TypeError, ValueError, ArithmeticError, KeyError):
        raise Unfollowed from None


def _sum(follower: Follower, args: list[Any], kwargs: dict[str, Any]) -> Any:
    total = args[1] if len(args) > 1 else 0
    for item in follower.items(args[0]):
        total = follower.operate("Add", total, item) if not (is_constant(total) and total == 0) else item
    return total


def _zip(follower: Follower, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
    return list(zip(*map(follower.items, args), strict=False))


def _enumerate(follower: Follower, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
    start = kwargs.get("start", args[1] if len(args) > 1 else 0)
    return list(enumerate(follower.items(args[0]), start if isinstance(start, int) else 0))


def _map(follower: Follower, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
    return [follower.call(args[0], list(items), {}) for items in zip(*map(follower.items, args[1:]), strict=False)]


def _filter(follower: Follower, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
    from mtl_core.graph.program.evaluate import holds

    kept = []
    for item in follower.items(args[1]):
        truth = holds(item if args[0] is None else follower.call(args[0], [item], {}))
        if truth is None:
            raise Unfollowed
        kept += [item] if truth else []
    return kept


def _reduce(follower: Follower, args: list[Any], kwargs: dict[str, Any]) -> Any:
    items = [*args[2:3], *follower.items(args[1])]
    total = items[0] if items else None
    for item in items[1:]:
        total = follower.call(args[0], [total, item], {})
    return total


def _all_or_any(wanted: bool) -> Callable[..., Any]:
    def call(follower: Follower, args: list[Any], kwargs: dict[str, Any]) -> Any:
        from mtl_core.graph.program.evaluate import holds

        truths = [holds(item) for item in follower.items(args[0])]
        if wanted in truths:
            return wanted
        return Unknown(_("It isn't known whether this condition holds.")) if None in truths else not wanted

    return call


def _sorted(follower: Follower, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
    items = follower.items(args[0])
    numbers, texts = (all(isinstance(item, kind) for item in items) for kind in ((int, float), str))
    if kwargs.get("key") is not None or not (numbers or texts):
        raise Unfollowed
    return sorted(items, reverse=kwargs.get("reverse") is True)


def _isinstance(follower: Follower, args: list[Any], kwargs: dict[str, Any]) -> Any:
    value, kind = (*args, None, None)[:2]
    kinds = {"list": list, "tuple": tuple, "dict": dict, "int": int, "str": str, "float": float, "bool": bool}
    wanted = kind if isinstance(kind, tuple) else (kind,)
    if isinstance(value, (Unknown, Data, Pending)) or not all(isinstance(one, Imported) for one in wanted):
        return Unknown(_("It isn't known what this is."))
    if isinstance(value, Layer):
        return any(
            one.name == value.class_name or one.name == "Layer" or (one.name == "Model" and isinstance(value, Model))
            for one in wanted
        )
    return isinstance(value, tuple(kinds[one.name] for one in wanted if one.name in kinds))


def _getattr(follower: Follower, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if len(args) < 2 or not isinstance(args[1], str):
        raise Unfollowed
    return follower.attribute(args[0], args[1])


def _setattr(follower: Follower, args: list[Any], kwargs: dict[str, Any]) -> None:
    if len(args) == 3 and isinstance(args[1], str):
        follower.set_attribute(args[0], args[1], args[2])


def _collection(kind: Callable[[Any], Any]) -> Callable[..., Any]:
    def call(follower: Follower, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if args and isinstance(args[0], (Tensor, Unknown, Data, Pending)):
            return args[0]
        return kind(follower.items(args[0]) if args else [])

    return call


def _dict(follower: Follower, args: list[Any], kwargs: dict[str, Any]) -> dict[Any, Any]:
    made: dict[Any, Any] = {}
    if args and isinstance(args[0], dict):
        made.update(args[0])
    elif args:
        for pair in follower.items(args[0]):
            if not isinstance(pair, (list, tuple)) or len(pair) != 2 or not is_constant(pair[0]):
                raise Unfollowed
            made[pair[0]] = pair[1]
    return made | kwargs


def _partial(follower: Follower, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return Method(Partial(args[0], args[1:], kwargs), "call") if args else Unknown(_("This is not followed."))


class Partial:
    """A function with some of its arguments given."""

    def __init__(self, function: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        self.function, self.args, self.kwargs = function, list(args), dict(kwargs)


_BUILTINS: Mapping[str, Callable[..., Any]] = {
    "sum": _sum,
    "zip": _zip,
    "enumerate": _enumerate,
    "map": _map,
    "filter": _filter,
    "all": _all_or_any(False),
    "any": _all_or_any(True),
    "sorted": _sorted,
    "reversed": lambda follower, args, kwargs: follower.items(args[0])[::-1],
    "list": _collection(list),
    "tuple": _collection(tuple),
    "set": _collection(lambda items: list(dict.fromkeys(items)) if all(map(is_constant, items)) else items),
    "iter": _collection(list),
    "dict": _dict,
    "isinstance": _isinstance,
    "getattr": _getattr,
    "setattr": _setattr,
    "hasattr": lambda follower, args, kwargs: Unknown(_("It isn't known whether this has such an attribute.")),
    "bool": lambda follower, args, kwargs: Data() if not args or not is_constant(args[0]) else bool(args[0]),
    "type": lambda follower, args, kwargs: Data("type"),
    "id": lambda follower, args, kwargs: Data("id"),
    "input": lambda follower, args, kwargs: Unknown(_("What somebody types isn't known.")),
    "open": lambda follower, args, kwargs: Data("file"),
}

_SPECIAL: Mapping[str, Callable[..., Any]] = {
    "functools.reduce": _reduce,
    "functools.partial": _partial,
    "collections.OrderedDict": _dict,
    "collections.defaultdict": lambda follower, args, kwargs: {},
    "tqdm.tqdm": lambda follower, args, kwargs: args[0] if args else Data(),
    "copy.copy": lambda follower, args, kwargs: args[0][:] if isinstance(args[0], list) else args[0],
    "itertools.chain": lambda follower, args, kwargs: [item for part in args for item in follower.items(part)],
}
