"""One name for one thing, and no name that would not be true."""

import itertools

import pytest

from mtl_core.figures import names
from mtl_core.graph import CallGraph
from mtl_core.records import Run
from mtl_core.spec import INPUTS, OUTPUTS, DataSpec, ExperimentSpec, ModelSpec


@pytest.mark.parametrize(
    ("merge", "encoder", "hidden"),
    itertools.product(("none", "concatenate", "add", "multiply"), ("shared", "separate"), (0, 4)),
)
def test_what_a_head_reads_is_what_the_graph_says(merge, encoder, hidden):
    model = ModelSpec(merge=merge, encoder=encoder, hidden_units=hidden)
    paths = CallGraph.from_spec(model, DataSpec()).dependence()
    assert paths == {(head, name): names.reads(model, head, name) for head in OUTPUTS for name in INPUTS}


def test_only_the_questions_own_shapes_carry_its_numbers():
    assert names.case(ModelSpec()) == "case 1: concatenated"
    assert names.case(ModelSpec(merge="none", lstm_units=64)) == "case 2: not connected"
    assert names.case(ModelSpec(hidden_units=8)) == "concatenated"
    assert names.case(ModelSpec(merge="none", encoder="separate")) == "not connected"
    assert names.case(ModelSpec(merge="add")) == "added"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "not trained yet"),
        ({"state": "queued"}, "waiting"),
        ({"state": "running"}, "live"),
        ({"state": "finished"}, "live"),
        ({"state": "finished", "source": "recorded"}, "recorded"),
        ({"state": "finished", "source": "stored"}, "stored"),
        ({"state": "stopped"}, "stopped"),
        ({"state": "diverged"}, "diverged"),
        ({"state": "failed"}, "failed"),
    ],
)
def test_where_a_curve_comes_from(fields, said):
    assert names.origin(Run(spec=ExperimentSpec(), **fields)) == said


def test_heads_and_bounds_have_a_short_and_a_long_name():
    assert names.head("predictions2") == "head 2"
    for name in ("both", "own", "additive", "symmetric", "chance"):
        assert len(names.bound(name)) <= 16 < len(names.bound_in_words(name))
