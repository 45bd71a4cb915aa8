"""What counts alone tell of a class: held to the same figures computed from the marks of each person."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mtl_core.lessons.quiz import KINDS, PAPERS, discrimination, facility, gain, paper_name, rows, rows_csv
from mtl_core.records import difference_of_means
from mtl_core.rooms import Papers, Room, machine
from mtl_core.spec import Float64

ITEMS = len(KINDS)


def marks_of(people: int, skill: float, seed: int) -> Float64:
    """Marks (people, items) of people of different skill: 0 or 1."""
    chance = np.random.default_rng(seed)
    chances = 1 / (1 + np.exp(-(skill + chance.normal(size=(people, 1)) - np.linspace(-1, 1, ITEMS))))
    return (chance.random((people, ITEMS)) < chances).astype(float)


def room_of(**papers: Float64) -> Room:
    """A room in which these papers were handed in one by one; names have "_" for the space."""
    told = {"room": "KMPQR", "salt": "salt", "keys": [], "ballot": [[2]], "papers": dict(PAPERS)}
    state = machine.opened(told, 0.0)
    for name, marks in papers.items():
        for person, right in enumerate(marks):
            event = {"kind": "paper", "voter": str(person), "name": name.replace("_", " ")}
            state = machine.apply(state, event | {"right": [int(mark) for mark in right]}, 0.0)
    return Room.of(machine.view(state), ahead=0.0)


def test_facility_and_discrimination_from_counts_are_those_of_the_marks() -> None:
    marks = marks_of(60, 0.5, 1)
    papers = room_of(before_A=marks).papers[paper_name("before", "A")]
    assert facility(papers) == pytest.approx(marks.mean(axis=0))
    rest = marks.sum(axis=1, keepdims=True) - marks
    wanted = [np.corrcoef(marks[:, item], rest[:, item])[0, 1] for item in range(ITEMS)]
    assert discrimination(papers) == pytest.approx(wanted)


def test_an_item_that_everybody_had_right_tells_nobody_apart() -> None:
    papers = Papers(people=(0, 3, 4), right=((0, 3, 4), (0, 0, 4)))
    assert facility(papers) == pytest.approx((1.0, 4 / 7))
    assert discrimination(papers) == (None, None)


def test_the_gain_is_the_difference_of_averages_over_both_forms() -> None:
    before, after = marks_of(20, 0.0, 2), marks_of(25, 1.5, 3)
    room = room_of(before_A=before[:10], before_B=before[10:], after_A=after[:12], after_B=after[12:])
    estimate = gain(room)
    assert estimate is not None
    assert estimate.mean == pytest.approx(after.sum(axis=1).mean() - before.sum(axis=1).mean())
    assert estimate.verdict == "differs"
    assert gain(room_of(before_A=before)) is None


def test_below_five_papers_nothing_is_told_of_them() -> None:
    room = room_of(before_A=marks_of(4, 0.0, 4))
    assert room.handed == {"before A": 4}
    assert room.papers == {}
    assert rows(room) == []
    assert rows_csv(room) == ""


def test_the_table_names_each_item_and_is_the_same_as_csv() -> None:
    room = room_of(after_B=marks_of(8, 0.0, 5))
    table = rows(room)
    assert [row["item"] for row in table] == list(range(1, ITEMS + 1))
    assert {row["people"] for row in table} == {8}
    assert rows_csv(room).count("\n") == ITEMS + 1


@pytest.mark.parametrize(("few", "many"), [(5, 200), (9, 40), (30, 31)])
def test_the_interval_of_a_gain_is_not_narrower_than_welchs(few: int, many: int) -> None:
    chance = np.random.default_rng(few)
    first, second = chance.normal(0, 1, few), chance.normal(1, 2, many)
    a, b = first.var(ddof=1) / few, second.var(ddof=1) / many
    freedom = (a + b) ** 2 / (a**2 / (few - 1) + b**2 / (many - 1))
    # Student's quantile by simulation: a normal over the root of a chi-square over its degrees of freedom.
    t = chance.standard_t(freedom, 400_000)
    welch = np.quantile(np.abs(t), 0.95) * math.sqrt(a + b)
    estimate = difference_of_means(first, second)
    assert estimate.half >= 0.99 * welch
    assert estimate.mean == pytest.approx(second.mean() - first.mean())
