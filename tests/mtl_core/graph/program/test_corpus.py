"""Programs of the corpus: the graph that is read from the text is that of the model which Keras builds from it."""

import itertools

import keras
import numpy as np
import pytest

from mtl_core.graph import CallGraph
from mtl_core.graph.program import read_program
from tests.mtl_core.graph import graph_zoo
from tests.mtl_core.graph.program.corpus import agrees, form, models_of
from tests.mtl_core.graph.program.texts import PROGRAMS


@pytest.fixture(scope="module", params=PROGRAMS, ids=lambda path: path.stem)
def program(request):
    return request.param, read_program(request.param.read_text()), models_of(request.param)


def functional(models):
    """The models whose config says how their layers are connected."""
    return {
        name: model for name, model in models.items() if isinstance(model, (keras.Sequential, keras.src.Functional))
    }


def test_the_corpus_has_programs_of_all_kinds():
    assert len(PROGRAMS) >= 40


def test_every_model_of_the_program_is_there_by_its_variable(program):
    _path, read, models = program
    assert models
    assert set(models) <= set(read.models)


def test_the_graph_is_that_of_the_model_that_keras_builds(program):
    _path, read, models = program
    for name, model in functional(models).items():
        assert agrees(form(read.models[name]), form(CallGraph.from_model(model))), name


def test_inputs_and_outputs_are_in_keras_s_order(program):
    _path, read, models = program
    for name, model in functional(models).items():
        graph = read.models[name]
        assert len(graph.inputs) == len(model.inputs)
        assert len(graph.outputs) == len(model.outputs)
        for input_name, tensor in zip(graph.inputs, model.inputs, strict=True):
            assert graph[input_name].shape in (None, tensor.shape)


def test_nothing_is_called_unknown_in_what_could_be_followed(program):
    _path, read, _models = program
    assert [remark for remark in read.remarks if remark.kind != "note"] == []
    for graph in read.models.values():
        pairs = itertools.product(graph.outputs, graph.inputs)
        assert all(graph.status(*pair) in ("cannot", "may") for pair in pairs)


def test_what_cannot_reach_a_head_changes_not_one_bit_of_it_and_what_may_does(program):
    _path, read, models = program
    for name, model in functional(models).items():
        graph = read.models[name]
        if len(graph.inputs) == 1:
            continue
        before = graph_zoo.run(model, graph_zoo.random_inputs(model, seed=1))
        for i, input_name in enumerate(graph.inputs):
            arrays = graph_zoo.random_inputs(model, seed=1)
            arrays[i] = graph_zoo.random_inputs(model, seed=2)[i]
            after = graph_zoo.run(model, arrays)
            changed = [not np.array_equal(old, new) for old, new in zip(before, after, strict=True)]
            assert changed == [graph.reaches(input_name, head) for head in graph.outputs], (name, input_name)
