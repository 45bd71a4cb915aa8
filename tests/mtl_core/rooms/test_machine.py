"""Votes count once, whatever their order; a forged word changes nothing; and a class is told together where it is."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.rooms import machine
from tests.mtl_core.rooms.made_rooms import BALLOT, KEY, after, command, room, vote, votes

FIVE = votes(0, 1, 1, 1, 3)

said = st.lists(
    st.builds(
        vote,
        st.sampled_from("abcdefgh"),
        st.integers(-1, 5),
        question=st.integers(-1, 3),
        take=st.integers(0, 2),
        at=st.integers(0, 5),
    ),
    max_size=40,
)


def counts_of(state):
    return machine.view(after(state, command("close")))["counts"]


@given(said, st.randoms())
def test_of_each_voter_the_latest_legal_vote_counts_in_whatever_order_and_however_often_votes_arrive(events, chance):
    latest = {}
    for event in events:
        if event["question"] == 0 and 0 <= event["choice"] < 4 and event["take"] == 1:
            latest[event["voter"]] = max(latest.get(event["voter"], (-1, -1)), (event["at"], event["choice"]))
    choices = [choice for _at, choice in latest.values()]
    expected = [choices.count(choice) for choice in range(4)]
    several = events + [chance.choice(events) for _again in events]
    chance.shuffle(several)
    told = machine.view(after(room(), *several))
    assert told["voted"]["0:1"] == len(choices)
    assert told["counts"].get("0:1") == (expected if len(choices) >= 5 else None)


junk = st.none() | st.integers() | st.text(max_size=3) | st.booleans() | st.lists(st.integers(), max_size=2)
forged = st.fixed_dictionaries(
    {"kind": st.sampled_from(["vote", *machine._COMMANDS, "open", ""]) | junk},
    optional={
        "key": junk.filter(lambda key: key != KEY),
        **dict.fromkeys(("voter", "question", "choice", "at", "step", "on", "seconds", "id"), junk),
        "take": junk.filter(lambda take: take is not True and take != 1),
    },
)


@given(st.lists(forged, max_size=20))
def test_what_neither_a_voter_nor_the_teacher_may_say_changes_nothing(events):
    state = after(room(), *FIVE)
    for event in events:
        assert machine.apply(state, event, 1.0) is state


teachers = st.lists(
    st.one_of(
        st.builds(lambda step: command("step", step=step), st.integers(0, 4)),
        st.sampled_from(["close", "again", "restart"]).map(command),
        st.builds(lambda on: command("reveal", on=on), st.booleans()),
        st.builds(lambda seconds: command("timer", seconds=seconds), st.integers(-1, 100)),
    )
    | st.builds(
        vote, st.sampled_from("abcdefg"), st.integers(0, 3), question=st.integers(0, 3), take=st.integers(1, 3)
    ),
    max_size=30,
)


@given(teachers)
def test_a_word_that_is_sent_twice_is_obeyed_once_and_whoever_comes_late_sees_the_same(events):
    once, twice = room(), room()
    for event in events:
        once = machine.apply(once, event, 1.0)
        twice = after(twice, event, event, now=1.0)
    assert machine.view(once) == machine.view(twice)
    rooms = {"KMPQR": once}
    early, late = (
        json.loads(machine.answer(rooms, _message(process, "KMPQR", people=0), 2.0))["rooms"]["KMPQR"]
        for process in "ab"
    )
    assert early["counts"] == late["counts"]
    assert early == {**late, "version": early["version"]}


@given(teachers)
def test_who_voted_what_is_kept_only_while_a_vote_is_open_and_never_told(events):
    for event in events:
        state = after(room(), event, now=1.0)
        assert state["open"] or not state["votes"]
        assert "votes" not in machine.view(state)


def test_fewer_than_five_votes_are_a_number_and_no_distribution():
    told = machine.view(after(room(), *FIVE[:4], command("close")))
    assert told["voted"] == {"0:1": 4}
    assert told["counts"] == {}


def test_a_class_votes_discusses_votes_again_and_both_distributions_are_kept():
    state = after(room(), *FIVE, command("close"), vote("late", 0), command("again"))
    state = after(state, *votes(1, 1, 1, 1, 1, 2, take=2), vote("of round one", 0, take=1), command("close"))
    assert machine.view(state)["counts"] == {"0:1": [1, 3, 0, 1], "0:2": [0, 5, 1, 0]}


def test_the_next_step_ends_the_vote_and_opens_its_own_and_the_way_back_does_not_open_it_anew():
    state = after(room(), *FIVE, command("step", step=2))
    assert (state["open"], state["votes"]) == (True, {})
    state = after(state, *votes(3, 3, 3, 0, 0, question=2), command("step", step=1))
    assert not state["open"]
    assert machine.view(state)["counts"] == {"0:1": [1, 3, 0, 1], "2:1": [2, 0, 0, 3]}
    assert after(state, command("step", step=3), command("step", step=3))["step"] == 3


def test_a_step_that_was_only_passed_through_is_open_when_the_class_comes_back():
    state = after(room(), command("step", step=2), command("step", step=1))
    assert state["open"]
    assert machine.view(after(state, *votes(1, 1, 1, 1, 1, take=2)))["counts"] == {"0:1": [0, 5, 0, 0]}


def test_a_reveal_ends_the_vote_and_can_be_taken_back():
    state = after(room(), *FIVE, command("reveal", on=True), vote("late", 0))
    assert machine.view(state)["steps"]["1"]["revealed"]
    assert machine.view(state)["counts"] == {"0:1": [1, 3, 0, 1]}
    assert not machine.view(after(state, command("reveal", on=False)))["steps"]["1"]["revealed"]


def test_back_to_the_start_of_a_step_leaves_the_votes_of_other_steps():
    state = after(room(), *FIVE, command("step", step=2), *votes(0, 0, 0, 0, 0, question=1), command("restart"))
    assert machine.view(state)["voted"] == {"0:1": 5, "1:1": 0, "2:1": 0}


def test_when_the_time_is_up_the_vote_is_closed():
    state = after(room(), *FIVE, command("timer", seconds=60), now=10.0)
    assert machine.view(state)["until"] == 70.0
    assert machine.apply(state, vote("in time", 2), 69.0)["votes"]["0"]["in time"] == [0, 2]
    late = machine.apply(state, vote("too late", 2), 70.0)
    assert not late["open"]
    assert machine.view(late)["counts"] == {"0:1": [1, 3, 0, 1]}
    assert not machine.apply(after(state, command("timer", seconds=0), now=11.0), FIVE[0], 99.0)["until"]


def test_a_room_ends_when_its_teacher_says_so_or_nobody_has_said_anything_for_two_hours():
    for last, ended in ((command("end"), True), (command("close"), False), (command("end", key="a student"), False)):
        rooms = {"KMPQR": room()}
        told = _told(rooms, 1.0, {"room": "KMPQR", **last})
        assert (told is None) == ended
    assert _told(rooms, machine.IDLE_SECONDS - 1.0) is not None
    assert _told(rooms, machine.IDLE_SECONDS + 1.0) is None
    assert rooms == {}


def test_phones_are_counted_over_all_app_processes_and_those_of_a_killed_one_are_not():
    rooms = {"KMPQR": room()}
    machine.answer(rooms, _message("a", "KMPQR", people=70), 0.0)
    machine.answer(rooms, _message("b", "KMPQR", people=30), 1.0)
    assert machine.view(rooms["KMPQR"])["people"] == 100
    machine.answer(rooms, _message("b", "KMPQR", people=31), 60.0)
    assert machine.view(rooms["KMPQR"])["people"] == 31


def test_nothing_is_sent_twice_that_has_not_changed():
    rooms = {"KMPQR": room()}
    first = json.loads(machine.answer(rooms, _message("a", "KMPQR"), 0.0))["rooms"]["KMPQR"]
    assert json.loads(machine.answer(rooms, _message("a", "KMPQR", known=first["version"]), 1.0))["rooms"] == {}


def test_a_code_that_is_taken_stays_with_whoever_has_it_and_there_are_only_so_many_rooms(monkeypatch):
    monkeypatch.setattr(machine, "MOST_ROOMS", 2)
    rooms = {}
    for code, key in (("KMPQR", "first"), ("KMPQR", "second"), ("BCDFG", "third"), ("HJKMN", "fourth")):
        machine.answer(
            rooms,
            _message("a", event={"kind": "open", "room": code, "salt": "", "keys": [key], "ballot": BALLOT}),
            0.0,
        )
    assert {code: each["keys"] for code, each in rooms.items()} == {"KMPQR": ["first"], "BCDFG": ["third"]}


def test_a_flood_of_voters_is_a_class_of_two_thousand_at_most(monkeypatch):
    monkeypatch.setattr(machine, "MOST_VOTERS", 6)
    state = after(room(), *votes(*[0] * 20), vote("voter 0", 1, at=1))
    assert machine.view(state)["counts"] == {"0:1": [5, 1, 0, 0]}


def test_three_hundred_votes_in_any_order_come_to_the_same():
    events = votes(*[n % 4 for n in range(300)])
    random.Random(0).shuffle(events)
    assert machine.view(after(room(), *events))["counts"] == {"0:1": [75, 75, 75, 75]}


@pytest.mark.parametrize("seconds", [True, 1.5, "60", None, -1, 10**6])
def test_a_timer_is_a_whole_number_of_seconds_within_two_hours(seconds):
    state = room()
    assert machine.apply(state, command("timer", seconds=seconds), 0.0) is state


def _message(process, *codes, people=1, known=0, event=None):
    watch = {code: {"known": known, "people": people} for code in codes}
    return json.dumps({"process": process, "events": [event] if event else [], "watch": watch})


def _told(rooms, now, event=None):
    return json.loads(machine.answer(rooms, _message("a", "KMPQR", event=event), now))["rooms"].get("KMPQR")


papers = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.just("paper"),
            "voter": st.sampled_from("abcdefgh") | junk,
            "name": st.sampled_from(["before A", "after B", "nowhere"]) | junk,
            "right": st.lists(st.integers(0, 1), min_size=3, max_size=3) | st.lists(junk, max_size=4) | junk,
        }
    ),
    max_size=40,
)


@given(papers)
def test_of_a_paper_only_counts_are_kept_and_of_each_voter_the_first_one_that_is_whole(events):
    sizes = {"before A": 3, "after B": 3}
    state = machine.opened({"room": "KMPQR", "salt": "s", "keys": [KEY], "ballot": BALLOT, "papers": sizes}, 0.0)
    first = {}
    for event in events:
        right, place = event["right"], (event["name"], event["voter"])
        whole = isinstance(right, list) and len(right) == 3 and all(type(m) is int and m in (0, 1) for m in right)
        if whole and isinstance(event["voter"], str) and event["name"] in ("before A", "after B"):
            first.setdefault(place, right)
    told = machine.view(after(state, *events))
    for name in sizes:
        marks = [right for (form, _voter), right in first.items() if form == name]
        assert told["handed"].get(name, 0) == len(marks)
        assert (name in told["papers"]) == (len(marks) >= 5)
        if name in told["papers"]:
            people = [sum(sum(right) == total for right in marks) for total in range(4)]
            assert told["papers"][name]["people"] == people
            assert [sum(row) for row in told["papers"][name]["right"]] == [
                sum(column) for column in zip(*marks, strict=False)
            ]
