"""One row a field: the constructor refuses what is wrong in words, and a link is read as closely as it can be."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.spec import knob, knobs
from mtl_core.spec.fields import Checked, choice, format_number, read_fields, row, write_fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample(Checked):
    kind: str = choice("Kind of tea", "tea", "k", "tea", "coffee")
    cups: int = row("Cups of tea", 2, "c", "int", 1, 9)
    sugar: float = row("Sugar of tea", 0.5, "s", "float", 0, 10)
    mix: tuple[float, float] = row("Mix of tea", (1.0, 1.0), "x", "pair", 0, 10)
    hot: bool = row("Hot of tea", True, "h", "flag")
    name: str = row("Name of tea", "", "n", "text", 0, 4, *"abc-")


LEGAL = {
    "kind": st.sampled_from(["tea", "coffee"]),
    "cups": st.integers(1, 9),
    "sugar": st.floats(0, 10),
    "mix": st.tuples(st.floats(0, 10), st.floats(0, 10)),
    "hot": st.booleans(),
    "name": st.text("abc-", max_size=4),
}
WRONG: list[tuple[str, Any]] = [
    ("kind", "water"),
    ("kind", 1),
    ("kind", None),
    ("cups", 0),
    ("cups", 10),
    ("cups", 2.5),
    ("cups", True),
    ("cups", "2"),
    ("cups", math.nan),
    ("sugar", -0.1),
    ("sugar", math.inf),
    ("sugar", math.nan),
    ("sugar", "0.5"),
    ("sugar", b"1"),
    ("sugar", False),
    ("sugar", 10**400),
    ("mix", 1.0),
    ("mix", (1.0,)),
    ("mix", (1.0, 2.0, 3.0)),
    ("mix", (1.0, 11.0)),
    ("mix", "12"),
    ("hot", 2),
    ("hot", "1"),
    ("hot", []),
    ("name", "abcab"),
    ("name", "abz"),
    ("name", None),
]


@given(st.builds(Sample, **LEGAL))
def test_what_a_link_says_is_what_was_written(sample):
    values, notes = read_fields(Sample, write_fields(sample), {})
    assert Sample(**values) == sample
    assert notes == []


@given(st.dictionaries(st.sampled_from("kcsxhn"), st.text() | st.floats().map(str) | st.integers().map(str)))
def test_a_link_never_fails_and_every_changed_value_is_said(query):
    values, notes = read_fields(Sample, query, {})
    sample = Sample(**values)
    assert all(getattr(sample, name) == value for name, value in values.items())
    noted = {name for name, row in knobs(Sample).items() if any(f"{row.label} = " in note for note in notes)}
    assert len(noted) == len(notes)
    for name, field in knobs(Sample).items():
        if field.key in query and name not in noted:
            assert field.read(query[field.key], None) == (values[name], None)


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_a_wrong_value_raises_and_names_field_value_and_range(field, value):
    with pytest.raises(ValueError, match=field) as error:
        Sample(**{field: value})
    assert repr(value) in str(error.value)
    assert knob(Sample, field).legal in str(error.value)


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("cups", 3.0, 3),
        ("cups", np.int64(3), 3),
        ("sugar", 1, 1.0),
        ("sugar", -0.0, 0.0),
        ("sugar", np.float32(0.5), 0.5),
        ("mix", [1, 2], (1.0, 2.0)),
        ("mix", np.array([1.0, 2.0]), (1.0, 2.0)),
        ("hot", 1, True),
    ],
)
def test_equal_values_have_one_form(field, value, kept):
    got = getattr(Sample(**{field: value}), field)
    assert got == kept
    assert type(got) is type(kept)
    assert str(got) == str(kept)  # -0.0 == 0.0, but it is written otherwise


@pytest.mark.parametrize(
    ("key", "text", "used"),
    [
        ("c", "99", 9),
        ("c", "-4", 1),
        ("c", "3.4", 3),
        ("c", "1e3", 9),
        ("c", "1_0", 2),
        ("c", "two", 2),
        ("c", "", 2),
        ("s", "nan", 0.5),
        ("s", "inf", 0.5),
        ("s", "1e999", 0.5),
        ("s", "-1", 0.0),
        ("x", "3", (1.0, 1.0)),
        ("x", "3,99", (3.0, 10.0)),
        ("x", "3,nan", (1.0, 1.0)),
        ("h", "maybe", True),
        ("k", "TEA", "tea"),
        ("n", "zzz", ""),
        ("n", "a" * 1000, ""),
    ],
)
def test_the_nearest_legal_value_is_taken_else_the_default(key, text, used):
    values, notes = read_fields(Sample, {key: text}, {})
    name = next(name for name, field in knobs(Sample).items() if field.key == key)
    assert values[name] == used
    assert len(notes) == 1
    assert text[:39] in notes[0]


@pytest.mark.parametrize(
    ("key", "text", "used"), [("c", " 4 ", 4), ("c", "4.0", 4), ("h", "True", True), ("s", "5e-1", 0.5)]
)
def test_another_spelling_of_a_legal_value_needs_no_note(key, text, used):
    values, notes = read_fields(Sample, {key: text}, {})
    assert used in values.values()
    assert notes == []


def test_a_note_never_repeats_an_endless_value():
    notes = read_fields(Sample, {"k": "x" * 100_000}, {})[1]
    assert len(notes[0]) < 200


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("kind", "one of tea, coffee"),
        ("cups", "a whole number from 1 to 9"),
        ("sugar", "a number from 0 to 10"),
        ("mix", "two numbers, each from 0 to 10"),
        ("hot", "0 or 1"),
        ("name", "at most 4 of the characters abc-"),
    ],
)
def test_the_legal_values_are_said_in_words(field, words):
    assert knob(Sample, field).legal == words


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_in_a_link_is_exact_and_short(value):
    text = format_number(value)
    assert float(text) == value
    assert len(text) <= len(repr(value))


def test_a_former_default_fills_what_an_old_link_left_out():
    assert read_fields(Sample, {}, {"c": 7})[0]["cups"] == 7
    assert read_fields(Sample, {"c": "three"}, {"c": 7})[0]["cups"] == 7


def test_there_is_no_row_for_what_is_no_field():
    with pytest.raises(KeyError):
        knob(Sample, "milk")
