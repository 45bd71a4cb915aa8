"""The two label rules: what is asked of each head, given the evidence that both tweets carry.

With mixing angle θ, sharpness k and σ the logistic function, a head whose own tweet has evidence m and whose other tweet
has evidence n is asked for a label y with

    additive rule: P(y=1) = σ(k (cos θ m + sin θ n))        match rule: P(y=1) = σ(k (cos θ m + sin θ m n)).

The labels of both heads are balanced, P(y=1) = 1/2, because (m, n) -> (-m, -n), or m -> -m, turns P into 1 - P.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from mtl_core.spec import DataSpec, Float32, Float64

__all__ = ["Labels", "Part", "Split", "Task", "Tweet", "label_logit", "label_probability"]

Part = Literal["train", "test"]

Tweet = Literal["a", "b"]


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """What a split is about, without the tweets: enough to score the best possible predictors.

    Parameters
    ----------
    y1, y2 : float32 array (n, 1)
        Labels in {0, 1}.
    evidence_a, evidence_b : float64 array (n,)
    """

    y1: Float32
    y2: Float32
    evidence_a: Float64
    evidence_b: Float64


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Rows of two tweets, two labels and the evidence that the tweets carry.

    Parameters
    ----------
    a, b : float32 array (n, T, D)
    y1, y2 : float32 array (n, 1)
        Labels in {0, 1}.
    evidence_a, evidence_b : float64 array (n,)
    """

    a: Float32
    b: Float32
    y1: Float32
    y2: Float32
    evidence_a: Float64
    evidence_b: Float64


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """The rows that are learned from, and fresh rows of the same kind to be judged on."""

    train: Split
    test: Split


def label_probability(data: DataSpec, m_own: npt.ArrayLike, m_other: npt.ArrayLike) -> Float64:
    """P(y = 1) of a head, from the evidence of its own and of the other tweet; the arguments broadcast.

    One function serves both heads: head 2's own tweet is tweet_b.
    """
    return np.asarray(np.exp(-np.logaddexp(0.0, -label_logit(data, m_own, m_other))))


def label_logit(data: DataSpec, m_own: npt.ArrayLike, m_other: npt.ArrayLike) -> Float64:
    """Log odds of y = 1 by the data rule.

    Parameters
    ----------
    data : DataSpec
    m_own, m_other : array-like (n,), or shapes that broadcast
        Evidence in the head's own and in the other tweet; standard deviations.

    Returns
    -------
    array (n,), or as the arguments broadcast
        Natural log odds: 0 is a probability of one half.
    """
    own, other = np.asarray(m_own, dtype=np.float64), np.asarray(m_other, dtype=np.float64)
    cosine, sine = _cosine_and_sine(data.mixing_deg)
    second = own * other if data.rule == "match" else other
    return np.asarray(data.sharpness * (cosine * own + sine * second))


def _cosine_and_sine(degrees: float) -> tuple[float, float]:
    """Exactly (1, 0) at 0° and (0, 1) at 90°, and equal at 45°."""
    return math.sin(math.radians(90 - degrees)), math.sin(math.radians(degrees))


def _toss(probability: Float64, stream: np.random.Generator) -> Float32:
    """Labels (n, 1): a coin toss a row, each with its own probability."""
    return (stream.random(len(probability)) < probability).astype(np.float32)[:, None]


def _rows(data: DataSpec, part: Part) -> int:
    return data.n_train if part == "train" else data.n_test


def _stream(seed: int, part: str, name: str) -> np.random.Generator:
    """A generator of its own for every ingredient; the CRC of its name is the same on every machine."""
    return np.random.default_rng([seed, zlib.crc32(f"{part} {name}".encode())])
