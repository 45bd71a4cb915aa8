"""A mean and what it may be off by: Student's interval over a few repeats, exact where nothing varies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from mtl_core.spec import Float64

__all__ = ["MOST_SAMPLES", "Estimate", "Verdict", "difference_of_means", "mean_and_interval"]

_SMALL_SAMPLE = (12.7062047, 4.3026527, 3.1824463, 2.7764451, 2.5705818, 2.4469119, 2.3646243, 2.3060041, 2.2621572)
"""The 97.5 % quantiles of Student's t with 1 to 9 degrees of freedom (Student, Biometrika 6, 1908)."""

_LARGE_SAMPLE = {
    10: 2.2281389,
    12: 2.1788128,
    15: 2.1314495,
    20: 2.0859634,
    30: 2.0422725,
    60: 2.0002978,
    120: 1.9799304,
}
"""Some with more; between them the next smaller number of degrees of freedom is taken, which widens an interval a little."""

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


def difference_of_means(first: Float64, second: Float64) -> Estimate:
    """Mean of the second sample minus mean of the first, of different people or the same ones unpaired.

    Variances may differ (Welch, Biometrika 29, 1938); of the degrees of freedom the fewest that can be are taken, those of the
    smaller sample, so that the interval is rather too wide than too narrow.

    Parameters
    ----------
    first, second : array (n,)
        Two or more values each, n may differ.

    Returns
    -------
    Estimate
        `count` is that of the smaller sample.

    Raises
    ------
    ValueError
        If a sample has fewer than two values.

    Examples
    --------
    >>> gain = difference_of_means(np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0]))
    >>> gain.mean, round(gain.half, 2), gain.count
    (3.0, 3.51, 3)
    """
    count = min(len(first), len(second))
    if count < 2:
        raise ValueError(f"{count} values; a difference of means needs two on each side")
    mean = float(second.mean() - first.mean())
    error = math.sqrt(first.var(ddof=1) / len(first) + second.var(ddof=1) / len(second))
    half = _quantile(count - 1) * error
    return Estimate(mean, mean - half, mean + half, count)


def _quantile(freedom: int) -> float:
    """The 97.5 % quantile of Student's t, from above where it is not tabled."""
    if freedom <= len(_SMALL_SAMPLE):
        return _SMALL_SAMPLE[freedom - 1]
    return _LARGE_SAMPLE[max(tabled for tabled in _LARGE_SAMPLE if tabled <= freedom)]


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
