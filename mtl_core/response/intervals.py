"""A mean and what it may be off by: Student's interval over a few repeats, exact where nothing varies."""

from __future__ import annotations

import math

import numpy as np

from mtl_core.spec import Float64

__all__ = ["MOST_SAMPLES", "mean_and_interval"]

_SMALL_SAMPLE = (12.7062047, 4.3026527, 3.1824463, 2.7764451, 2.5705818, 2.4469119, 2.3646243, 2.3060041, 2.2621572)
"""The 97.5 % quantiles of Student's t with 1 to 9 degrees of freedom (Student, Biometrika 6, 1908)."""

MOST_SAMPLES = len(_SMALL_SAMPLE) + 1
"""Of which an interval is taken."""


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
