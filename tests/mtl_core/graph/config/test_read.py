"""Every dialect of Keras is read as what it means, and a config that means nothing is refused in words."""

import contextlib
import copy
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtl_core.graph import CallGraph, ModelFileError
from mtl_core.graph.config.untrusted import MAX_CALLS, MAX_ENDS, MAX_NAME, MAX_NESTED
from mtl_core.graph.words import alt, findings, table
from mtl_core.inspect.examples import load_example
from tests.mtl_core.graph.steps import steps

KERAS_2 = {path.stem: path for path in (Path(__file__).parents[3] / "data" / "keras2").glob("*.json")}


# Keras 2


@pytest.mark.parametrize("source", ["config", "keras_file"])
@pytest.mark.parametrize("name", sorted(KERAS_2))
def test_keras_2_models_see_what_they_were_seen_to_see(name, source):
    record = json.loads(KERAS_2[name].read_text())
    graph = CallGraph.from_config(record[source])
    assert [sorted(graph.seen_by(head.call)) for head in graph.heads] == list(map(sorted, record["seen"]))
    assert graph.parameters in (None, record["parameters"])


def test_keras_2_and_keras_3_agree_on_the_question():
    for case in ("case1", "case2"):
        old = CallGraph.from_config(json.loads(KERAS_2[case].read_text())["config"])
        new = CallGraph.from_json(load_example(case))
        assert [(call.id, call.class_name, call.reads) for call in old.calls] == [
            (call.id, call.class_name, call.reads) for call in new.calls
        ]


def test_a_sequential_model_of_the_first_keras_is_a_plain_list():
    layers = [
        {"class_name": "Dense", "config": {"name": "d", "units": 3, "batch_input_shape": [None, 4]}},
        {"class_name": "Dense", "config": {"name": "head", "units": 1}},
    ]
    graph = CallGraph.from_config({"class_name": "Sequential", "config": layers})
    assert graph.edges == (("d_input", "d"), ("d", "head"))
    assert graph.parameters == 4 * 3 + 3 + 3 + 1


def keras_1(branches, *others, name="meet"):
    """A sequential model as Keras 1 wrote it: branches first."""
    merge = {"class_name": "Merge", "config": {"name": name, "mode": "concat", "concat_axis": -1, "layers": branches}}
    return {"class_name": "Sequential", "config": [merge, *others], "keras_version": "1.2.2"}


def dense(name, **more):
    return {"class_name": "Dense", "config": {"name": name, "output_dim": 3, **more}}


def branch(*layers):
    return {"class_name": "Sequential", "config": list(layers)}


def test_branches_that_a_sequential_model_of_keras_1_begins_with_have_an_input_each():
    branches = [branch(dense("left", batch_input_shape=[None, 4]), dense("more")), branch(dense("right"))]
    graph = CallGraph.from_config(keras_1(branches, dense("head")))
    assert graph.inputs == ("left_input", "right_input")
    assert graph.outputs == ("head",)
    assert graph.edges == (
        *(("left_input", "left"), ("left", "more"), ("right_input", "right")),
        *(("more", "meet"), ("right", "meet"), ("meet", "head")),
    )


def test_branches_may_branch_and_may_be_models_or_single_layers():
    inner = keras_1([branch(dense("a")), branch(dense("b"))], dense("ab"), name="inner")
    nested = functional([entry("x", "InputLayer"), entry("y", nodes=[called(tensor("x"))])], ["x"], ["y"])
    graph = CallGraph.from_config(
        keras_1([inner, {"class_name": "Model", "config": nested | {"name": "model"}}, dense("c")], dense("head"))
    )
    assert graph.inputs == ("a_input", "b_input", "model_input", "c_input")
    assert graph.seen_by("inner") == ("a_input", "b_input")
    assert graph.seen_by("head") == graph.inputs


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        (keras_1([branch()], dense("head")), "branch of the model has no layers"),
        (keras_1([branch(dense("a")), branch(dense("a"))]), "Two layers are named “a"),
        (keras_1([3], dense("head")), "not an object"),
    ],
)
def test_branches_that_mean_nothing_are_refused_in_words(config, sentence):
    with pytest.raises(ModelFileError, match=sentence):
        CallGraph.from_config(config)


def test_branches_in_branches_without_end_are_refused_in_words():
    config = branch(dense("a"))
    for level in range(200):
        config = keras_1([config], dense(f"d{level}"), name=f"m{level}")
    with pytest.raises(ModelFileError, match="nested"):
        CallGraph.from_config(config)


def test_a_constant_first_argument_hides_no_tensor_behind_it():
    config = functional(
        [
            entry("a", "InputLayer"),
            entry("b", "InputLayer"),
            entry("minus", "TFOpLambda", [[["_CONSTANT_VALUE", -1, 2.0, {"y": ["a", 0, 0], "name": None}]]]),
            entry("plus", "TFOpLambda", [["minus", 0, 0, {"y": 1.0, "z": [["b", 0, 0]]}]]),
        ],
        ["a", "b"],
        [["plus", 0, 0], ["minus", 0, 0]],
    )
    assert CallGraph.from_config(config).dependence() == {
        ("plus", "a"): True,
        ("plus", "b"): True,
        ("minus", "a"): True,
        ("minus", "b"): False,
    }


# Handmade Keras 3 configs


def tensor(layer, call=0, output=0):
    return {"class_name": "__keras_tensor__", "config": {"shape": [None, 4], "keras_history": [layer, call, output]}}


def entry(name, class_name="Dense", nodes=(), **more):
    return {
        "class_name": class_name,
        "config": {"name": name, "units": 4},
        "name": name,
        "inbound_nodes": [*nodes],
    } | more


def called(*args, **kwargs):
    return {"args": list(args), "kwargs": kwargs}


def functional(layers, inputs, outputs, name="m"):
    ends = [end if isinstance(end, list) else [end, 0, 0] for end in outputs]
    return {"name": name, "layers": layers, "input_layers": [[x, 0, 0] for x in inputs], "output_layers": ends}


def simple(**changes):
    layers = [entry("x", "InputLayer"), entry("d", nodes=[called(tensor("x"))])]
    return functional(layers, ["x"], ["d"]) | changes


def with_node(*nodes):
    return functional([entry("x", "InputLayer"), entry("d", nodes=nodes)], ["x"], ["d"])


def nested(config, *nodes, name="n"):
    return {"class_name": "Functional", "config": config, "name": name, "inbound_nodes": [*nodes]}


def test_a_tensor_may_hide_anywhere_in_the_arguments():
    deep = {"deep": [{"class_name": "__slice__", "config": {"start": tensor("b"), "stop": None}}]}
    layers = [
        entry("a", "InputLayer"),
        entry("b", "InputLayer"),
        entry("d", nodes=[called(tensor("a"), 3, extra=deep)]),
    ]
    assert CallGraph.from_config(functional(layers, ["a", "b"], ["d"])).reaches("b", "d")


def test_a_tuple_that_keras_wrapped_is_opened():
    wrapped = {"class_name": "__tuple__", "items": [tensor("x"), None]}
    assert CallGraph.from_config(with_node(called(wrapped))).reaches("x", "d")


def test_an_optional_input_that_is_left_out_reaches_nothing():
    inner = functional(
        [entry("p", "InputLayer"), entry("q", "InputLayer"), entry("e", nodes=[called(tensor("p"), tensor("q"))])],
        ["p", "q"],
        ["e"],
    )
    layers = [entry("x", "InputLayer"), entry("y", "InputLayer"), nested(inner, called([tensor("y"), None]))]
    graph = CallGraph.from_config(functional(layers, ["x", "y"], [["n", 1, 0]]))
    assert graph.dependence() == {("n", "x"): False, ("n", "y"): True}


def test_a_mask_reaches_what_its_input_reaches_and_no_more():
    inner = functional(
        [
            entry("p", "InputLayer"),
            entry("q", "InputLayer"),
            entry("of_p", nodes=[called(tensor("p"))]),
            entry("of_q", nodes=[called(tensor("q"))]),
        ],
        ["p", "q"],
        ["of_p", "of_q"],
    )
    inputs = ["x", "y", "mask"]
    node = called([tensor("x"), tensor("y")], mask=[None, tensor("mask")])
    layers = [*(entry(name, "InputLayer") for name in inputs), nested(inner, node)]
    graph = CallGraph.from_config(functional(layers, inputs, [["n", 1, 0], ["n", 1, 1]]))
    assert graph.seen_by(graph.heads[0].call) == ("x",)
    assert graph.seen_by(graph.heads[1].call) == ("y", "mask")


def test_a_layer_of_somebody_s_own_may_do_anything_with_what_it_is_given():
    inputs = [entry("a", "InputLayer"), entry("b", "InputLayer")]
    layer = own("own", called([tensor("a"), tensor("b")]), class_name="Pipeline", layers=[entry("inside")])
    graph = CallGraph.from_config(functional([*inputs, layer], ["a", "b"], ["own"]))
    assert all(graph.dependence().values())
    assert graph["own"].parameters is None


def own(name="own", *nodes, class_name="Backbone", **config):
    """A layer whose class is somebody's own, and perhaps a functional model."""
    return entry(name, class_name, nodes, module="mine", registered_name=f"mine>{class_name}") | {"config": config}


@pytest.mark.parametrize(("number", "makes"), [(0, "b"), (1, "b"), (2, None)])
def test_calls_of_a_class_of_somebody_s_own_are_counted_as_it_counts(number, makes):
    """A subclass of a functional model counts the outputs' calls from 1, any other class from 0; the file doesn't say."""
    twice = [called(tensor("a")), called(tensor("b"))]
    inputs = [entry("a", "InputLayer"), entry("b", "InputLayer")]
    first_is_used = entry("d", nodes=[called(tensor("own", 0))])
    if number == 0:  # the first call counted from 0 is used elsewhere, so that the second must make the output
        layers, ends = [*inputs, own("own", *twice), first_is_used], [["own", 1, 0], ["d", 0, 0]]
    elif number == 1:  # there is no third call counted from 0
        layers, ends = [*inputs, own("own", *twice), first_is_used], [["own", 2, 0], ["d", 0, 0]]
    else:
        both_used = entry("d", nodes=[called([tensor("own", 0), tensor("own", 1)])])
        layers, ends = [*inputs, own("own", *twice), both_used], [["own", 1, 0], ["d", 0, 0]]
    config = functional(layers, ["a", "b"], ends)
    graph = CallGraph.from_config(config)
    if makes is None:  # either call may make it, so nothing is said to be impossible, and nothing to be sure
        assert graph.outputs == ("own", "d")
        assert [graph.status("own", name) for name in ("a", "b")] == ["unknown", "unknown"]
    else:
        assert graph.seen_by(graph.head("own").call) == (makes,)


def test_a_nested_model_of_somebody_s_own_class_stays_closed():
    inner = functional([entry("p", "InputLayer"), entry("q", "InputLayer")], ["p", "q"], ["p", "q"])
    layers = [
        entry("a", "InputLayer"),
        entry("b", "InputLayer"),
        own("own", called([tensor("a"), tensor("b")])) | {"config": inner},
    ]
    graph = CallGraph.from_config(functional(layers, ["a", "b"], [["own", 1, 0], ["own", 1, 1]]))
    assert all(graph.dependence().values())


def test_a_model_of_somebody_s_own_class_is_named():
    wrapped = {"class_name": "Mine", "module": "mine", "registered_name": "Mine", "config": simple()}
    assert CallGraph.from_config(wrapped).own_class == "Mine"
    assert CallGraph.from_config(wrapped | {"class_name": "Functional"}).own_class == "Functional"
    kerass = {"class_name": "Functional", "module": "keras.src.models.functional", "registered_name": "Functional"}
    assert CallGraph.from_config(kerass | {"config": simple()}).own_class == ""
    assert CallGraph.from_config(simple()).own_class == ""


def test_names_that_run_into_one_another_are_kept_apart():
    inner = functional([entry("p", "InputLayer"), entry("d", nodes=[called(tensor("p"))])], ["p"], ["d"])
    layers = [
        entry("x", "InputLayer"),
        nested(inner, called(tensor("x"))),
        entry("n/d", nodes=[called(tensor("x")), called(tensor("x"))]),
        entry("n/d#1", nodes=[called(tensor("n"))]),
    ]
    graph = CallGraph.from_config(functional(layers, ["x"], ["n/d#1", ["n/d", 1, 0]]))
    assert len({call.id for call in graph.calls}) == len(graph.calls) == 5
    assert len({call.layer for call in graph.calls}) == 4


# What is refused

LONG = "x" * (MAX_NAME + 1)
REFUSED = {
    "a number": (3, "no Keras model"),
    "nothing": (None, "no Keras model"),
    "no layers": ({"name": "m"}, "lists no layers"),
    "layers are a number": ({"layers": 3}, "lists no layers"),
    "a layer is text": ({"layers": ["d"]}, "is not an object"),
    "no class": ({"layers": [{"config": {"name": "d"}}]}, "“d” has no class name"),
    "no name": (simple(layers=[{"class_name": "Dense", "config": {}}]), "class Dense has no name"),
    "long name": (simple(layers=[entry(LONG)]), "longer than 200"),
    "two of a name": (simple(layers=[entry("x", "InputLayer"), entry("x", "InputLayer")]), "Two layers are named “x”"),
    "no outputs": (simple(output_layers=[]), "no outputs"),
    "outputs missing": ({"layers": [], "input_layers": []}, "no outputs|not named"),
    "calls are text": (simple(layers=[entry("x", "InputLayer"), entry("d") | {"inbound_nodes": "x"}]), "not a list"),
    "arguments are text": (with_node({"args": "x", "kwargs": {}}), "not a list and a table"),
    "no such layer": (with_node(called(tensor("y"))), "“y”, and the model has no such layer"),
    "no such call": (with_node(called(tensor("x", 1))), "call number 2 of “x”; the number of its calls is 0"),
    "no such output layer": (simple(output_layers=[["y", 0, 0]]), "“y”, and the model has no such layer"),
    "no such output call": (simple(output_layers=[["d", 1, 0]]), "call number 2 of “d”; the number of its calls is 1"),
    "no such call in Keras 2": (with_node([["x", 1, 0, {}]]), "call number 2 of “x”; the number of its calls is 0"),
    "no such output call in Keras 2": (
        with_node([["x", 0, 0, {}]]) | {"output_layers": [["d", 1, 0]]},
        "call number 2 of “d”; the number of its calls is 1",
    ),
    "negative call": (with_node(called(tensor("x", -1))), "not named by its layer"),
    "call is true": (with_node(called(tensor("x", True))), "not named by its layer"),
    "call is text": (with_node(called(tensor("x", "0"))), "not named by its layer"),
    "no history": (with_node(called({"class_name": "__keras_tensor__", "config": None})), "not named by its layer"),
    "reads itself": (with_node(called(tensor("d"))), "in a circle: “d”"),
    "circle": (
        functional(
            [
                entry("x", "InputLayer"),
                entry("d", nodes=[called(tensor("e"))]),
                entry("e", nodes=[called(tensor("d"))]),
            ],
            ["x"],
            ["d"],
        ),
        "in a circle",
    ),
    "input is called": (simple(input_layers=[["d", 0, 0]]), "“d” is not an input layer"),
    "nested with too few": (
        functional([entry("x", "InputLayer"), nested(simple(), called([]))], ["x"], [["n", 1, 0]]),
        "this many tensors: 1. It is called on this many: 0",
    ),
    "nested output": (
        functional([entry("x", "InputLayer"), nested(simple(), called(tensor("x")))], ["x"], [["n", 1, 5]]),
        "reads output 6 of “n”, which has 1",
    ),
    "never called": (
        functional([entry("x", "InputLayer"), nested(simple())], ["x"], [["n", 0, 0]]),
        "the number of its calls is 0",
    ),
    "empty sequential": ({"layers": []}, "has no layers"),
    "many layers": ({"layers": [entry(str(i)) for i in range(MAX_CALLS + 1)]}, "more than 10,000 layers"),
    "many calls": (with_node(*[called(tensor("x"))] * (MAX_CALLS + 1)), "more than 10,000 calls"),
    "many arguments": (with_node(called([[0] * 400_000])), "more arguments"),
    "many inputs": (
        functional([entry(str(i), "InputLayer") for i in range(MAX_ENDS + 1)], map(str, range(MAX_ENDS + 1)), ["0"]),
        "more than 500 inputs",
    ),
}


@pytest.mark.parametrize(("config", "sentence"), REFUSED.values(), ids=REFUSED)
def test_a_config_that_means_nothing_is_refused_in_words(config, sentence):
    with pytest.raises(ModelFileError, match=sentence):
        CallGraph.from_config(config)


def matryoshka(depth, times):
    """Each model calls the one inside it several times in a chain."""
    config = simple()
    for _level in range(depth):
        calls = [called(tensor("x"))] + [called(tensor("n", i)) for i in range(times - 1)]
        config = functional([entry("x", "InputLayer"), nested(config, *calls)], ["x"], [["n", times, 0]])
    return config


def test_nested_models_are_opened_as_long_as_they_stay_readable():
    assert len(CallGraph.from_config(matryoshka(3, 10)).calls) == 1001


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        (matryoshka(MAX_NESTED, 2), "more than 10,000"),
        (matryoshka(4, 50), "more than 10,000"),
        (matryoshka(MAX_NESTED + 1, 1), "more than 16 deep"),
    ],
    ids=["deep", "wide", "too deep"],
)
def test_models_that_explode_when_opened_cost_no_more_than_the_largest_that_is_read(config, sentence):
    def refuse():
        with pytest.raises(ModelFileError, match=sentence):
            CallGraph.from_config(config)

    of_a_call = steps(lambda: CallGraph.from_config(matryoshka(3, 6))) / (6**3 + 1)
    assert steps(refuse) < of_a_call * MAX_CALLS


def towers(height):
    """Twenty towers of this many calls; all but the first also read the tower beside them on every level."""
    inputs = [f"x{i}" for i in range(20)]
    layers = [entry(name, "InputLayer") for name in inputs]
    for level in range(height - 1):
        for i, name in enumerate(inputs):
            below = tensor(f"d{level - 1}_{i}") if level else tensor(name)
            layers.append(
                entry(
                    f"d{level}_{i}", nodes=[called([below, tensor(f"d{level - 1}_{i - 1}")] if i and level else below)]
                )
            )
    return functional(layers, inputs, [f"d{height - 2}_{i}" for i in range(20)])


def test_a_model_of_a_thousand_calls_is_read_answered_and_drawn_with_twice_the_work_of_one_of_five_hundred():
    def use(height):
        graph = CallGraph.from_json(json.dumps(towers(height)))
        assert len(graph.calls) == 20 * height
        assert sum(graph.dependence().values()) == 20 * 21 / 2
        assert graph.to_dot().count("->") > 20 * height
        assert findings(graph)

    assert steps(lambda: use(50)) < 2.2 * steps(lambda: use(25))


def test_a_config_that_contains_itself_is_refused():
    config = simple()
    config["layers"][1]["inbound_nodes"] = [called(config)]
    with pytest.raises(ModelFileError, match="more arguments"):
        CallGraph.from_config(config)
    inner = {"class_name": "Sequential", "config": {"name": "s"}}
    inner["config"]["layers"] = [inner]
    with pytest.raises(ModelFileError, match="more than 16 deep"):
        CallGraph.from_config(inner)


# Fuzzing: a true config, spoilt somewhere

JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 4)
    | st.floats()
    | st.sampled_from(["", "x", "d", "<b>", "\ud800", "a" * 300]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["args", "config", "name", "layers"]), inner, max_size=3)
    ),
    max_leaves=6,
)
TRUE = {
    **{name: json.loads(load_example(name)) for name in ("case1", "siamese", "experts")},
    **{
        name: json.loads(KERAS_2[name].read_text())["config"]
        for name in ("states", "nested_shared_and_swapped", "named")
    },
}


def places(value, path=()):
    """The path of every value in nested lists and dicts."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


PLACES = {name: list(places(config))[1:] for name, config in TRUE.items()}


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_spoilt_config_is_read_or_refused_and_never_raises_anything_else(data):
    name = data.draw(st.sampled_from(sorted(TRUE)))
    config = copy.deepcopy(TRUE[name])
    for _spoil in range(data.draw(st.integers(1, 3))):
        *path, last = data.draw(st.sampled_from(PLACES[name]))
        at = config
        try:
            for key in path:
                at = at[key]
            if data.draw(st.booleans()):
                at[last] = data.draw(JUNK)
            else:
                del at[last]
        except (KeyError, IndexError, TypeError):
            pass  # the place went with an earlier one
    try:
        graph = CallGraph.from_config(config)
    except ModelFileError:
        return
    assert set(graph.dependence()) == {(head, name) for head in graph.outputs for name in graph.inputs}
    assert graph.to_dot()
    assert graph.to_dot("layers", explain=True)
    assert alt(graph)
    assert table(graph)
    findings(graph)


@settings(max_examples=200, deadline=None)
@given(JUNK)
def test_random_json_never_raises_anything_else(config):
    with contextlib.suppress(ModelFileError):
        CallGraph.from_config(config)
