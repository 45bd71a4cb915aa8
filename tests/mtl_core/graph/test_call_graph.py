"""The graph says who can see what. Keras is asked whether it is true: change an input, and look which outputs change."""

import types

import keras
import numpy as np
import pytest
from keras import layers

from mtl_core.graph import CallGraph, ModelFileError
from mtl_core.model import build_model
from mtl_core.spec import DataSpec, ModelSpec, knob
from tests.mtl_core.graph import graph_zoo
from tests.pairwise import cases

QUESTION_DATA = DataSpec(tweets="numbers", timesteps=280, features=256)
DATA = (DataSpec(tweets="numbers", timesteps=4, features=3), DataSpec(tweets="words"))


@pytest.fixture(scope="module", params=graph_zoo.ZOO, ids=lambda make: make.__name__)
def animal(request):
    keras.utils.clear_session(free_memory=False)
    model = request.param()
    return model, CallGraph.from_model(model)


def ids(calls):
    return [call.id for call in calls]


# True of every model


def test_no_path_means_not_one_bit_changes_and_a_path_means_something_does(animal):
    model, graph = animal
    graph_zoo.randomise(model)
    before = graph_zoo.run(model, graph_zoo.random_inputs(model, seed=1))
    for i, name in enumerate(graph.inputs):
        arrays = graph_zoo.random_inputs(model, seed=1)
        arrays[i] = graph_zoo.random_inputs(model, seed=2)[i]
        after = graph_zoo.run(model, arrays)
        changed = [not np.array_equal(old, new) for old, new in zip(before, after, strict=True)]
        assert changed == [graph.reaches(name, head) for head in graph.outputs], name


def test_inputs_and_outputs_are_keras_s_in_keras_s_order(animal):
    model, graph = animal
    assert list(graph.inputs) == [tensor._keras_history.operation.name for tensor in model.inputs]
    makers = [tensor._keras_history.operation.name for tensor in model.outputs]
    if not isinstance(model, keras.Sequential):
        assert [head.layer for head in graph.heads] == makers
    assert len(set(graph.outputs)) == len(makers)
    assert all(head == maker or makers.count(maker) > 1 for head, maker in zip(graph.outputs, makers, strict=True))


def test_a_file_and_its_json_give_the_same_graph_as_the_model(animal, tmp_path):
    model, graph = animal
    assert CallGraph.from_json(model.to_json()) == graph
    model.save(tmp_path / "model.keras")
    assert CallGraph.from_keras_file((tmp_path / "model.keras").read_bytes()) == graph
    with (tmp_path / "model.keras").open("rb") as file:
        assert CallGraph.from_file(file) == graph


def test_parameters_and_shapes_are_keras_s_or_not_said(animal):
    model, graph = animal
    assert graph.parameters in (None, model.count_params())
    for head, tensor in zip(graph.heads, model.outputs, strict=True):
        if "[" not in head.name:  # a call's shape is that of its first output
            assert graph[head.call].shape in (None, tensor.shape)
    for layer in model.layers:
        counts = {call.parameters for call in graph.calls if call.layer == layer.name}
        assert counts <= {None, layer.count_params()}


def test_the_layers_view_has_the_boxes_and_arrows_of_model_to_dot(animal, monkeypatch):
    model, graph = animal
    boxes, arrows = what_keras_draws(model, monkeypatch)
    assert sorted(layer.name for layer in graph.layers) == sorted(boxes)
    assert sorted(graph.layer_edges) == sorted(arrows)


def what_keras_draws(model, monkeypatch):
    """Run `keras.utils.model_to_dot` with a pydot that only takes notes."""

    class Dot:
        def __init__(self, *args, **attributes):
            self.nodes, self.edges = [], []

        def set(self, *args, **attributes):
            pass

        set_node_defaults = set_penwidth = set

        def add_node(self, node):
            self.nodes.append(node.name)

        def get_edge(self, source, target):
            return [(source, target)] if (source, target) in self.edges else []

        def add_edge(self, edge):
            self.edges.append(edge.ends)

    class Node(Dot):
        def __init__(self, name, label):
            self.name = name

    class Edge(Dot):
        def __init__(self, *ends):
            self.ends = ends

    from keras.src.utils import model_visualization

    monkeypatch.setattr(model_visualization, "pydot", types.SimpleNamespace(Dot=Dot, Node=Node, Edge=Edge))
    drawn = keras.utils.model_to_dot(model)
    operations = model.layers if isinstance(model, keras.Sequential) else model.operations
    names = {str(id(operation)): operation.name for operation in operations}
    return [names[node] for node in drawn.nodes], [(names[a], names[b]) for a, b in drawn.edges]


def test_each_call_comes_after_those_it_reads_and_ids_are_unique(animal):
    _model, graph = animal
    position = {call.id: i for i, call in enumerate(graph.calls)}
    assert len(position) == len(graph.calls)
    assert all(position[source] < position[target] for source, target in graph.edges)


# The question's models


@pytest.mark.parametrize(
    ("merge", "encoder", "hidden", "data"),
    cases(knob(ModelSpec, "merge").choices, knob(ModelSpec, "encoder").choices, (0, 3), DATA),
)
def test_the_graph_of_a_spec_is_the_graph_of_the_keras_model(merge, encoder, hidden, data):
    spec = ModelSpec(merge=merge, encoder=encoder, hidden_units=hidden, lstm_units=5), data
    model = build_model(*spec, seed=0)
    drawn, built = CallGraph.from_spec(*spec), CallGraph.from_model(model)
    assert drawn == built
    assert drawn.parameters == model.count_params()
    for layer in model.layers:
        assert {call.parameters for call in drawn.calls if call.layer == layer.name} == {layer.count_params()}


def test_another_width_is_another_graph():
    assert CallGraph.from_spec(ModelSpec(), DataSpec(tweets="numbers")) != CallGraph.from_spec(
        ModelSpec(lstm_units=17), DataSpec(tweets="numbers")
    )


def test_the_question_has_82434_parameters_in_case_1_and_82306_in_case_2():
    case1 = CallGraph.from_spec(ModelSpec(lstm_units=64), QUESTION_DATA)
    case2 = CallGraph.from_spec(ModelSpec(lstm_units=64, merge="none"), QUESTION_DATA)
    assert (case1.parameters, case2.parameters) == (82_434, 82_306)


@pytest.fixture
def case1():
    return CallGraph.from_spec(ModelSpec(), DataSpec(tweets="numbers"))


@pytest.fixture
def case2():
    return CallGraph.from_spec(ModelSpec(merge="none"), DataSpec(tweets="numbers"))


def test_with_a_merge_each_head_sees_both_tweets_and_without_only_its_own(case1, case2):
    assert all(case1.dependence().values())
    assert case2.dependence() == {
        ("predictions1", "tweet_a"): True,
        ("predictions1", "tweet_b"): False,
        ("predictions2", "tweet_a"): False,
        ("predictions2", "tweet_b"): True,
    }


def test_the_shared_lstm_is_two_calls_with_one_set_of_weights(case1):
    first, second = case1.shared_layers["shared_lstm"]
    assert (first.reads, second.reads) == (("tweet_a",), ("tweet_b",))
    assert first.parameters == second.parameters == 4 * 16 * (8 + 16 + 1)
    assert case1.parameters == first.parameters + 2 * 33


def test_between_an_input_and_a_head_lie_the_calls_that_carry_it(case1, case2):
    assert ids(case1.calls_between("tweet_b", "predictions1")) == ["shared_lstm#2", "merged_vector"]
    assert ids(case2.calls_between("tweet_a", "predictions1")) == ["shared_lstm#1"]
    assert case2.calls_between("tweet_b", "predictions1") == ()


def test_the_tweets_first_meet_in_the_merge_or_nowhere(case1, case2):
    assert ids(case1.first_merges("predictions1")) == ["merged_vector"]
    assert ids(case1.first_merges("predictions1", "tweet_b")) == ["merged_vector"]
    assert case2.first_merges("predictions1") == ()


def test_plot_model_draws_two_paths_of_case_2_that_do_not_exist(case1, case2):
    assert case1.false_paths() == ()
    assert sorted(case2.false_paths()) == [("tweet_a", "predictions2"), ("tweet_b", "predictions1")]
    assert case2.drawn_route("tweet_b", "predictions1") == ("tweet_b", "shared_lstm", "predictions1")


def test_heads_that_see_everything_and_inputs_that_reach_nothing(case1, case2):
    assert case1.sees_everything() == ("predictions1", "predictions2")
    assert case2.sees_everything() == ()
    unused = CallGraph.from_model(graph_zoo.unused_input_and_twice_the_same_tensor())
    assert unused.reaches_nothing() == ("unused",)
    assert case1.reaches_nothing() == ()


def test_an_unknown_name_is_answered_with_the_names_there_are(case1):
    with pytest.raises(KeyError, match="no input “tweet_c”; it has tweet_a, tweet_b"):
        case1.reaches("tweet_c", "predictions1")
    with pytest.raises(KeyError, match="no output “tweet_a”; it has predictions1, predictions2"):
        case1.reaches("tweet_a", "tweet_a")


# Where it is easy to be wrong


def test_a_chain_of_three_calls_is_no_circle():
    graph = CallGraph.from_model(graph_zoo.called_three_times_in_a_chain())
    assert [call.index for call in graph.shared_layers["dense"]] == [1, 2, 3, 4]
    assert ids(graph.calls_between("a", "long")) == ["dense#1", "dense#2", "dense#3"]
    assert graph.false_paths() == (("b", "long"), ("a", "short"))


def test_two_inputs_can_meet_at_several_places():
    graph = CallGraph.from_model(graph_zoo.functions())
    assert [call.class_name for call in graph.first_merges("head0")] == ["Add", "Subtract"]
    assert ids(graph.first_merges("head3", "c")) == ["matmul"]


def test_a_nested_model_is_opened_and_its_layers_keep_their_path():
    graph = CallGraph.from_model(graph_zoo.nested_three_deep())
    inside = [call for call in graph.calls if call.name == "of_p"]
    assert {call.layer for call in inside} == {"outer/middle/innermost/of_p"}
    assert [call.groups for call in inside] == [
        ("outer#1", "outer/middle#1", "outer/middle/innermost#1"),
        ("outer#1", "outer/middle#2", "outer/middle/innermost#2"),
    ]


def test_plot_model_draws_false_paths_through_a_nested_model():
    graph = CallGraph.from_model(graph_zoo.nested_with_swapped_outputs())
    assert set(graph.false_paths()) == {("a", "one"), ("b", "two")}
    assert graph.drawn_route("a", "one") == ("a", "inner", "one")


def test_a_stateful_rnn_carries_what_one_call_read_into_the_other():
    a, b = (keras.Input(batch_shape=(2, 3, 2), name=name) for name in "ab")
    rnn = layers.LSTM(3, stateful=True, name="rnn")
    model = keras.Model([a, b], [layers.Dense(1, name="one")(rnn(a)), layers.Dense(1, name="two")(rnn(b))])
    graph = CallGraph.from_model(model)
    assert all(graph.dependence().values())
    assert ids(graph.calls_between("a", "two")) == ["rnn#1", "rnn#2"]

    def second_batch(changed):
        rnn.reset_state()
        given = [np.random.default_rng(seed).normal(size=(2, 3, 2)).astype("float32") for seed in (0, 1)]
        if changed is not None:
            given[changed] += 1
            model(given)
            given[changed] -= 1
        else:
            model(given)
        return [np.asarray(y) for y in model(given)]

    as_it_was = second_batch(changed=None)
    for changed in (0, 1):
        assert not any(map(np.array_equal, as_it_was, second_batch(changed)))


def test_a_layer_that_a_file_has_in_two_places_is_one_layer(tmp_path):
    dense = layers.Dense(3, name="dense")
    p = keras.Input((3,), name="p")
    inner = keras.Model(p, dense(p), name="inner")
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    model = keras.Model([a, b], [layers.Dense(1, name="one")(inner(a)), layers.Dense(1, name="two")(dense(b))])
    model.save(tmp_path / "model.keras")
    graph = CallGraph.from_keras_file((tmp_path / "model.keras").read_bytes())
    assert [len(calls) for calls in graph.shared_layers.values()] == [2]
    assert graph.parameters == model.count_params()


def test_a_subclassed_model_is_refused_in_words():
    class Mine(keras.Model):
        def call(self, inputs):
            return inputs

    with pytest.raises(ModelFileError, match="subclassed model"):
        CallGraph.from_model(Mine())


def test_an_unbuilt_sequential_model_has_an_input_of_unknown_shape():
    graph = CallGraph.from_model(keras.Sequential([layers.Dense(3, name="first"), layers.Dense(1, name="head")]))
    assert (graph.inputs, graph.outputs) == (("first_input",), ("head",))
    assert graph.reaches("first_input", "head")
    assert graph["first"].shape is graph["head"].parameters is None


def test_a_thousand_calls_in_a_chain_and_as_many_side_by_side():
    x = first = keras.Input((2,), name="x")
    dense = layers.Activation("tanh", name="again")
    for _call in range(400):
        x = dense(x)
    graph = CallGraph.from_model(keras.Model(first, x))
    assert len(graph.calls) == 401
    assert graph.reaches("x", "again")
    assert len(graph.calls_between("x", "again")) == 399
