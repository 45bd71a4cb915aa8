"""Lists and dicts of a program, changed as the program changes them.

Where it isn't known how they are changed, their items aren't known any more: a list from which an unknown item was taken
could hold any of them at any place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mtl_core.graph.interpreter.budget import MAX_ITEMS
from mtl_core.graph.interpreter.constants import Unfollowed, is_key
from mtl_core.graph.interpreter.interpreter import Interpreter
from mtl_core.graph.interpreter.python import method
from mtl_core.graph.interpreter.trace import Trace
from mtl_core.graph.interpreter.values import Unknown
from mtl_core.language import _

__all__ = ["UnknownKey", "call_method", "set_item", "spoil"]

_READING = frozenset({
    "index", "count", "copy", "get", "keys", "values", "items", "union", "intersection", "difference", "as_list",
})  # fmt: skip
"""Methods that change nothing; every other may."""


class UnknownKey:
    """A key of a dict that isn't known."""


def call_method(reader: Interpreter, of: Any, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """`of.name(*args)` for a text, a list, a tuple, a dict or a set; raises `Unfollowed`."""
    if name in _READING or isinstance(of, (str, tuple)):
        return method(of, name, args, kwargs, reader.budget)
    try:
        if name == "extend" and args:
            args = [reader.items(args[0])]
        if reader.trace.doubts:
            return _maybe(reader, of, name, args, kwargs, reader.trace.doubts[-1])
        return method(of, name, args, kwargs, reader.budget)
    except Unfollowed:
        why = _("It isn't known what “.{name}(…)” changes here.").format(name=name)
        spoil(of, why)
        return Unknown(why)


def set_item(trace: Trace, of: Any, index: Any, value: Any) -> None:
    """`of[index] = value`."""
    doubts = trace.doubts
    if isinstance(of, dict) and is_key(index):
        of[index] = trace.either(of[index], value, doubts[-1]) if doubts and index in of else value
    elif isinstance(of, list) and isinstance(index, int):
        if -len(of) <= index < len(of):
            of[index] = trace.either(of[index], value, doubts[-1]) if doubts else value
    elif isinstance(of, (list, dict)):
        spoil(of, _("It isn't known which item this changes."))


def spoil(of: Any, why: str) -> None:
    """Forget the items of a list or a dict, and how many they are."""
    if isinstance(of, list):
        of[:] = [Unknown(why) for _item in range(min(len(of) + 1, MAX_ITEMS))]
    elif isinstance(of, dict):
        for key in of:
            of[key] = Unknown(why)
        of[UnknownKey()] = Unknown(why)


def _maybe(reader: Interpreter, of: Any, name: str, args: list[Any], kwargs: dict[str, Any], why: str) -> Any:
    """A change of which it isn't known whether it happens."""
    either = reader.trace.either
    if isinstance(of, list) and name == "append" and len(args) == 1:
        return method(of, name, [either(args[0], None, why)], kwargs, reader.budget)
    if isinstance(of, list) and name == "extend" and args:
        return method(of, name, [[either(item, None, why) for item in args[0]]], kwargs, reader.budget)
    if isinstance(of, dict) and name == "update" and args and isinstance(args[0], Mapping):
        for key, value in args[0].items():
            set_item(reader.trace, of, key, value)
        return None
    spoil(of, why)
    return Unknown(why)
