"""What a pasted program says of itself: its models, its remarks, and how sure every pair is."""

import textwrap

import pytest

from mtl_core.graph import CallGraph, ModelFileError
from mtl_core.graph.program import read_program
from mtl_core.spec import ExperimentSpec
from mtl_core.take_home.program_2019 import question_2019

HEAD = """
from keras.layers import *
from keras.models import Model
a = Input((4,), name="a")
b = Input((4,), name="b")
"""


def read(body, head=HEAD):
    return read_program(head + textwrap.dedent(body))


def status(program, model="model"):
    graph = program.models[model]
    return {(head, name): graph.status(head, name) for head in graph.outputs for name in graph.inputs}


def question(concatenate):
    spec = ExperimentSpec.question(concatenate=concatenate)
    return CallGraph.from_spec(spec.model, spec.data)


def test_the_question_s_two_programs_as_pasted_in_2019_give_its_two_graphs():
    text = "\n".join(line for line, _wrong in question_2019())
    program = read_program(text)
    assert list(program.models.values()) == [question(True), question(False)]
    assert program.remarks == ()


def test_each_of_the_question_s_programs_alone_is_its_graph():
    both = "\n".join(line for line, _wrong in question_2019())
    first, _second = both.split("# Case 2")
    assert read_program(first).models == {"model": question(True)}
    assert CallGraph.from_program(both) == question(False)


def test_a_text_without_a_model_is_said_to_have_none():
    program = read_program("Hello, how are you?")
    assert program.models == {}
    assert "No Keras model" in program.remarks[0].text
    with pytest.raises(ModelFileError, match="No Keras model"):
        CallGraph.from_program("x = 3")


def test_a_function_that_is_not_there_makes_unknown_whatever_reads_its_result_and_nothing_else():
    program = read("""
        h = mystery(a)
        model = Model([a, b], [Dense(1, name="one")(h), Dense(1, name="two")(b)])
    """)
    assert status(program) == {
        ("one", "a"): "unknown",
        ("one", "b"): "unknown",  # a function of the same text could have read b
        ("two", "a"): "cannot",
        ("two", "b"): "may",
    }
    (remark,) = program.remarks
    assert remark.line == 7
    assert "mystery" in remark.text


def test_a_layer_from_another_package_reads_what_it_is_called_on_and_nothing_else():
    program = read("""
        from tcn import TCN
        layer = TCN(3)
        model = Model([a, b], [Dense(1, name="one")(layer(a)), Dense(1, name="two")(layer(b)), Dense(1, name="three")(a)])
    """)
    assert status(program)["one", "a"] == "unknown"
    assert status(program)["one", "b"] == "cannot"
    assert status(program)["three", "a"] == "may"
    assert program.models["model"].shared_layers.keys() == {"layer"}


def test_a_path_past_the_unread_part_is_a_may():
    program = read("""
        h = mystery(a)
        model = Model([a, b], Dense(1, name="one")(Concatenate()([h, b])))
    """)
    assert status(program) == {("one", "a"): "unknown", ("one", "b"): "may"}


def test_both_ways_of_a_branch_are_followed_where_its_condition_is_not_known():
    program = read("""
        h = Dense(3)(a)
        if config.merge:
            h = Concatenate()([h, Dense(3)(b)])
        model = Model([a, b], [Dense(1, name="one")(h), Dense(1, name="two")(b)])
    """)
    assert status(program)["one", "a"] == "unknown"
    assert status(program)["one", "b"] == "unknown"
    assert status(program)["two", "b"] == "may"
    assert status(program)["two", "a"] == "cannot"
    assert any("config.merge" in remark.text for remark in program.remarks)


def test_a_line_that_is_no_python_makes_unknown_what_it_assigns():
    program = read("""
        h = Dense(3)(a)
        h = Concatenate([h, Dense(3)(b)]
        model = Model([a, b], [Dense(1, name="one")(h), Dense(1, name="two")(a)])
    """)
    assert status(program)["one", "b"] == "unknown"
    assert status(program)["two", "b"] == "cannot"
    assert program.remarks[0].line == 8


def test_a_model_is_found_in_a_function_that_nobody_calls():
    program = read_program(
        textwrap.dedent("""
        def build_model(maxlen, width):
            x = Input(shape=(maxlen,))
            y = Input(shape=(width,))
            merged = concatenate([Dense(8)(x), y])
            return Model([x, y], [Dense(1)(merged), Dense(1)(y)])
        """)
    )
    (graph,) = program.models.values()
    assert list(graph.dependence().values()) == [True, True, False, True]


def test_a_subclassed_model_that_is_never_called_takes_its_inputs_from_how_call_uses_them():
    program = read_program(
        textwrap.dedent("""
        class Net(tf.keras.Model):
            def __init__(self):
                super().__init__()
                self.shared = tf.keras.layers.LSTM(8)
                self.one = tf.keras.layers.Dense(1)
                self.two = tf.keras.layers.Dense(1)

            def call(self, inputs):
                a, b = inputs
                return self.one(self.shared(a)), self.two(self.shared(b))

        net = Net()
        net.compile("adam", "mse")
        """)
    )
    graph = program.models["net"]
    assert graph.inputs == ("a", "b")
    assert list(graph.dependence().values()) == [True, False, False, True]
    assert graph.shared_layers.keys() == {"shared"}


def test_a_subclassed_model_comes_behind_the_models_that_it_is_made_of():
    program = read_program(
        textwrap.dedent("""
        class Encoder(keras.Model):
            def __init__(self):
                super().__init__()
                self.inner = keras.Sequential([layers.Dense(4)])
            def call(self, x):
                return self.inner(x)

        class Net(keras.Model):
            def __init__(self):
                super().__init__()
                self.encoder = Encoder()
                self.tower = keras.Sequential([layers.Dense(8), layers.Dense(1)])
            def call(self, inputs):
                a, b = inputs
                return self.tower(layers.concatenate([self.encoder(a), b])), layers.Dense(1)(b)

        class Built(keras.Model):
            def __init__(self):
                a = keras.Input((4,))
                part = Encoder()
                super().__init__(a, keras.layers.Dense(1)(part(a)))

        built = Built()
        net = Net()
        """)
    )
    names = list(program.models)
    assert names.index("part") < names.index("built") < names.index("encoder") < names.index("net")
    assert names[-1] == "net"


@pytest.mark.parametrize("keys", [("title", "body"), ("body", "title")])
def test_a_subclassed_model_may_take_a_dict(keys):
    program = read_program(
        textwrap.dedent(f"""
        class Net(keras.Model):
            def __init__(self):
                super().__init__()
                self.head = layers.Dense(1)
            def call(self, inputs):
                return {{"y": self.head(inputs["{keys[0]}"]), "z": inputs["{keys[1]}"] * 2}}
        net = Net()
        """)
    )
    graph = program.models["net"]
    assert set(graph.inputs) == {"title", "body"}
    assert graph.reaches(keys[0], graph.outputs[0]) is True
    assert graph.reaches(keys[1], graph.outputs[0]) is False


def test_models_have_the_names_of_their_variables_and_a_number_where_one_is_used_twice():
    program = read("""
        encoder = Model(a, Dense(3)(a))
        model = Model(a, Dense(1)(encoder(a)))
        model = Model([a, b], [Dense(1)(encoder(a)), Dense(1)(encoder(b))])
    """)
    assert list(program.models) == ["encoder", "model", "model#2"]
    assert [len(graph.inputs) for graph in program.models.values()] == [1, 1, 2]


def test_layers_have_the_names_of_variables_unless_the_program_names_them():
    program = read("""
        shared = Dense(3)
        first = shared(a)
        x = Dense(2)(first)
        x = Dense(2)(x)
        head = Dense(1, name="out")(x)
        model = Model([a, b], head)
    """)
    names = {call.name for call in program.models["model"].calls}
    assert names == {"a", "b", "shared", "dense_1", "dense_2", "out"}


def test_super_is_the_class_that_the_method_stands_in():
    program = read_program(
        textwrap.dedent("""
        class Base(keras.Model):
            def __init__(self, units):
                super().__init__()
                self.first = layers.Dense(units)

            def head(self, x):
                return layers.Dense(1)(self.first(x))

        class Net(Base):
            def __init__(self):
                super().__init__(4)
                self.second = layers.Dense(3)

            def head(self, x):
                return super().head(self.second(x))

            def call(self, inputs):
                return self.head(inputs)

        net = Net()
        """)
    )
    (graph,) = program.models.values()
    assert [call.class_name for call in graph.calls] == ["InputLayer", "Dense", "Dense", "Dense"]


def test_a_large_model_of_keras_s_own_is_one_closed_call():
    program = read_program("""
from tensorflow.keras.applications import ResNet50
from tensorflow.keras.layers import *
base = ResNet50(include_top=False, weights="imagenet", input_shape=(224, 224, 3), pooling="avg")
for layer in base.layers[:-10]:
    layer.trainable = False
meta = Input((5,), name="meta")
x = concatenate([base.output, meta])
model = Model([base.input, meta], [Dense(1, name="both")(x), Dense(1, name="image")(base.get_layer("conv5").output)])
""")
    graph = program.models["model"]
    assert list(graph.dependence().values()) == [True, True, True, False]
    assert [call.class_name for call in graph.calls].count("ResNet50") == 1
    assert graph.status("both", graph.inputs[0]) == "may"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_program_in_any_unicode_encoding_is_read(encoding):
    text = "# \u4e2d\u6587\na = Input((3,))\nmodel = Model(a, Dense(1)(a))\n"
    assert CallGraph.from_file(text.encode(encoding)).dependence() == {("dense", "a"): True}


def test_a_layer_that_is_frozen_after_compile_is_pointed_out_where_it_is_compiled():
    text = (
        "base = Sequential([Dense(3), Dense(3)], name='base')\na = Input((4,))\nmodel = Model(a, Dense(1)(base(a)))\n"
        "model.compile('sgd', 'mse')\nbase.trainable = False\n"
    )
    (remark,) = read_program(text).remarks
    assert (remark.line, remark.kind) == (4, "note")
    assert remark.text.startswith("“base” is frozen after this compile.")
    assert read_program(text + "model.compile('sgd', 'mse')\n").remarks == ()
