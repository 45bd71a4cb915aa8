"""How much of a program is followed: so many steps, so deep, so long. No program can keep the reader busy."""

from __future__ import annotations

import time

__all__ = [
    "MAX_DEPTH",
    "MAX_ITEMS",
    "MAX_ROUNDS",
    "MAX_SECONDS",
    "MAX_STEPS",
    "MAX_TEXT",
    "MAX_YIELDS",
    "SECONDS_FOR_MODELS",
    "Budget",
    "Exhausted",
]

MAX_STEPS = 100_000
"""Most steps: expressions evaluated, statements followed, items of lists looked at."""

MAX_SECONDS = 0.6
"""Longest time of this thread's own computing, for machines on which the steps take longer than usual."""

SECONDS_FOR_MODELS = 0.3
"""Longest time for putting together what was followed, so that a whole program takes less than a second."""

MAX_DEPTH = 90
"""Most expressions, statements and functions that are inside one another."""

MAX_ROUNDS = 2_000
"""Most rounds of one loop."""

MAX_YIELDS = 64
"""Most items of a generator that are looked at."""

MAX_ITEMS = 10_000
"""Most items of a list, and longest range that is turned into one."""

MAX_TEXT = 10_000
"""Most characters of a text that the program puts together."""


_STEPS_A_LOOK = 256
"""Steps between two looks at the clock."""


class Exhausted(Exception):
    """The program takes more steps than are followed."""


class Budget:
    """Counts steps; raises `Exhausted` past `MAX_STEPS` and after `MAX_SECONDS`."""

    def __init__(self) -> None:
        self.steps = self._look = 0
        self._end = time.thread_time() + MAX_SECONDS

    @property
    def is_spent(self) -> bool:
        """Whether nothing more is followed."""
        return self.steps > MAX_STEPS

    def spend(self, steps: int = 1) -> None:
        """Count steps."""
        self.steps += steps
        if self.steps > MAX_STEPS or (self.steps >= self._look and self._is_late()):
            self.steps = MAX_STEPS + 1
            raise Exhausted

    def _is_late(self) -> bool:
        self._look = self.steps + _STEPS_A_LOOK
        return time.thread_time() > self._end
