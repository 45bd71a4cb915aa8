"""A head that reads a slice of a concatenation sees what lies there and nothing else; Keras is asked whether that is true."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from mtl_core.graph import CallGraph
from tests.mtl_core.graph import graph_zoo


def inputs(*names, shape=(4,)):
    return [keras.Input(shape, name=name) for name in names]


def model_of(given, outputs):
    heads = [layers.Dense(1, name=f"head{i}")(layers.Flatten()(output)) for i, output in enumerate(outputs)]
    return keras.Model(given, heads)


def halves_of_a_concatenation():
    a, b = inputs("a", "b")
    merged = layers.Concatenate()([layers.Dense(3)(a), layers.Dense(3)(b)])
    return model_of(
        [a, b], [merged[:, :3], merged[:, 3:], merged[:, 2:4], merged[:, -3:], merged[:, ::3], merged[..., 5]]
    )


def pieces_by_split():
    a, b, c = inputs("a", "b", "c")
    merged = ops.concatenate([a, ops.concatenate([b, c], axis=-1)], axis=1)
    return model_of([a, b, c], [*ops.split(merged, 3, axis=-1), *ops.split(merged, [2, 6], axis=1)])


def steps_of_a_sequence():
    a, b = inputs("a", "b", shape=(2, 3))
    merged = layers.Dense(5, activation="softmax")(layers.Concatenate(axis=1)([a, b]))
    return model_of([a, b], [merged[:, 0], merged[:, -1], merged[:, 1:3], merged[:, ::-1][:, 0], merged[:, None, 3]])


def functions_place_by_place():
    a, b, c = inputs("a", "b", "c")
    merged = layers.Activation("tanh")(layers.Concatenate()([a, b]))
    moved = layers.Dropout(0.5)(ops.relu(merged) + layers.Concatenate()([c, a]) * 2.0)
    return model_of([a, b, c], [moved[:, :4], moved[:, 4:], ops.stop_gradient(-moved)[:, 6:]])


def layers_that_mix():
    a, b = inputs("a", "b")
    merged = layers.Concatenate()([a, b])
    mixed = [
        layers.Dense(8)(merged),
        layers.Softmax()(merged),
        layers.LayerNormalization()(merged),
        ops.flip(merged, axis=1),
    ]
    return model_of([a, b], [one[:, :4] for one in mixed[:3]])


def a_slice_that_takes_nothing():
    a, b = inputs("a", "b")
    merged = layers.Concatenate()([a, b])
    return keras.Model([a, b], [layers.Concatenate(name="one")([merged[:, 4:4], a]), layers.Dense(1, name="two")(b)])


def slices_across_a_nested_model():
    p, q = inputs("p", "q")
    inner = keras.Model([p, q], layers.Concatenate()([q, p]), name="inner")
    a, b = inputs("a", "b")
    swapped, twice = inner([a, b]), inner([b, b])
    return model_of([a, b], [swapped[:, :4], swapped[:, 4:], twice[:, :4]])


def a_constant_in_a_concatenation():
    a, b = inputs("a", "b")
    merged = ops.concatenate([ops.ones_like(a)[:, :2], a, b], axis=-1)
    return model_of([a, b], [merged[:, 2:6], merged[:, 6:]])


def outputs_of_one_call():
    a, b = inputs("a", "b")
    return keras.Model([a, b], ops.split(ops.concatenate([a, b], axis=-1), 2, axis=-1))


@pytest.mark.parametrize(
    "make",
    [
        halves_of_a_concatenation,
        pieces_by_split,
        steps_of_a_sequence,
        functions_place_by_place,
        layers_that_mix,
        a_slice_that_takes_nothing,
        slices_across_a_nested_model,
        a_constant_in_a_concatenation,
        outputs_of_one_call,
    ],
)
def test_what_slices_leave_out_changes_not_one_bit_and_what_they_take_does(make):
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(1)
    model = make()
    graph = CallGraph.from_model(model)
    before = graph_zoo.run(model, graph_zoo.random_inputs(model, seed=1))
    for i, name in enumerate(graph.inputs):
        arrays = graph_zoo.random_inputs(model, seed=1)
        arrays[i] = graph_zoo.random_inputs(model, seed=2)[i]
        after = graph_zoo.run(model, arrays)
        changed = [not np.array_equal(old, new) for old, new in zip(before, after, strict=True)]
        assert changed == [graph.reaches(name, head) for head in graph.outputs], name
        assert changed == [graph.status(head, name) == "may" for head in graph.outputs], name


def test_what_is_left_out_lights_no_path_and_no_head():
    graph = CallGraph.from_model(halves_of_a_concatenation())
    assert graph.calls_between("b", "head0") == ()
    assert graph.reached_from("b") == ("head1", "head2", "head3", "head4", "head5")
    assert [graph.seen_by_head(head) for head in ("head0", "head1")] == [("a",), ("b",)]
    assert "head0" not in graph.downstream("b")
    assert graph.sees_everything() == ("head2", "head4")


def test_each_output_of_one_call_sees_its_own_part():
    graph = CallGraph.from_model(outputs_of_one_call())
    assert list(graph.dependence().values()) == [True, False, False, True]


def test_a_model_of_keras_2_is_sliced_as_well():
    graph = CallGraph.from_config(
        {
            "class_name": "Functional",
            "config": {
                "name": "m",
                "layers": [
                    {
                        "class_name": "InputLayer",
                        "name": "a",
                        "config": {"batch_input_shape": [None, 3]},
                        "inbound_nodes": [],
                    },
                    {
                        "class_name": "InputLayer",
                        "name": "b",
                        "config": {"batch_input_shape": [None, 3]},
                        "inbound_nodes": [],
                    },
                    {
                        "class_name": "Concatenate",
                        "name": "merged",
                        "config": {"axis": -1},
                        "inbound_nodes": [[["a", 0, 0, {}], ["b", 0, 0, {}]]],
                    },
                    {
                        "class_name": "SlicingOpLambda",
                        "name": "first",
                        "config": {"function": "__operators__.getitem"},
                        "inbound_nodes": [
                            [
                                "merged",
                                0,
                                0,
                                {
                                    "slice_spec": [
                                        {"start": None, "stop": None, "step": None},
                                        {"start": 0, "stop": 3, "step": None},
                                    ]
                                },
                            ]
                        ],
                    },
                ],
                "input_layers": [["a", 0, 0], ["b", 0, 0]],
                "output_layers": [["first", 0, 0]],
            },
        }
    )
    assert graph.dependence() == {("first", "a"): True, ("first", "b"): False}
