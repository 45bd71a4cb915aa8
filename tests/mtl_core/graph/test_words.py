"""The graph in words says the same as the graph, and says it plainly."""

import pytest

from mtl_core.graph import CallGraph
from mtl_core.graph.words import alt, caveats, findings, in_words, parameters_in_words, shape_in_words, sight, table
from mtl_core.inspect.examples import load_example
from mtl_core.spec import DataSpec, ModelSpec


def graph_of(**spec):
    return CallGraph.from_spec(ModelSpec(**spec), DataSpec(tweets="numbers"))


def test_a_picture_of_case_2_is_told_to_who_cannot_see_it():
    told = alt(graph_of(merge="none"))
    assert "tweet_a and tweet_b" in told
    assert "predictions1 may depend on tweet_a. It cannot depend on tweet_b: no path exists." in told
    assert "shared_lstm is called 2 times with one set of weights (1,600 parameters)." in told


def test_findings_say_where_inputs_meet_what_is_unused_and_what_is_drawn_falsely():
    assert "Its inputs first meet in merged_vector." in findings(graph_of())[0]
    assert "plot_model draws a path from tweet_b to predictions1; no such path exists." in findings(
        graph_of(merge="none")
    )
    config = {"layers": [layer("x"), layer("y"), layer("d", "Dense", "x")], "output_layers": [["d", 0, 0]]}
    unused = CallGraph.from_config(config | {"input_layers": [["x", 0, 0], ["y", 0, 0]]})
    assert "No head depends on y." in findings(unused)


def layer(name, class_name="InputLayer", *reads):
    nodes = [[[source, 0, 0, {}] for source in reads]] if reads else []
    return {"class_name": class_name, "name": name, "config": {"name": name}, "inbound_nodes": nodes}


def test_a_head_that_sees_nothing_is_said_to():
    config = {
        "layers": [layer("x"), layer("c", "Constant")],
        "input_layers": [["x", 0, 0]],
        "output_layers": [["c", 0, 0]],
    }
    graph = CallGraph.from_config(config)
    assert findings(graph)[0] == "c cannot depend on any input: no path exists."
    assert sight(graph, "c") == "reads no input"


def test_a_model_class_of_somebody_s_own_comes_with_a_warning():
    config = {"layers": [layer("x")], "input_layers": [["x", 0, 0]], "output_layers": [["x", 0, 0]]}
    graph = CallGraph.from_config({"class_name": "Mine", "module": "mine", "config": config})
    assert "Mine, is none of Keras's" in next(caveats(graph))
    assert not list(caveats(CallGraph.from_config(config)))


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (list("abcdefgh"), "a, b, c, d, e, f, g and h"),
        (list("abcdefghij"), "a, b, c, d, e, f, g and 3 more"),
    ],
)
def test_names_make_a_list_and_long_lists_end_in_a_count(names, words):
    assert in_words(names) == words


def test_shapes_and_counts_are_written_for_reading():
    assert shape_in_words((None, 20, 8)) == "20 × 8"
    assert shape_in_words((None, None, 64)) == "any × 64"
    assert shape_in_words((None,)) == "1"
    assert shape_in_words(None) == ""
    assert [parameters_in_words(n) for n in (None, 1, 1600)] == [
        "parameters not known", "1 parameter", "1,600 parameters",
    ]  # fmt: skip


def test_what_a_head_reads_depends_on_how_many_inputs_there_are():
    assert sight(graph_of(), "predictions1") == "reads both tweets"
    assert sight(graph_of(merge="none"), "predictions2") == "reads its own tweet only"
    assert sight(CallGraph.from_json(load_example("unet")), "mask") == "reads the input"
    assert sight(CallGraph.from_json(load_example("tickets")), "priority") == "reads all 3 inputs"
    assert sight(CallGraph.from_json(load_example("image_text")), "language") == "reads caption only"


def test_the_table_has_a_row_for_every_call():
    rows = table(graph_of())
    assert [row["call"] for row in rows] == [call.id for call in graph_of().calls]
    assert rows[3] == {
        "call": "shared_lstm#2", "class": "LSTM", "shape": "16", "parameters": "1,600", "reads": "tweet_b", "sees": "tweet_b",
    }  # fmt: skip
