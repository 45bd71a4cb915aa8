"""Costly things that are used again: at most one user at a time, at most so many kept.

TensorFlow never gives back what a compiled graph allocates (3 to 16 MB a shape), so a worker that built one a run would
grow for ever. A pool hands out what lies idle and builds only when nothing does.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

__all__ = ["Pool"]

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Pool(Generic[Key, Value]):
    """Idle values by key; the key least recently used is forgotten first.

    Parameters
    ----------
    make : callable
        Builds the value for a key.
    capacity : int
        Most idle values kept, all keys together.
    """

    def __init__(self, make: Callable[[Key], Value], capacity: int) -> None:
        self._make, self._capacity = make, capacity
        self._idle: OrderedDict[Key, list[Value]] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def borrow(self, key: Key) -> Iterator[Value]:
        """A value for `key` that nobody else has until the block ends."""
        with self._lock:
            idle = self._idle.get(key)
            value = idle.pop() if idle else None
        if value is None:
            value = self._make(key)
        try:
            yield value
        finally:
            self._give_back(key, value)

    def __len__(self) -> int:
        """How many values lie idle."""
        return sum(map(len, self._idle.values()))

    def _give_back(self, key: Key, value: Value) -> None:
        with self._lock:
            self._idle.setdefault(key, []).append(value)
            self._idle.move_to_end(key)
            while len(self) > self._capacity:
                oldest = next(iter(self._idle))
                self._idle[oldest].pop()
                if not self._idle[oldest]:
                    del self._idle[oldest]
