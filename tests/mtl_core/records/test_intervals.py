"""An interval over seeds is Student's: its numbers are those of a published example, and it holds the mean as often as it says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.records import MOST_SAMPLES, Estimate

SLEEP = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
"""Hours of sleep gained with dextro-hyoscyamine hydrobromide, ten patients (Student, Biometrika 6, 1908, section IX)."""


def test_the_interval_of_students_own_example_is_the_one_that_statistics_programs_give():
    estimate = Estimate.of(SLEEP)
    assert estimate.mean == pytest.approx(0.75)
    assert (estimate.low, estimate.high) == pytest.approx((-0.5297804, 2.0297804), abs=1e-6)  # R 4: t.test(extra[1:10])
    assert estimate.verdict == "unseen"


@pytest.mark.parametrize("count", [3, 5, MOST_SAMPLES])
def test_the_interval_holds_the_true_mean_95_times_in_100(count):
    draws = np.random.default_rng(0).normal(0.3, 2.0, (4000, count))
    held = sum(estimate.low <= 0.3 <= estimate.high for estimate in map(Estimate.of, draws))
    assert held / 4000 == pytest.approx(0.95, abs=0.012)


@given(st.floats(-1e6, 1e6), st.integers(1, MOST_SAMPLES))
def test_equal_samples_have_an_interval_without_width(value, count):
    assert Estimate.of([value] * count) == Estimate(value, value, value, count)


@pytest.mark.parametrize(
    ("samples", "verdict"),
    [
        ([0.0, 0.0, 0.0], "same"),
        ([0.0, 0.0], "too few"),
        ([5.0, 5.1], "too few"),
        ([0.3, 0.31, 0.29], "differs"),
        ([-0.3, -0.31, -0.29], "differs"),
        ([0.2, 0.2, 0.2], "differs"),
        ([0.1, -0.1, 0.05], "unseen"),
        ([0.0, 0.0, 1e-9], "unseen"),
    ],
)
def test_three_cases_are_told_apart_and_two_seeds_say_nothing(samples, verdict):
    assert Estimate.of(samples).verdict == verdict


@pytest.mark.parametrize("count", [0, MOST_SAMPLES + 1])
def test_no_interval_is_made_up_for_a_number_of_samples_that_has_none(count):
    with pytest.raises(ValueError, match="samples"):
        Estimate.of([1.0] * count)
