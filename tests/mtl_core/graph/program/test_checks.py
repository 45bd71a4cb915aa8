"""What Keras would refuse is said before Keras does, and Keras is asked whether it does."""

import textwrap

import keras
import pytest

from mtl_core.graph.program import read_program

HEAD = """import keras
from keras import layers, ops
from keras.layers import *
a = keras.Input((5, 4), name="a")
b = keras.Input((5, 3), name="b")
flat_a = keras.Input((4,), name="flat_a")
flat_b = keras.Input((3,), name="flat_b")
"""

REFUSED = {
    "concatenate_other_axes": ("x = Concatenate(axis=1)([a, b])", ["axis 1", "(None, 5, 4)", "(None, 5, 3)", "axis 2"]),
    "concatenate_ranks": ("x = Concatenate()([a, flat_b])", ["(None, 5, 4)", "(None, 3)"]),
    "concatenate_no_axis": ("x = Concatenate(axis=3)([a, b])", ["axis 3"]),
    "add": ("x = Add()([flat_a, flat_b])", ["(None, 4)", "(None, 3)"]),
    "multiply_function": ("x = multiply([a, b])", ["(None, 5, 4)", "(None, 5, 3)"]),
    "operator": ("x = flat_a + flat_b", ["(None, 4)", "(None, 3)"]),
    "dot": ("x = Dot(axes=1)([flat_a, flat_b])", ["4", "3"]),
    "dense_of_another_width": ("d = Dense(2)\ny = d(flat_a)\nx = d(flat_b)", ["“d”", "4", "3"]),
    "lstm_of_a_vector": ("x = LSTM(3)(Dense(4)(flat_a))", ["LSTM", "3 axes", "(None, 4)"]),
    "lstm_after_lstm": ("h = LSTM(3)(a)\nx = LSTM(2)(h)", ["return_sequences=True"]),
    "conv_of_a_sequence": ("x = Conv2D(3, 2)(a)", ["Conv2D", "4 axes"]),
    "dense_of_unknown_width": ("x = Dense(3)(keras.Input((None,)))", ["Dense", "(None, None)"]),
}


@pytest.mark.parametrize("body", REFUSED)
def test_what_keras_refuses_is_said_with_line_and_shapes(body):
    code, words = REFUSED[body]
    program = read_program(HEAD + code)
    (remark,) = [remark for remark in program.remarks if remark.kind == "refused"]
    assert remark.line == HEAD.count("\n") + code.count("\n") + 1
    assert all(word in remark.text for word in words), remark.text
    with pytest.raises((ValueError, IndexError)):
        exec(HEAD + code, {})  # a program of this file


def test_a_tensor_that_is_no_input_of_the_model_is_named():
    code = HEAD + "y = Dense(1)(Concatenate()([flat_a, flat_b]))\nmodel = keras.Model(flat_a, y)"
    remark = read_program(code).remarks[0]
    assert remark.kind == "refused"
    assert remark.line == code.count("\n") + 1
    assert "flat_b" in remark.text
    with pytest.raises(ValueError, match="not connected"):
        exec(code, {})


NOTES = {
    "itself": ("x = Concatenate()([flat_a, flat_a])", "with itself"),
    "axis_1_of_2": ("x = Concatenate(axis=1)([flat_a, flat_b])", "axis=1 and axis=-1 are the same axis"),
    "axis_1_of_3": ("x = Concatenate(axis=1)([a, Dense(4)(b)])", "(None, 10, 4)"),
    "batch": ("x = Concatenate(axis=0)([flat_a, flat_a])", "rows below rows"),
    "other_order": (
        """
        one = Concatenate()([flat_a, flat_b])
        two = Concatenate()([flat_b, flat_a])
        model = keras.Model([flat_a, flat_b], [Dense(1)(one), Dense(1)(two)])
        """,
        "[flat_b, flat_a]",
    ),
    "one_input": (
        """
        x = Concatenate()([Dense(3)(flat_a), Dense(2)(flat_a)])
        model = keras.Model(flat_a, [Dense(1)(x), Dense(1)(x)])
        """,
        "changes nothing here that a head could see",
    ),
    "weightless_loss": (
        """
        model = keras.Model(flat_a, [Dense(1)(flat_a), Dense(1)(flat_a)])
        model.compile("adam", "mse", loss_weights=[1, 0])
        """,
        "changes no weights",
    ),
}


@pytest.mark.parametrize("body", NOTES)
def test_what_is_allowed_and_remarkable_is_a_note(body):
    code, words = NOTES[body]
    program = read_program(HEAD + textwrap.dedent(code))
    assert any(words in remark.text and remark.kind == "note" for remark in program.remarks), program.remarks
    exec(HEAD + textwrap.dedent(code), {"keras": keras})  # Keras has nothing against it


def test_a_plain_concatenation_needs_no_remark():
    code = "x = Concatenate()([flat_a, flat_b])\nmodel = keras.Model([flat_a, flat_b], [Dense(1)(x), Dense(1)(x)])"
    assert read_program(HEAD + code).remarks == ()
