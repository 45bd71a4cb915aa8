"""Python's own texts: formatted and changed as a program does it, as long as they stay small."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mtl_core.graph.config.untrusted import whole
from mtl_core.graph.interpreter.budget import MAX_TEXT
from mtl_core.graph.interpreter.constants import ERRORS, Unfollowed, is_key

__all__ = ["formatted", "printf", "text_method"]


def formatted(value: Any, conversion: int, spec: str) -> str:
    """One replacement in an f-string; raises `Unfollowed`."""
    if not is_key(value) or re.search(r"\d{3}", spec):
        raise Unfollowed
    try:
        return whole(format(_CONVERSIONS[conversion](value) if conversion > 0 else value, spec))[:MAX_TEXT]
    except ERRORS:
        raise Unfollowed from None


def printf(text: str, values: Any) -> str:
    """`text % values`; raises `Unfollowed`."""
    values = values if isinstance(values, tuple) else (values,)
    if len(text) > MAX_TEXT or _WIDE.search(text) or not all(map(is_key, values)):
        raise Unfollowed
    _fits(text.count("%"), values)
    return whole(str(text % values))[:MAX_TEXT]


def text_method(value: str, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """`value.name(*args)` for a text; raises `Unfollowed`."""
    if name == "format":
        return _format(value, *args, **kwargs)
    if name == "join":
        return _join(value, *args)
    if name == "replace" and len(args) == 2 and all(isinstance(arg, str) and len(arg) <= 50 for arg in args):
        return value.replace(*args)[:MAX_TEXT] if len(value) <= 200 else value
    if name == "zfill" and len(args) == 1 and isinstance(args[0], int) and args[0] <= 100:
        return value.zfill(args[0])
    if name in _TEXT_METHODS and all(map(is_key, args)) and len(value) <= MAX_TEXT:
        return getattr(value, name)(*args)
    raise Unfollowed


_WIDEST = 100
"""Characters of a number or of spaces that a field may have, by and large."""

_WIDE = re.compile(r"%[-+ #.\d]*(\d{3}|\*)")
"""A field of a hundred characters or more, or of as many as a value says; there may be any number of flags before that."""

_CONVERSIONS: Mapping[int, Callable[[Any], str]] = {114: repr, 115: str, 97: ascii}


def _format(text: str, *args: Any, **kwargs: Any) -> str:
    fields = re.findall(r"\{([^{}]*)\}", text)
    plain = all(re.fullmatch(r"\w*(\[\w+\])?(![rsa])?(:[^{}]*)?", part) for part in fields)
    nested = re.search(r"\{[^}]*\{", text.replace("{{", "").replace("}}", ""))
    if nested or not plain or len(text) > MAX_TEXT or re.search(r":[^}:]*\d{3}", text):
        raise Unfollowed
    values = (*args, *kwargs.values())
    if not all(map(is_key, values)):
        raise Unfollowed
    _fits(len(fields), values)
    return whole(text.format(*args, **kwargs))[:MAX_TEXT]


def _fits(fields: int, values: Iterable[Any]) -> None:
    """Raise `Unfollowed` if the longest of the values, in each of so many fields, would make too long a text."""
    if fields * (_WIDEST + max(map(_length, values), default=0)) > MAX_TEXT:
        raise Unfollowed


def _length(value: Any) -> int:
    if isinstance(value, tuple):
        return sum(map(_length, value))
    return len(value) if isinstance(value, (str, bytes)) else 0


def _join(text: str, parts: Iterable[Any]) -> str:
    items = list(parts) if isinstance(parts, (list, tuple, Mapping)) else None
    if items is None or not all(isinstance(part, str) for part in items):
        raise Unfollowed
    if sum(map(len, items)) + len(items) * len(text) > MAX_TEXT:
        raise Unfollowed
    return text.join(items)


_TEXT_METHODS = frozenset({
    "lower", "upper", "capitalize", "title", "strip", "lstrip", "rstrip", "split", "rsplit", "splitlines",
    "startswith", "endswith", "find", "index", "count", "isdigit", "isalpha", "isupper", "islower", "partition",
    "rpartition", "removeprefix", "removesuffix", "swapcase",
})  # fmt: skip
