"""The function that measures a trained model: what it says of a model is what the model does, on any backend."""

import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from mtl_core.take_home.program import PROGRAMS, shuffle_test_snippet

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def program():
    names = {"__name__": "shuffle_test"}
    exec(shuffle_test_snippet(), names)
    return names


@pytest.fixture(scope="module")
def shuffle_test(program):
    return program["shuffle_test"]


def two_heads(named: bool) -> keras.Model:
    """Head "one" reads both inputs, head "two" the second alone."""
    first, second = keras.Input((3,), name="first"), keras.Input((2,), name="second")
    one = keras.layers.Dense(1, name="one")(keras.layers.concatenate([first, second]))
    two = keras.layers.Dense(1, name="two")(second)
    return keras.Model(
        {"first": first, "second": second} if named else [first, second],
        {"one": one, "two": two} if named else [one, two],
    )


@pytest.mark.parametrize("named", [True, False], ids=["dicts", "lists"])
def test_the_shuffle_test_runs_on_any_model_and_is_exactly_zero_where_no_path_is(shuffle_test, named):
    generator, model = np.random.default_rng(0), two_heads(named)
    x = {name: generator.normal(size=(200, width)).astype("float32") for name, width in (("first", 3), ("second", 2))}
    inputs = x if named else list(x.values())
    targets = model.predict(inputs, verbose=0)  # so that the untouched loss is 0
    costs = shuffle_test(model, inputs, targets, "mse", repeats=4)
    assert costs["two", "first"] == (0, 0, 0, 0, 0)
    for key in (("one", "first"), ("one", "second"), ("two", "second")):
        effect = costs[key]
        assert 0 < effect.low < effect.cost < effect.high
        assert effect.changed > 0.95
        assert effect.moved > 0
    weight = model.get_layer("two").get_weights()[0][:, 0]
    expected = 2 * np.sum(weight**2 * x["second"].var(axis=0))  # E (w·(x' - x))² of independent x', x
    assert costs["two", "second"].cost == pytest.approx(expected, rel=0.35)


def test_the_shuffle_test_runs_on_a_model_of_one_head(shuffle_test):
    only = keras.Input((2,), name="only")
    model = keras.Model(only, keras.layers.Dense(1, name="head")(only))
    x = np.random.default_rng(0).normal(size=(64, 2)).astype("float32")
    costs = shuffle_test(model, [x], model.predict(x, verbose=0), keras.losses.MeanSquaredError())
    assert list(costs) == [("head", "only")]
    assert costs["head", "only"].cost > 0


def test_the_shuffle_test_leaves_the_callers_data_alone(shuffle_test):
    x = [np.arange(12.0).reshape(4, 3), np.arange(8.0).reshape(4, 2)]
    before = [array.copy() for array in x]
    shuffle_test(two_heads(named=False), x, [np.zeros((4, 1))] * 2, ["mse", "mae"], repeats=2)
    assert all((now == then).all() for now, then in zip(x, before, strict=True))


def classifier() -> keras.Model:
    """A head that says a class of two by the sign of its first input, and one of three by where the second input is largest."""
    first, second = keras.Input((1,), name="first"), keras.Input((3,), name="second")
    one = keras.layers.Dense(1, activation="sigmoid", name="one", use_bias=False)(first)
    three = keras.layers.Softmax(name="three")(second)
    model = keras.Model([first, second], [one, three])
    model.get_layer("one").set_weights([np.array([[4.0]])])
    return model


def test_the_share_of_answers_that_change_is_that_of_classes_not_of_probabilities(shuffle_test):
    first = np.repeat([[1.0], [-1.0]], 200, axis=0)
    second = np.tile(np.eye(3), (134, 1))[:400]
    targets = [first > 0, second]
    losses = ["binary_crossentropy", "categorical_crossentropy"]
    effects = shuffle_test(classifier(), [first, second], targets, losses)
    assert effects["one", "first"].changed == pytest.approx(1 / 2, abs=0.05)  # another row has the other sign
    assert effects["three", "second"].changed == pytest.approx(2 / 3, abs=0.05)
    assert effects["one", "second"] == effects["three", "first"] == (0, 0, 0, 0, 0)
    positive = np.linspace(1, 2, 400)[:, None]
    effect = shuffle_test(classifier(), [positive, second], [positive > 0, second], losses, repeats=2)["one", "first"]
    assert effect.moved > 0
    assert effect.changed == 0  # probabilities move, and no answer does


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("mse", keras.losses.MeanSquaredError()),
        ("mae", keras.losses.MeanAbsoluteError()),
        ("binary_crossentropy", keras.losses.BinaryCrossentropy()),
        ("categorical_crossentropy", keras.losses.CategoricalCrossentropy()),
        ("sparse_categorical_crossentropy", keras.losses.SparseCategoricalCrossentropy()),
    ],
)
def test_a_loss_by_name_is_keras_s_own(program, name, reference):
    generator = np.random.default_rng(0)
    p = generator.dirichlet(np.ones(4), size=50).astype("float32")
    classes = generator.integers(0, 4, size=(50, 1))
    y = {"sparse_categorical_crossentropy": classes}.get(name, np.eye(4, dtype="float32")[classes[:, 0]])
    assert program["_loss"](name, y, p) == pytest.approx(float(reference(y, p)), rel=1e-5)
    assert program["_loss"](reference, y, p) == pytest.approx(float(reference(y, p)), rel=1e-6)


OTHER_BACKEND = """
import runpy, keras, numpy as np
program = runpy.run_path({path!r})
a, b = keras.Input((3,), name="a"), keras.Input((2,), name="b")
model = keras.Model([a, b], [keras.layers.Dense(1, activation="sigmoid", name="own")(b),
    keras.layers.Dense(1, activation="sigmoid", name="both")(keras.layers.concatenate([a, b]))])
rows = [np.random.default_rng(0).normal(size=(300, n)).astype("float32") for n in (3, 2)]
targets = [np.asarray(y) > 0.5 for y in model.predict(rows, verbose=0)]
effects = program["shuffle_test"](model, rows, targets, "binary_crossentropy", repeats=4)
assert effects["own", "a"] == (0, 0, 0, 0, 0), effects
assert all(effects[pair].cost > 0 and effects[pair].changed > 0 for pair in effects if pair != ("own", "a")), effects
print(keras.backend.backend())
"""


@pytest.mark.full
def test_it_runs_on_jax_as_well():
    script = OTHER_BACKEND.format(path=str(PROGRAMS / "shuffle_test.py"))
    done = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | {"KERAS_BACKEND": "jax"},
        capture_output=True, text=True, timeout=200, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "jax", done.stderr[-2000:]
