"""What each head can read: "cannot" is never mixed with "does not"."""

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.data import make_labels
from mtl_core.figures.dependence import NEGLIGIBLE, exhibit, verdict
from mtl_core.figures.numbers import number
from mtl_core.records import Run
from mtl_core.theory import bayes_loss, bound_lines
from tests.mtl_core.figures.made_exhibits import CASE1, CASE2, MATCH
from tests.mtl_core.made_runs import bounds_for, paths_of, response_of, run_of

LOSSES = (0.7, 0.5, 0.4, 0.3)


def shown(spec, response=None, *, losses=LOSSES, epoch=3, **fields):
    return exhibit(run_of(spec, losses, **fields), paths_of(spec), bounds_for(spec), response, epoch=epoch)


def of_no_use(spec, changed=0.38):
    """A response in which shuffling changes answers and costs nothing."""
    response = response_of(spec)
    still = response.loss * 0 + 0.25
    return dataclasses.replace(
        response, loss=still, low=still, high=still, accuracy=still + 0.6, changed=0 * still + changed
    )


def test_before_a_run_structure_is_told_and_nothing_else():
    made = exhibit(Run(spec=CASE2), paths_of(CASE2), bounds_for(CASE2))
    assert made.heading == "What each head can read"
    assert made.rows() == [
        {"head": "Head 1", "tweet_a": "reads it", "tweet_b": "no path"},
        {"head": "Head 2", "tweet_a": "no path", "tweet_b": "reads it"},
    ]
    assert "The other tweet is worth 0.313 nats to each head" in made.reading
    assert "shuffle" not in made.reading


def test_without_a_path_heading_and_table_say_that_none_exists():
    made = shown(CASE2, response_of(CASE2))
    assert made.heading == "Shuffle tweet_b, and head 1 loses nothing: no path exists"
    assert made.rows()[0]["tweet_b"] == made.rows()[1]["tweet_a"] == "0: no path exists"


def test_with_a_path_heading_and_table_count_the_same_right_answers():
    made = shown(CASE1, response_of(CASE1), source="recorded")
    assert made.heading == "Shuffle tweet_b, and head 1 gives 20 in 100 fewer right answers"
    assert (
        made.rows()[0]["tweet_b"]
        == "relies on it: 30 in 100 answers change, cost 1.00 nats (0.980 to 1.02), 20 in 100 fewer right"
    )
    assert "Measured on 2,048 unseen pairs after epoch 3 (recorded)" in made.reading


def test_a_run_that_was_cut_short_tells_what_one_shuffle_cost_as_its_curve_does():
    made = shown(CASE1, state="stopped")
    assert "this run did not finish" in made.reading.lower()
    assert "not measured" not in made.reading
    assert made.rows()[0]["tweet_b"] == "reads it; one shuffle costs 0.300 nats"
    assert shown(CASE2, state="stopped").rows()[0]["tweet_b"] == "no path"


def test_what_the_other_tweet_is_worth_is_the_gap_between_the_lines_that_are_drawn():
    split = make_labels(CASE1.data, 0, "test")
    bounds = bound_lines(CASE1.model, CASE1.data, bayes_loss(split, CASE1.data))
    reading = exhibit(run_of(CASE1), paths_of(CASE1), bounds).reading
    worth = [float(x) for x in re.findall(r"0\.\d+(?= nats to head)", reading)]
    drawn = [float(number(own)) - float(number(both)) for own, both in zip(bounds.own, bounds.both, strict=True)]
    assert worth == pytest.approx(drawn, abs=1e-9)


@pytest.mark.parametrize(("rise", "misled"), [(1.0, True), (0.1, False)])
def test_shuffling_is_said_to_cost_more_than_the_tweet_is_worth_only_where_it_does(rise, misled):
    response = response_of(CASE1)
    for loss in (response.loss, response.low, response.high):
        loss[:] = loss[:, :, :1] + rise * (loss - loss[:, :, :1])
    assert ("Shuffling costs more than the tweet is worth" in shown(CASE1, response).reading) == misled


@pytest.mark.parametrize(
    ("cost", "changed", "fewer", "text"),
    [
        ((0.002, 0.001, 0.003), 0.0, 0.0, "does not react: 0 in 100 answers change, cost ≈ 0"),
        ((0.002, 0.001, 0.003), 0.38, 0.0, "reacts, and it is of no use: 38 in 100 answers change, cost ≈ 0"),
        ((0.002, 0.001, 0.003), None, 0.0, "of no use (changed answers were not counted); cost ≈ 0"),
        (
            (0.02, -0.01, 0.05),
            0.38,
            0.0,
            "reacts, and it is of no use: 38 in 100 answers change, cost 0.0200 nats (−0.0100 to 0.0500)",
        ),
        (
            (1.066, 1.02, 1.12),
            0.3,
            0.22,
            "relies on it: 30 in 100 answers change, cost 1.07 nats (1.02 to 1.12), 22 in 100 fewer right",
        ),
        ((0.002, 0.001, 0.003), 0.42, 0.02, "reacts, and it is of no use: 42 in 100 answers change, cost ≈ 0"),
        ((0.002, 0.001, 0.003), 0.42, 0.2, "relies on it: 42 in 100 answers change, cost ≈ 0, 20 in 100 fewer right"),
        ((1.066, 1.02, 1.12), None, 0.22, "relies on it; cost 1.07 nats (1.02 to 1.12), 22 in 100 fewer right"),
        (
            (-0.05, -0.06, -0.04),
            0.1,
            -0.01,
            "reacts, to its harm: 10 in 100 answers change, cost −0.0500 nats (−0.0600 to −0.0400)",
        ),
    ],
)
def test_a_head_that_reacts_to_no_use_is_not_one_that_ignores(cost, changed, fewer, text):
    assert verdict(*cost, changed=changed, fewer=fewer, path=True) == text
    assert verdict(*cost, changed=changed, fewer=fewer, path=False) == "0: no path exists"


def test_match_with_one_unit_reacts_to_no_use_and_is_not_said_to_ignore_or_to_learn_yet():
    made = shown(MATCH, of_no_use(MATCH), losses=(0.7, 0.695, 0.694, 0.693))
    assert "reacts, and it is of no use: 38 in 100 answers change, cost ≈ 0" in made.rows()[0]["tweet_b"]
    assert made.heading == "Shuffle tweet_b, and 38 in 100 answers of head 1 change, but about as many are right"


@pytest.mark.parametrize(("epoch", "loss"), [(0, 0.7), (2, 0.69)])
def test_a_head_that_is_no_better_than_chance_has_not_learned_yet(epoch, loss):
    made = shown(CASE1, of_no_use(CASE1), losses=(0.7, 0.7, loss)[: epoch + 1], epoch=epoch)
    assert {cell.split(":")[0] for row in made.rows() for cell in list(row.values())[1:]} == {"not learned yet"}


def test_before_it_is_trained_a_head_is_not_said_to_have_learned_to_trust():
    assert "learned to trust" not in shown(CASE1, response_of(CASE1), losses=(0.7,), epoch=0).reading


def test_a_head_whose_loss_does_not_count_is_not_said_to_learn_later():
    idle = CASE1.replace(loss_weights=(1, 0))
    rows = shown(idle, of_no_use(idle), losses=(0.7, 0.7), epoch=0).rows()
    assert rows[0]["tweet_b"].startswith("not learned yet")
    assert rows[1]["tweet_a"].startswith("reacts, and it is of no use")


def test_a_recording_in_which_changed_answers_were_not_counted_says_so():
    response = dataclasses.replace(of_no_use(CASE1), changed=None)
    assert shown(CASE1, response).rows()[0]["tweet_b"] == "of no use (changed answers were not counted); cost ≈ 0"


@given(st.floats(-3, 3), st.floats(0, 1), st.floats(-1, 1), st.none() | st.floats(0, 1))
def test_no_use_is_said_only_of_an_interval_around_zero_or_a_negligible_cost(delta, width, fewer, changed):
    text = verdict(delta, delta - width, delta + width, changed=changed, fewer=fewer, path=True)
    costs_nothing = (abs(delta) <= width or abs(delta) < NEGLIGIBLE) and fewer <= 0.02
    assert any(s in text for s in ("of no use", "does not react")) == costs_nothing
    assert "no path" not in text
