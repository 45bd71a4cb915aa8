"""What is said and drawn of the tasks' pulls is what the run measured, and nothing where it did not."""

import dataclasses
import math

import pytest

from mtl_core.figures import pulls
from mtl_core.figures.numbers import number
from mtl_core.palette import LIGHT
from mtl_core.records import Pull, Run
from mtl_core.spec import ExperimentSpec
from tests.mtl_core.figures.made_exhibits import curve, drawn, words
from tests.mtl_core.made_runs import epoch_of, run_of, with_pulls

CASE1 = ExperimentSpec()
CASE2 = CASE1.other_case


def measured(spec: ExperimentSpec = CASE1, **fields) -> Run:
    return with_pulls(run_of(spec, **fields))


def test_the_heading_counts_the_epochs_in_which_both_pull_the_same_way():
    assert "the same way in 2 of 4 epochs" in pulls.exhibit(measured()).heading
    assert "in 4 of 4 epochs" in pulls.exhibit(with_pulls(run_of(CASE1), (0.1, 0.1, 0.9, 0.3))).heading


def test_each_weight_has_a_curve_of_lengths_for_each_task_and_one_of_cosines():
    exhibit = pulls.exhibit(measured())
    lengths, cosines = drawn(exhibit), drawn(exhibit, 1)
    assert curve(lengths, "head 1, input")["y"] == [0.125] * 4
    assert curve(lengths, "head 2, recurrent")["y"] == [0.5] * 4
    assert curve(cosines, "bias")["y"] == [0.5, 0.25, -0.25, -0.5]


def test_a_task_has_the_colour_of_its_tweet_and_a_case_its_dash():
    colours = {
        name: curve(drawn(pulls.exhibit(measured(spec))), f"{name}, input")["line"]
        for spec in (CASE2, CASE1)
        for name in ("head 1", "head 2")
    }
    assert len({line["color"] for line in colours.values()}) == 2
    assert {line["dash"] for line in colours.values()} == {"solid"}
    assert curve(drawn(pulls.exhibit(measured(CASE2))), "head 1, input")["line"]["dash"] == "dash"


def test_the_other_case_is_drawn_thin_beside_it_and_said():
    exhibit = pulls.exhibit(measured(), with_pulls(run_of(CASE2), (0.9, 0.8, 0.7, 0.6)), pinned=2)
    dashes = [(trace["line"]["dash"], trace["line"]["width"]) for trace in drawn(exhibit, 1)["data"]]
    assert sorted(dashes) == [
        ("dash", 0.625),
        ("dash", 1.0),
        ("dash", 1.5),
        ("solid", 1.25),
        ("solid", 2.0),
        ("solid", 3.0),
    ]
    assert any("case 2" in text for text in words(drawn(exhibit, 1)))
    assert "In the other case (case 2: not connected) it is 0.700." in exhibit.reading


def test_a_layer_as_a_whole_has_the_cosine_of_all_its_weights_laid_end_to_end():
    # Gradients (3, 0 | 0, 4) and (3, 0 | 4, 0): equal in the first weight, at right angles in the second.
    gradients = {("lstm", "kernel"): Pull(3.0, 3.0, 1.0), ("lstm", "bias"): Pull(4.0, 4.0, 0.0)}
    epoch = dataclasses.replace(epoch_of(CASE1, 0, 0.5), gradients=gradients)
    assert pulls.along(epoch) == pytest.approx(9 / 25)
    assert pulls.along(epoch, "lstm") == pytest.approx(9 / 25)


def test_the_words_and_the_table_have_the_cosine_of_the_epoch_that_is_shown():
    exhibit = pulls.exhibit(measured(), pinned=1)
    assert f"after epoch 1 is {number(0.25)}" in exhibit.reading
    whole = [row for row in exhibit.rows() if row["weight"] == "shared_lstm"]
    assert [row["cosine"] for row in whole] == pytest.approx([0.5, 0.25, -0.25, -0.5])
    kernel = [row for row in exhibit.rows() if row["weight"] == "shared_lstm/kernel"]
    assert "change went with head 1 (cosine)" not in kernel[0]
    assert kernel[1]["change went with head 1 (cosine)"] == 0.5


def test_it_is_called_a_diagnostic_wherever_it_is_shown():
    assert "do not by themselves mean that sharing hurts" in pulls.exhibit(measured()).reading


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        (CASE2.replace(encoder="separate"), "an LSTM of its own"),
        (CASE1.replace(detach="predictions2"), "The loss of head 2 stops before the encoders"),
        (CASE1.replace(detach="both"), "Both losses stop"),
    ],
)
def test_where_nothing_is_shared_the_sentence_says_so_and_nothing_is_drawn(spec, reason):
    exhibit = pulls.exhibit(measured(spec))
    assert "No weight is reached by both losses" in exhibit.heading
    assert reason in exhibit.reading
    assert [*exhibit.draw(LIGHT)] == [*exhibit.rows()] == []


def test_a_run_from_before_pulls_were_measured_says_that_they_were_not():
    exhibit = pulls.exhibit(run_of(CASE1))
    assert "not measured in this run" in exhibit.heading
    assert "recorded before" in exhibit.reading


def test_what_the_settings_leave_out_of_a_pull_is_said():
    text = pulls.exhibit(measured(CASE1.replace(loss_weights=(1.0, 0.0), labelled=(0.5, 1.0)))).reading
    assert "a weight of 0 is measured all the same" in text
    assert "Pairs without a label add nothing" in text
    assert "weight of 0" not in pulls.exhibit(measured()).reading


def test_a_task_that_does_not_pull_is_said_and_leaves_a_gap():
    run = with_pulls(run_of(CASE1), (None, None, None, None))
    exhibit = pulls.exhibit(run)
    assert exhibit.heading == "Only one task pulls at what they share"
    assert "one of the two does not pull at all" in exhibit.reading
    assert curve(drawn(exhibit, 1), "bias")["y"] == [None] * 4
    assert not any(isinstance(value, float) and math.isnan(value) for row in exhibit.rows() for value in row.values())
