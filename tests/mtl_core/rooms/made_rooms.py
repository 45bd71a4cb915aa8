"""Rooms for tests: one with a teacher, and what voters and teachers say."""

from __future__ import annotations

import itertools

from mtl_core.rooms import machine

BALLOT = [[4], [3, 4], [2]]
"""Three steps; the second has two questions, numbers 1 and 2."""

KEY = "the teacher"

_numbers = itertools.count()


def room(now: float = 0.0):
    return machine.opened({"room": "KMPQR", "salt": "salt", "keys": [KEY], "ballot": BALLOT}, now)


def command(kind: str, key: str = KEY, **fields):
    return {"kind": kind, "key": key, "id": next(_numbers), **fields}


def vote(voter: str, choice: int, *, question: int = 0, take: int = 1, at: int = 0):
    return {"kind": "vote", "voter": voter, "question": question, "choice": choice, "take": take, "at": at}


def after(state, *events, now: float = 0.0):
    for event in events:
        state = machine.apply(state, event, now)
    return state


def votes(*choices: int, **fields):
    """One vote of each of several voters."""
    return [vote(f"voter {n}", choice, **fields) for n, choice in enumerate(choices)]
