"""A difference is said where its interval says so, none where nobody could see one, and "exactly the same" where no digit differs."""

import pytest

from mtl_core.figures.differences import Change, finding, sentences
from mtl_core.records import Estimate
from mtl_core.spec import MEASURES

LOWER = Estimate.of([-0.31, -0.30, -0.32, -0.29, -0.33])
HIGHER = Estimate.of([0.11, 0.10, 0.12, 0.10, 0.12])
UNSEEN = Estimate.of([0.004, -0.003, 0.001, -0.002, 0.0005])
SAME = Estimate.of([0.0] * 5)
EARLY = Estimate.of([-0.3, -0.3])


def said(at, measure="loss", what="concatenation"):
    return " ".join(sentences([Change(what, at)], measure, "predictions1"))


def heading(at, measure="loss"):
    return finding([Change("concatenation", at)], measure, "predictions1")


def test_the_sentence_of_a_difference_has_its_seeds_its_size_and_its_interval():
    assert said({"": LOWER}) == "With 5 seeds, concatenation lowers head 1’s loss by 0.310 ± 0.020 nats."
    assert said({"": HIGHER}) == "With 5 seeds, concatenation raises head 1’s loss by 0.110 ± 0.012 nats."


def test_right_answers_are_counted_in_100():
    assert "raises head 1’s right answers by 11.0 ± 1.2 in 100" in said({"": HIGHER}, "right")


def test_each_of_the_three_cases_has_a_sentence_of_its_own_where_it_holds():
    words = said({"at 0°": SAME, "at 15°": UNSEEN, "at 45°": HIGHER, "at 90°": LOWER})
    assert "lowers head 1’s loss by 0.310 ± 0.020 nats at 90°." in words
    assert "raises head 1’s loss by 0.110 ± 0.012 nats at 45°." in words
    assert "At 15° concatenation makes no difference to it that we can see with 5 seeds" in words
    assert "At 0° concatenation changes no digit of it, with each of 5 seeds." in words


@pytest.mark.parametrize("estimate", [UNSEEN, SAME, EARLY])
def test_nothing_is_said_to_move_that_was_not_seen_to(estimate):
    words = said({"at 45°": estimate}) + heading({"at 45°": estimate})
    assert "lowers" not in words
    assert "raises" not in words


@pytest.mark.parametrize("estimate", [LOWER, HIGHER, UNSEEN, EARLY])
def test_nothing_is_said_to_be_exactly_the_same_that_is_not(estimate):
    words = said({"at 45°": estimate}) + heading({"at 45°": estimate})
    assert "Exactly" not in words
    assert "no digit" not in words


def test_two_seeds_make_no_sentence():
    assert said({"at 45°": EARLY}) == ""
    assert heading({"at 45°": EARLY}).startswith("Nothing to compare yet")


def test_no_difference_that_we_can_see_says_how_large_one_could_hide():
    assert "up to 0.00351 nats" in said({"at 45°": UNSEEN})
    assert max(abs(UNSEEN.low), abs(UNSEEN.high)) == pytest.approx(0.00351, abs=5e-6)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ({"": LOWER}, "Concatenation lowers head 1’s loss"),
        ({"at 0°": UNSEEN, "at 45°": LOWER, "at 90°": LOWER}, "Concatenation lowers head 1’s loss in 2 of 3 settings"),
        ({"at 0°": HIGHER, "at 45°": LOWER}, "Concatenation raises or lowers head 1’s loss: it depends"),
        ({"at 0°": SAME, "at 45°": SAME}, "Exactly the same, to the last digit: head 1’s loss"),
        ({"at 0°": SAME, "at 45°": UNSEEN}, "No difference that we can see: head 1’s loss"),
    ],
)
def test_the_heading_is_the_finding(at, expected):
    assert heading(at) == expected


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_has_its_unit_in_the_sentence(measure):
    assert ("in 100" if measure == "right" else "nats") in said({"": LOWER}, measure)
