"""Values of a program that are Python's own, and what is raised where one is not worked out."""

from __future__ import annotations

from typing import Any

__all__ = ["ERRORS", "Unfollowed", "is_constant", "is_key", "is_number"]


class Unfollowed(Exception):
    """A value that is not worked out: too large, or an error in the program itself."""


ERRORS = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, OverflowError, RecursionError)


def is_number(value: Any) -> bool:
    """Whether it is a plain number."""
    return isinstance(value, (int, float))


def is_constant(value: Any) -> bool:
    """Whether it is a number, a text, True, False or None."""
    return value is None or isinstance(value, (bool, int, float, str, bytes))


def is_key(value: Any) -> bool:
    """Whether it can be a key: a constant, or a tuple of them."""
    return is_constant(value) or (isinstance(value, tuple) and len(value) <= 16 and all(map(is_constant, value)))
