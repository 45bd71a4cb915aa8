"""What the app says of training follows the graph, for every setting that changes which loss changes what."""

import itertools

import pytest

from mtl_core.figures import coupling
from mtl_core.figures.answer import answer, in_short
from mtl_core.figures.learned import trained
from mtl_core.graph import CallGraph
from mtl_core.graph.program import read_program
from mtl_core.spec import ENCODERS, OUTPUTS, ExperimentSpec
from mtl_core.take_home.program import script

SETTINGS = [
    {"merge": merge, "encoder": encoder, "hidden_units": hidden, "detach": detach, "loss_weights": weights}
    for merge, encoder, hidden, detach, weights in itertools.product(
        ("none", "concatenate", "add", "multiply"),
        ("shared", "separate"),
        (0, 4),
        ("none", "predictions1", "predictions2", "both"),
        ((1, 1), (1, 0), (0, 1), (0, 0)),
    )
]


@pytest.mark.parametrize("merge", ["none", "concatenate", "add", "multiply"])
def test_no_sentence_says_that_a_loss_changes_an_lstm_that_it_cannot(merge):
    for settings in (each for each in SETTINGS if each["merge"] == merge):
        spec = ExperimentSpec().replace(**settings)
        graph, names = CallGraph.from_experiment(spec), set(ENCODERS[spec.model.encoder])
        tied = [encoder for encoder in names if all(graph.trains(head, encoder) for head in OUTPUTS)]
        words = f"{answer(spec)} {in_short(spec)}"
        both = (
            "both losses also change the shared LSTM",
            "so both losses change it",
            "couples them only while training",
            "only training ties the tasks",
        )
        assert any(sentence in words for sentence in both) == bool(tied), settings
        for number, head in enumerate(OUTPUTS, start=1):
            alone = f"only head {number}’s loss changes" in words
            changes = any(graph.trains(head, encoder) for encoder in names)
            assert not alone or (changes and not tied), settings
            assert (f"Head {number} is not trained" in words) == (
                not graph.trains(head, head) and any(graph.trains(other, other) for other in OUTPUTS)
            ), settings


def test_what_is_trained_is_what_the_graph_says_for_the_tasks_that_have_a_turn():
    cut = ExperimentSpec().replace(detach="predictions1")
    assert trained(cut).encoders == (False, True)
    once = ExperimentSpec().replace(schedule="alternate", epochs=1, n_train=64, batch_size=64)
    assert trained(once).heads == (True, False)


def test_the_exhibit_is_a_finding_words_and_a_table():
    made = coupling.exhibit(CallGraph.from_experiment(ExperimentSpec().other_case))
    assert made.heading == "The two losses meet only in shared_lstm"
    assert "Loss 1 may change shared_lstm and predictions1." in made.reading
    assert [row["layer"] for row in made.rows()] == ["shared_lstm", "predictions1", "predictions2"]


@pytest.mark.parametrize("detach", ["none", "predictions1", "predictions2", "both"])
@pytest.mark.parametrize("merge", ["none", "concatenate"])
def test_the_program_to_take_home_trains_what_is_said_here(merge, detach):
    for encoder, hidden, weights in itertools.product(("shared", "separate"), (0, 4), ((1, 1), (0, 1))):
        spec = ExperimentSpec().replace(merge=merge, encoder=encoder, detach=detach)
        spec = spec.replace(hidden_units=hidden, loss_weights=weights)
        read, ours = read_program(script(spec)).models["model"], CallGraph.from_experiment(spec)
        for head, layer in itertools.product(ours.outputs, ours.layers_with_weights):
            assert read.training_status(head, layer) == ours.training_status(head, layer), (encoder, head, layer)
