"""What a loss is said to change is what it changes in Keras, and what is said to be out of reach is."""

import numpy as np
import pytest

from mtl_core.figures.learned import able, margin, taught, trained, unlearned
from mtl_core.spec import ExperimentSpec
from mtl_core.train import train
from tests.mtl_core.made_runs import bounds_for, run_of

SMALL = ExperimentSpec().replace(
    tweets="numbers", timesteps=2, features=2, lstm_units=2, n_train=64, n_test=64, batch_size=32, epochs=1
)
RECIPES = [
    {},
    {"loss_weights": (1, 0)},
    {"loss_weights": (0, 0)},
    {"detach": "predictions1"},
    {"detach": "both"},
    {"detach": "predictions2", "loss_weights": (0, 1)},
    {"schedule": "alternate"},
    {"schedule": "alternate", "batch_size": 64},
]


@pytest.mark.parametrize("recipe", RECIPES, ids=str)
def test_what_is_said_to_be_trained_is_what_changes_in_training(recipe):
    apart = SMALL.replace(merge="none", encoder="separate", **recipe)
    first, *_, last = train(apart)
    # In `model.weights` order: three arrays of each LSTM, then kernel and bias of each head.
    moved = [not np.array_equal(*pair) for pair in zip(first.weights, last.weights, strict=True)]
    what = trained(apart)
    assert (any(moved[:3]), any(moved[3:6])) == what.encoders
    assert (any(moved[6:8]), any(moved[8:])) == what.heads


def test_a_head_with_shuffled_labels_is_trained_and_not_taught():
    spec = SMALL.replace(shuffled_labels="y1")
    assert trained(spec).heads == (True, True)
    assert taught(spec) == (False, True)


def test_the_noise_of_a_loss_shrinks_with_the_root_of_the_rows():
    assert margin(2048) == 0.02
    assert margin(512) == 2 * margin(2048)


@pytest.mark.parametrize(
    ("changes", "can"),
    [({}, True), ({"merge": "none"}, False), ({"mixing_deg": 0.0}, False), ({"rule": "match"}, False)],
    ids=str,
)
def test_a_shape_is_able_to_beat_its_own_tweet_only_where_theory_allows(changes, can):
    spec = ExperimentSpec().replace(**changes)
    assert able(run_of(spec), bounds_for(spec)) == (can, can)


@pytest.mark.parametrize(
    ("epoch", "loss", "nothing"), [(0, 0.3, True), (1, 0.69, True), (1, 0.66, False), (2, 0.69, False)]
)
def test_nothing_is_learned_while_the_loss_is_that_of_chance(epoch, loss, nothing):
    spec = ExperimentSpec()
    assert unlearned(run_of(spec, (loss, loss)), bounds_for(spec), 0, epoch) == nothing


def test_where_nothing_can_be_learned_it_is_not_said_to_come():
    match = ExperimentSpec().replace(rule="match", mixing_deg=90.0)
    assert not unlearned(run_of(match, (0.7, 0.69)), bounds_for(match), 0, 1)
