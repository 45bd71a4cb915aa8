"""What each head can read: "cannot" is never mixed with "does not"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.figures.dependence import NEGLIGIBLE, cost_of_shuffling, exhibit
from mtl_core.records import Run
from tests.mtl_core.figures.made_exhibits import CASE1, CASE2, WORTH
from tests.mtl_core.made_runs import paths_of, response_of, run_of


def shown(spec, response=None, *, epoch=3, **fields):
    return exhibit(run_of(spec, **fields), paths_of(spec), WORTH, response, epoch=epoch)


def test_before_a_run_structure_is_told_and_nothing_else():
    made = exhibit(Run(spec=CASE2), paths_of(CASE2), WORTH)
    assert made.heading == "What each head can read"
    assert made.rows() == [
        {"head": "Head 1", "tweet_a": "reads it", "tweet_b": "no path"},
        {"head": "Head 2", "tweet_a": "no path", "tweet_b": "reads it"},
    ]
    assert "the other tweet is worth 0.313 nats" in made.reading
    assert "Cost of shuffling" not in made.reading


def test_without_a_path_heading_and_table_say_that_none_exists():
    made = shown(CASE2, response_of(CASE2))
    assert made.heading == "Shuffle tweet_b, and head 1 loses nothing: no path exists"
    assert made.rows()[0]["tweet_b"] == made.rows()[1]["tweet_a"] == "0: no path exists"


def test_with_a_path_heading_and_table_count_the_same_right_answers():
    made = shown(CASE1, response_of(CASE1), source="recorded")
    assert made.heading == "Shuffle tweet_b, and head 1 gives 20 in 100 fewer right answers"
    assert made.rows()[0]["tweet_b"] == "1.00 nats (0.980 to 1.02), 20 in 100 fewer right"
    assert "Cost of shuffling on 2,048 test pairs after epoch 3 (recorded)" in made.reading


def test_a_run_that_was_cut_short_says_why_nothing_was_measured():
    made = shown(CASE1, state="stopped")
    assert "this run did not finish" in made.reading


@pytest.mark.parametrize(("rise", "misled"), [(1.0, True), (0.1, False)])
def test_shuffling_is_said_to_cost_more_than_the_tweet_is_worth_only_where_it_does(rise, misled):
    response = response_of(CASE1)
    for loss in (response.loss, response.low, response.high):
        loss[:] = loss[:, :, :1] + rise * (loss - loss[:, :, :1])
    assert ("Shuffling costs more than the tweet is worth" in shown(CASE1, response).reading) == misled


@pytest.mark.parametrize(
    ("cost", "text"),
    [
        ((0.0, 0.0, 0.0, 0.0, False), "0: no path exists"),
        ((1.0, 0.9, 1.1, 0.2, False), "0: no path exists"),
        ((0.002, 0.001, 0.003, 0.0, True), "≈ 0: learned to ignore it"),
        ((0.02, -0.01, 0.05, 0.0, True), "≈ 0: learned to ignore it"),
        ((0.0, 0.0, 0.0, 0.0, True), "≈ 0: learned to ignore it"),
        ((1.066, 1.02, 1.12, 0.22, True), "1.07 nats (1.02 to 1.12), 22 in 100 fewer right"),
        ((0.1, 0.09, 0.11, 0.0, True), "0.100 nats (0.0900 to 0.110)"),
        ((-0.05, -0.06, -0.04, 0.0, True), "−0.0500 nats (−0.0600 to −0.0400): the head does better without it"),
    ],
)
def test_the_cost_of_shuffling_keeps_cannot_apart_from_does_not(cost, text):
    assert cost_of_shuffling(*cost) == text


def test_an_untrained_head_has_learned_nothing_not_even_to_ignore():
    assert cost_of_shuffling(0.001, -0.01, 0.01, 0.0, True, trained=False) == "≈ 0: has not learned to use it"


@given(st.floats(-3, 3), st.floats(0, 1), st.floats(-1, 1))
def test_about_zero_is_said_only_of_an_interval_around_zero_or_a_negligible_cost(delta, width, drop):
    text = cost_of_shuffling(delta, delta - width, delta + width, drop, True)
    assert ("≈ 0:" in text) == (abs(delta) <= width or abs(delta) < NEGLIGIBLE)
    assert "no path" not in text
