"""A count or a shape is Keras's, or it isn't given; and it is given for every layer but those whose reason is listed."""

import json

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers

from mtl_core.graph import CallGraph
from mtl_core.graph.config.layers import applications
from mtl_core.graph.config.layers.table import RULES, output_shapes, parameters
from mtl_core.graph.config.read import read_model
from tests.mtl_core.graph.config.layers.cases import all_cases, name_of
from tests.mtl_core.graph.config.layers.limits import (
    BEGIN,
    CHECKED_APART,
    END,
    KERAS_2_FILE,
    LIMITS,
    TABLE_FILE,
    cases_of_keras_2,
    table,
)

KERAS_2 = json.loads(KERAS_2_FILE.read_text())
CASES = all_cases()
CLASSES = {name_of(cls) for cls in vars(layers).values() if isinstance(cls, type) and issubclass(cls, layers.Layer)}

# The shape that Keras 3.15 declares for these is not the one that they make.
DECLARED_OTHERWISE = {"Hashing", "TextVectorization"}
# Keras 2 leaves a length open, or knows one that Keras 3 leaves open.
OPEN_IN_ONE = {
    "Add", "Average", "EinsumDense", "Maximum", "Minimum", "Multiply", "SpectralNormalization", "Subtract", "UpSampling2D",
}  # fmt: skip


def entry_of(config, name):
    """A layer's own entry, as a model of nothing else."""
    entry = next(entry for entry in config["config"]["layers"] if entry["config"]["name"] == name)
    return alone({key: value for key, value in entry.items() if key != "inbound_nodes"})


def alone(entry):
    return next(iter(read_model({"class_name": "Sequential", "config": {"layers": [entry]}}).layers.values()))


def makes(case, model):
    """Shapes of what it makes: as Keras declares them, or as they are where the two differ."""
    if name_of(type(case.layer)) not in DECLARED_OTHERWISE:
        return [output.shape for output in model.outputs]
    if isinstance(case.layer, layers.TextVectorization) and not case.layer.get_config()["vocabulary"]:
        case.layer.adapt(["a b"])
    shape = (3, *model.inputs[0].shape[1:])
    x = np.full(shape, "a b", dtype=object) if case.dtype == "string" else np.ones(shape, case.dtype)
    y = model(keras.ops.convert_to_tensor(x.tolist(), case.dtype))
    return [(None, *y.shape[1:])]


# Keras 3


def _by_class():
    """Each class in its first and its last form; its other forms are for the long version."""
    for name, cases in CASES.items():
        yield pytest.param(cases[:: max(1, len(cases) - 1)], id=name)
        if len(cases) > 2:
            yield pytest.param(cases[1:-1], id=f"{name}, other forms", marks=pytest.mark.full)


@pytest.fixture(scope="module", params=list(_by_class()))
def built(request):
    """Forms of a layer, each with the model of Keras's that has nothing else in it."""
    return [(case, case.model()) for case in request.param]


def test_counts_and_shapes_are_keras_s_of_the_layer_alone_and_in_a_graph(built):
    for case, model in built:
        layer = entry_of(json.loads(model.to_json()), case.layer.name)
        assert parameters(layer, case.read) == case.layer.count_params(), case
        assert are_keras_s(output_shapes(layer, case.read), makes(case, model), name_of(type(case.layer))), case
        for graph in (CallGraph.from_model(model), CallGraph.from_json(model.to_json())):
            assert graph.parameters == model.count_params(), case


def are_keras_s(shapes, expected, name):
    """Whether the shapes that are given are Keras's, and are given where they must be."""
    if name in LIMITS:
        return shapes in ((), tuple(expected))
    if name in DECLARED_OTHERWISE:
        return all(n in (None, m) for n, m in zip(shapes[0], expected[0], strict=True))
    return list(shapes[: len(expected)]) == expected


def test_without_the_shapes_that_weights_were_made_for_a_count_is_the_same_or_none(built):
    for case, model in built:
        layer = entry_of(json.loads(model.to_json()), case.layer.name)
        object.__setattr__(layer, "built_for", {})
        assert parameters(layer, case.read) in (None, case.layer.count_params()), case
        assert parameters(layer, [None] * len(case.read)) in (None, case.layer.count_params()), case


def test_every_layer_of_keras_has_cases_or_a_reason():
    assert CLASSES - CASES.keys() <= LIMITS.keys() | CHECKED_APART
    assert CASES.keys() | CHECKED_APART <= RULES.keys()


def test_every_rule_is_tried():
    tried = CASES.keys() | {record["layer"]["class_name"] for record in KERAS_2} | CHECKED_APART
    older_names = {"BatchNormalizationV1", "BatchNormalizationV2", *applications.RULES}
    assert RULES.keys() - tried <= older_names


def test_the_table_of_limits_is_the_one_of_the_rules_and_their_cases():
    text = TABLE_FILE.read_text()
    written = text[text.index(BEGIN) + len(BEGIN) : text.index(END)]
    assert written == table({name: len(cases) for name, cases in CASES.items()}, cases_of_keras_2())


def test_an_input_has_no_weights_and_the_shape_it_was_given():
    graph = CallGraph.from_model(keras.Model(x := keras.Input((None, 3), name="x"), layers.Dense(2)(x)))
    assert (graph.calls[0].parameters, graph.calls[0].shape) == (0, (None, None, 3))


def test_equalization_changes_no_shape():
    layer = layers.Equalization()
    layer.build((None, 8, 8, 3))
    config = alone({"class_name": "Equalization", "config": layer.get_config(), "module": "keras.layers"})
    assert (
        output_shapes(config, [(None, 8, 8, 3)]) == ((None, 8, 8, 3),) == (layer.compute_output_shape((None, 8, 8, 3)),)
    )
    assert parameters(config, [(None, 8, 8, 3)]) == layer.count_params() == 0


# Keras 2


def as_saved_model(value):
    """The same arguments as TensorFlow's SavedModels write them, which wrap every tuple."""
    if isinstance(value, dict):
        return {key: as_saved_model(one) for key, one in value.items()}
    return {"class_name": "__tuple__", "items": list(map(as_saved_model, value))} if isinstance(value, list) else value


DIALECTS = {
    "with modules": lambda entry: entry,
    "without": lambda entry: {key: entry[key] for key in ("class_name", "config")},
    "SavedModel": lambda entry: {key: as_saved_model(entry[key]) for key in ("class_name", "config")},
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_keras_2_s_counts_and_shapes_are_the_recorded_ones(dialect):
    for record in KERAS_2:
        layer = alone(DIALECTS[dialect](record["layer"]))
        read = [tuple(shape) for shape in record["read"]]
        assert parameters(layer, read) == record["parameters"], record
        shapes, expected = output_shapes(layer, read), [tuple(shape) for shape in record["outputs"]]
        if layer.class_name in OPEN_IN_ONE:
            pairs = zip(sum(shapes, ()), sum(expected, ()), strict=True)
            assert all(None in (n, m) or n == m for n, m in pairs), record
        elif layer.class_name not in LIMITS:
            assert list(shapes[: len(expected)]) == expected, record


# What is not Keras's own, or not as usual


def check(layer, model):
    graph = CallGraph.from_model(model)
    call = next(call for call in graph.calls if call.layer == layer.name)
    assert call.parameters in (None, layer.count_params())
    assert call.shape in (None, model.outputs[0].shape)
    return call


def test_a_class_of_somebody_s_own_is_not_taken_for_keras_s():
    class Dense(layers.Dense):
        def build(self, input_shape):
            super().build(input_shape)
            self.add_weight(shape=(7,), name="more")

    x = keras.Input((4,))
    layer = Dense(3)
    assert check(layer, keras.Model(x, layer(x))).parameters is None
    for wrapper in (layers.TimeDistributed(Dense(3)), layers.SpectralNormalization(Dense(3))):
        x = keras.Input((5, 4))
        assert check(wrapper, keras.Model(x, wrapper(x))).parameters is None


def test_a_class_with_keras_s_name_and_other_arguments_is_somebody_s_own():
    for arguments in ({"step_dim": 5}, {"W_regularizer": None, "bias": True}):
        layer = alone({"class_name": "Attention", "config": {"name": "attention"} | arguments})
        assert parameters(layer, [(None, 5, 4)]) is None


def test_quantised_and_low_rank_weights_are_not_counted_as_usual_ones():
    x = keras.Input((4,))
    quantised, low_rank = layers.Dense(3), layers.Dense(3)
    models = [keras.Model(x, layer(x)) for layer in (quantised, low_rank)]
    quantised.quantize("int8")
    low_rank.enable_lora(2)
    for layer, model in zip((quantised, low_rank), models, strict=True):
        assert check(layer, model).parameters is None


@pytest.mark.parametrize("policy", ["float32", "mixed_float16", keras.DTypePolicy("bfloat16")])
def test_other_kinds_of_numbers_are_as_many(policy):
    x = keras.Input((4,))
    layer = layers.Dense(3, dtype=policy)
    assert check(layer, keras.Model(x, layer(x))).parameters == 15


def test_functions_have_no_weights():
    x = keras.Input((4,))
    graph = CallGraph.from_model(keras.Model(x, keras.ops.relu(x) * 2 + np.float32(1)))
    assert graph.parameters == 0


# Files that lie

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.one_of(st.none(), st.integers(-3, 10**14), st.text(max_size=3)), max_size=5),
    st.dictionaries(st.sampled_from(["class_name", "config", "items", "module"]), st.text(max_size=8), max_size=3),
)
WRITTEN = [record["layer"] for record in KERAS_2]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(WRITTEN), st.data())
def test_absurd_arguments_are_answered_with_none_or_a_number(entry, data):
    config = dict(entry["config"])
    for key in data.draw(st.sets(st.sampled_from(sorted(config)), max_size=4)):
        config[key] = data.draw(JUNK)
    length = st.one_of(st.none(), st.integers(0, 10**12))
    read = data.draw(st.lists(st.one_of(st.none(), st.lists(length, max_size=6).map(tuple)), max_size=4))
    layer = alone({"class_name": entry["class_name"], "config": config | {"name": "x"}})
    count = parameters(layer, read)
    assert count is None or 0 <= count < 2**63
    assert all(shape is None or len(shape) <= 16 for shape in output_shapes(layer, read))


def test_layers_wrapped_without_end_are_answered_with_none():
    entry = {"class_name": "Dense", "config": {"name": "d", "units": 1}}
    for _ in range(2000):
        entry = {"class_name": "TimeDistributed", "config": {"name": "t", "layer": entry}}
    assert parameters(alone(entry), [(None, 5, 4)]) is None
    assert output_shapes(alone(entry), [(None, 5, 4)]) == ()
