"""Every setting that can be varied has a name for each of its values, on an axis and in a sentence."""

import pytest

from mtl_core.figures.settings import change, in_words, on_axis
from mtl_core.spec import FACTORS

VALUES = [
    (name, value) for name, factor in FACTORS.items() for value in (*factor.offered, *(factor.knob.choices or ()))
]


@pytest.mark.parametrize(("name", "value"), VALUES)
def test_a_value_has_a_name_and_in_a_sentence_it_says_of_what(name, value):
    assert on_axis(name, value)
    assert "{" not in in_words(name, value)
    assert in_words(name, value) != str(value)


@pytest.mark.parametrize("name", FACTORS)
def test_no_two_values_have_the_same_name(name):
    values = FACTORS[name].knob.choices or FACTORS[name].offered
    assert len({on_axis(name, value) for value in values}) == len(values)


@pytest.mark.parametrize("name", FACTORS)
def test_a_change_names_both_ends_or_the_merge_that_is_put_in(name):
    before, after = FACTORS[name].offered[:2]
    words = change(name, before, after)
    assert words == "concatenation" or (on_axis(name, before) in words and on_axis(name, after) in words)
