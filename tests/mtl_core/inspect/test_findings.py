"""What is said of a stranger's model is what its graph shows, also where names are long, alike or hostile."""

import functools

import pytest

from mtl_core.graph import CallGraph
from mtl_core.graph.words import findings
from mtl_core.inspect import findings as words
from mtl_core.inspect.examples import EXAMPLES, load_example
from tests.mtl_core.graph.dense_graphs import chain, model


@functools.cache
def example(name):
    return CallGraph.from_json(load_example(name))


def test_the_headline_says_who_cannot_see_what():
    assert words.headline(example("case1")) == "Every head may depend on every input"
    assert words.headline(example("case2")) == "Each head reads one input and cannot depend on any other"
    assert words.headline(example("image_text")) == "`language` cannot depend on `image`"
    assert words.headline(example("three_heads")) == "2 of 6 pairs of a head and an input have no path"
    assert words.headline(example("siamese")) == "The head may depend on every input"
    assert words.headline(example("unet")) == "The head may depend on the input"


def test_a_model_without_an_input_is_not_said_to_depend_on_every_input():
    program = "from keras import Model\nfrom somewhere import tensors\nmodel = Model([], tensors())\n"
    graph = CallGraph.from_program(program)
    assert words.headline(graph) == "There is no input on which a head could depend"
    assert findings(graph)[0] == "tensors depends on no input: there is none."
    assert list(words.who_sees_what(graph)) == []


def test_the_size_counts_calls_apart_from_layers():
    assert words.size(example("case2")) == "2 inputs · 2 heads · 6 calls of 5 layers · 82,306 parameters"
    assert "1 nested model" in words.size(example("siamese"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_matrix_says_for_every_pair_what_the_graph_says(name):
    graph = example(name)
    for head, *cells in words.matrix(graph):
        for cell, start in zip(cells, graph.inputs, strict=True):
            assert cell == ("may depend" if graph.reaches(start, head) else "cannot")


def test_between_an_input_and_a_head_stand_the_calls_and_the_first_merge():
    text = words.between(example("siamese"), "left", "same")
    assert text.startswith("**`same` may depend on `left`**, through 7 calls: `encoder/conv1#1`, ")
    assert "first meets another input in `subtract`" in text
    assert "meets no other input" in words.between(example("image_text"), "caption", "language")
    assert "through 1 call: `features`" in words.between(example("tickets"), "tags", "priority")


def test_where_no_path_leads_it_says_so_and_what_plot_model_draws_all_the_same():
    text = words.between(example("case2"), "tweet_b", "predictions1")
    assert "**`predictions1` cannot depend on `tweet_b`.**" in text
    assert "plot_model draws one all the same: `tweet_b` → `shared_lstm` → `predictions1`." in text
    assert "plot_model" not in words.between(example("image_text"), "image", "language")


def test_an_input_that_is_a_head_is_read_directly():
    assert "directly" in words.between(model(["a"], {}, ["a"]), "a", "a")


def test_every_false_path_of_plot_model_is_named():
    assert words.drawn(example("case2")) == "plot_model draws 2 paths that do not exist"
    assert words.false_paths(example("case2"))[0].startswith("`tweet_b` → `shared_lstm` → `predictions1`: ")
    assert words.drawn(example("case1")) == "Here, every path that plot_model draws exists"
    assert words.false_paths(example("case1")) == []


def test_a_long_list_of_false_paths_ends_in_their_number():
    lines = words.false_paths(example("three_heads"), most=1)
    assert len(lines) == 2
    assert "1 more" in lines[1]


def test_heads_that_see_everything_and_inputs_that_reach_nothing_are_named():
    unused = model(["a", "b", "c"], {"first": ["a"], "last": ["a", "b"]}, ["first", "last"])
    text = " ".join(words.who_sees_what(unused))
    assert "No head can depend on every input." in text
    assert "**`c` reaches no head.**" in text
    assert "`same_author` may depend on every input." in " ".join(words.who_sees_what(example("three_heads")))
    assert list(words.who_sees_what(chain(1))) == ["Every input reaches a head."]


def test_each_call_of_a_shared_layer_has_its_own_row():
    rows = words.shared_rows(example("case2"))
    assert [(row["call"], row["may depend on"], row["reaches"]) for row in rows] == [
        ("shared_lstm#1", "tweet_a", "predictions1"),
        ("shared_lstm#2", "tweet_b", "predictions2"),
    ]
    assert words.shared(example("case2")) == "1 layer is called more than once"
    assert words.shared(example("tickets")) == "No layer is called twice"
    assert len(words.shared_rows(example("siamese"), most=3)) == 3


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_heads_that_a_call_reaches_are_those_that_it_is_upstream_of(name):
    graph = example(name)
    for call in graph.calls:
        assert graph.reached_from(call.id) == tuple(h for h in graph.outputs if call.id in graph.upstream(h))
