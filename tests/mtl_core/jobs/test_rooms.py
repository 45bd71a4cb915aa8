"""Rooms on a real scheduler, as several app processes have them: all see the same, and one that is killed takes nothing along."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from distributed import Client

from mtl_core.jobs.cluster import Embedded, Remote
from mtl_core.jobs.loop import Loop
from mtl_core.jobs.rooms import Rooms
from mtl_core.rooms import Room, machine
from tests.mtl_core.jobs.waiting import Lent, until
from tests.mtl_core.rooms.made_rooms import BALLOT

TEACHER = "the teacher's token"


@pytest.fixture
def processes(scheduler: str) -> Iterator[Callable[[], tuple[Rooms, Loop]]]:
    """Makes what each app process has."""
    loops: list[Loop] = []

    def make() -> tuple[Rooms, Loop]:
        loops.append(Loop(Remote(scheduler), tick=nothing, always=lambda: None, every=1.0))
        return Rooms(loops[-1]), loops[-1]

    yield make
    for loop in loops:
        loop.close()


async def nothing(_connection: object) -> None:
    """Once a second, beside the rooms."""


def known(rooms: Rooms, code: str) -> Room:
    until(lambda: rooms.look(code).state == "open")
    return rooms.look(code)


def test_three_hundred_votes_through_two_app_processes_are_counted_once_each_and_seen_by_both(processes) -> None:
    (one, _), (two, _) = processes(), processes()
    code = one.open(BALLOT, TEACHER)
    rooms = {each: known(each, code) for each in (one, two)}
    for number in range(300):
        process = (one, two)[number % 2]
        process.attend(code, f"phone {number}")
        # Half of them think again.
        for choice in ((number + 1) % 4, number % 4)[number % 2 :]:
            process.vote(rooms[process], f"phone {number}", 0, choice)
    for each in (one, two):
        until(lambda each=each: each.look(code).voted == {(0, 1): 300}, 10)
        until(lambda each=each: each.look(code).people == 300, 10)
        assert each.look(code).counts == {(0, 1): (75, 75, 75, 75)}


def test_forged_words_change_nothing_whatever_process_they_come_through(processes) -> None:
    (one, _), (two, _) = processes(), processes()
    code = one.open(BALLOT, TEACHER)
    room = known(two, code)
    two.lead(room, ["a student's token", ""], "reveal", on=True)
    two.vote(room, "a phone", 0, 9)
    two.vote(room, "a phone", 2, 0)
    two.lead(room, [TEACHER], "step", step=2)
    until(lambda: two.look(code).step == 2)
    assert two.look(code).revealed == set()
    assert two.look(code).voted[0, 1] == 0


def test_a_room_outlives_the_app_process_that_opened_it_and_a_late_process_sees_all_of_it(processes) -> None:
    (one, loop), (two, _) = processes(), processes()
    code = one.open(BALLOT, TEACHER)
    room = known(one, code)
    for number in range(6):
        one.vote(room, f"phone {number}", 0, 1)
    until(lambda: one.look(code).voted[0, 1] == 6)
    loop.close()
    late = known(two, code)
    assert late.counts == {(0, 1): (0, 6, 0, 0)}
    two.vote(late, "phone 0", 0, 2)
    two.lead(late, ["", TEACHER], "close")
    until(lambda: not two.look(code).voting)
    assert two.look(code).counts == {(0, 1): (0, 5, 1, 0)}
    two.lead(late, [TEACHER], "end")
    until(lambda: two.look(code).state == "ended")


def test_a_code_that_nobody_has_is_said_to_have_ended(processes) -> None:
    rooms, _loop = processes()
    until(lambda: rooms.look("XXXXX").state == "ended")


def test_rooms_end_with_their_scheduler_and_what_is_said_meanwhile_reaches_the_next_one(fragile: Embedded) -> None:
    loop = Loop(Lent(fragile), tick=nothing, always=lambda: None, every=1.0)
    rooms = Rooms(loop)
    try:
        code = rooms.open(BALLOT, TEACHER)
        known(rooms, code)
        os.kill(fragile.pids[0], signal.SIGKILL)
        second = rooms.open(BALLOT, TEACHER)
        assert known(rooms, second).step == 1
        until(lambda: rooms.look(code).state == "ended")
    finally:
        loop.close()


def test_the_rules_travel_to_the_scheduler_by_value_so_it_needs_no_copy_of_the_app(processes, scheduler: str) -> None:
    rooms, _loop = processes()
    known(rooms, rooms.open(BALLOT, TEACHER))

    def where(dask_scheduler) -> str:
        import sys

        assert "mtl_rooms" in dask_scheduler.handlers
        return " ".join(name for name in sys.modules if name.startswith("mtl_core.rooms"))

    with Client(scheduler, set_as_default=False) as client:
        assert client.run_on_scheduler(where) == ""


def test_phones_that_are_not_heard_from_are_no_longer_counted() -> None:
    now = [0.0]
    with closing(Loop(Remote("tcp://127.0.0.1:9"), tick=nothing, always=lambda: None, every=1.0)) as loop:
        rooms = Rooms(loop, clock=lambda: now[0])
        code = rooms.open(BALLOT, TEACHER)
        message, sent = rooms.message()
        store: dict = {}
        rooms.take(machine.answer(store, message, 0.0), sent)
        for phone in ("a", "b", "b"):
            rooms.attend(code, phone)
        assert rooms.people() == 2
        now[0] = 60.0
        rooms.attend(code, "a")
        now[0] = 100.0
        rooms.message()
        assert rooms.people() == 1
