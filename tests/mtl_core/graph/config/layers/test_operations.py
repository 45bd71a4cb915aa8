"""TensorFlow's functions in a model of Keras 2: the shape is the recorded one, or it isn't given."""

import json

import pytest

from mtl_core.graph import CallGraph
from mtl_core.graph.config.layers.operations import ELEMENTWISE
from tests.mtl_core.graph.config.layers.limits import OPERATIONS_FILE

RECORDS = json.loads(OPERATIONS_FILE.read_text())


def shape_of(record):
    graph = CallGraph.from_config(record["config"])
    return next(call.shape for call in graph.calls if call.id == graph.heads[0].call)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["function"])
def test_shapes_are_keras_2_s_or_not_given(record):
    shape = shape_of(record)
    assert shape is None or all(n in (None, m) for n, m in zip(shape, record["output"], strict=True))


def test_every_function_is_recorded_and_has_a_shape_where_it_reads_numbers_and_tensors_of_one_shape():
    known = {record["function"] for record in RECORDS if shape_of(record) == (None, 5, 3)}
    assert known == {record["function"] for record in RECORDS} == ELEMENTWISE


def test_a_list_of_numbers_beside_a_tensor_leaves_the_shape_open():
    lists = [record for record in RECORDS if "[[1.0,2.0,3.0]" in json.dumps(record, separators=(",", ":"))]
    assert lists
    assert {shape_of(record) for record in lists} == {None}


def test_behind_them_weights_are_counted_in_a_file_that_says_no_shapes():
    entry = {"class_name": "TFOpLambda", "name": "op", "config": {"name": "op", "function": "math.multiply"}}
    layers = [
        {
            "class_name": "InputLayer",
            "name": "x",
            "config": {"name": "x", "batch_input_shape": [None, 4]},
            "inbound_nodes": [],
        },
        entry | {"inbound_nodes": [["x", 0, 0, {"y": 0.5, "name": None}]]},
        {
            "class_name": "Dense",
            "name": "d",
            "config": {"name": "d", "units": 3},
            "inbound_nodes": [[["op", 0, 0, {}]]],
        },
    ]
    config = {"name": "m", "layers": layers, "input_layers": [["x", 0, 0]], "output_layers": [["d", 0, 0]]}
    assert CallGraph.from_config(config).parameters == 4 * 3 + 3
