"""What is said of training is what the graph says, for every setting that an experiment can have."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.graph import CallGraph
from mtl_core.graph.program import read_program
from mtl_core.graph.training_words import (
    changes,
    headline,
    meetings,
    notes,
    training_alt,
    training_findings,
    training_table,
)
from mtl_core.spec import ExperimentSpec

SETTINGS = st.fixed_dictionaries(
    {
        "merge": st.sampled_from(["none", "concatenate", "add", "multiply"]),
        "encoder": st.sampled_from(["shared", "separate"]),
        "hidden_units": st.sampled_from([0, 4]),
        "detach": st.sampled_from(["none", "predictions1", "predictions2", "both"]),
        "loss_weights": st.sampled_from(list(itertools.product((0.0, 1.0), repeat=2))),
    }
)


def graph_of(**settings):
    return CallGraph.from_experiment(ExperimentSpec().replace(**settings))


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({}, "The two losses meet only in shared_lstm"),
        ({"merge": "none"}, "The two losses meet only in shared_lstm"),
        ({"encoder": "separate"}, "The two losses meet only in lstm_a and lstm_b"),
        ({"merge": "none", "encoder": "separate"}, "No layer is changed by more than one loss"),
        ({"detach": "predictions1"}, "No layer is changed by more than one loss"),
        ({"loss_weights": (1.0, 0.0)}, "Only loss 1 changes any weights"),
        ({"loss_weights": (0.0, 0.0)}, "No loss changes any weights"),
    ],
)
def test_the_finding_is_where_the_losses_meet(settings, wanted):
    assert headline(graph_of(**settings)) == wanted


@given(SETTINGS)
def test_every_layer_is_named_with_each_loss_as_the_graph_has_it(settings):
    graph = graph_of(**settings)
    told = dict(zip([head for head in graph.outputs if graph.loss_weights[head]], changes(graph), strict=True))
    for head, text in told.items():
        may = text.partition(" may change ")[2].partition(".")[0]
        cannot = " ".join(re.findall("cannot change ([^:]*):", text))
        for layer in graph.layers_with_weights:
            assert (layer in may) == graph.trains(head, layer)
            assert (layer in cannot) != graph.trains(head, layer)
    silent = [head for head in graph.outputs if not graph.loss_weights[head]]
    assert [f"Loss {head[-1]} weighs 0" in " ".join(notes(graph)) for head in silent] == [True] * len(silent)
    assert set(meetings(graph)) == {
        layer for layer in graph.layers_with_weights if all(graph.trains(head, layer) for head in graph.outputs)
    }


@given(SETTINGS)
def test_the_table_has_a_row_a_layer_with_weights_and_a_cell_a_loss(settings):
    graph = graph_of(**settings)
    rows = training_table(graph)
    assert [row["layer"] for row in rows] == list(graph.layers_with_weights)
    for row in rows:
        for number, head in enumerate(graph.outputs, start=1):
            assert (row[f"Loss {number}"] == "may change") == graph.trains(head, row["layer"])
            assert row[f"Loss {number}"] == "may change" or row[f"Loss {number}"].startswith("cannot: ")


def test_where_a_gradient_stops_is_named():
    assert (
        "Loss 1 may change predictions1. It cannot change shared_lstm: the way back is cut at the arrow from merged_vector"
        in (training_alt(graph_of(detach="predictions1")))
    )
    graph = read_program(
        "a = Input((4,))\nx = K.stop_gradient(Dense(3, name='warm')(a))\nmodel = Model(a, Dense(1, name='one')(x))"
    ).models["model"]
    assert "It cannot change warm: the way back is cut at x." in training_findings(graph)[0]
    assert headline(graph) == "The loss may change 1 of 2 layers that have weights"


def test_what_is_frozen_or_set_by_no_loss_is_said_once():
    graph = read_program(
        "a = Input((4,))\ncold = Dense(3, trainable=False, name='cold')(a)\nn = BatchNormalization(name='norm')(cold)\n"
        "model = Model(a, [Dense(1, name='one')(n), Dense(1, name='two')(n)])"
    ).models["model"]
    assert list(notes(graph)) == [
        "cold is frozen (trainable is false): no loss changes it.",
        "The running mean and variance of norm follow what it reads while training; no loss sets them.",
    ]


def test_what_is_not_known_is_said_to_be_not_known():
    graph = read_program(
        "a = Input((4,))\nx = Dense(3, name='warm')(a)\ny = mystery(x)\n"
        "model = Model(a, [Dense(1, name='one')(y), Dense(1, name='two')(x)])"
    ).models["model"]
    assert "not known whether" in " ".join(changes(graph))
    assert headline(graph).endswith("as far as is known")


@pytest.mark.parametrize(
    ("frozen", "wanted"),
    [
        ("", "The loss may change every layer that has weights, as far as is known"),
        (", trainable=False", "The loss may change 2 of 3 layers that have weights, as far as is known"),
    ],
)
def test_the_finding_about_one_loss_says_that_something_is_not_known(frozen, wanted):
    graph = read_program(
        f"a = Input((4,))\nx = Dense(3{frozen})(a)\nmodel = Model(a, Dense(1, name='one')(mystery(x)))"
    ).models["model"]
    assert headline(graph) == wanted
