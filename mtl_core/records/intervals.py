"""A mean and what it may be off by: Student's interval over a few repeats, exact where nothing varies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from mtl_core.spec import Float64

__all__ = ["MOST_SAMPLES", "Estimate", "Verdict", "mean_and_interval"]

_SMALL_SAMPLE = (12.7062047, 4.3026527, 3.1824463, 2.7764451, 2.5705818, 2.4469119, 2.3646243, 2.3060041, 2.2621572)
"""The 97.5 % quantiles of Student's t with 1 to 9 degrees of freedom (Student, Biometrika 6, 1908)."""

MOST_SAMPLES = len(_SMALL_SAMPLE) + 1
"""Of which an interval is taken."""

_FEWEST_SAMPLES = 3
"""From which on a difference is said to be one: two repeats can agree by luck."""

Verdict = Literal["too few", "same", "differs", "unseen"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over repeats, with its 95 % interval.

    Parameters
    ----------
    mean, low, high : float
        In the unit of what was measured; without width where all samples are equal, or there is one only.
    count : int
        Samples.
    """

    mean: float
    low: float
    high: float
    count: int

    @classmethod
    def of(cls, samples: Sequence[float]) -> Self:
        """The estimate from 1 to `MOST_SAMPLES` samples; `ValueError` for any other number.

        Examples
        --------
        >>> Estimate.of([1.0, 1.0, 1.0]) == Estimate(1.0, 1.0, 1.0, 3)
        True
        """
        mean, low, high = mean_and_interval(np.asarray(samples, np.float64))
        return cls(float(mean), float(low), float(high), len(samples))

    @property
    def half(self) -> float:
        """Half of the interval's width."""
        return (self.high - self.low) / 2

    @property
    def verdict(self) -> Verdict:
        """What a mean of differences says.

        "same": each difference is 0 to the last digit. "differs": the interval lies on one side of 0. "unseen": it does not, so
        there is no difference that so many repeats can show. "too few": no statement.
        """
        if self.count < _FEWEST_SAMPLES:
            return "too few"
        if self.low == self.high == 0:
            return "same"
        return "differs" if self.low > 0 or self.high < 0 else "unseen"


def mean_and_interval(samples: Float64) -> tuple[Float64, Float64, Float64]:
    """Mean over the first axis, and the ends of its 95 % interval.

    Equal samples give exactly their value three times: means are taken of differences from the first sample, so that no
    rounding can move a curve which does not move. One sample gives an interval of no width.

    Parameters
    ----------
    samples : array (R, ...)
        R from 1 to `MOST_SAMPLES`.

    Returns
    -------
    mean, low, high : array (...)

    Raises
    ------
    ValueError
        If there are more samples, or none.
    """
    count = len(samples)
    if not 1 <= count <= MOST_SAMPLES:
        raise ValueError(f"{count} samples; an interval is taken of 1 to {MOST_SAMPLES}")
    deviations = samples - samples[0]
    mean = samples[0] + deviations.mean(axis=0)
    if count == 1:
        return mean, mean.copy(), mean.copy()
    half = _SMALL_SAMPLE[count - 2] * deviations.std(axis=0, ddof=1) / math.sqrt(count)
    return mean, np.asarray(mean - half), np.asarray(mean + half)
