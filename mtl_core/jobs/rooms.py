"""The rooms of all app processes, as this process knows them; they live on the scheduler, which all of them reach.

Pages say what happened and ask what is known, and neither waits. One coroutine hands on what was said, as one message, and
brings back what is new in the rooms that somebody here looks at: at once when something was said, else a few times a second,
however many phones there are. Messages are JSON, so nothing that a visitor sends is ever unpickled. What was not handed on
because the connection was lost is sent again with the next one; the rules (`mtl_core.rooms.machine`) take it once.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mtl_core.jobs.loop import Loop
from mtl_core.rooms import Room, anonymous, new_code, new_secret

__all__ = ["Rooms"]

log = logging.getLogger(__name__)

_PAUSE_SECONDS = 0.1
"""Between two messages: what is said meanwhile goes with the next one."""

_LOOK_SECONDS = 0.4
"""Between two messages while nothing is said here: so long another process's news may take."""

_QUIET_SECONDS = 30.0
"""The same while nobody here is in a room: the scheduler ends idle rooms when it is asked."""

_PRESENT_SECONDS = 90.0
"""A phone in a hidden tab is heard from once a minute."""

_MOST_WAITING = 5000
"""Events that wait for a connection."""


class Rooms:
    """The rooms that this process's visitors are in. Methods may be called from any thread, and only `wait` waits.

    Parameters
    ----------
    loop : Loop
    clock : callable
        Seconds that never go back, for who is present and for timers.
    """

    def __init__(self, loop: Loop, clock: Callable[[], float] = time.monotonic) -> None:
        self._loop, self._clock = loop, clock
        self._lock = threading.Lock()
        self._news = threading.Condition(self._lock)
        self._process = uuid.uuid4().hex
        self._events: list[dict[str, Any]] = []
        self._rooms: dict[str, Room] = {}
        self._present: dict[str, dict[str, float]] = {}
        self._looked: dict[str, float] = {}
        self._begun = False
        self._said: asyncio.Event | None = None

    def open(self, ballot: Sequence[Sequence[int]], *tokens: str, papers: Mapping[str, int] | None = None) -> str:
        """Open a room that whoever holds one of these tokens leads; returns its code.

        Parameters
        ----------
        ballot : sequence of sequences of int
            For each step, how many choices each of its questions has.
        *tokens : str
        papers : mapping of str to int, optional
            How many items each form of the test of learning has, by name.
        """
        code, salt = new_code(), new_secret()
        keys = [anonymous(salt, token) for token in tokens if token]
        told = {"keys": keys, "ballot": [[*step] for step in ballot], "papers": dict(papers or {})}
        self._say({"kind": "open", "room": code, "salt": salt, **told})
        self.look(code)
        return code

    def look(self, code: str) -> Room:
        """What is known of a room, which is hardly anything when it is asked for first."""
        with self._lock:
            self._looked[code] = self._clock()
            known = self._rooms.get(code)
            if known is None:
                known = self._rooms[code] = Room(code=code)
        if known.state == "asked":
            self._wake()
        return known

    def attend(self, code: str, token: str) -> Room:
        """A phone is there; what is known of the room."""
        room = self.look(code)
        if room.state == "open":
            with self._lock:
                self._present.setdefault(code, {})[anonymous(room.salt, token)] = self._clock()
        return room

    def vote(self, room: Room, token: str, question: int, choice: int) -> None:
        """A vote, for the opening of the vote that `room` shows.

        Parameters
        ----------
        room : Room
        token : str
            The voter's.
        question, choice : int
            Counted from 0: the question through all steps.
        """
        self._say(
            {
                "kind": "vote",
                "room": room.code,
                "voter": anonymous(room.salt, token),
                "question": question,
                "choice": choice,
                "take": room.take,
                "at": time.time_ns() // 1000,
            }
        )

    def hand_in(self, room: Room, token: str, name: str, right: Sequence[bool]) -> None:
        """A paper of the test of learning: for each item whether it was right; of each voter the first of a name counts.

        Parameters
        ----------
        room : Room
        token : str
            The voter's.
        name : str
            Of the form, as `open` was told.
        right : sequence of bool
        """
        voter, marks = anonymous(room.salt, token), [int(mark) for mark in right]
        self._say({"kind": "paper", "room": room.code, "voter": voter, "name": name, "right": marks})

    def lead(self, room: Room, tokens: Sequence[str], kind: str, **fields: object) -> None:
        """A command of the teacher, which changes nothing unless one of the tokens is a key of the room.

        Parameters
        ----------
        room : Room
        tokens : sequence of str
        kind : {"step", "close", "again", "restart", "reveal", "timer", "end"}
        **fields
            As `mtl_core.rooms.machine.apply` says.
        """
        key = next((name for token in tokens if token and (name := anonymous(room.salt, token)) in room.keys), "")
        self._say({"kind": kind, "room": room.code, "key": key, "id": uuid.uuid4().hex, **fields})

    def wait(self, room: Room, seconds: float) -> Room:
        """What is known of a room as soon as that is newer than this; what is known anyway after so many seconds."""
        with self._news:
            self._news.wait_for(lambda: self._rooms.get(room.code, room).version != room.version, seconds)
        return self.look(room.code)

    def people(self) -> int:
        """Phones of this process that are in any room."""
        with self._lock:
            return sum(map(len, self._present.values()))

    def message(self) -> tuple[str, int]:
        """What is to be handed on now, and how many events are in it; what nobody looks at any more is forgotten."""
        with self._lock:
            since = self._clock() - _PRESENT_SECONDS
            for code in [code for code, looked in self._looked.items() if looked < since]:
                for known in (self._looked, self._rooms, self._present):
                    known.pop(code, None)
            watch = {}
            for code in self._looked:
                phones = {name: at for name, at in self._present.get(code, {}).items() if at >= since}
                self._present[code] = phones
                watch[code] = {"known": self._rooms[code].version, "people": len(phones)}
            events = [*self._events]
        return json.dumps({"process": self._process, "events": events, "watch": watch}), len(events)

    def take(self, reply: str, sent: int) -> None:
        """What the scheduler answered to a message with so many events."""
        plain = json.loads(reply)
        ahead = self._clock() - plain["now"]
        with self._lock:
            del self._events[:sent]
            for code, told in plain["rooms"].items():
                if code in self._looked:
                    self._rooms[code] = Room.of(told, ahead=ahead) if told else Room(code=code, state="ended")
                if not told:
                    self._present.pop(code, None)
            self._news.notify_all()

    def _say(self, event: dict[str, Any]) -> None:
        with self._lock:
            if len(self._events) < _MOST_WAITING:
                self._events.append(event)
        self._wake()

    def _wake(self) -> None:
        with self._lock:
            begins, self._begun = not self._begun, True
        if begins:
            self._loop.start()
            self._loop.begin(self._exchange)
        elif self._said is not None:
            self._loop.call(self._said.set)

    async def _exchange(self) -> None:
        """For as long as the app runs: hand on what was said, and bring back what is new."""
        self._said = asyncio.Event()
        while True:
            connection = await self._loop.connection()
            self._said.clear()
            message, sent = self.message()
            try:
                self.take(await connection.rooms(message), sent)
            except OSError as error:
                log.info("The rooms could not be reached: %s", error)
            except Exception:
                log.exception("A message to the rooms failed")
                with self._lock:
                    del self._events[:sent]
            await asyncio.sleep(_PAUSE_SECONDS)
            with self._lock:
                pause = _LOOK_SECONDS if self._looked else _QUIET_SECONDS
            if not self._events:
                try:
                    await asyncio.wait_for(self._said.wait(), pause)
                except TimeoutError:
                    continue
