"""The rules of a room: who may change what, which votes count, and what is told of it.

A room is a dict of plain values, and so are events and answers: they travel as JSON. `apply` is pure; `answer` keeps the
rooms of a scheduler and is called there. This module imports nothing of the app, because it travels to the scheduler by
value (`mtl_core.jobs.connection`), which may have another version of the app or none.

Votes are kept by an anonymous name (`tokens.anonymous`) and only while their round is open: closing leaves counts. Of one
voter the latest vote counts, whatever order votes arrive in and however often: each has a time, and the greatest pair of
time and choice stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["IDLE_SECONDS", "LEAST", "MOST_ROOMS", "MOST_VOTERS", "answer", "apply", "opened", "view"]

LEAST = 5
"""Voters below whom no distribution leaves the scheduler: among four, a vote has a face."""

IDLE_SECONDS = 2 * 3600.0
"""After so long without a vote or a word of its teacher, a room has ended."""

MOST_ROOMS = 200
MOST_VOTERS = 2000
"""Of one question: more is no class."""

_ROUNDS = 2
_REMEMBERED = 64
"""Commands whose names are kept, so that one that is sent twice is obeyed once."""

_PRESENT_SECONDS = 15.0
"""An app process says every second how many phones it has; one that is silent for longer has none."""

State = Mapping[str, Any]
Event = Mapping[str, Any]


def opened(event: Event, now: float) -> dict[str, Any]:
    """A new room.

    Parameters
    ----------
    event : mapping
        `room` (its code), `salt`, `keys` (anonymous names of whoever may lead it), `ballot`: for each step, how many
        choices each of its questions has; and `papers`: how many items each form of the test of learning has, by name.
    now : float
        Seconds.
    """
    room: dict[str, Any] = {
        "code": str(event["room"]),
        "salt": str(event["salt"]),
        "keys": [str(key) for key in event["keys"]],
        "ballot": [[int(choices) for choices in step] for step in event["ballot"]],
        "version": 1,
        "touched": now,
        "step": 0,
        "open": False,
        "until": None,
        "steps": {},
        "votes": {},
        "counts": {},
        "papers": {str(name): _blank(int(items)) for name, items in event.get("papers", {}).items()},
        "handed": {},
        "people": {},
        "done": [],
    }
    return _enter(room, 1)


def apply(room: State, event: Event, now: float) -> State:
    """The room after an event; the same object if the event changes nothing, because it is forged, late or known.

    Parameters
    ----------
    room : mapping
        As `opened` or `apply` made it.
    event : mapping
        A vote: `kind` "vote", `voter`, `question` (counted from 0 through all steps), `choice` (from 0), `take` (which opening of the
        vote it is for) and `at`, the time that orders a voter's own votes. Or a command of the teacher: `kind`, `key` and a name of its own, `id`; "step" also has
        `step`, "reveal" has `on`, "timer" has `seconds`.
    now : float
        Seconds.
    """
    room = _timed(room, now)
    if event.get("kind") == "vote":
        return _vote(room, event, now)
    if event.get("kind") == "paper":
        return _paper(room, event, now)
    command, name = _COMMANDS.get(str(event.get("kind"))), event.get("id")
    if command is None or event.get("key") not in room["keys"] or name in room["done"]:
        return room
    changed = command(room, event, now)
    if changed is room:
        return room
    return {**changed, "done": [*room["done"], name][-_REMEMBERED:], "touched": now, "version": room["version"] + 1}


def view(room: State) -> dict[str, Any]:
    """What app processes are told: nobody's vote, and no distribution of fewer than `LEAST` votes."""
    tallies = {**room["counts"], **(_tallies(room) if room["open"] else {})}
    kept = ("code", "salt", "keys", "version", "step", "open", "until", "steps")
    return {
        **{name: room[name] for name in kept},
        "people": sum(number for number, _at in room["people"].values()),
        "voted": {name: sum(counts) for name, counts in tallies.items()},
        "counts": {name: counts for name, counts in tallies.items() if sum(counts) >= LEAST},
        "handed": {name: len(voters) for name, voters in room["handed"].items()},
        "papers": {name: paper for name, paper in room["papers"].items() if sum(paper["people"]) >= LEAST},
    }


def answer(rooms: dict[str, State], message: str, now: float) -> str:
    """Take what an app process says, and tell it what is new in the rooms that it watches.

    Parameters
    ----------
    rooms : dict
        The scheduler's rooms by code; changed in place.
    message : str
        JSON: `process` (its name), `events`, and `watch`: by code, the version that is `known` there and how many `people` are.
    now : float
        Seconds.

    Returns
    -------
    str
        JSON: `now`, and `rooms`: by code, `view` of each that has changed, or null if there is none.
    """
    news = json.loads(message)
    for event in news["events"]:
        code = str(event.get("room"))
        if event.get("kind") == "open":
            if code not in rooms and len(rooms) < MOST_ROOMS:
                rooms[code] = opened(event, now)
        elif code in rooms:
            rooms[code] = apply(rooms[code], event, now)
    for code in [code for code, room in rooms.items() if room.get("ended") or now - room["touched"] > IDLE_SECONDS]:
        del rooms[code]
    told: dict[str, Any] = {}
    for code, watch in news["watch"].items():
        if code not in rooms:
            told[code] = None
            continue
        rooms[code] = _counted(_timed(rooms[code], now), news["process"], watch["people"], now)
        if rooms[code]["version"] != watch["known"]:
            told[code] = view(rooms[code])
    return json.dumps({"now": now, "rooms": told})


def _vote(room: State, event: Event, now: float) -> State:
    """A ballot that is valid now, counted; of one voter the latest."""
    choices = dict(zip(_questions(room, room["step"]), room["ballot"][room["step"] - 1], strict=True))
    question, choice, at = (_whole(event.get(name)) for name in ("question", "choice", "at"))
    voter, legal = event.get("voter"), range(choices.get(question, 0))
    if not room["open"] or _whole(event.get("take")) != room["steps"][str(room["step"])]["take"]:
        return room
    if not isinstance(voter, str) or choice not in legal or at < 0:
        return room
    votes = room["votes"].get(str(question), {})
    former = votes.get(voter)
    if (former is None and len(votes) >= MOST_VOTERS) or (former is not None and [at, choice] <= former):
        return room
    votes = {**room["votes"], str(question): {**votes, voter: [at, choice]}}
    return {**room, "votes": votes, "touched": now, "version": room["version"] + 1}


def _blank(items: int) -> dict[str, Any]:
    """Counts of a form: people by how many items they had right, and for each item, of those, how many had it right."""
    return {"people": [0] * (items + 1), "right": [[0] * (items + 1) for _item in range(items)]}


def _paper(room: State, event: Event, now: float) -> State:
    """A paper handed in: added to the counts, and nothing kept of it but that this voter has handed it in."""
    name, voter, right = event.get("name"), event.get("voter"), event.get("right")
    if (
        not isinstance(name, str)
        or name not in room["papers"]
        or not isinstance(voter, str)
        or not isinstance(right, list)
    ):
        return room
    counts, voters = room["papers"][name], room["handed"].get(name, {})
    if len(right) != len(counts["right"]) or any(type(mark) is not int or mark not in (0, 1) for mark in right):
        return room
    if voter in voters or len(voters) >= MOST_VOTERS:
        return room
    total = sum(right)
    people = [number + (place == total) for place, number in enumerate(counts["people"])]
    marks = [
        [number + (mark and place == total) for place, number in enumerate(row)]
        for row, mark in zip(counts["right"], right, strict=True)
    ]
    return {
        **room,
        "papers": {**room["papers"], name: {"people": people, "right": marks}},
        "handed": {**room["handed"], name: {**voters, voter: 1}},
        "touched": now,
        "version": room["version"] + 1,
    }


def _close(room: State) -> State:
    """The round ends: counts stay, and who voted what is forgotten."""
    if not room["open"]:
        return room
    return {**room, "open": False, "until": None, "votes": {}, "counts": {**room["counts"], **_tallies(room)}}


def _tallies(room: State) -> dict[str, list[int]]:
    """The open round's counts by "question:round"."""
    step = room["step"]
    tallies = {}
    for question, choices in zip(_questions(room, step), room["ballot"][step - 1], strict=True):
        votes = [choice for _at, choice in room["votes"].get(str(question), {}).values()]
        tallies[f"{question}:{room['steps'][str(step)]['round']}"] = [votes.count(choice) for choice in range(choices)]
    return tallies


def _go(room: State, event: Event, _now: float) -> State:
    step = _whole(event.get("step"))
    legal = 1 <= step <= len(room["ballot"]) and step != room["step"]
    return _enter(_close(room), step) if legal else room


def _enter(room: State, step: int) -> dict[str, Any]:
    """A step that nobody has voted on yet is open for votes at once; another is as it was left."""
    former = room["steps"].get(str(step), {"take": 0, "round": 1, "revealed": False})
    voted = any(sum(room["counts"].get(f"{question}:1", ())) for question in _questions(room, step))
    if former["revealed"] or voted:
        return {**room, "step": step}
    fresh = {"take": former["take"] + 1, "round": 1, "revealed": False}
    return {**room, "step": step, "open": True, "until": None, "steps": {**room["steps"], str(step): fresh}}


def _whole(value: object) -> int:
    """A whole number from 0 on as it is, and -1 for whatever else somebody sent."""
    return value if type(value) is int and value >= 0 else -1


def _questions(room: State, step: int) -> range:
    first = sum(len(questions) for questions in room["ballot"][: step - 1])
    return range(first, first + len(room["ballot"][step - 1]))


def _changed_step(room: State, **fields: Any) -> dict[str, Any]:
    step = str(room["step"])
    return {**room, "steps": {**room["steps"], step: {**room["steps"][step], **fields}}}


def _again(room: State, _event: Event, _now: float) -> State:
    """The second round: anew if there was one."""
    if room["open"]:
        return room
    take = room["steps"][str(room["step"])]["take"] + 1
    kept = {f"{question}:{_ROUNDS}" for question in _questions(room, room["step"])}
    counts = {name: counts for name, counts in room["counts"].items() if name not in kept}
    return {**_changed_step(room, take=take, round=_ROUNDS, revealed=False), "open": True, "counts": counts}


def _restart(room: State, _event: Event, _now: float) -> State:
    """The step from its beginning: no votes, nothing revealed; other steps keep theirs."""
    take = room["steps"][str(room["step"])]["take"] + 1
    names = {f"{question}:{n}" for question in _questions(room, room["step"]) for n in range(1, _ROUNDS + 1)}
    counts = {name: counts for name, counts in room["counts"].items() if name not in names}
    fresh = _changed_step(room, take=take, round=1, revealed=False)
    return {**fresh, "open": True, "until": None, "votes": {}, "counts": counts}


def _reveal(room: State, event: Event, _now: float) -> State:
    """Show what is right, which ends the vote, or hide it again."""
    on = bool(event.get("on"))
    if room["steps"][str(room["step"])]["revealed"] == on:
        return room
    return _changed_step(_close(room) if on else room, revealed=on)


def _timer(room: State, event: Event, now: float) -> State:
    seconds = _whole(event.get("seconds"))
    legal = 0 <= seconds <= IDLE_SECONDS and room["open"]
    return {**room, "until": now + seconds if seconds else None} if legal else room


def _end(room: State, _event: Event, _now: float) -> State:
    return {**room, "ended": True, "votes": {}, "open": False}


_COMMANDS: dict[str, Callable[[State, Event, float], State]] = {
    "step": _go,
    "close": lambda room, _event, _now: _close(room),
    "again": _again,
    "restart": _restart,
    "reveal": _reveal,
    "timer": _timer,
    "end": _end,
}


def _timed(room: State, now: float) -> State:
    """A round whose time is up is closed."""
    if room["until"] is None or now < room["until"]:
        return room
    return {**_close(room), "version": room["version"] + 1}


def _counted(room: State, process: str, people: int, now: float) -> State:
    """Who is there: as many as each app process has last said, for as long as it keeps saying so."""
    present = {name: [number, at] for name, (number, at) in room["people"].items() if now - at < _PRESENT_SECONDS}
    present[process] = [int(people), now]
    changed = {name: number for name, (number, _at) in present.items()} != {
        name: number for name, (number, _at) in room["people"].items()
    }
    return {**room, "people": present, "version": room["version"] + changed}
