"""Numbers are short, honest and readable."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.figures.numbers import nats, number, share, signed


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.20634, "0.206"),
        (0.5, "0.5"),
        (1.0, "1"),
        (0.9996, "1"),
        (12345.0, "12300"),
        (-0.031, "−0.031"),
        (0.000012, "0.000012"),
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
    assert len(text.lstrip("-").replace(".", "").strip("0")) <= 3


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_only_an_exact_zero_is_written_as_zero(x):
    assert (number(x) == "0") == (x == 0)


def test_units_and_signs():
    assert nats(0.2063) == "0.206 nats"
    assert signed(0.5) == "+0.5"
    assert signed(-0.5) == "−0.5"
    assert signed(0) == "0"


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
