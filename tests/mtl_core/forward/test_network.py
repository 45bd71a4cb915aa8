"""The network in numpy answers as the Keras model does, and what no path reaches stays bit for bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_core.data import make_task
from mtl_core.forward import Network
from mtl_core.model import build_model, encoder_weights
from mtl_core.spec import DataSpec, ModelSpec
from tests.pairwise import cases

WORDS = DataSpec(tweets="words", n_train=64, n_test=64)
NUMBERS = DataSpec(tweets="numbers", timesteps=7, features=3, n_train=64, n_test=64)


def weights_of(spec, data, seed=1, scale=3.0):
    """Weights in `model.weights` order, no two alike and large enough for every path to matter; and their Keras model."""
    model = build_model(spec, data, seed=0)
    random = np.random.default_rng(seed)
    weights = [scale * w + random.normal(0, 0.3, w.shape).astype(np.float32) for w in model.get_weights()]
    model.set_weights(weights)
    return weights, model


@pytest.mark.parametrize(
    ("data", "merge", "encoder", "hidden"),
    cases((WORDS, NUMBERS), ("none", "concatenate", "add", "multiply"), ("shared", "separate"), (0, 5)),
)
def test_both_heads_answer_as_the_keras_model_does(data, merge, encoder, hidden):
    spec = ModelSpec(merge=merge, encoder=encoder, lstm_units=7, hidden_units=hidden)
    weights, model = weights_of(spec, data)
    split = make_task(data, 0).test
    ours = Network.of_weights(spec, weights).probabilities(split.a, split.b)
    theirs = np.concatenate([np.asarray(head) for head in model([split.a, split.b])], axis=1)
    assert ours.shape == (64, 2)
    assert np.ptp(theirs) > 0.1
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_a_large_network_answers_as_keras_does_too():
    data, spec = DataSpec(tweets="numbers", timesteps=60, features=130, n_train=64, n_test=64), ModelSpec(lstm_units=65)
    weights, model = weights_of(spec, data, scale=1.0)
    split = make_task(data, 0).test
    theirs = np.concatenate([np.asarray(head) for head in model([split.a, split.b])], axis=1)
    np.testing.assert_allclose(Network.of_weights(spec, weights).probabilities(split.a, split.b), theirs, atol=1e-5)


def test_encodings_are_those_of_each_tweets_own_encoder():
    weights, model = weights_of(ModelSpec(encoder="separate", lstm_units=7), WORDS)
    network = Network.of_weights(ModelSpec(encoder="separate", lstm_units=7), weights)
    for ours, theirs in zip(network.encoders, encoder_weights(model), strict=True):
        assert all(np.array_equal(one, other) for one, other in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("encoder", ["shared", "separate"])
@pytest.mark.parametrize("hidden", [0, 5])
@given(rows=st.integers(1, 20), seed=st.integers(0, 999))
@settings(max_examples=10)
def test_without_a_path_a_head_gives_the_same_answer_bit_for_bit_whatever_the_other_tweet_is(
    encoder, hidden, rows, seed
):
    spec = ModelSpec(merge="none", encoder=encoder, lstm_units=7, hidden_units=hidden)
    network = Network.of_weights(spec, weights_of(spec, WORDS)[0])
    split = make_task(WORDS, seed).test
    one = np.repeat(split.a[:1], rows, axis=0)
    alone = network.probabilities(split.a[:1], split.b[:1])
    assert set(network.probabilities(one, split.b[:rows])[:, 0]) == {alone[0, 0]}
    assert set(network.probabilities(split.b[:rows], one)[:, 1]) == {
        network.probabilities(split.b[:1], split.a[:1])[0, 1]
    }


def test_a_repeated_tweet_gets_equal_answers_at_every_place():
    spec = ModelSpec(lstm_units=7)
    network = Network.of_weights(spec, weights_of(spec, WORDS)[0])
    split = make_task(WORDS, 0).test
    a, b = (np.concatenate([x[:1], x[:9], x[:1]]) for x in (split.a, split.b))
    answers = network.probabilities(a, b)
    assert np.array_equal(answers[0], answers[1])
    assert np.array_equal(answers[0], answers[-1])


def test_no_rows_have_no_answers():
    spec = ModelSpec(lstm_units=7)
    network = Network.of_weights(spec, weights_of(spec, WORDS)[0])
    nothing = np.zeros((0, 12, 64), np.float32)
    assert network.probabilities(nothing, nothing).shape == (0, 2)


@pytest.mark.parametrize("spec", [ModelSpec(), ModelSpec(encoder="separate"), ModelSpec(hidden_units=4)], ids=str)
def test_weights_of_another_model_are_refused(spec):
    weights, _model = weights_of(spec, WORDS)
    for wrong in (weights[:-1], [*weights, weights[0]]):
        with pytest.raises(ValueError, match=f"this model has {len(weights)}"):
            Network.of_weights(spec, wrong)
