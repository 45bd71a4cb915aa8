"""How much of a file is read and what may stand in a sentence, since nobody vouches for what it says."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeGuard, TypeVar

from mtl_core.language import _

__all__ = [
    "MAX_CALLS",
    "MAX_ENDS",
    "MAX_NAME",
    "MAX_NESTED",
    "MAX_SECONDS",
    "MAX_VALUES",
    "Budget",
    "ModelFileError",
    "Shape",
    "as_list",
    "as_shape",
    "each",
    "is_index",
    "shown",
    "step",
    "whole",
]

Shape = tuple[int | None, ...]

T = TypeVar("T")

MAX_CALLS = 10_000
"""Most calls of a model, counted before and again after its nested models are expanded."""

MAX_VALUES = 300_000
"""Most values that are looked at in the arguments of all calls together, and again when nested models are expanded."""

MAX_NAME = 200
"""Most characters of a layer's name."""

MAX_NESTED = 16
"""Most models that may be nested in one another."""

MAX_ENDS = 500
"""Most inputs of a model, and most outputs."""


MAX_SECONDS = 1.0
"""Most seconds of computing for each step: reading a model, describing it, drawing it."""

_VALUES_A_LOOK = 256
"""Values that are counted between two looks at the clock."""

_deadline: ContextVar[float] = ContextVar("deadline", default=math.inf)
"""When the present step is over, on this thread's own clock."""


@contextmanager
def step() -> Iterator[None]:
    """All that is done in this block is one step with one deadline, however many budgets count in it.

    A step within a step is part of it. What is in no step has a deadline for each budget.
    """
    token = _deadline.set(min(_deadline.get(), time.thread_time() + MAX_SECONDS))
    try:
        yield
    finally:
        _deadline.reset(token)


def each(items: Iterable[T]) -> Iterator[T]:
    """The items one by one, until the time of the step is over: then `ModelFileError`, as from `Budget.clock`."""
    budget = Budget()
    for item in items:
        budget.clock()
        yield item


class ModelFileError(ValueError):
    """A file or config that is not a Keras model this app can read; says why in a sentence."""


class Budget:
    """Counts what was looked at and how long it took, so that no file can keep the reader busy.

    Parameters
    ----------
    seconds : float
        Of this thread's own computing, and no more than the `step` has left; another visitor's work does not count.
    """

    def __init__(self, seconds: float = MAX_SECONDS) -> None:
        self.layers = self.calls = self.values = 0
        self._end = min(_deadline.get(), time.thread_time() + seconds)
        self._checked = 0

    def again(self) -> Budget:
        """A budget that counts from 0 and ends at the same time, for what is looked at a second time."""
        other = Budget()
        other._end = self._end
        return other

    def layer(self) -> None:
        """Count a layer; raise `ModelFileError` past `MAX_CALLS`."""
        self.layers += 1
        if self.layers > MAX_CALLS:
            raise ModelFileError(_("The model has more than {most:,} layers.").format(most=MAX_CALLS))
        self.clock()

    def call(self) -> None:
        """Count a call; raise `ModelFileError` past `MAX_CALLS`."""
        self.calls += 1
        if self.calls > MAX_CALLS:
            raise ModelFileError(_("The model has more than {most:,} calls of layers.").format(most=MAX_CALLS))
        self.clock()

    def value(self, number: int = 1) -> None:
        """Count arguments or parts of them; raise `ModelFileError` past `MAX_VALUES`."""
        self.values += number
        if self.values > MAX_VALUES:
            raise ModelFileError(_("The calls of the model have more arguments than this app can read."))
        if self.values >= self._checked + _VALUES_A_LOOK:
            self._checked = self.values
            self.clock()

    def clock(self) -> None:
        """Raise `ModelFileError` once the time is over; every loop over a stranger's data asks."""
        if time.thread_time() > self._end:
            raise ModelFileError(
                _("The model takes longer than {most:g} s of computing, so this app left it.").format(most=MAX_SECONDS)
            )


def shown(name: object) -> str:
    """A name from a file as it may stand in a sentence: printable and not too long."""
    text = str(name)[:200]
    if not text.isprintable():
        text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= 60 else f"{text[:40]}…{text[-15:]}"


def whole(text: str) -> str:
    """A text with every half of a character replaced: nothing could be written to a file, or sent to a browser, with one."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def as_shape(value: Any) -> Shape | None:
    """`value` as a shape, or None if it isn't one."""
    sizes = as_list(value)
    if sizes is None or len(sizes) > 16:
        return None
    fits = all(size is None or (is_index(size) and size < 2**40) for size in sizes)
    return tuple(sizes) if fits else None


def as_list(value: Any) -> Sequence[Any] | None:
    """`value` as a list, or None if it isn't one; TensorFlow's SavedModels wrap tuples and shapes in a table."""
    if isinstance(value, Mapping) and value.get("class_name") in ("__tuple__", "TensorShape"):
        value = value.get("items")
    return value if isinstance(value, (list, tuple)) else None


def is_index(value: Any) -> TypeGuard[int]:
    """Whether `value` is a whole number from 0 on."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
