"""Responses agree with Keras where Keras can tell, and are flat bit for bit where no path exists."""

from __future__ import annotations

import dataclasses
import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.data import LEVELS, label_probability, make_task, possible_evidence, tweets_with_evidence
from mtl_core.model import build_model, kernels
from mtl_core.response import block_scale, disturb, jacobian, respond, subject, what_if
from mtl_core.spec import OUTPUTS, DataSpec, ModelSpec
from tests.pairwise import cases

PERTURBATIONS = ("permute", "noise", "fade")
MERGES = ("none", "concatenate", "add", "multiply")
ENCODERS = ("shared", "separate")
HIDDEN = (0, 5)
ODD_SIZES = (65, 333)


def spec_of(merge: str, encoder: str, hidden: int) -> ModelSpec:
    return ModelSpec(merge=merge, encoder=encoder, lstm_units=7, hidden_units=hidden)


EVERY_MODEL = [
    pytest.param(spec_of(*case.values), marks=case.marks, id="-".join(map(str, case.values)))
    for case in cases(MERGES, ENCODERS, HIDDEN)
]


def data_of(rows: int = 65, **changes) -> DataSpec:
    return DataSpec(tweets="numbers", timesteps=5, features=3, n_train=64, n_test=rows, **changes)


def split_of(rows: int = 65):
    return make_task(data_of(rows), seed=4).test


def model_of(spec: ModelSpec, scale: float = 3.0) -> keras.Model:
    """A model whose weights are large enough for every path to matter."""
    model = build_model(spec, data_of(), seed=1)
    model.set_weights([scale * w for w in model.get_weights()])
    return model


def keras_losses(model: keras.Model, a, b, split) -> list[float]:
    """Binary cross-entropy of both heads as Keras takes it from probabilities."""
    return losses_of(model([a, b]), split)


def losses_of(predicted, split) -> list[float]:
    entropy = keras.losses.BinaryCrossentropy()
    return [float(entropy(y, p)) for y, p in zip((split.y1, split.y2), predicted, strict=True)]


@pytest.mark.parametrize("spec", EVERY_MODEL)
def test_undisturbed_and_faded_losses_and_the_answers_that_change_are_those_of_keras(spec):
    model, split = model_of(spec), split_of()
    result = respond(model, split, perturbation="fade", levels=3)
    as_they_are = answers(model([split.a, split.b]))
    for level, share in enumerate((1.0, 0.5, 0.0)):
        for i, tweets in enumerate(([share * split.a, split.b], [split.a, share * split.b])):
            predicted = model(tweets)
            np.testing.assert_allclose(result.loss[:, i, level], losses_of(predicted, split), atol=2e-6)
            shares = [np.mean(one != two) for one, two in zip(as_they_are, answers(predicted), strict=True)]
            assert result.changed[:, i, level].tolist() == shares
    assert (result.changed[..., 0] == 0).all()
    assert result.changed[0, 0, -1] > 0


def answers(predicted) -> list[np.ndarray]:
    """Yes or no of both heads, row by row."""
    return [np.asarray(p) > 0.5 for p in predicted]


@pytest.mark.parametrize(
    ("perturbation", "rows", "encoder", "hidden"), cases(PERTURBATIONS, ODD_SIZES, ENCODERS, HIDDEN)
)
def test_without_a_path_the_curve_is_flat_bit_for_bit(perturbation, rows, encoder, hidden):
    model = model_of(spec_of("none", encoder, hidden))
    result = respond(model, split_of(rows), perturbation=perturbation, repeats=3)
    for head, other in ((0, 1), (1, 0)):
        for curve in (result.loss, result.low, result.high, result.accuracy):
            assert len(set(curve[head, other].tolist())) == 1
        assert set(result.changed[head, other].tolist()) == {0.0}
        assert result.loss[head, other, 0] == result.loss[head, head, 0] == result.low[head, other, 0]
        assert np.ptp(result.loss[head, head]) > 1e-3


def test_a_head_that_answers_differently_may_be_right_as_often_as_before():
    split = split_of(333)
    flipped = dataclasses.replace(split, y1=np.float32(np.random.default_rng(0).random(split.y1.shape) < 0.5))
    result = respond(model_of(ModelSpec(lstm_units=7)), flipped)
    assert abs(result.accuracy[0, 1, -1] - result.accuracy[0, 1, 0]) < 0.1
    assert result.changed[0, 1, -1] > 0.1


@pytest.mark.parametrize(
    ("perturbation", "merge", "encoder", "hidden"), cases(PERTURBATIONS, MERGES[1:], ENCODERS, HIDDEN)
)
def test_with_a_path_every_curve_moves(perturbation, merge, encoder, hidden):
    model = model_of(spec_of(merge, encoder, hidden))
    result = respond(model, split_of(), perturbation=perturbation, levels=3, repeats=2)
    assert (np.ptp(result.loss, axis=2) > 1e-6).all()


@pytest.mark.parametrize("rows", ODD_SIZES)
def test_flatness_holds_when_rows_are_encoded_in_several_blocks_and_in_either_kernel(rows, monkeypatch):
    monkeypatch.setattr(kernels, "_BLOCK_BYTES", 10_000)
    for variant in ("block", "scan"):
        monkeypatch.setattr(kernels, "variant_of", lambda features, units, v=variant: v)
        model = model_of(ModelSpec(merge="none", lstm_units=7))
        result = respond(model, split_of(rows), perturbation="noise", levels=3, repeats=2)
        assert len(set(result.loss[0, 1].tolist())) == len(set(result.loss[1, 0].tolist())) == 1


@given(rows=st.integers(2, 400), dose=st.floats(0, 1), seed=st.integers(0, 2**32))
def test_exactly_the_share_of_rows_takes_another_rows_input(rows, dose, seed):
    source = disturb._dealt(np.random.default_rng(seed).permutation(rows), dose)
    moved = source != np.arange(rows)
    assert moved.sum() == round(dose * rows)
    if moved.sum() >= 2:
        assert sorted(source) == list(range(rows))


def test_the_interval_holds_the_mean_and_one_repeat_has_none():
    model, split = model_of(ModelSpec(lstm_units=7)), split_of(333)
    several, one = respond(model, split, repeats=5), respond(model, split, repeats=1)
    assert (several.low <= several.loss).all()
    assert (several.loss <= several.high).all()
    assert (several.low[..., 1:] < several.high[..., 1:]).all()
    np.testing.assert_array_equal(several.low[..., 0], several.high[..., 0])
    np.testing.assert_array_equal(one.low, one.high)
    assert (several.repeats, several.rows, one.repeats) == (5, 333, 1)


def test_the_same_question_has_the_same_answer_and_another_seed_another():
    model, split = model_of(ModelSpec(lstm_units=7)), split_of()
    first, again, other = (respond(model, split, repeats=2, seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first.loss, again.loss)
    assert not np.array_equal(first.loss[..., 1:], other.loss[..., 1:])


@pytest.mark.parametrize(("perturbation", "repeats"), [("permute", 8), ("noise", 2)])
def test_a_shape_too_large_for_an_answer_in_time_uses_fewer_rows_and_says_so(perturbation, repeats, monkeypatch):
    monkeypatch.setitem(subject._SECONDS, perturbation, 1e-5)
    model, split = model_of(ModelSpec(lstm_units=7)), split_of(333)
    result = respond(model, split, perturbation=perturbation, levels=2)
    assert (result.rows, result.repeats) == (64, repeats)
    first = dataclasses.replace(split, **{f: getattr(split, f)[:64] for f in ("a", "b", "y1", "y2")})
    np.testing.assert_allclose(result.loss[:, 0, 0], keras_losses(model, first.a, first.b, first), atol=2e-6)


def test_the_undisturbed_loss_is_the_same_under_every_disturbance_of_the_playgrounds_shape():
    data = DataSpec(tweets="numbers", n_train=64)
    model, split = build_model(ModelSpec(), data, seed=1), make_task(data, 0).test
    measured = [respond(model, split, perturbation=way) for way in PERTURBATIONS]
    assert {each.rows for each in measured} == {2048}
    assert len({each.loss[0, 0, 0] for each in measured}) == 1


@pytest.mark.parametrize("bad", [{"perturbation": "drop"}, {"levels": 1}, {"repeats": 0}], ids=str)
def test_a_wrong_argument_is_named(bad):
    with pytest.raises(ValueError, match="they must be one of permute, noise, fade, at least 2 and at least 1"):
        respond(model_of(ModelSpec(lstm_units=7)), split_of(), **bad)


@pytest.mark.parametrize("spec", EVERY_MODEL)
def test_the_jacobian_is_that_of_a_gradient_tape_over_the_keras_model(spec):
    model, split = model_of(spec), split_of()
    tweets = [tf.constant(split.a), tf.constant(split.b)]
    logits = keras.Model(model.inputs, [layer_logit(model, name) for name in ("predictions1", "predictions2")])
    ours = jacobian(model, split)
    assert ours.shape == (2, 2, 5)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(tweets)
        both = logits(tweets)
    for head, i in itertools.product((0, 1), (0, 1)):
        gradient = tape.gradient(both[head], tweets[i])
        if gradient is None:
            np.testing.assert_array_equal(ours[head, i], 0.0)
        else:
            expected = tf.reduce_mean(tf.norm(gradient, axis=2), axis=0).numpy()
            np.testing.assert_allclose(ours[head, i], expected, rtol=1e-4, atol=1e-7)


def layer_logit(model: keras.Model, name: str):
    """A head's output before its sigmoid, as a symbolic tensor of the same model."""
    head = model.get_layer(name)
    linear = keras.layers.Dense(1, name=f"{name}_logit")
    logit = linear(head.input)
    linear.set_weights(head.get_weights())
    return logit


@pytest.mark.parametrize(("head", "merge", "encoder", "hidden"), cases(OUTPUTS, MERGES, ENCODERS, HIDDEN))
def test_what_if_says_what_the_model_predicts_for_those_tweets(head, merge, encoder, hidden):
    model, data, others = model_of(spec_of(merge, encoder, hidden)), data_of(rule="match"), np.linspace(-2, 2, 9)
    answer = what_if(model, data, head=head, own_evidence=0.7, other_evidence=others)
    own = np.full(9, 0.7)
    a, b = (own, others) if head == "predictions1" else (others, own)
    tweets = [tweets_with_evidence(data, "a", a, 0), tweets_with_evidence(data, "b", b, 0)]
    predicted = model(tweets)[int(head[-1]) - 1].numpy()[:, 0].astype(np.float64)
    ideal = label_probability(data, own, others)
    np.testing.assert_allclose(answer.probability, predicted, atol=1e-5)
    np.testing.assert_allclose(answer.ideal_probability, ideal)
    p = answer.probability
    np.testing.assert_allclose(answer.expected_loss, -ideal * np.log(p) - (1 - ideal) * np.log1p(-p), rtol=1e-6)
    assert (len(set(answer.probability.tolist())) == 1) == (merge == "none")


def test_what_if_in_words_is_asked_of_sentences_of_the_nearest_evidence():
    data = DataSpec(tweets="words", mixing_deg=30.0, n_train=64, n_test=64)
    model = build_model(ModelSpec(lstm_units=7), data, seed=1)
    answer = what_if(model, data, head="predictions2", own_evidence=0.5, other_evidence=LEVELS, seed=3)
    own = possible_evidence(data, 0.5)
    a, b = tweets_with_evidence(data, "a", LEVELS, 3), tweets_with_evidence(data, "b", np.full(17, own), 3)
    np.testing.assert_allclose(answer.probability, np.asarray(model([a, b])[1])[:, 0], atol=1e-5)
    np.testing.assert_allclose(answer.ideal_probability, label_probability(data, own, LEVELS), rtol=1e-12)


def test_what_if_in_words_without_a_path_is_one_number():
    data = DataSpec(tweets="words", n_train=64, n_test=64)
    model = build_model(ModelSpec(merge="none", lstm_units=7), data, seed=1)
    answer = what_if(model, data, head="predictions1", own_evidence=0.5, other_evidence=LEVELS)
    assert len(set(answer.probability.tolist())) == 1


def test_shuffling_words_is_flat_bit_for_bit_without_a_path():
    data = DataSpec(tweets="words", n_train=64, n_test=65)
    split = make_task(data, 0).test
    for perturbation in PERTURBATIONS:
        model = build_model(ModelSpec(merge="none", lstm_units=7), data, seed=1)
        result = respond(model, split, perturbation=perturbation, levels=3, repeats=2)
        assert len(set(result.loss[0, 1].tolist())) == len(set(result.loss[1, 0].tolist())) == 1
        assert np.ptp(result.loss[0, 0]) > 0


def test_what_if_names_a_head_that_does_not_exist():
    with pytest.raises(ValueError, match="predictions1, predictions2"):
        what_if(model_of(ModelSpec(lstm_units=7)), data_of(), head="3", own_evidence=0, other_evidence=[0])


@pytest.mark.parametrize("hidden", [0, 5])
def test_scaling_the_other_block_is_scaling_those_weights_of_the_keras_model(hidden):
    spec = ModelSpec(lstm_units=7, hidden_units=hidden)
    model, split, alphas = model_of(spec), split_of(), (0.0, 0.4, 1.0)
    ours = block_scale(model, split, alphas)
    assert ours.shape == (2, 3)
    for head, others in ((0, slice(7, 14)), (1, slice(0, 7))):
        reader = model.get_layer(("hidden" if hidden else "predictions") + str(head + 1))
        kernel, bias = reader.get_weights()
        for i, alpha in enumerate(alphas):
            scaled = kernel.copy()
            scaled[others] *= alpha
            reader.set_weights([scaled, bias])
            assert ours[head, i] == pytest.approx(keras_losses(model, split.a, split.b, split)[head], abs=2e-6)
        reader.set_weights([kernel, bias])


def test_a_model_without_a_concatenation_has_no_block_to_scale():
    with pytest.raises(ValueError, match="only a head on a concatenation"):
        block_scale(model_of(ModelSpec(merge="add", lstm_units=7)), split_of(), [0.5])
