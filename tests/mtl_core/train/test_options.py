"""Detached heads, rows without a label and tasks by turns are what Keras makes of a stop-gradient and of sample weights."""

from __future__ import annotations

import itertools

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.data import make_task
from mtl_core.model import VARIANTS, build_model
from mtl_core.spec import ENCODERS, OUTPUTS, ExperimentSpec
from mtl_core.train import epoch_order, labelled_rows, loss_weights_of, program, train

# 73 rows: a last batch that is not full, and an odd number of batches, so that turns go on across epochs.
SMALL = ExperimentSpec().replace(
    tweets="numbers", timesteps=4, features=3, lstm_units=4, n_train=73, n_test=65, epochs=2, batch_size=32
)
SMALL = SMALL.replace(learning_rate=0.01, loss_weights=(1.0, 0.3), seed=11)
OPTIMIZERS = {"rmsprop": keras.optimizers.RMSprop, "adam": keras.optimizers.Adam, "sgd": keras.optimizers.SGD}
OPTIONS = [
    {"detach": "predictions1"},
    {"detach": "predictions2"},
    {"detach": "both"},
    {"labelled": (0.25, 1.0)},
    {"schedule": "alternate"},
    {"detach": "predictions2", "labelled": (1.0, 0.4), "schedule": "alternate"},
]
MODELS = [
    {"merge": "none", "encoder": "shared", "optimizer": "rmsprop"},
    {"merge": "concatenate", "encoder": "shared", "optimizer": "adam"},
    {"merge": "multiply", "encoder": "separate", "hidden_units": 3, "optimizer": "sgd"},
]

CASES = [
    pytest.param(
        model,
        options,
        marks=[] if n == place % 3 or place == 5 else [pytest.mark.full],
        id=f"{model['merge']}-{options}",
    )
    for place, options in enumerate(OPTIONS)
    for n, model in enumerate(MODELS)
]
"""Each option with one of the models, and all options together with each."""


def with_stop_gradients(spec: ExperimentSpec, model: keras.Model) -> keras.Model:
    """The same layers called anew, each detached head behind a stop-gradient."""
    layers = {layer.name: layer for layer in model.layers}
    encoded = [layers[name](x) for name, x in zip(ENCODERS[spec.model.encoder], model.inputs, strict=True)]
    outputs = []
    for head, output in enumerate(OUTPUTS):
        cut = spec.train.detach in (output, "both")
        seen = [keras.ops.stop_gradient(x) if cut else x for x in encoded]
        read = layers["merged_vector"](seen) if "merged_vector" in layers else seen[head]
        if f"hidden{head + 1}" in layers:
            read = layers[f"hidden{head + 1}"](read)
        outputs.append(layers[output](read))
    return keras.Model(model.inputs, outputs)


def fitted(spec: ExperimentSpec) -> list[np.ndarray]:
    """Weights that `keras.Model.fit` comes to with stop-gradients and sample weights."""
    model = build_model(spec.model, spec.data, spec.train.seed)
    held = with_stop_gradients(spec, model)
    held.compile(
        optimizer=OPTIMIZERS[spec.train.optimizer](spec.train.learning_rate),
        loss=[keras.losses.BinaryCrossentropy(), keras.losses.BinaryCrossentropy()],
        loss_weights=list(spec.train.loss_weights),
        run_eagerly=spec.data.n_train < 10 * spec.train.batch_size,  # few batches are quicker than compiling
    )
    rows, has_label = make_task(spec.data, spec.train.seed).train, labelled_rows(spec)
    batch = np.arange(spec.data.n_train) // spec.train.batch_size
    for epoch in range(1, spec.train.epochs + 1):
        order = epoch_order(spec, epoch)
        counts = has_label[order]
        if spec.train.schedule == "alternate":
            turn = (batch + (epoch - 1) * (batch[-1] + 1)) % 2
            counts = counts * (turn[:, None] == [0, 1])
        held.fit(
            [rows.a[order], rows.b[order]],
            [rows.y1[order], rows.y2[order]],
            sample_weight=[counts[:, 0], counts[:, 1]],
            batch_size=spec.train.batch_size,
            shuffle=False,
            verbose=0,
        )
    return model.get_weights()


@pytest.mark.filterwarnings("ignore:Gradients do not exist")
@pytest.mark.parametrize(("model", "options"), CASES)
def test_two_epochs_give_the_weights_of_keras_fit(model, options):
    spec = SMALL.replace(**model, **options)
    ours, plain = (list(train(one))[-1].weights for one in (spec, SMALL.replace(**model)))
    for mine, theirs in zip(ours, fitted(spec), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-5)
    assert any(np.abs(a - b).max() > 1e-4 for a, b in zip(ours, plain, strict=True))


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_kernel_knows_the_options(variant, monkeypatch):
    spec = SMALL.replace(**OPTIONS[-1])
    expected = list(train(spec))[-1].weights
    monkeypatch.setattr(program, "variant_of", lambda features, units: variant)
    for mine, theirs in zip(list(train(spec))[-1].weights, expected, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-5)


def test_a_detached_head_leaves_the_encoder_to_the_other_one_bit_for_bit():
    spec = SMALL.replace(merge="none", detach="predictions2", loss_weights=(1.0, 1.0), learning_rate=0.05)
    shared, separate = (list(train(spec.replace(encoder=encoder))) for encoder in ("shared", "separate"))
    for one, other in zip(shared, separate, strict=True):
        assert one.test["predictions1"] == other.test["predictions1"]
        for a, b in zip(one.weights[:3], other.weights[:3], strict=True):
            np.testing.assert_array_equal(a, b)


def test_with_both_heads_detached_no_encoder_learns_and_the_heads_do():
    first, *_, last = train(SMALL.replace(detach="both"))
    for start, end in zip(first.weights[:3], last.weights[:3], strict=True):
        np.testing.assert_array_equal(start, end)
    assert all((start != end).any() for start, end in zip(first.weights[3:], last.weights[3:], strict=True))


@given(
    shares=st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)), rows=st.integers(64, 200), seed=st.integers(0, 2**31 - 1)
)
def test_the_share_of_rows_with_a_label_is_as_told_and_never_none(shares, rows, seed):
    spec = SMALL.replace(labelled=shares, n_train=rows, seed=seed)
    has_label = labelled_rows(spec)
    assert has_label.sum(axis=0).tolist() == [max(1, round(share * rows)) for share in shares]
    more = labelled_rows(spec.replace(labelled=tuple(min(1.0, share + 0.2) for share in shares)))
    assert (more >= has_label).all()


def test_which_rows_have_a_label_is_another_draw_for_each_task():
    has_label = labelled_rows(SMALL.replace(labelled=(0.5, 0.5)))
    assert not np.array_equal(has_label[:, 0], has_label[:, 1])


def test_the_training_loss_is_that_of_the_rows_with_a_label():
    spec = SMALL.replace(labelled=(0.2, 1.0))
    last = list(train(spec))[-1]
    rows, has_label = make_task(spec.data, spec.train.seed).train, labelled_rows(spec) > 0
    model = build_model(spec.model, spec.data, 0)
    model.set_weights(last.weights)
    entropy = keras.losses.BinaryCrossentropy()
    for head, (output, y, p) in enumerate(zip(OUTPUTS, (rows.y1, rows.y2), model([rows.a, rows.b]), strict=True)):
        chosen = has_label[:, head]
        assert last.train[output].loss == pytest.approx(float(entropy(y[chosen], np.asarray(p)[chosen])), abs=2e-6)


def test_tasks_take_turns_across_epochs_and_the_first_is_task_1():
    spec = SMALL.replace(schedule="alternate", loss_weights=(2.0, 3.0))
    counts = np.concatenate([loss_weights_of(spec, epoch) for epoch in (1, 2, 3)])
    np.testing.assert_array_equal(counts, np.array([[2, 0], [0, 3]] * 5, np.float32)[:9])
    together = loss_weights_of(SMALL.replace(loss_weights=(2.0, 3.0)), 7)
    np.testing.assert_array_equal(together, np.array([[2, 3]] * 3, np.float32))


def test_other_options_are_other_experiments_and_travel_in_links():
    specs = [SMALL, *(SMALL.replace(**options) for options in OPTIONS)]
    assert len({spec.digest() for spec in specs}) == len(specs)
    for spec, other in itertools.pairwise(specs):
        assert ExperimentSpec.from_query(spec.to_query()) == (spec, [])
        assert spec.to_query() != other.to_query()
