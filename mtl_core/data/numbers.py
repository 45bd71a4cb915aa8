"""The world of numbers: two synthetic tweets that are sequences of numbers, and what each knows about each label.

A tweet is a sequence x of T steps with D numbers each: noise, not text. Along one unit direction u it carries a hidden
mean z: u·x_t = ρ z + √(1-ρ²) ε_t with z, ε_t ~ N(0, 1); everything orthogonal to u is N(0, 1) noise. All that a tweet
knows is its *evidence*

    m = mean_t(u·x_t) / √(ρ² + (1-ρ²)/T),        m ~ N(0, 1) exactly.

The labels follow the rules in `labels`.

Every ingredient has a random stream of its own. So the same seed gives the same hidden means, noise and coin tosses
whatever the settings are: turning an angle moves the labels and leaves the evidence alone, and a smaller training split
is the beginning of the larger one, beside the same test split.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from mtl_core.data.labels import Part, Tweet, _cosine_and_sine, _rows, _stream
from mtl_core.spec import DataSpec, Float32, Float64

__all__ = ["make_evidence", "make_tweets", "tweets_with_evidence"]


def make_evidence(data: DataSpec, seed: int, part: Part, which: Tweet) -> Float64:
    """The evidence (n,) of a split's tweets, in standard deviations."""
    return _evidence(data, _along(data, seed, part, which))


def make_tweets(data: DataSpec, seed: int, part: Part, which: Tweet) -> Float32:
    """A split's tweets, (n, T, D)."""
    shape = (_rows(data, part), data.timesteps, data.features)
    noise = _stream(seed, part, f"noise_{which}").standard_normal(shape, dtype=np.float32)
    return _write_along(noise, _along(data, seed, part, which), _direction(data, which))


def tweets_with_evidence(data: DataSpec, which: Tweet, evidence: npt.ArrayLike, seed: int = 0) -> Float32:
    """Tweets that carry exactly the evidence asked for and are alike in everything else.

    Given its evidence, a tweet's deviations from its mean along u are independent of it. So one noise sequence, its mean
    along u taken out and the wanted one put in, is a typical tweet at every evidence.

    Parameters
    ----------
    data : DataSpec
    which : {"a", "b"}
        Whose feature direction and noise.
    evidence : array (K,)
    seed : int

    Returns
    -------
    float32 array (K, T, D)
    """
    wanted = np.atleast_1d(np.asarray(evidence, dtype=np.float64))
    steps = _stream(seed, "what-if", f"along_{which}").standard_normal(data.timesteps)
    deviations = math.sqrt(1 - data.signal**2) * (steps - steps.mean())
    along = wanted[:, None] * _evidence_scale(data) + deviations
    shape = (data.timesteps, data.features)
    noise = _stream(seed, "what-if", f"noise_{which}").standard_normal(shape, dtype=np.float32)
    tweets = np.repeat(noise[None], len(wanted), axis=0)
    return _write_along(tweets, along, _direction(data, which))


def _along(data: DataSpec, seed: int, part: Part, which: Tweet) -> Float64:
    """u·x_t, (n, T)."""
    rows = _rows(data, part)
    hidden = _stream(seed, part, f"hidden_{which}").standard_normal((rows, 1))
    steps = _stream(seed, part, f"along_{which}").standard_normal((rows, data.timesteps))
    return data.signal * hidden + math.sqrt(1 - data.signal**2) * steps


def _write_along(noise: Float32, along: Float64, direction: tuple[float, float]) -> Float32:
    """Put `along` into `noise` along the direction (cos φ, sin φ, 0, …), in place.

    Coordinate 1 of the noise becomes the noise orthogonal to u in the plane of the first two coordinates: a rotation by
    φ. So the angle between the tweets' features changes neither evidence nor labels.
    """
    cosine, sine = direction
    orthogonal = noise[..., 1].copy()
    noise[..., 0] = cosine * along - sine * orthogonal
    noise[..., 1] = sine * along + cosine * orthogonal
    return noise


def _evidence(data: DataSpec, along: Float64) -> Float64:
    return np.asarray(along.mean(axis=1) / _evidence_scale(data))


def _evidence_scale(data: DataSpec) -> float:
    """Standard deviation of mean_t(u·x_t)."""
    return math.sqrt(data.signal**2 + (1 - data.signal**2) / data.timesteps)


def _direction(data: DataSpec, which: Tweet) -> tuple[float, float]:
    """The first two coordinates of u; the others are 0."""
    return (1.0, 0.0) if which == "a" else _cosine_and_sine(data.feature_angle_deg)
