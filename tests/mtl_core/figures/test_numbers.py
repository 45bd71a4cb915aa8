"""Numbers are short, honest and readable."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.figures.numbers import nats, number, setting, share


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.20634, "0.206"),
        (0.81, "0.810"),
        (0.5, "0.500"),
        (1.0, "1.00"),
        (0.9996, "1.00"),
        (99.96, "100"),
        (12345.0, "12300"),
        (-0.031, "−0.0310"),
        (0.000012, "0.0000120"),
        (0.0, "0"),
        (1e-12, "≈ 0"),
        (math.inf, "∞"),
        (-3.21e12, "−3.21 × 10¹²"),
        (-math.inf, "−∞"),
        (math.nan, "not a number"),
    ],
)
def test_a_number_has_three_significant_digits(x, text):
    assert number(x) == text


@given(st.floats(-999_000, 999_000).filter(lambda x: abs(x) > 1e-6))
def test_a_number_reads_back_within_half_a_unit_of_its_third_digit(x):
    text = number(x).replace("−", "-")
    assert float(text) == pytest.approx(x, rel=0.0051)
    digits = text.lstrip("-").replace(".", "").lstrip("0")
    assert len(digits) == 3 or (len(digits) > 3 and set(digits[3:]) == {"0"} and "." not in text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_only_an_exact_zero_is_written_as_zero(x):
    assert (number(x) == "0") == (x == 0)


@pytest.mark.parametrize(
    ("x", "text"), [(45.0, "45"), (0.05, "0.05"), (-1.2, "−1.2"), (0.1 + 0.2, "0.3"), (2048, "2048"), (0, "0")]
)
def test_a_setting_is_written_as_it_was_chosen(x, text):
    assert setting(x) == text


def test_a_loss_has_its_unit():
    assert nats(0.2063) == "0.206 nats"


@pytest.mark.parametrize(
    ("accuracy", "text"),
    [
        (0.914, "91 in 100"),
        (1.0, "100 in 100"),
        (0.9999, "more than 99 in 100"),
        (0.0, "0 in 100"),
        (0.0001, "fewer than 1 in 100"),
        (math.nan, "an unknown share"),
    ],
)
def test_a_share_is_a_frequency_and_all_means_all(accuracy, text):
    assert share(accuracy) == text
