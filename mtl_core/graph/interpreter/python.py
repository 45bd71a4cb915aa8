"""Python's own numbers and lists: what a program does with them is done, as long as it stays small.

Nothing here can take long or much memory: every result has a limit, and what exceeds it is `Unfollowed`. No method of a
value from the program is called but those of Python's own types that are listed here.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mtl_core.graph.interpreter.budget import MAX_ITEMS, MAX_TEXT, Budget
from mtl_core.graph.interpreter.constants import ERRORS, Unfollowed, is_constant, is_key, is_number
from mtl_core.graph.interpreter.texts import formatted, printf, text_method

__all__ = ["BUILTINS", "binary", "compare", "method", "small", "unary"]


_BINARY: Mapping[str, Callable[[Any, Any], Any]] = {
    "Add": operator.add, "Sub": operator.sub, "Mult": operator.mul, "Div": operator.truediv, "Mod": operator.mod,
    "FloorDiv": operator.floordiv, "Pow": operator.pow, "LShift": operator.lshift, "RShift": operator.rshift,
    "BitAnd": operator.and_, "BitOr": operator.or_, "BitXor": operator.xor,
}  # fmt: skip

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "Eq": operator.eq, "NotEq": operator.ne, "Lt": operator.lt, "LtE": operator.le, "Gt": operator.gt, "GtE": operator.ge,
}  # fmt: skip


def binary(name: str, left: Any, right: Any, budget: Budget) -> Any:
    """`left + right`, or another operator by its name in `ast`; raises `Unfollowed`."""
    try:
        if is_number(left) and is_number(right):
            return _numbers(name, left, right)
        if name == "Add" and isinstance(left, (list, tuple, str)) and type(left) is type(right):
            most = MAX_TEXT if isinstance(left, str) else MAX_ITEMS
            if len(left) + len(right) > most:
                raise Unfollowed
            budget.spend(0 if isinstance(left, str) else len(left) + len(right))
            return operator.add(left, right)
        if name == "Mult":
            left, right = (right, left) if isinstance(left, int) else (left, right)
            if isinstance(left, (list, tuple, str)) and isinstance(right, int):
                if len(left) * max(right, 0) > (MAX_TEXT if isinstance(left, str) else MAX_ITEMS):
                    raise Unfollowed
                budget.spend(0 if isinstance(left, str) else len(left) * max(right, 0))
                return left * right
        if name == "Mod" and isinstance(left, str):
            return printf(left, right)
        if isinstance(left, set) and isinstance(right, set) and name in ("Sub", "BitAnd", "BitOr", "BitXor"):
            budget.spend(len(left) + len(right))
            return _BINARY[name](left, right)
        if isinstance(left, dict) and isinstance(right, dict) and name == "BitOr":
            budget.spend(len(left) + len(right))
            return left | right
    except ERRORS:
        raise Unfollowed from None
    raise Unfollowed


def _numbers(name: str, left: Any, right: Any) -> Any:
    if name == "Pow" and not (abs(right) <= 64 and abs(left) <= 10_000):
        raise Unfollowed
    if name == "LShift" and not (isinstance(right, int) and 0 <= right <= 64):
        raise Unfollowed
    if name not in _BINARY:
        raise Unfollowed
    return small(_BINARY[name](left, right))


def small(value: Any) -> Any:
    """A number that is no larger than those of programs; raises `Unfollowed`."""
    if isinstance(value, complex) or (isinstance(value, int) and value.bit_length() > 256):
        raise Unfollowed
    return value


def unary(name: str, value: Any) -> Any:
    """`-value`, or another operator by its name in `ast`; raises `Unfollowed`."""
    if not is_number(value):
        raise Unfollowed
    if name == "Invert":
        if not isinstance(value, int):
            raise Unfollowed
        return ~int(value)
    return -value if name == "USub" else +value


def compare(name: str, left: Any, right: Any) -> bool:
    """`left < right`, or another comparison by its name in `ast`; raises `Unfollowed`."""
    if name in ("Is", "IsNot"):
        if is_constant(left) and is_constant(right) and None not in (left, right):
            return (left == right) is (name == "Is")
        return (left is right) is (name == "Is")
    if name in ("In", "NotIn"):
        return _contains(right, left) is (name == "In")
    if is_key(left) and is_key(right):
        try:
            return bool(_COMPARE[name](left, right))
        except ERRORS:
            raise Unfollowed from None
    if name in ("Eq", "NotEq") and _is_short(left) and _is_short(right):
        return (type(left) is type(right) and left == right) is (name == "Eq")
    raise Unfollowed


def _is_short(value: Any) -> bool:
    return is_key(value) or (isinstance(value, list) and len(value) <= 16 and all(map(is_constant, value)))


def _contains(items: Any, item: Any) -> bool:
    if isinstance(items, str) and isinstance(item, str):
        return item in items
    if isinstance(items, range) and isinstance(item, int):
        return item in items
    if isinstance(items, (list, tuple, set, Mapping)) and len(items) <= MAX_ITEMS:
        return any(_is_same(item, other) for other in items)
    raise Unfollowed


def _is_same(one: Any, other: Any) -> bool:
    return one is other or (is_key(one) and is_key(other) and bool(one == other))


_LIST_METHODS = frozenset({
    "append", "extend", "insert", "pop", "remove", "reverse", "index", "count", "copy", "clear",
})  # fmt: skip
_DICT_METHODS = frozenset({
    "get", "keys", "values", "items", "pop", "setdefault", "update", "copy", "clear",
})  # fmt: skip
_SET_METHODS = frozenset({
    "add", "update", "discard", "remove", "union", "intersection", "difference", "copy",
})  # fmt: skip


def method(value: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], budget: Budget) -> Any:
    """`value.name(*args)` for a text, a list, a tuple, a dict or a set; raises `Unfollowed`."""
    try:
        if isinstance(value, str):
            made = text_method(value, name, args, kwargs)
            budget.spend(len(made) if isinstance(made, list) else 0)
            return made
        if isinstance(value, list) and name in _LIST_METHODS:
            return _list_method(value, name, args, budget)
        if isinstance(value, tuple) and name in ("index", "count") and all(map(is_key, (*value, *args))):
            return getattr(value, name)(*args)
        if isinstance(value, dict) and name in _DICT_METHODS:
            return _dict_method(value, name, args, kwargs, budget)
        if isinstance(value, set) and name in _SET_METHODS:
            budget.spend(len(value))
            if all(is_key(arg) or isinstance(arg, (set, list, tuple)) for arg in args):
                return getattr(value, name)(*args)
    except ERRORS:
        raise Unfollowed from None
    raise Unfollowed


def _list_method(value: list[Any], name: str, args: Sequence[Any], budget: Budget) -> Any:
    if name == "extend":
        items = list(args[0]) if isinstance(args[0], (list, tuple, Mapping)) else None
        if items is None or len(value) + len(items) > MAX_ITEMS:
            raise Unfollowed
        budget.spend(len(items))
        return value.extend(items)
    if name in ("append", "insert") and len(value) >= MAX_ITEMS:
        raise Unfollowed
    if name in ("remove", "index", "count"):
        budget.spend(len(value))
        places = [i for i, item in enumerate(value) if _is_same(item, args[0])]
        if name == "remove":
            del value[places[0]]
            return None
        return len(places) if name == "count" else places[0]
    return getattr(value, name)(*args)


def _dict_method(
    value: dict[Any, Any], name: str, args: Sequence[Any], kwargs: Mapping[str, Any], budget: Budget
) -> Any:
    if name in ("keys", "values", "items"):
        budget.spend(len(value))
        return list(getattr(value, name)())
    if name == "update":
        if args and not isinstance(args[0], Mapping):
            raise Unfollowed
        more = dict(args[0]) if args else {}
        budget.spend(len(more))
        if len(value) + len(more) + len(kwargs) > MAX_ITEMS:
            raise Unfollowed
        return value.update(more, **kwargs)
    if args and not is_key(args[0]):
        raise Unfollowed
    return getattr(value, name)(*args)


# Functions


def _range(*args: Any) -> range:
    made = range(*args)
    len(made)  # raises for more than anything can count
    return made


def _length(value: Any) -> int:
    if isinstance(value, (str, list, tuple, dict, set, range)):
        return len(value)
    raise Unfollowed


def _number(kind: type[Any]) -> Callable[..., Any]:
    def make(value: Any = 0, *more: Any) -> Any:
        if not isinstance(value, (bool, int, float, str)) or (isinstance(value, str) and len(value) > 100):
            raise Unfollowed
        return small(kind(value, *more))

    return make


def _plainly(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that takes numbers only, or one list of them."""

    def call(*args: Any) -> Any:
        items = args[0] if len(args) == 1 and isinstance(args[0], (list, tuple, range)) else args
        if len(items) > MAX_ITEMS or not all(map(is_number, items)):
            raise Unfollowed
        return small(function(*args))

    return call


BUILTINS: Mapping[str, Callable[..., Any]] = {
    "range": _range,
    "xrange": _range,
    "len": _length,
    "int": _number(int),
    "float": _number(float),
    "str": lambda value="": formatted(value, ord("s"), ""),
    "repr": lambda value: formatted(value, ord("r"), ""),
    "abs": _plainly(abs),
    "round": _plainly(round),
    "max": _plainly(max),
    "min": _plainly(min),
    "divmod": _plainly(divmod),
    "slice": slice,
    **{f"math.{name}": _plainly(getattr(math, name)) for name in (
        "ceil", "floor", "sqrt", "log", "log2", "log10", "exp", "fabs", "sin", "cos", "gcd", "prod",
    )},
    **{f"numpy.{name}": _plainly(getattr(math, name)) for name in ("ceil", "floor", "sqrt", "log2", "prod")},
}  # fmt: skip
"""Python's functions on plain values; each raises `Unfollowed`, or an error of Python's, where it can't tell."""
