"""A task: rows of two tweets of either world, and the labels that the rule gives them."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

import mtl_core.data.numbers as numbers
import mtl_core.data.words as words
from mtl_core.data.labels import Labels, Part, Split, Task, Tweet, _stream, _toss, label_probability
from mtl_core.spec import DataSpec, Float32, Float64

__all__ = ["make_labels", "make_split", "make_task", "make_tweets", "possible_evidence", "tweets_with_evidence"]


class _World(Protocol):
    """What each world says about its tweets."""

    def make_evidence(self, data: DataSpec, seed: int, part: Part, which: Tweet) -> Float64: ...

    def make_tweets(self, data: DataSpec, seed: int, part: Part, which: Tweet) -> Float32: ...

    def tweets_with_evidence(self, data: DataSpec, which: Tweet, evidence: npt.ArrayLike, seed: int = 0) -> Float32: ...


def make_task(data: DataSpec, seed: int) -> Task:
    """Both splits of a task.

    Parameters
    ----------
    data : DataSpec
    seed : int
        Same data and seed, same tweets and labels.

    Returns
    -------
    Task
        Only the training split's labels are ever shuffled (`data.shuffled_labels`).
    """
    return Task(train=make_split(data, seed, "train"), test=make_split(data, seed, "test"))


def make_split(data: DataSpec, seed: int, part: Part) -> Split:
    """One split of `make_task(data, seed)`, for whoever need not have both in memory at once."""
    labels = make_labels(data, seed, part)
    a, b = make_tweets(data, seed, part, "a"), make_tweets(data, seed, part, "b")
    return Split(a, b, labels.y1, labels.y2, labels.evidence_a, labels.evidence_b)


def make_tweets(data: DataSpec, seed: int, part: Part, which: Tweet) -> Float32:
    """One tweet (n, T, D) of each row of `make_split(data, seed, part)`: half of its memory."""
    return _world(data).make_tweets(data, seed, part, which)


def make_labels(data: DataSpec, seed: int, part: Part) -> Labels:
    """The labels and evidence of `make_task(data, seed)`, made without its n x T x D tweets."""
    world = _world(data)
    m_a, m_b = world.make_evidence(data, seed, part, "a"), world.make_evidence(data, seed, part, "b")
    y1 = _toss(label_probability(data, m_a, m_b), _stream(seed, part, "y1"))
    y2 = _toss(label_probability(data, m_b, m_a), _stream(seed, part, "y2"))
    if part == "train" and data.shuffled_labels != "none":
        _stream(seed, part, "shuffle").shuffle(y1 if data.shuffled_labels == "y1" else y2)
    return Labels(y1=y1, y2=y2, evidence_a=m_a, evidence_b=m_b)


def tweets_with_evidence(data: DataSpec, which: Tweet, evidence: npt.ArrayLike, seed: int = 0) -> Float32:
    """Tweets that carry the evidence asked for and are alike in everything else.

    Numbers carry exactly what is asked for; words carry `possible_evidence`.

    Parameters
    ----------
    data : DataSpec
    which : {"a", "b"}
    evidence : array (K,)
        In standard deviations.
    seed : int
        Of the noise, or of the sentence.

    Returns
    -------
    float32 array (K, T, D)
    """
    return _world(data).tweets_with_evidence(data, which, evidence, seed)


def possible_evidence(data: DataSpec, wanted: npt.ArrayLike) -> Float64:
    """The evidence of `tweets_with_evidence`: what is asked for in numbers, the nearest of 17 levels in words."""
    return words.possible_evidence(wanted) if data.tweets == "words" else np.asarray(wanted, np.float64)


def _world(data: DataSpec) -> _World:
    return words if data.tweets == "words" else numbers
