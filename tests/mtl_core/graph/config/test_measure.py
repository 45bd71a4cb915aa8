"""Weights and shapes of whole models: what one call doesn't tell another may, and models inside wrappers are opened up."""

import json
from pathlib import Path

import keras
import pytest
from keras import layers

from mtl_core.graph import CallGraph

FILMS = json.loads((Path(__file__).parents[3] / "data" / "keras2" / "films.json").read_text())


def eye(name="eye"):
    picture = keras.Input((6, 6, 2), name="picture")
    x = layers.Conv2D(4, 3, name="conv")(picture)
    shared = layers.Dense(5, name="shared")
    return keras.Model(picture, layers.Add()([shared(layers.Flatten()(x)), shared(layers.Flatten()(x))]), name=name)


def later():
    return keras.Sequential([layers.Conv2D(3, 2), layers.GlobalMaxPooling2D(), layers.BatchNormalization()])


def twice_deep():
    clip = keras.Input((4, 6, 6, 2))
    return keras.Model(clip, layers.LSTM(3)(layers.TimeDistributed(eye())(clip)))


@pytest.mark.parametrize(
    ("make", "shape"),
    [
        (eye, (3, 6, 6, 2)),
        (eye, (None, 6, 6, 2)),
        (later, (3, 6, 6, 2)),
        (later, (3, 7, 5, 1)),
        (twice_deep, (2, 4, 6, 6, 2)),
    ],
)
def test_a_model_at_each_step_is_counted_and_makes_keras_s_shape(make, shape):
    film = keras.Input(shape, name="film")
    layer = layers.TimeDistributed(make())
    model = keras.Model(film, layer(film))
    call = CallGraph.from_model(model).calls[-1]
    assert (call.parameters, call.shape) == (layer.count_params(), model.output_shape)


def test_all_calls_of_a_model_in_a_wrapper_show_its_weights_once():
    a, b = keras.Input((3, 6, 6, 2), name="a"), keras.Input((3, 6, 6, 2), name="b")
    each = layers.TimeDistributed(eye(), name="each")
    model = keras.Model([a, b], [each(a), each(b)])
    graph = CallGraph.from_model(model)
    assert {call.parameters for call in graph.calls if call.layer == "each"} == {each.count_params()}
    assert graph.parameters == model.count_params()


@pytest.mark.parametrize("source", ["config", "keras_file"])
def test_keras_2_s_models_in_wrappers_are_counted(source):
    assert CallGraph.from_config(FILMS[source]).parameters == FILMS["parameters"]


def test_a_layer_of_somebody_s_own_in_a_wrapped_model_leaves_the_total_open():
    class Own(layers.Layer):
        def call(self, x):
            return x

    film = keras.Input((3, 4), name="film")
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(2), Own()])
    graph = CallGraph.from_model(keras.Model(film, layers.TimeDistributed(inner)(film)))
    assert graph.parameters is None


def test_a_sequential_model_without_an_input_layer_is_as_wide_as_it_was_built():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(1)])
    config = json.loads(model.to_json())
    entries = [{"class_name": "Dense", "config": entry["config"]} for entry in config["config"]["layers"][1:]]
    graph = CallGraph.from_config({"name": "built", "layers": entries, "build_input_shape": [None, 4]})
    assert graph.parameters == model.count_params()


def nested_wrappers(number, inside):
    wrapped = {"class_name": "Sequential", "config": {"name": "s", "layers": [inside]}}
    entry = {"class_name": "TimeDistributed", "config": {"layer": wrapped}}
    return [entry | {"config": entry["config"] | {"name": f"t{i}"}} for i in range(number)]


def test_many_wrapped_models_are_all_counted():
    first = {"class_name": "InputLayer", "config": {"name": "x", "batch_input_shape": [None, 5, 4]}}
    dense = {"class_name": "Dense", "config": {"name": "d", "units": 4}}
    graph = CallGraph.from_config({"name": "m", "layers": [first, *nested_wrappers(50, dense)]})
    assert graph.parameters == 50 * (4 * 4 + 4)


def test_a_wrapped_model_that_makes_no_sense_leaves_its_numbers_open_and_refuses_nothing():
    first = {"class_name": "InputLayer", "config": {"name": "x", "batch_input_shape": [None, 5, 4]}}
    graph = CallGraph.from_config({"name": "m", "layers": [first, *nested_wrappers(1, {"class_name": 7})]})
    assert graph.parameters is None
    assert graph.reaches("x", "t0")
