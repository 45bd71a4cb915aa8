"""The models are the question's own, and start from weights that depend on nothing but the seed and a layer's role."""

from __future__ import annotations

import threading

import keras
import numpy as np
import pytest
import tensorflow as tf

from mtl_core.model import build_model, initial_weights
from mtl_core.spec import DataSpec, ExperimentSpec, ModelSpec

SMALL = DataSpec(tweets="numbers", timesteps=5, features=3)
EVERY_MODEL = [
    ModelSpec(merge=merge, encoder=encoder, lstm_units=4, hidden_units=hidden)
    for merge in ("none", "concatenate", "add", "multiply")
    for encoder in ("shared", "separate")
    for hidden in (0, 3)
]


def learners_program(concatenate: bool) -> keras.Model:
    """The question's code, but for the import of `plot_model` and the form of `metrics` that Keras 3 wants."""
    from keras.layers import LSTM, Dense, Input
    from keras.layers import concatenate as join

    tweet_a = Input(shape=(280, 256))
    tweet_b = Input(shape=(280, 256))
    shared_lstm = LSTM(64)
    encoded_a = shared_lstm(tweet_a)
    encoded_b = shared_lstm(tweet_b)
    if concatenate:
        merged_vector = join([encoded_a, encoded_b], axis=-1)
        predictions1 = Dense(1, activation="sigmoid")(merged_vector)
        predictions2 = Dense(1, activation="sigmoid")(merged_vector)
    else:
        predictions1 = Dense(1, activation="sigmoid")(encoded_a)
        predictions2 = Dense(1, activation="sigmoid")(encoded_b)
    model = keras.Model(inputs=[tweet_a, tweet_b], outputs=[predictions1, predictions2])
    model.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=[["accuracy"], ["accuracy"]])
    return model


@pytest.mark.parametrize(("concatenate", "parameters"), [(True, 82_434), (False, 82_306)])
def test_question_models_have_the_learners_parameters_and_compute_the_learners_function(concatenate, parameters):
    spec = ExperimentSpec.question(concatenate)
    ours, theirs = build_model(spec.model, spec.data, seed=5), learners_program(concatenate)
    assert ours.count_params() == theirs.count_params() == parameters
    theirs.set_weights(ours.get_weights())
    tweets = [np.random.default_rng(i).normal(size=(3, 280, 256)).astype(np.float32) for i in (0, 1)]
    compiled = tf.function(lambda tweets: (ours(tweets), theirs(tweets)))  # 280 steps take seconds otherwise
    for mine, learners in zip(*compiled(tweets), strict=True):
        assert np.ptp(mine) > 1e-3
        np.testing.assert_array_equal(mine, learners)


@pytest.mark.parametrize("spec", EVERY_MODEL, ids=str)
def test_every_layer_bears_the_learners_name(spec):
    names = [layer.name for layer in build_model(spec, SMALL, seed=0).layers]
    lstms = ["shared_lstm"] if spec.encoder == "shared" else ["lstm_a", "lstm_b"]
    merged = [] if spec.merge == "none" else ["merged_vector"]
    hidden = ["hidden1", "hidden2"] if spec.hidden_units else []
    assert sorted(names) == sorted(["tweet_a", "tweet_b", *lstms, *merged, *hidden, "predictions1", "predictions2"])


@pytest.mark.parametrize("spec", EVERY_MODEL, ids=str)
def test_a_reset_model_starts_where_a_new_one_would(spec):
    new = build_model(spec, SMALL, seed=7)
    for expected, drawn in zip(new.get_weights(), initial_weights(build_model(spec, SMALL, seed=8), 7), strict=True):
        np.testing.assert_array_equal(drawn, expected)


def test_both_cases_and_both_encoders_start_from_the_same_lstm():
    lstms = [
        [variable.numpy() for variable in layer.weights]
        for spec in EVERY_MODEL
        for layer in build_model(spec, SMALL, seed=3).layers
        if "lstm" in layer.name
    ]
    assert len(lstms) == 24
    for other in lstms[1:]:
        for first, second in zip(lstms[0], other, strict=True):
            np.testing.assert_array_equal(first, second)


def test_seeds_give_different_weights_and_the_two_heads_start_apart():
    spec = ModelSpec(lstm_units=4)
    one, two = (build_model(spec, SMALL, seed) for seed in (0, 1))
    assert not np.array_equal(one.get_weights()[0], two.get_weights()[0])
    heads = [one.get_layer(name).kernel.numpy() for name in ("predictions1", "predictions2")]
    assert not np.array_equal(*heads)


def test_weights_are_the_same_whatever_other_threads_build():
    spec, built = ModelSpec(lstm_units=4), {}

    def build(seed: int) -> None:
        built[seed] = [build_model(spec, SMALL, seed).get_weights() for _ in range(3)]

    threads = [threading.Thread(target=build, args=(seed,)) for seed in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for seed, several in built.items():
        for weights in several:
            for mine, expected in zip(weights, build_model(spec, SMALL, seed).get_weights(), strict=True):
                np.testing.assert_array_equal(mine, expected)


def test_the_model_is_not_compiled_and_survives_its_json():
    model = build_model(ModelSpec(), DataSpec(), seed=0)
    assert not model.compiled
    assert keras.models.model_from_json(model.to_json()).count_params() == model.count_params()
