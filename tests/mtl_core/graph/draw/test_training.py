"""The picture of training shows what the graph says: arrows back from each loss to the weights it may change, and cuts."""

import re

import pytest

from mtl_core.graph import CallGraph
from mtl_core.graph.draw.training import training_dot
from mtl_core.graph.program import read_program
from mtl_core.palette import DARK, LIGHT
from mtl_core.spec import ExperimentSpec

EDGE = re.compile(r'^\s*"?([^"\[]+?)"? -> "?([^"\[]+?)"? \[(.*)\]', re.M)


def arrows(dot, style):
    """Pairs (from, to) of a gradient's arrows in one pattern; they are drawn against the direction of the values."""
    return {
        (reader, source) if "dir=back" in options else (source, reader)
        for source, reader, options in EDGE.findall(dot)
        if f"style={style}" in options and ("dir=back" in options or "dir=forward" in options)
    }


def drawn(**options):
    return training_dot(CallGraph.from_experiment(ExperimentSpec().replace(**options)))


def test_in_case_2_the_losses_meet_only_in_the_shared_weights():
    dot = drawn(merge="none")
    weights = "-weights of shared_lstm#1"
    assert arrows(dot, "solid") == {
        ("-loss 0", "predictions1"), ("predictions1", "shared_lstm#1"), ("shared_lstm#1", weights),
    }  # fmt: skip
    assert arrows(dot, "dashed") == {
        ("-loss 1", "predictions2"), ("predictions2", "shared_lstm#2"), ("shared_lstm#2", weights),
    }  # fmt: skip
    assert "changed by loss 1 and loss 2" in dot


def test_a_cut_is_drawn_on_the_wire_and_the_other_loss_goes_on():
    dot = drawn(detach="predictions1")
    assert dot.count("✕ way back cut") == 1
    assert ("merged_vector", "shared_lstm#1") not in arrows(dot, "solid")
    assert {("merged_vector", "shared_lstm#1"), ("merged_vector", "shared_lstm#2")} <= arrows(dot, "dashed")
    assert ("predictions1", "-cut merged_vector predictions1") in arrows(dot, "solid")


def test_a_loss_that_weighs_0_sends_nothing():
    dot = drawn(merge="none", loss_weights=(1, 0))
    assert arrows(dot, "dashed") == set()
    assert "weighs 0: changes nothing" in dot
    assert "no loss changes it" in dot


def test_frozen_layers_and_stop_gradients_say_so_in_words():
    graph = read_program(
        "a = Input((4,))\nx = Dense(3, trainable=False, name='cold')(a)\ny = K.stop_gradient(Dense(3, name='warm')(x))\n"
        "model = Model(a, [Dense(1, name='one')(y), Dense(1, name='two')(x)])"
    ).models["model"]
    dot = training_dot(graph)
    assert "frozen" in dot
    assert "the way back is cut here" in dot
    assert "no loss changes it" in dot


def test_more_losses_than_patterns_share_one_line_and_one_can_be_chosen():
    heads = ", ".join(f"Dense(1, name='head{i}')(x)" for i in range(5))
    graph = read_program(f"a = Input((4,))\nx = Dense(3, name='trunk')(a)\nmodel = Model(a, [{heads}])").models["model"]
    assert arrows(training_dot(graph), "dashed") == set()
    assert "changed by all 5 losses" in training_dot(graph)
    one = training_dot(graph, losses=["head3"])
    assert arrows(one, "solid") == {("-loss 0", "head3"), ("head3", "trunk")}
    with pytest.raises(KeyError, match="head9"):
        training_dot(graph, losses=["head9"])


@pytest.mark.parametrize("dark", [False, True])
def test_no_tweet_s_colour_is_used(dark):
    theme = DARK if dark else LIGHT
    dot = training_dot(CallGraph.from_experiment(ExperimentSpec()), dark=dark)
    for colours in (theme.line, theme.tint, theme.text):
        assert not any(colour in dot for colour in colours.values())
