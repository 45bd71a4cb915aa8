"""A mean and what it may be off by: Student's interval over a few repeats, exact where nothing varies."""

from __future__ import annotations

import math

import numpy as np

from mtl_core.spec import Float64

__all__ = ["mean_and_interval", "t_quantile"]

_NORMAL = 1.959963984540054
_SMALL_SAMPLE = (12.7062047, 4.3026527, 3.1824463, 2.7764451, 2.5705818, 2.4469119, 2.3646243, 2.3060041, 2.2621572)
"""The 97.5 % quantiles of Student's t with 1 to 9 degrees of freedom."""


def mean_and_interval(samples: Float64) -> tuple[Float64, Float64, Float64]:
    """Mean over the first axis, and the ends of its 95 % interval.

    Equal samples give exactly their value three times: means are taken of differences from the first sample, so that no
    rounding can move a curve which does not move. One sample gives an interval of no width.

    Parameters
    ----------
    samples : array (R, ...)

    Returns
    -------
    mean, low, high : array (...)
    """
    count = len(samples)
    deviations = samples - samples[0]
    mean = samples[0] + deviations.mean(axis=0)
    if count == 1:
        return mean, mean.copy(), mean.copy()
    half = t_quantile(count - 1) * deviations.std(axis=0, ddof=1) / math.sqrt(count)
    return mean, np.asarray(mean - half), np.asarray(mean + half)


def t_quantile(freedom: int) -> float:
    """97.5 % quantile of Student's t: a table, then the expansion in 1/ν of Abramowitz and Stegun (1964), 26.7.5."""
    if freedom <= len(_SMALL_SAMPLE):
        return _SMALL_SAMPLE[freedom - 1]
    z, v = _NORMAL, freedom
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    )
