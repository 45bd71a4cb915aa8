"""The pulls that a run tells are the gradients that a plain tape takes from the Keras model with the weights that are told."""

from __future__ import annotations

import dataclasses
import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from mtl_core.data import make_task
from mtl_core.model import VARIANTS, build_model
from mtl_core.records import Epoch, Pull
from mtl_core.spec import ENCODERS, ExperimentSpec
from mtl_core.train import labelled_rows, program, pulled_rows, train

SMALL = ExperimentSpec().replace(
    tweets="numbers", timesteps=6, features=3, lstm_units=4, n_train=73, n_test=65, epochs=2, batch_size=16
)
SMALL = SMALL.replace(learning_rate=0.01, loss_weights=(1.0, 0.3), seed=11)
CASES = [
    {"merge": "none"},
    {"merge": "concatenate", "optimizer": "adam"},
    {"merge": "multiply", "encoder": "separate", "hidden_units": 3},
    {"merge": "none", "labelled": (0.5, 1.0), "schedule": "alternate", "optimizer": "sgd"},
]


def tape_gradients(spec: ExperimentSpec, epoch: Epoch) -> list[list[np.ndarray]]:
    """For each head the gradients of its mean loss in `model.weights` order, through the model as Keras runs it."""
    model = build_model(spec.model, spec.data, 0)
    model.set_weights(epoch.weights)
    rows, train_rows, has_label = pulled_rows(spec), make_task(spec.data, spec.train.seed).train, labelled_rows(spec)
    with tf.GradientTape(persistent=True) as tape:
        answers = model([train_rows.a[rows], train_rows.b[rows]])
        mean_losses = [
            tf.reduce_mean(has_label[rows, head] * keras.losses.binary_crossentropy(y[rows], answers[head]))
            for head, y in enumerate((train_rows.y1, train_rows.y2))
        ]
    weights = [variable.value for variable in model.weights]
    return [
        [g.numpy().ravel() for g in tape.gradient(loss, weights, unconnected_gradients="zero")] for loss in mean_losses
    ]


def cosine(one: np.ndarray, other: np.ndarray) -> float:
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))


@pytest.mark.parametrize("options", CASES, ids=str)
def test_every_epoch_tells_the_norms_and_cosines_of_a_plain_tape(options):
    spec = SMALL.replace(**options)
    for epoch in train(spec):
        first, second = tape_gradients(spec, epoch)
        assert len(epoch.gradients) == len(first)
        for pull, one, other in zip(epoch.gradients.values(), first, second, strict=True):
            if pull is None:
                assert not (one.any() and other.any())
            else:
                norms = (np.linalg.norm(one), np.linalg.norm(other))
                assert (pull.norm1, pull.norm2) == pytest.approx(norms, rel=1e-4, abs=1e-7)
                assert pull.cosine == pytest.approx(cosine(one, other), abs=1e-4)


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop"])
def test_what_an_epoch_applied_is_held_against_what_each_loss_asked_for_when_it_began(optimizer):
    spec = SMALL.replace(merge="none", optimizer=optimizer)
    epochs = list(train(spec))
    assert all((pull.applied1, pull.applied2) == (None, None) for pull in epochs[0].gradients.values() if pull)
    for before, after in itertools.pairwise(epochs):
        asked = tape_gradients(spec, before)
        for i, pull in enumerate(after.gradients.values()):
            if pull is not None:
                change = (after.weights[i] - before.weights[i]).ravel()
                expected = [cosine(change, -gradients[i]) for gradients in asked]
                assert [pull.applied1, pull.applied2] == pytest.approx(expected, abs=1e-4)


def reached_by_both(**options) -> set[tuple[str, str]]:
    first = next(train(SMALL.replace(epochs=1, **options)))
    return {name for name, pull in first.gradients.items() if pull is not None}


LSTM = ("kernel", "recurrent_kernel", "bias")


def test_both_losses_reach_what_is_shared_and_the_encoders_of_a_merge_and_nothing_else():
    shared = {("shared_lstm", part) for part in LSTM}
    both = {(layer, part) for layer in ENCODERS["separate"] for part in LSTM}
    assert reached_by_both(merge="none") == shared
    assert reached_by_both(merge="concatenate", hidden_units=3) == shared
    assert reached_by_both(merge="add", encoder="separate") == both
    assert reached_by_both(merge="none", encoder="separate") == set()


@pytest.mark.parametrize("detach", ["predictions1", "predictions2", "both"])
def test_a_head_whose_gradient_stops_before_the_encoders_pulls_at_nothing(detach):
    assert reached_by_both(merge="concatenate", detach=detach) == set()


def test_every_weight_of_the_model_is_named_as_keras_names_it():
    (epoch,) = itertools.islice(train(SMALL.replace(hidden_units=3)), 1)
    model = build_model(SMALL.replace(hidden_units=3).model, SMALL.data, 0)
    assert list(epoch.gradients) == [(layer.name, weight.name) for layer in model.layers for weight in layer.weights]


def test_a_task_without_a_label_in_the_batch_pulls_with_length_zero_and_in_no_direction():
    # The first seed whose one row with a label is not in the batch.
    specs = (SMALL.replace(labelled=(0.01, 1.0), seed=seed) for seed in itertools.count())
    spec = next(one for one in specs if not labelled_rows(one)[pulled_rows(one), 0].any())
    pulls = [pull for pull in next(train(spec)).gradients.values() if pull]
    assert pulls
    assert all(pull.norm1 == 0 and pull.norm2 > 0 and pull.cosine is None for pull in pulls)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_kernel_tells_the_same_pulls(variant, monkeypatch):
    expected = list(train(SMALL))[-1].gradients["shared_lstm", "recurrent_kernel"]
    monkeypatch.setattr(program, "variant_of", lambda features, units: variant)
    told = list(train(SMALL))[-1].gradients["shared_lstm", "recurrent_kernel"]
    assert dataclasses.astuple(told) == pytest.approx(dataclasses.astuple(expected), abs=1e-4)


def test_loss_weights_do_not_scale_what_is_told():
    one, other = (next(train(SMALL.replace(loss_weights=weights))).gradients for weights in ((1.0, 1.0), (10.0, 0.0)))
    assert one == other
    assert isinstance(one["shared_lstm", "kernel"], Pull)


def test_the_batch_is_a_sixty_fourth_of_the_training_rows_from_8_to_32_and_always_the_same():
    sizes = {rows: len(pulled_rows(SMALL.replace(n_train=rows))) for rows in (64, 1024, 2048, 16384)}
    assert sizes == {64: 8, 1024: 16, 2048: 32, 16384: 32}
    np.testing.assert_array_equal(pulled_rows(SMALL), pulled_rows(SMALL.replace(merge="none", detach="both")))
    assert len(set(pulled_rows(SMALL))) == 8


def test_measuring_the_pulls_changes_no_weight(monkeypatch):
    measured = list(train(SMALL))[-1].weights
    monkeypatch.setattr("mtl_core.train.pulls.Pulls.measured", lambda self, program: None)
    for mine, other in zip(measured, list(train(SMALL))[-1].weights, strict=True):
        np.testing.assert_array_equal(mine, other)
