"""A softmax over one unit is called constant, and it is; nothing else is called so."""

import keras
import numpy as np
import pytest
from keras import layers

from mtl_core.graph import CallGraph
from mtl_core.graph import words as graph_words

pytestmark = pytest.mark.filterwarnings("ignore:You are using a softmax")

CONSTANT = [
    (layers.Dense(1, activation="softmax"), (3,)),
    (layers.Dense(1, activation=keras.activations.softmax), (3,)),
    (layers.Conv1D(1, 2, activation="softmax"), (5, 3)),
    (layers.Conv2DTranspose(1, 2, activation="softmax"), (5, 5, 3)),
    (layers.TimeDistributed(layers.Dense(1, activation="softmax")), (5, 3)),
    (layers.Activation("softmax"), (5, 1)),
    (layers.Softmax(), (5, 1)),
    (layers.Softmax(axis=1), (1, 4)),
]
OPEN = [
    (layers.Dense(1, activation="sigmoid"), (3,)),
    (layers.Dense(2, activation="softmax"), (3,)),
    (layers.Dense(1), (3,)),
    (layers.Softmax(axis=1), (5, 1)),
    (layers.Activation("sigmoid"), (5, 1)),
    (layers.LSTM(1, activation="softmax"), (5, 3)),
]


def model_of(layer, shape):
    x = keras.Input(shape, name="x")
    model = keras.Model(x, layer(x))
    generator = np.random.default_rng(0)
    for weight in model.weights:
        weight.assign(generator.normal(size=weight.shape))
    return model


@pytest.mark.parametrize(("layer", "shape"), CONSTANT)
def test_a_softmax_over_one_unit_is_said_to_be_constant_and_is(layer, shape):
    assert CallGraph.from_model(model_of(layer, shape)).calls[-1].constant
    # In float32, TensorFlow divides by an estimated inverse where a processor has one, and 1 may be off by its last bit.
    model = model_of(type(layer).from_config(layer.get_config() | {"dtype": "float64"}), shape)
    assert np.all(model.predict(np.random.default_rng(1).normal(size=(20, *shape)), verbose=0) == 1)


@pytest.mark.parametrize(("layer", "shape"), OPEN)
def test_what_moves_is_not_said_to_be_constant(layer, shape):
    model = model_of(layer, shape)
    assert not CallGraph.from_model(model).calls[-1].constant
    assert np.ptp(model.predict(np.random.default_rng(1).normal(size=(20, *shape)), verbose=0)) > 0


def two_heads():
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    gate = layers.Dense(1, activation="softmax", name="gate")(a)
    blind = layers.Dense(2, name="blind")(gate)
    seeing = layers.Dense(2, name="seeing")(layers.Concatenate()([gate, b]))
    return keras.Model([a, b], [blind, seeing])


def test_the_finding_names_the_softmax_and_the_heads_that_nothing_moves():
    calls, heads = graph_words.caveats(CallGraph.from_model(two_heads()))
    assert calls.startswith("gate is a softmax over one unit, so it is always 1")
    assert heads.startswith("Every path to blind leads through it: no input changes what this head predicts")


def test_the_heads_that_nothing_moves_are_those_that_keras_moves_by_nothing():
    model = two_heads()
    one, other = ({name: np.random.default_rng(seed).normal(size=(9, 3)) for name in "ab"} for seed in (1, 2))
    before, after = (model.predict(x, verbose=0) for x in (one, other))
    assert np.array_equal(before[0], after[0])
    assert not np.array_equal(before[1], after[1])


def test_a_sigmoid_over_one_unit_is_no_finding():
    assert not list(graph_words.caveats(CallGraph.from_model(model_of(*OPEN[0]))))


def test_several_are_named_together():
    x = keras.Input((3,), name="x")
    heads = [layers.Dense(1, activation="softmax", name=name)(x) for name in ("one", "two")]
    calls, fixed = graph_words.caveats(CallGraph.from_model(keras.Model(x, heads)))
    assert calls.startswith("one and two are softmaxes over one unit")
    assert fixed.startswith("Every path to one and two leads through one: no input changes what these heads predict")
