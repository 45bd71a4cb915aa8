"""Which head's loss changes which layer: what the graph says, held against gradients that are really computed."""

import dataclasses
import json

import keras
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers, ops

from mtl_core.graph import CallGraph
from mtl_core.graph.config.gradients import FLAT, FLAT_BEFORE_KERAS_3
from mtl_core.graph.program import read_program
from mtl_core.model import build_model
from mtl_core.spec import DataSpec, ExperimentSpec, ModelSpec
from tests.mtl_core.graph import graph_zoo
from tests.mtl_core.graph.program.corpus import models_of
from tests.mtl_core.graph.program.texts import PROGRAMS
from tests.mtl_core.graph.real_gradients import changed_by, said
from tests.mtl_core.train.test_options import with_stop_gradients
from tests.pairwise import cases

SMALL = DataSpec(tweets="numbers", timesteps=3, features=2)


def inputs(*names, shape=(4,), **options):
    return [keras.Input(shape, name=name, **options) for name in names]


def head(name, x):
    return layers.Dense(1, name=name)(x)


def frozen_layer():
    a, b = inputs("a", "b")
    shared = layers.Dense(3, name="shared", trainable=False)
    return keras.Model([a, b], [head("one", shared(a)), head("two", layers.Dense(3, name="own")(shared(b)))])


def frozen_nested_model():
    a, b = inputs("a", "b")
    base = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(2)], name="base")
    base.trainable = False
    return keras.Model([a, b], [head("one", layers.Dense(2)(base(a))), head("two", layers.Dense(2)(b))])


def frozen_model_with_one_layer_thawed():
    a, b = inputs("a", "b")
    p = keras.Input((4,), name="p")
    base = keras.Model(p, layers.Dense(2, name="last")(layers.Dense(3, name="first")(p)), name="base")
    base.trainable = False
    base.get_layer("last").trainable = True
    return keras.Model([a, b], [head("one", base(a)), head("two", b)])


def whole_model_frozen():
    model = graph_zoo.case1()
    model.trainable = False
    return model


def stop_gradient_before_one_head():
    a, b = inputs("a", "b")
    encoder = layers.Dense(3, name="encoder", activation="tanh")
    x, y = encoder(a), encoder(b)
    merged = layers.Concatenate(name="merged")([x, y])
    return keras.Model([a, b], [head("cut", ops.stop_gradient(merged)), head("free", merged)])


def stop_gradient_on_one_of_two_ways():
    a, b = inputs("a", "b")
    x = layers.Dense(3, name="left")(a)
    y = layers.Dense(3, name="right")(b)
    return keras.Model([a, b], [head("one", x + ops.stop_gradient(y)), head("two", ops.stop_gradient(x) * y)])


def slices_of_a_merge():
    a, b = inputs("a", "b")
    merged = layers.Concatenate()([layers.Dense(3, name="of_a")(a), layers.Dense(3, name="of_b")(b)])
    scaled = layers.Activation("tanh")(merged)
    return keras.Model([a, b], [head("first", scaled[:, :3]), head("second", scaled[:, 3:]), head("both", scaled)])


def stop_gradient_before_a_slice():
    a, b = inputs("a", "b")
    x, y = layers.Dense(3, name="of_a")(a), layers.Dense(3, name="of_b")(b)
    merged = layers.Concatenate()([ops.stop_gradient(x), y])
    return keras.Model([a, b], [head("first", merged[:, :3]), head("second", merged[:, 2:])])


def embedding_of_what_was_computed():
    a, b = inputs("a", "b")
    chosen = ops.argmax(layers.Dense(4, name="chooser")(a), axis=-1)
    words = layers.Embedding(4, 3, name="words")
    return keras.Model([a, b], [head("one", words(chosen)), head("two", words(ops.cast(b > 0, "int32")[:, 0]))])


def mask_that_was_computed():
    a, b = inputs("a", "b", shape=(4, 3))
    gate = layers.Dense(1, name="gate")(b)
    read = layers.LSTM(2, name="reader")(a, mask=ops.squeeze(gate, -1) > 0.5)
    return keras.Model([a, b], [head("one", read), head("two", layers.Flatten()(gate))])


def layers_without_weights_that_train():
    a, b = inputs("a", "b")
    bare = layers.BatchNormalization(center=False, scale=False, name="bare")(layers.Dense(3, name="under")(a))
    known = layers.Normalization(mean=0.0, variance=1.0, name="known")(b)
    plain = layers.LayerNormalization(center=False, scale=False, name="plain")(bare)
    full = layers.BatchNormalization(name="full")(layers.Dropout(0.5)(known))
    return keras.Model([a, b], [head("one", layers.Dense(2)(plain)), head("two", full)])


def layers_around_layers():
    a, b = inputs("a", "b", shape=(4, 3))
    cold = layers.Bidirectional(layers.LSTM(2, trainable=False), name="cold")
    warm = layers.Bidirectional(layers.GRU(2), name="warm")
    each = layers.TimeDistributed(layers.Dense(2, trainable=False), name="each")
    step = keras.Input((3,))
    model = layers.TimeDistributed(keras.Model(step, layers.Dense(2)(step)), name="model")
    rest = layers.TimeDistributed(layers.Activation("tanh"), name="rest")
    return keras.Model(
        [a, b],
        [head("one", cold(each(a))), head("two", warm(b)), head("three", layers.Flatten()(rest(model(b))))],
    )


def heads_on_one_another():
    a, b = inputs("a", "b")
    trunk = layers.Dense(3, name="trunk", activation="tanh")(layers.Concatenate()([a, b]))
    first = layers.Dense(1, name="first")(trunk)
    return keras.Model([a, b], [first, layers.Dense(1, name="second")(layers.Concatenate()([trunk, first]))])


OWN_ZOO = [
    value
    for name, value in list(globals().items())
    if callable(value) and getattr(value, "__module__", "") == __name__ and name not in ("inputs", "head")
]


@pytest.mark.parametrize("make", [*graph_zoo.ZOO, *OWN_ZOO], ids=lambda make: make.__name__)
def test_a_loss_changes_the_layers_that_the_graph_says_and_no_others(make):
    model = make()
    graph = CallGraph.from_model(model)
    changed = changed_by(model, graph)
    assert changed <= said(graph, "may", "unknown")
    assert said(graph, "may") <= changed
    assert graph.training() == {pair: pair in said(graph, "may", "unknown") for pair in graph.training_statuses()}


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_of_a_program_no_layer_is_said_to_be_spared_that_keras_changes(path):
    read = read_program(path.read_text())
    for name, model in models_of(path).items():
        if isinstance(model, (keras.Sequential, keras.src.Functional)):
            of_keras = CallGraph.from_model(model)
            changed = changed_by(model, of_keras, seeds=2)
            assert changed <= said(of_keras, "may", "unknown"), name
            ours_alone = dataclasses.replace(read.models[name], loss_weights={})  # each head's loss by itself
            heads, numbers = _numbered(ours_alone), _numbered(of_keras)
            ours = {(heads[0][head], heads[1][layer]) for head, layer in said(ours_alone, "may", "unknown")}
            assert {(numbers[0][head], numbers[1][layer]) for head, layer in changed} <= ours, name


def _numbered(graph):
    """Heads by their place, and layers by the first place at which a walk back from the heads meets them."""
    number, stack = {}, [head.call for head in reversed(graph.heads)]
    seen = set()
    while stack:
        call = graph[stack.pop()]
        if call.id in seen:
            continue
        seen.add(call.id)
        number.setdefault(call.layer, len(number))
        stack += reversed(call.reads)
    return {name: i for i, name in enumerate(graph.outputs)}, {
        call.layer: number.get(call.layer, call.layer) for call in graph.calls
    }


@pytest.mark.parametrize(
    ("merge", "encoder", "detach"),
    cases(("none", "concatenate"), ("shared", "separate"), ("none", "predictions1", "predictions2", "both")),
)
def test_an_experiment_s_graph_knows_where_its_gradients_stop(merge, encoder, detach):
    spec = ExperimentSpec().replace(tweets="numbers", timesteps=3, features=2, lstm_units=2, hidden_units=2)
    spec = spec.replace(merge=merge, encoder=encoder, detach=detach)
    graph = CallGraph.from_experiment(spec)
    trained = with_stop_gradients(spec, build_model(spec.model, spec.data, seed=1))
    assert changed_by(trained, CallGraph.from_model(trained)) == said(graph, "may")
    assert said(graph, "unknown") == set()
    assert (
        CallGraph.from_spec(spec.model, spec.data).training()
        == CallGraph.from_experiment(spec.replace(detach="none")).training()
    )


@given(
    st.sampled_from(["none", "concatenate", "add", "multiply"]),
    st.sampled_from(["shared", "separate"]),
    st.sampled_from([0, 3]),
    st.sampled_from(["none", "predictions1", "predictions2", "both"]),
    st.sampled_from([(1.0, 1.0), (0.0, 1.0), (1.0, 0.0), (0.0, 0.0)]),
)
@settings(deadline=None)
def test_a_loss_that_weighs_0_or_is_cut_off_changes_no_encoder_and_the_other_heads_never(
    merge, encoder, hidden, detach, weights
):
    spec = ExperimentSpec().replace(
        merge=merge, encoder=encoder, hidden_units=hidden, detach=detach, loss_weights=weights
    )
    graph = CallGraph.from_experiment(spec)
    names = {"shared": {"shared_lstm": "ab"}, "separate": {"lstm_a": "a", "lstm_b": "b"}}[encoder]
    for output, own, weight in (("predictions1", "a", weights[0]), ("predictions2", "b", weights[1])):
        for layer, tweets in names.items():
            reads = merge != "none" or own in tweets
            assert graph.trains(output, layer) == (reads and weight > 0 and detach not in (output, "both"))
        assert graph.trains(output, output) == (weight > 0)
        assert not graph.trains(output, "predictions2" if own == "a" else "predictions1")
        if merge != "none":
            assert not graph.trains(output, "merged_vector")


# Single facts


ARGUMENTS = {"OneHot": ((3,), {}), "Argsort": ((), {})}


def _function(class_name):
    name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in class_name).lstrip("_")
    return getattr(ops, name)


@pytest.mark.parametrize("class_name", sorted(FLAT))
def test_no_gradient_passes_a_function_that_is_called_flat(class_name):
    function = _function(class_name)
    x = tf.Variable([[0.3, -1.2], [2.0, 0.0]])
    more, options = ARGUMENTS.get(class_name, ((), {}))
    two = class_name in ("Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual") or class_name in (
        "LogicalAnd",
        "LogicalOr",
        "LogicalXor",
    )
    with tf.GradientTape() as tape:
        given = tf.cast(x, "int32") if class_name == "OneHot" else x * 1.0
        made = function(given, given[::-1] * 2.0) if two else function(given, *more, **options)
        loss = tf.reduce_sum(tf.cast(made, "float32"))
    gradient = tape.gradient(loss, x)
    assert gradient is None or not gradient.numpy().any()
    symbolic = keras.KerasTensor((None, 2))
    named = function(symbolic, symbolic) if two else function(symbolic, *more, **options)
    assert type(named._keras_history.operation).__name__ == class_name


@pytest.mark.parametrize("name", sorted(FLAT_BEFORE_KERAS_3))
def test_no_gradient_passes_what_keras_2_writes_for_it(name):
    function = tf
    for part in name.split("."):
        function = getattr(function, part)
    x = tf.Variable([0.3, -1.2, 2.0])
    with tf.GradientTape() as tape:
        given = x > 0 if "logical" in name else tf.cast(x, "int32") if name == "one_hot" else x * 1.0
        two = name.rpartition(".")[2] in ("equal", "not_equal", "greater", "greater_equal", "less", "less_equal") or (
            "logical_and" in name or "logical_or" in name
        )
        made = function(given, given[::-1]) if two else function(given, 3) if name == "one_hot" else function(given)
        loss = tf.reduce_sum(tf.cast(made, "float32"))
    gradient = tape.gradient(loss, x)
    assert gradient is None or not gradient.numpy().any()


def test_a_layer_or_head_that_is_not_there_is_named():
    graph = CallGraph.from_spec(ModelSpec(), SMALL)
    with pytest.raises(KeyError, match=r"no layer “lstm”; it has .*shared_lstm"):
        graph.trains("predictions1", "lstm")
    with pytest.raises(KeyError, match="no output “one”"):
        graph.trains("one", "shared_lstm")


def test_a_layer_inside_a_model_is_named_behind_it():
    graph = CallGraph.from_model(graph_zoo.nested_with_swapped_outputs())
    assert graph.trains("one", "inner/of_q")
    assert not graph.trains("one", "inner/of_p")


def test_each_obstacle_has_its_name():
    graph = CallGraph.from_model(stop_gradient_before_one_head())
    assert graph.obstacle("cut", "encoder") == "stopped"
    assert graph.obstacle("cut", "free") == "no path"
    assert graph.obstacle("cut", "merged") == "no weights"
    assert graph.obstacle("free", "encoder") is None
    assert [source for source, _cut in graph.cuts("cut", "encoder")] == ["merged"]
    assert graph.way_back("free", "encoder")[0] == "free"
    assert CallGraph.from_model(frozen_layer()).obstacle("one", "shared") == "frozen"


def test_arrows_back_end_at_weights_that_change():
    graph = CallGraph.from_spec(ModelSpec(merge="none"), SMALL)
    assert graph.gradient_arrows("predictions1") == {("shared_lstm#1", "predictions1")}
    merged = CallGraph.from_spec(ModelSpec(), SMALL).gradient_arrows("predictions2")
    assert merged == {
        ("merged_vector", "predictions2"), ("shared_lstm#1", "merged_vector"), ("shared_lstm#2", "merged_vector"),
    }  # fmt: skip


def test_what_an_own_class_or_a_line_that_was_not_followed_does_is_unknown_and_never_impossible():
    read = read_program(
        "a = Input((4,))\nb = Input((4,))\nx = Dense(3, name='x')(a)\nz = Dense(2, name='z')(b)\ny = mystery(x)\n"
        "model = Model([a, b], [Dense(1, name='one')(y), Dense(1, name='two')(z)])\n"
    )
    graph = read.models["model"]
    assert graph.training_status("one", "x") == "unknown"
    assert graph.training_status("one", "one") == "may"
    assert graph.training_status("one", "z") == "unknown"  # the line may have read it
    assert graph.training_status("two", "z") == "may"
    assert graph.training_status("two", "x") == "cannot"


# Loss weights that were compiled


def compiled(loss_weights):
    model = graph_zoo.case2()
    model.compile("sgd", ["mse", "mse"], loss_weights=loss_weights)
    return model


@pytest.mark.parametrize("weights", [[1, 0], {"predictions1": 1.0, "predictions2": 0}])
def test_a_file_s_loss_weight_of_0_is_read(weights, tmp_path):
    model = compiled(weights)
    for ending in (".keras", ".h5"):
        model.save(tmp_path / f"model{ending}")
        graph = CallGraph.from_file((tmp_path / f"model{ending}").read_bytes())
        assert graph.loss_weights == {"predictions1": 1.0, "predictions2": 0.0}
        assert graph.obstacle("predictions2", "shared_lstm") == "weighs 0"
        assert graph.trains("predictions1", "shared_lstm")


@pytest.mark.parametrize(
    "written",
    ["none", [1], [1, 2, 3], [True, 1], ["0", 0], {"predictions1": "0"}, {"other": 0}, [1e999, 0], {}, None, 7],
)
def test_loss_weights_that_are_no_plain_numbers_say_nothing(written):
    config = json.loads(compiled([1, 0]).to_json())
    config["compile_config"]["loss_weights"] = written
    assert CallGraph.from_config(config).loss_weights == {}


# Programs


PROGRAM = """
a = Input((4,), name="a")
b = Input((4,), name="b")
base = Sequential([Dense(3, name="low"), Dense(3, name="high")], name="base")
{before}
one = Dense(1, name="one")(base(a))
two = Dense(1, name="two")({two})
model = Model([a, b], [one, two])
{after}
"""


def program(before="", two="base(b)", after=""):
    return read_program(PROGRAM.format(before=before, two=two, after=after)).models["model"]


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        ("", "", "may"),
        ("base.trainable = False", "", "cannot"),
        ("base.trainable = False", "model.compile('sgd', 'mse')", "cannot"),
        ("", "base.trainable = False\nmodel.compile('sgd', 'mse')", "cannot"),
        ("", "model.compile('sgd', 'mse')\nbase.trainable = False", "may"),
        (
            "base.trainable = False",
            "model.compile('sgd', 'mse')\nbase.trainable = True\nmodel.compile('sgd', 'mse')",
            "may",
        ),
        ("for layer in base.layers:\n    layer.trainable = False", "", "cannot"),
        ("base.trainable = False\nbase.layers[0].trainable = True", "", "may"),
        ("if flag:\n    base.trainable = False", "", "unknown"),
        ("base.trainable = False\nif flag:\n    base.trainable = True", "", "unknown"),
        ("base.trainable = False", "unfreeze(model)", "unknown"),
        ("base.trainable = maybe()", "", "unknown"),
        ("", "model.trainable = False", "cannot"),
    ],
)
def test_what_a_program_freezes_and_when(before, after, status):
    assert program(before, after=after).training_status("one", "base/low") == status


@pytest.mark.parametrize(
    "cut", ["K.stop_gradient(base(b))", "tf.stop_gradient(base(b))", "ops.stop_gradient(base(b))",
            "keras.ops.stop_gradient(base(b))", "Lambda(lambda x: K.stop_gradient(x))(base(b))"]
)  # fmt: skip
def test_a_stop_gradient_cuts_however_a_program_writes_it(cut):
    graph = program(two=cut)
    assert graph.training_status("two", "base/low") == "cannot"
    assert graph.obstacle("two", "base/low") == "stopped"
    assert graph.training_status("one", "base/low") == "may"


@pytest.mark.parametrize(
    ("compiles", "trains"),
    [
        ("model.compile('sgd', 'mse', loss_weights=[1, 0])", False),
        ("model.compile('sgd', 'mse', loss_weights={'one': 1, 'two': 0.0})", False),
        ("model.compile('sgd', 'mse', loss_weights=weights)", True),
        ("model.compile('sgd', 'mse', loss_weights=[0, 1])\nmodel.compile('sgd', 'mse', loss_weights=[1, 0])", True),
        ("model.compile('sgd', 'mse')\nmodel.compile('sgd', 'mse', loss_weights=[1, 0])", True),
    ],
)
def test_a_loss_weighs_0_only_if_every_compile_of_the_program_says_so(compiles, trains):
    assert program(after=compiles).trains("two", "base/low") == trains


def test_of_a_closed_application_a_part_that_is_thawed_leaves_it_unknown():
    text = "base = keras.applications.VGG16(include_top=False)\n{}\nmodel = Model(base.input, Dense(1, name='one')(base.output))"
    for lines, status in (
        ("base.trainable = False", "cannot"),
        ("for layer in base.layers:\n    layer.trainable = False", "cannot"),
        ("for layer in base.layers[:4]:\n    layer.trainable = False", "unknown"),
        ("base.trainable = False\nfor layer in base.layers[-4:]:\n    layer.trainable = True", "unknown"),
        ("", "may"),
    ):
        graph = read_program(text.format(lines)).models["model"]
        assert graph.training_status("one", "base") == status, lines
