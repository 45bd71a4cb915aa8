"""The loss: heading, chart, reading and table say the same, for every state of a run and every legal setting."""

import dataclasses
import itertools
import json
import math

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.figures.loss import exhibit
from mtl_core.palette import LIGHT
from mtl_core.records import Run
from mtl_core.spec import INPUTS, ExperimentSpec
from mtl_core.theory import lower_bound
from tests.mtl_core.figures.made_exhibits import CASE1, CASE2, MATCH, curve, drawn, words
from tests.mtl_core.made_runs import bounds_for, epoch_of, run_of

OWN = 0.5193  # nats: what the own tweet alone allows at 45 degrees


def shown(spec, losses, *, other=None, pinned=None, **fields):
    return exhibit(run_of(spec, losses, **fields), other, bounds_for(spec), pinned=pinned)


def test_all_four_parts_tell_the_epoch_shown():
    made = shown(CASE1, (0.7, 0.5, 0.3), pinned=1)
    assert made.heading == "Neither head does better yet than its own tweet alone allows"
    assert made.reading.startswith("After epoch 1, head 1 is right on 90 in 100 unseen pairs and head 2 on 90 in 100;")
    assert "their losses are 0.500 nats for each head" in made.reading
    assert "Head 1: loss 0.500 at epoch 1" in words(drawn(made))
    assert "epoch 1" in words(drawn(made))
    assert made.rows()[1]["head 1: test loss (nats)"] == curve(drawn(made), "case 1: concatenated")["y"][1] == 0.5


def test_the_newest_epoch_is_shown_unless_another_is_pinned():
    made = shown(CASE1, (0.7, 0.238))
    assert made.heading == "Both heads do better than their own tweet alone allows"
    assert "0.238 nats for each head" in made.reading
    assert "Head 2: loss 0.238 at epoch 1" in words(drawn(made, 1))
    assert shown(CASE1, (0.7, 0.238), pinned=0).reading.startswith("Before any training, head 1")


def test_an_epoch_that_has_not_come_is_not_made_up():
    made = shown(CASE1, (0.7, 0.5), pinned=9)
    assert made.heading == "How low can each head’s loss go? Train to see"
    assert made.reading.startswith("No curve yet.")
    assert "Head 1" in words(drawn(made))


def test_before_any_training_no_head_is_said_to_have_learned():
    assert shown(CASE1, (0.7,)).heading == "Before any training, no head has learned anything"


@pytest.mark.parametrize(
    ("loss", "heading"),
    [
        (0.25, "Both heads do better than their own tweet alone allows"),
        (OWN - 0.01, "Neither head does better yet than its own tweet alone allows"),
        (OWN, "Neither head does better yet than its own tweet alone allows"),
    ],
)
def test_better_than_the_own_tweet_is_said_only_beyond_the_noise(loss, heading):
    assert shown(CASE1, (0.7, loss)).heading == heading


def test_few_test_rows_make_more_noise():
    assert shown(CASE1, (0.7, OWN - 0.05)).heading.startswith("Both")
    assert shown(CASE1.replace(n_test=64), (0.7, OWN - 0.05)).heading.startswith("Neither")


def test_one_head_alone_is_named():
    run = run_of(CASE1, (0.7, OWN))
    last, better = run.epochs[-1], epoch_of(CASE1, 1, 0.3)
    mixed = dataclasses.replace(last, test=last.test | {"predictions2": better.test["predictions2"]})
    run = dataclasses.replace(run, epochs=(run.epochs[0], mixed))
    assert exhibit(run, None, bounds_for(CASE1)).heading == "Head 2 does better than its own tweet alone allows"


@pytest.mark.parametrize(
    ("merge", "hidden", "rule", "angle", "loss"),
    itertools.product(
        ("none", "concatenate", "add", "multiply"), (0, 8), ("additive", "match"), (0.0, 3.0, 45.0, 90.0), (0.1, 0.68)
    ),
)
def test_no_heading_promises_what_no_model_of_this_shape_can_reach(merge, hidden, rule, angle, loss):
    spec = CASE1.replace(merge=merge, hidden_units=hidden, rule=rule, mixing_deg=angle)
    _name, floor = lower_bound(spec.model, spec.data)
    own = bounds_for(spec).own[0]
    heading = shown(spec, (0.7, loss)).heading
    if floor > own - 0.02:
        assert heading == "Neither head can do better than its own tweet alone allows"
    else:
        assert "can" not in heading


def test_the_bold_dot_stands_at_the_epoch_shown():
    def dots(pinned):
        made = shown(CASE1, (0.7, 0.5, 0.3), other=run_of(CASE2, (0.7, 0.6)), pinned=pinned)
        return [(*dot["x"], *dot["y"]) for dot in drawn(made)["data"] if dot["mode"] == "markers"]

    assert dots(1) == [(1, 0.6), (1, 0.5)]
    assert dots(2) == [(2, 0.3)]
    assert dots(None) == [(1, 0.6), (2, 0.3)]


def test_a_head_whose_loss_or_labels_do_not_count_is_not_said_to_do_better_yet():
    heading = shown(CASE1.replace(loss_weights=(1, 0)), (0.7, 0.68)).heading
    assert heading == "Head 1 learns its task, and does no better yet than its own tweet alone allows"
    assert "yet" not in shown(CASE1.replace(loss_weights=(0, 0)), (0.7, 0.68)).heading
    assert "Head 2" in shown(CASE1.replace(shuffled_labels="y1"), (0.7, 0.68)).heading


def test_the_chart_spans_the_planned_epochs_before_they_come():
    before = drawn(exhibit(Run(spec=CASE1, state="queued"), None, bounds_for(CASE1)))["layout"]
    during = drawn(shown(CASE1, (0.7, 0.5), state="running"))["layout"]
    assert before["xaxis"]["range"] == during["xaxis"]["range"] == [0, 12]
    assert before["yaxis"]["range"] == during["yaxis"]["range"]
    assert before["height"] == during["height"]


@pytest.mark.parametrize(
    ("other", "origin"),
    [
        (run_of(CASE2, source="recorded"), "recorded"),
        (run_of(CASE2, source="stored"), "stored"),
        (run_of(CASE2, state="running"), "live"),
        (Run(spec=CASE2, state="queued"), "waiting"),
        (Run(spec=CASE2), "not trained yet"),
    ],
    ids=["recorded", "stored", "live", "waiting", "none"],
)
def test_legend_and_reading_say_where_the_other_case_comes_from(other, origin):
    made = shown(CASE1, (0.7, 0.3), other=other)
    assert f"case 2: not connected — {origin}" in words(drawn(made))
    if other.epochs:
        assert (
            f"The other case (case 2: not connected; {origin}) has 0.300 nats for each head at epoch 3." in made.reading
        )
        assert made.rows()[1]["head 2, case 2: not connected: test loss (nats)"] == 0.5
    else:
        assert f"Of the other case (case 2: not connected: {origin}) there is no curve" in made.reading
        assert list(made.rows()[1]) == list(shown(CASE1, (0.7, 0.3)).rows()[1])


@pytest.mark.parametrize("source", ["live", "recorded"])
def test_the_stroke_of_a_curve_is_its_cases_wherever_it_comes_from(source):
    figure = drawn(shown(CASE1, (0.7, 0.3), other=run_of(CASE2, source=source)))
    assert curve(figure, "case 1: concatenated")["line"]["dash"] == "solid"
    assert curve(figure, "case 2: not connected")["line"]["dash"] == "dash"
    assert curve(figure, "training pairs")["line"]["dash"] == "dot"


def test_a_curve_has_the_colour_of_what_the_head_reads():
    for part, name in enumerate(INPUTS):
        both, own = drawn(shown(CASE1, (0.7, 0.3)), part), drawn(shown(CASE2, (0.7, 0.6)), part)
        assert curve(both, "case 1: concatenated")["line"]["color"] == LIGHT.ink
        assert curve(own, "case 2: not connected")["line"]["color"] == LIGHT.line[name]


@pytest.mark.parametrize(
    ("spec", "floor", "sentence"),
    [
        (
            CASE1,
            "both tweets",
            "below the best possible for a head that adds up what it sees in each tweet: 0.206 nats",
        ),
        (CASE2, "own tweet", "below the best possible with a head’s own tweet alone: 0.519 nats"),
        (
            CASE1.replace(rule="match"),
            "own tweet",
            "worth no more than each head’s own tweet alone. With both tweets, 0.319",
        ),
        (CASE1.replace(merge="add", mixing_deg=0.0), "unordered pair", "cannot tell whose tweet is whose: 0.461 nats"),
    ],
    ids=["case 1", "case 2", "match rule", "add"],
)
def test_the_line_this_model_cannot_go_below_is_stressed_in_the_chart_and_said(spec, floor, sentence):
    made = shown(spec, (0.7, 0.6))
    for part in (0, 1):
        figure = drawn(made, part)
        (stressed,) = [text for text in words(figure) if "floor of the<br>thick curve" in text]
        assert stressed.startswith(f"<b>{floor} ")
        (thick,) = {
            shape["y0"]
            for shape in figure["layout"]["shapes"]
            if shape["type"] == "line" and shape["line"]["width"] == 2.5
        }
        assert thick == bounds_for(spec).floor[1][part]
        assert not any(shape["type"] == "rect" for shape in figure["layout"]["shapes"])
    assert sentence in made.reading


def test_overfitting_is_said_only_where_it_is_seen():
    def run(*losses):
        return Run(spec=CASE1, epochs=tuple(epoch_of(CASE1, i, *both) for i, both in enumerate(losses)))

    rising = run((0.7, 0.7), (0.5, 0.5), (0.6, 0.3))
    worse = run((0.7, 0.7), (0.5, 0.5), (0.6, 0.6))
    bounds = bounds_for(CASE1)
    sentence = "Head 1 was better at epoch 1, head 2 was better at epoch 1"
    assert sentence in exhibit(rising, None, bounds).reading
    assert "by heart" in exhibit(rising, None, bounds, pinned=2).reading
    assert "by heart" not in exhibit(rising, None, bounds, pinned=1).reading
    assert "by heart" not in exhibit(worse, None, bounds).reading


def test_an_unplottable_loss_leaves_a_gap_and_no_invalid_chart():
    made = shown(CASE1, (0.7, 40.0, math.nan), state="diverged")
    figure = drawn(made)
    go.Figure(figure)
    assert curve(figure, "case 1: concatenated")["y"] == [0.7, 40.0, None]
    assert figure["layout"]["yaxis"]["range"][1] == 3
    assert "not a number" in made.reading


@given(
    losses=st.lists(st.floats(0, 100) | st.just(math.inf), max_size=30),
    spec=st.sampled_from([CASE1, CASE2, MATCH]),
    pinned=st.none() | st.integers(0, 30),
)
def test_no_run_is_beyond_a_chart_or_words(losses, spec: ExperimentSpec, pinned):
    run = run_of(spec.replace(epochs=30), losses, source="stored")
    made = exhibit(run, run, bounds_for(spec), pinned=pinned)
    low, high = drawn(made)["layout"]["yaxis"]["range"]
    assert low < high
    json.dumps(drawn(made), allow_nan=False)
    assert "{" not in made.heading + made.reading
    assert len(made.rows()) == len(losses)
