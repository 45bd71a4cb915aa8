"""A room as an app process sees it: where the class is, how many have voted, and what became of each vote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from mtl_core.rooms.machine import LEAST
from mtl_core.rooms.tokens import anonymous

__all__ = ["LEAST", "Papers", "Room"]


@dataclass(frozen=True, slots=True)
class Papers:
    """What a class had right in one form of the test of learning, in counts only.

    Parameters
    ----------
    people : tuple of int
        How many had 0, 1, 2, … items right.
    right : tuple of tuple of int
        For each item, how many of those had it right.
    """

    people: tuple[int, ...]
    right: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One room, half a second old at most.

    Parameters
    ----------
    code : str
    state : {"asked", "open", "ended"}
        "asked" until the scheduler has answered.
    version : int
        Grows with every change; 0 for none.
    salt : str
    keys : frozenset of str
        Anonymous names of whoever may lead it.
    step : int
        Where the class is, counted from 1.
    voting : bool
        Whether votes on this step are taken.
    take, round : int
        Which opening of the vote this is, and whether it is the first or the second round.
    rounds : mapping of int to int
        By step, the round that was opened last.
    revealed : frozenset of int
        Steps whose answers are shown.
    people : int
        Phones that are there.
    ends : float or None
        When the time to vote is up, on the clock that `of` was given; None without a timer.
    voted : mapping of (question, round) to int
    counts : mapping of (question, round) to tuple of int
        Votes by choice; missing below `LEAST` votes.
    handed : mapping of str to int
        By form of the test of learning, how many have handed it in.
    papers : mapping of str to Papers
        What they had right; missing below `LEAST` people.
    """

    code: str
    state: Literal["asked", "open", "ended"] = "asked"
    version: int = 0
    salt: str = ""
    keys: frozenset[str] = frozenset()
    step: int = 1
    voting: bool = False
    take: int = 1
    round: int = 1
    rounds: Mapping[int, int] = field(default_factory=dict)
    revealed: frozenset[int] = frozenset()
    people: int = 0
    ends: float | None = None
    voted: Mapping[tuple[int, int], int] = field(default_factory=dict)
    counts: Mapping[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)
    handed: Mapping[str, int] = field(default_factory=dict)
    papers: Mapping[str, Papers] = field(default_factory=dict)

    @classmethod
    def of(cls, plain: Mapping[str, Any], *, ahead: float) -> Self:
        """Read what `machine.view` told.

        Parameters
        ----------
        plain : mapping
        ahead : float
            Seconds by which this process's clock is ahead of the scheduler's.
        """
        steps = {int(number): step for number, step in plain["steps"].items()}
        now = steps[plain["step"]]
        return cls(
            code=plain["code"],
            state="open",
            version=plain["version"],
            salt=plain["salt"],
            keys=frozenset(plain["keys"]),
            step=plain["step"],
            voting=plain["open"],
            take=now["take"],
            round=now["round"],
            rounds={number: step["round"] for number, step in steps.items()},
            revealed=frozenset(number for number, step in steps.items() if step["revealed"]),
            people=plain["people"],
            ends=None if plain["until"] is None else plain["until"] + ahead,
            voted={_place(name): number for name, number in plain["voted"].items()},
            counts={_place(name): tuple(counts) for name, counts in plain["counts"].items()},
            handed=plain["handed"],
            papers={
                name: Papers(tuple(paper["people"]), tuple(tuple(row) for row in paper["right"]))
                for name, paper in plain["papers"].items()
            },
        )

    @property
    def followed(self) -> tuple[object, ...]:
        """What a phone in it shows: as long as this is the same, so is the phone's screen."""
        return self.state, self.step, self.voting, self.take, self.round, self.step in self.revealed

    def led_by(self, *tokens: str) -> bool:
        """Whether one of these tokens is a key of this room."""
        return any(anonymous(self.salt, token) in self.keys for token in tokens if token)


def _place(name: str) -> tuple[int, int]:
    question, number = name.split(":")
    return int(question), int(number)
