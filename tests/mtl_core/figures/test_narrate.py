"""What is said beside a figure is what the figure shows, and never more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.figures import narrate
from mtl_core.records import Run
from mtl_core.spec import INPUTS, OUTPUTS, ExperimentSpec
from tests.mtl_core.made_runs import (
    EVIDENCE,
    LEVELS,
    bounds_for,
    epoch_of,
    paths_of,
    response_of,
    run_of,
    what_if_of,
)

CASE1 = ExperimentSpec()
CASE2 = CASE1.other_case


def test_the_loss_is_said_in_right_answers_first():
    said = narrate.loss(run_of(CASE1, (0.7, 0.238)), None, bounds_for(CASE1), pinned=None)
    assert said.startswith("After epoch 1, head 1 is right on 90 in 100 unseen pairs and head 2 on 90 in 100;")
    assert "0.238 nats for each head" in said
    assert "cannot" not in said
    assert "0.206 nats" in said


def test_the_pinned_epoch_is_the_one_that_is_read():
    run = run_of(CASE1, (0.7, 0.5, 0.3))
    assert "0.5 nats" in narrate.loss(run, None, bounds_for(CASE1), pinned=1)
    assert narrate.loss(run, None, bounds_for(CASE1), pinned=0).startswith("Before any training, head 1")
    assert narrate.loss(run, None, bounds_for(CASE1), pinned=7).startswith("No curve yet.")


def test_the_other_case_is_named_with_its_origin():
    bounds = bounds_for(CASE1)
    other = run_of(CASE2, (0.7, 0.56), source="recorded")
    said = narrate.loss(run_of(CASE1, (0.7, 0.3)), other, bounds, pinned=None)
    assert "The other case (case 2: not connected; recorded) has 0.56 nats for each head at epoch 1." in said
    waiting = narrate.loss(run_of(CASE1), Run(spec=CASE2, state="queued"), bounds, pinned=None)
    assert "case 2: not connected: waiting" in waiting


def test_a_concatenation_under_the_match_rule_is_told_to_be_worth_nothing():
    spec = CASE1.replace(rule="match")
    said = narrate.loss(run_of(spec), None, bounds_for(spec), pinned=None)
    assert "that is worth no more than the own tweet alone" in said
    assert "With both tweets, 0.319 nats for each head would be possible." in said


def test_overfitting_is_said_only_where_it_is_seen():
    rising = Run(
        spec=CASE1,
        epochs=tuple(epoch_of(CASE1, i, *both) for i, both in enumerate([(0.7, 0.7), (0.5, 0.5), (0.6, 0.3)])),
    )
    worse = Run(
        spec=CASE1,
        epochs=tuple(epoch_of(CASE1, i, *both) for i, both in enumerate([(0.7, 0.7), (0.5, 0.5), (0.6, 0.6)])),
    )
    bounds = bounds_for(CASE1)
    assert "Head 1 was better at epoch 1, head 2 was better at epoch 1" in narrate.loss(
        rising, None, bounds, pinned=None
    )
    assert "by heart" in narrate.loss(rising, None, bounds, pinned=2)
    assert "by heart" not in narrate.loss(rising, None, bounds, pinned=1)
    assert "by heart" not in narrate.loss(worse, None, bounds, pinned=None)


def test_the_response_says_no_path_in_case_2_and_numbers_in_case_1():
    alone = narrate.response(response_of(CASE2), paths_of(CASE2))
    assert "head 1 does not change by one bit: no path exists" in alone
    assert "head 2 does not change by one bit: no path exists" in alone
    joined = narrate.response(response_of(CASE1), paths_of(CASE1))
    assert "head 1’s loss goes from 0.25 to 1.25 nats, and it is right on 71 in 100 instead of 91 in 100" in joined
    assert "no path" not in joined
    assert "2,048 unseen pairs; they don’t cover the choice of the pairs" in joined


def test_fading_has_no_interval_because_nothing_is_drawn():
    assert "interval" not in narrate.response(response_of(CASE1, "fade"), paths_of(CASE1))
    assert "interval" in narrate.response(response_of(CASE1, "noise"), paths_of(CASE1))


def test_reliance_tells_no_path_from_a_cost():
    said = narrate.reliance(run_of(CASE2))
    assert "Head 1: tweet_b 0, because no path exists, tweet_a 0.3 nats." in said
    assert "no path" not in narrate.reliance(run_of(CASE1))
    assert narrate.reliance(Run(spec=CASE1)) == "Nothing was shuffled yet: train first."


def test_what_if_says_that_a_head_without_a_path_cannot_follow():
    flat = narrate.what_if(what_if_of(connected=False), EVIDENCE, output=OUTPUTS[0], at=-1, connected=False)
    assert "evidence of −1 in tweet_b, head 1 gives a label of 1 a probability of 0.8" in flat
    assert "by the data rule it is 0.018" in flat
    assert "no path exists" in flat
    follows = narrate.what_if(what_if_of(connected=True), EVIDENCE, output=OUTPUTS[1], at=-1, connected=True)
    assert "tweet_a, head 2" in follows
    assert "no path" not in follows


@pytest.mark.parametrize(
    ("cost", "text"),
    [
        ((0.0, 0.0, 0.0, 0.0, False), "0: no path exists"),
        ((1.0, 0.9, 1.1, 0.2, False), "0: no path exists"),
        ((0.002, 0.001, 0.003, 0.0, True), "≈ 0: learned to ignore it"),
        ((0.02, -0.01, 0.05, 0.0, True), "≈ 0: learned to ignore it"),
        ((0.0, 0.0, 0.0, 0.0, True), "≈ 0: learned to ignore it"),
        ((1.066, 1.02, 1.12, 0.22, True), "1.07 nats (1.02 to 1.12), 22 in 100 fewer right"),
        ((0.1, 0.09, 0.11, 0.0, True), "0.1 nats (0.09 to 0.11)"),
        ((-0.05, -0.06, -0.04, 0.0, True), "−0.05 nats (−0.06 to −0.04): the head does better without it"),
    ],
)
def test_the_cost_of_shuffling_keeps_cannot_apart_from_does_not(cost, text):
    assert narrate.cost_of_shuffling(*cost) == text


def test_an_untrained_head_has_learned_nothing_not_even_to_ignore():
    assert narrate.cost_of_shuffling(0.001, -0.01, 0.01, 0.0, True, trained=False) == "≈ 0: has not learned to use it"


@given(st.floats(-3, 3), st.floats(0, 1), st.floats(-1, 1))
def test_about_zero_is_said_only_of_an_interval_around_zero_or_a_negligible_cost(delta, width, drop):
    said = narrate.cost_of_shuffling(delta, delta - width, delta + width, drop, True)
    assert ("≈ 0:" in said) == (abs(delta) <= width or abs(delta) < narrate.NEGLIGIBLE)
    assert "no path" not in said


def test_each_figure_of_the_walkthrough_has_its_words():
    losses = np.stack([1.1 - 0.8 * LEVELS, 1.0 - 0.7 * LEVELS])
    said = narrate.block_scale(LEVELS, losses, (0.56, 0.55), scale=0.5)
    assert "times 0.5, head 1’s loss is 0.7 nats; as trained it is 0.3, with them at 0 it is 1.1" in said
    slopes = np.zeros((2, 2, 5))
    slopes[0, 0, 3] = slopes[1, 1, 1] = 2.0
    assert "head 1 moves with tweet_a: by 0.4 on average a step, most at step 4 (2)" in narrate.jacobian(
        slopes, paths_of(CASE2)
    )
    assert narrate.jacobian(slopes, paths_of(CASE2)).count("no path exists") == 2
    assert "no path" not in narrate.jacobian(slopes, paths_of(CASE1))
    worth = narrate.value_of_other([0, 90], {"additive": [-1e-16, 0.487], "match": [0, 0.358]}, angle=45, rule="match")
    assert "At 45° the other tweet is worth 0.179 nats" in worth
    assert "additive rule it grows from 0 at 0° to 0.487 at 90°" in worth


def test_every_table_has_a_row_for_each_point():
    response = response_of(CASE1)
    assert len(narrate.response_table(response)) == 2 * 2 * len(LEVELS)
    last = narrate.response_table(response)[-1]
    assert last == {
        "head": "head 2",
        "disturbed": "tweet_b",
        "level": 1.0,
        "loss (nats)": 1.25,
        "from": 1.23,
        "to": 1.27,
        "right": 0.71,
    }
    assert [row["epoch"] for row in narrate.loss_table(run_of(CASE1))] == [0, 1, 2, 3]
    both = narrate.loss_table(run_of(CASE1), run_of(CASE2, (0.7, 0.6)))
    assert both[1]["head 2, case 2: not connected: test loss (nats)"] == 0.6
    assert "head 2, case 2: not connected: test loss (nats)" not in both[2]
    assert narrate.reliance_table(run_of(CASE2))[2]["head 1, tweet_b shuffled (nats)"] == 0
    assert len(narrate.what_if_table(what_if_of(connected=True), EVIDENCE)) == len(EVIDENCE)
    assert narrate.block_scale_table([0, 1], np.ones((2, 2)), (0.56, 0.55))[-1]["head 2: loss (nats)"] == 0.55
    assert narrate.jacobian_table(np.ones((2, 2, 5)))[4]["time step"] == 5
    assert narrate.value_of_other_table([0, 90], {"match": [0, 0.358]})[1]["match rule (nats)"] == 0.358


@given(
    losses=st.lists(st.floats(0, allow_nan=False), min_size=1, max_size=6),
    right=st.floats(0, 1),
    spec=st.sampled_from([CASE1, CASE2]),
)
def test_no_run_is_beyond_words(losses, right, spec):
    run = Run(spec=spec, state="running", epochs=tuple(epoch_of(spec, i, x, right=right) for i, x in enumerate(losses)))
    said = narrate.loss(run, run, bounds_for(spec), pinned=None) + narrate.reliance(run)
    assert "{" not in said
    assert "nan" not in said
    assert all(name in said for name in INPUTS)
