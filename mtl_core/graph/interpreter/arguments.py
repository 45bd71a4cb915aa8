"""What a function of the program is given: its parameters by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mtl_core.graph.interpreter.values import Function, Unknown
from mtl_core.language import _

__all__ = ["bound"]


def bound(function: Function, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any] | None:
    """The names that a function begins with; None where its arguments don't fit."""
    values: dict[str, Any] = {}
    wanted = function.node.args
    positional = [argument.arg for argument in (*wanted.posonlyargs, *wanted.args)]
    given = dict(zip(positional, args, strict=False))
    left = dict(kwargs)
    for name in (*positional, *(argument.arg for argument in wanted.kwonlyargs)):
        if name in left:
            given[name] = left.pop(name)
    for name, default in zip(reversed(positional), reversed(function.defaults), strict=False):
        given.setdefault(name, default)
    for name, default in function.keyword_defaults.items():
        given.setdefault(name, default)
    for name in (*positional, *(argument.arg for argument in wanted.kwonlyargs)):
        values[name] = given.get(name, Unknown(_("“{name}” isn't given.").format(name=name), name))
    if wanted.vararg:
        values[wanted.vararg.arg] = tuple(args[len(positional) :])
    elif len(args) > len(positional):
        return None
    if wanted.kwarg:
        values[wanted.kwarg.arg] = left
    return values
