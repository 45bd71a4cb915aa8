"""One name for one thing, and no name that would not be true."""

import itertools

import pytest

from mtl_core.figures import names
from mtl_core.graph import CallGraph
from mtl_core.records import Run
from mtl_core.spec import INPUTS, OUTPUTS, DataSpec, ExperimentSpec, ModelSpec, knob


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
    ("fields", "word", "sentence"),
    [
        ({}, "not trained yet", "Not trained yet: press Train."),
        ({"state": "queued"}, "waiting", "Waiting for a worker; you may look around meanwhile."),
        ({"state": "running"}, "live", "Training on a worker; you may look around meanwhile."),
        ({"state": "running", "source": "stored"}, "live", "Training on a worker; you may look around meanwhile."),
        ({"state": "finished"}, "live", "Trained just now."),
        (
            {"state": "finished", "source": "recorded", "versions": {"keras": "3.15.1"}},
            "recorded",
            "Recorded with Keras 3.15.1.",
        ),
        ({"state": "finished", "source": "stored"}, "stored", "This run was trained before and stored."),
        ({"state": "stopped", "message": "Stopped after epoch 3 of 12."}, "stopped", "Stopped after epoch 3 of 12."),
        ({"state": "diverged"}, "diverged", "Stopped, because the loss was no longer a finite number."),
        ({"state": "failed", "message": "Out of memory."}, "failed", "Out of memory."),
    ],
)
def test_where_a_curve_comes_from_in_a_word_and_in_a_sentence(fields, word, sentence):
    run = Run(spec=ExperimentSpec(), **fields)
    assert (names.origin(run), names.origin_in_words(run)) == (word, sentence)


@pytest.mark.parametrize(
    ("name", "label", "sentence"),
    [
        ("both", "both tweets", "the best possible with both tweets"),
        ("own", "own tweet", "the best possible with a head’s own tweet alone"),
        ("additive", "adding up", "the best possible for a head that adds up what it sees in each tweet"),
        ("symmetric", "unordered pair", "the best possible for a head that cannot tell whose tweet is whose"),
        ("chance", "chance", "chance, which is saying one half every time"),
    ],
)
def test_a_bound_is_called_the_same_in_a_chart_and_in_a_sentence(name, label, sentence):
    assert (names.bound(name), names.bound_in_words(name)) == (label, sentence)


def test_heads_are_counted_from_one():
    assert [names.head(output) for output in OUTPUTS] == ["head 1", "head 2"]


def test_the_switch_is_called_after_the_layer_that_it_puts_in():
    merges = [merge for merge in knob(ModelSpec, "merge").choices if merge != "none"]
    assert [names.connection(merge).lower() for merge in merges] == merges
