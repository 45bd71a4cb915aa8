"""Python's own functions and those of its standard library, on whatever a program's names stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mtl_core.graph.interpreter.constants import Unfollowed, is_constant
from mtl_core.graph.interpreter.containers import spoil
from mtl_core.graph.interpreter.evaluate import holds
from mtl_core.graph.interpreter.interpreter import Interpreter
from mtl_core.graph.interpreter.objects import super_of
from mtl_core.graph.interpreter.operations import operation_name
from mtl_core.graph.interpreter.python import BUILTINS
from mtl_core.graph.interpreter.values import (
    Data,
    Imported,
    Layer,
    Method,
    Model,
    Names,
    Pending,
    Tensor,
    Unknown,
    may_hold_tensors,
)
from mtl_core.language import _

__all__ = ["SPECIAL", "Partial", "call_builtin", "is_builtin", "with_all_arguments"]


def is_builtin(name: str) -> bool:
    """Whether Python has a function of this name that is followed."""
    return name in BUILTINS or name in _BUILTINS or name in ("super", "print", "exec", "globals", "locals", "vars")


def call_builtin(reader: Interpreter, name: str, args: list[Any], kwargs: dict[str, Any], names: Names | None) -> Any:
    """A call of one of Python's own functions, by its name."""
    special = _BUILTINS.get(name)
    if special:
        return with_all_arguments(special, reader, args, kwargs)
    if name == "super":
        return super_of(args, names)
    if name == "print":
        return None
    if name == "exec":
        return reader.follow_text(args[0] if args else None)
    if name in ("globals", "locals", "vars"):
        return _names_of(reader, name, args, names)
    first = args[0] if args else None
    if name == "len" and isinstance(first, Tensor) and first.shape and first.shape[0] is not None:
        return first.shape[0]
    leaves = list(reader.trace.leaves(args))
    if name not in BUILTINS or (name not in _NEVER_TENSORS and may_hold_tensors(leaves)):
        return Unknown(_("The value of “{code}” is not worked out.").format(code=f"{name}(…)"), name)
    if name not in _NEVER_TENSORS and any(isinstance(leaf, (Tensor, Pending)) for leaf in leaves):
        return reader.operation(operation_name(name.rpartition(".")[2]), args, {})
    if any(isinstance(leaf, (Unknown, Data, Tensor, Pending)) for leaf in leaves):
        return Data(name)
    try:
        return BUILTINS[name](*args, **kwargs)
    except (TypeError, ValueError, ArithmeticError, KeyError):
        raise Unfollowed from None


_NEVER_TENSORS = frozenset({"range", "xrange", "len", "int", "float", "str", "repr", "slice"})
"""Functions whose results are numbers, texts and ranges, whatever they are given."""


def with_all_arguments(
    function: Callable[..., Any], reader: Interpreter, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """A function of the tables below; raises `Unfollowed` where an argument is missing, as in `enumerate()`."""
    try:
        return function(reader, args, kwargs)
    except IndexError:
        raise Unfollowed from None


def _names_of(reader: Interpreter, name: str, args: Sequence[Any], names: Names | None) -> Any:
    """`globals()`, `locals()` or `vars(object)`: the names themselves, so that a change is a change of theirs."""
    if name == "vars" and args:
        return reader.attribute(args[0], "__dict__")
    return (reader.module if name == "globals" or names is None else names).values


def _sum(reader: Interpreter, args: list[Any], kwargs: dict[str, Any]) -> Any:
    total = args[1] if len(args) > 1 else 0
    for item in reader.items(args[0]):
        total = reader.operate("Add", total, item) if not (is_constant(total) and total == 0) else item
    return total


def _zip(reader: Interpreter, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
    return list(zip(*map(reader.items, args), strict=False))


def _enumerate(reader: Interpreter, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
    start = kwargs.get("start", args[1] if len(args) > 1 else 0)
    return list(enumerate(reader.items(args[0]), start if isinstance(start, int) else 0))


def _map(reader: Interpreter, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
    return [reader.call(args[0], list(items), {}) for items in zip(*map(reader.items, args[1:]), strict=False)]


def _filter(reader: Interpreter, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
    kept = []
    for item in reader.items(args[1]):
        truth = holds(item if args[0] is None else reader.call(args[0], [item], {}))
        if truth is None:
            raise Unfollowed
        kept += [item] if truth else []
    return kept


def _reduce(reader: Interpreter, args: list[Any], kwargs: dict[str, Any]) -> Any:
    items = [*args[2:3], *reader.items(args[1])]
    total = items[0] if items else None
    for item in items[1:]:
        total = reader.call(args[0], [total, item], {})
    return total


def _all_or_any(wanted: bool) -> Callable[..., Any]:
    def call(reader: Interpreter, args: list[Any], kwargs: dict[str, Any]) -> Any:
        truths = [holds(item) for item in reader.items(args[0])]
        if wanted in truths:
            return wanted
        return Unknown(_("It isn't known whether this condition holds.")) if None in truths else not wanted

    return call


def _sorted(reader: Interpreter, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
    items = reader.items(args[0])
    numbers, texts = (all(isinstance(item, kind) for item in items) for kind in ((int, float), str))
    if kwargs.get("key") is not None or not (numbers or texts):
        raise Unfollowed
    return sorted(items, reverse=kwargs.get("reverse") is True)


def _isinstance(reader: Interpreter, args: list[Any], kwargs: dict[str, Any]) -> Any:
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


def _getattr(reader: Interpreter, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if len(args) < 2 or not isinstance(args[1], str):
        raise Unfollowed
    return reader.attribute(args[0], args[1])


def _setattr(reader: Interpreter, args: list[Any], kwargs: dict[str, Any]) -> None:
    if len(args) == 3 and isinstance(args[1], str):
        reader.set_attribute(args[0], args[1], args[2])


def _collection(kind: Callable[[Any], Any]) -> Callable[..., Any]:
    def call(reader: Interpreter, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if args and isinstance(args[0], (Tensor, Unknown, Data, Pending)):
            return args[0]
        return kind(reader.items(args[0]) if args else [])

    return call


def _dict(reader: Interpreter, args: list[Any], kwargs: dict[str, Any]) -> dict[Any, Any]:
    made: dict[Any, Any] = {}
    if args and isinstance(args[0], dict):
        made.update(args[0])
    elif args:
        for pair in reader.items(args[0]):
            if not isinstance(pair, (list, tuple)) or len(pair) != 2 or not is_constant(pair[0]):
                raise Unfollowed
            made[pair[0]] = pair[1]
    return made | kwargs


def _shuffle(reader: Interpreter, args: list[Any], kwargs: dict[str, Any]) -> None:
    spoil(args[0] if args else None, _("It isn't known in which order these are."))


def _partial(reader: Interpreter, args: list[Any], kwargs: dict[str, Any]) -> Any:
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
    "reversed": lambda reader, args, kwargs: reader.items(args[0])[::-1],
    "list": _collection(list),
    "tuple": _collection(tuple),
    "set": _collection(lambda items: list(dict.fromkeys(items)) if all(map(is_constant, items)) else items),
    "iter": _collection(list),
    "dict": _dict,
    "isinstance": _isinstance,
    "getattr": _getattr,
    "setattr": _setattr,
    "hasattr": lambda reader, args, kwargs: Unknown(_("It isn't known whether this has such an attribute.")),
    "bool": lambda reader, args, kwargs: Data() if not args or not is_constant(args[0]) else bool(args[0]),
    "type": lambda reader, args, kwargs: Data("type") if len(args) < 2 else Unknown(_("It isn't known what this is.")),
    "id": lambda reader, args, kwargs: Data("id"),
    "input": lambda reader, args, kwargs: Unknown(_("What somebody types isn't known.")),
    "open": lambda reader, args, kwargs: Data("file"),
}


SPECIAL: Mapping[str, Callable[..., Any]] = {
    "functools.reduce": _reduce,
    "functools.partial": _partial,
    "collections.OrderedDict": _dict,
    "collections.defaultdict": lambda reader, args, kwargs: {},
    "collections.deque": lambda reader, args, kwargs: reader.items(args[0]) if args else [],
    "random.shuffle": _shuffle,
    "numpy.random.shuffle": _shuffle,
    "tqdm.tqdm": lambda reader, args, kwargs: args[0] if args else Data(),
    "copy.copy": lambda reader, args, kwargs: args[0][:] if isinstance(args[0], list) else args[0],
    "itertools.chain": lambda reader, args, kwargs: [item for part in args for item in reader.items(part)],
}
