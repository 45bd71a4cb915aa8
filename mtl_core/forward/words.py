"""Which words each head listens to, and which single word would turn a head: questions to a network about two sentences.

The effect of a word is what its head says with the word blanked (a row of zeros, as padding is) minus what it says with it. Where no path
leads from a tweet to a head, the effect is exactly 0.0: see `network`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mtl_core.forward.network import Network
from mtl_core.spec import INPUTS, OUTPUTS, Float32, Float64

__all__ = ["Edit", "shortest_edit", "word_effects"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One word that turns a head's answer.

    Parameters
    ----------
    tweet : str
        "tweet_a" or "tweet_b".
    position : int
        Place in the tweet, 0..T-1, padding included.
    old, new : int
        Ids of the words.
    before, after : float
        The head's P(y = 1), on either side of 1/2.
    """

    tweet: str
    position: int
    old: int
    new: int
    before: float
    after: float


def word_effects(network: Network, a: Float32, b: Float32) -> Float64:
    """How each head's probability changes when a word is blanked.

    Parameters
    ----------
    network : Network
    a, b : float32 array (T, D)
        The two tweets. A step of numbers can be blanked as a word can.

    Returns
    -------
    float64 array (2 heads, 2 tweets, T)
        P(y = 1) without the word minus P(y = 1) with it; 0 where there is no word, and where no path leads.
    """
    tweets = (a, b)
    encoded = [network.encode(i, tweet[None]) for i, tweet in enumerate(tweets)]
    before = network.read(encoded[0], encoded[1])[0]
    effects = np.zeros((len(OUTPUTS), len(INPUTS), len(a)))
    for i, tweet in enumerate(tweets):
        steps = np.flatnonzero(tweet.any(axis=1))
        blanked = np.repeat(tweet[None], len(steps), axis=0)
        blanked[np.arange(len(steps)), steps] = 0
        effects[:, i, steps] = (_answers(network, encoded, i, blanked) - before).T
    return effects


def shortest_edit(
    network: Network,
    a: Float32,
    b: Float32,
    *,
    head: str,
    substitutes: Mapping[int, Sequence[int]],
    distance: Callable[[int, int], float],
    tweets: Sequence[str] = INPUTS,
) -> Edit | None:
    """The smallest change of a single word that turns a head's answer, or None if there is none.

    Parameters
    ----------
    network : Network
    a, b : float32 array (T, D)
        Two sentences.
    head : {"predictions1", "predictions2"}
    substitutes : mapping of int to sequence of int
        By id, the words that can take its place; `mtl_core.data.SUBSTITUTES` has those of the same slot.
    distance : callable
        How far one id is from another; of the edits that turn the head the nearest is taken, and of these the most decided.
    tweets : sequence of str
        In which tweets a word may be changed.

    Raises
    ------
    ValueError
        If there is no such head.
    """
    if head not in OUTPUTS:
        raise ValueError(f"head is {head!r}; it must be one of {', '.join(OUTPUTS)}")
    k, pair = OUTPUTS.index(head), (a, b)
    encoded = [network.encode(i, tweet[None]) for i, tweet in enumerate(pair)]
    before = float(network.read(encoded[0], encoded[1])[0, k])
    edits = []
    for i, name in enumerate(INPUTS):
        places = [(int(step), int(pair[i][step].argmax())) for step in np.flatnonzero(pair[i].any(axis=1))]
        changes = [(step, old, new) for step, old in places for new in substitutes.get(old, ())]
        if name not in tweets or not changes:
            continue
        edited = np.repeat(pair[i][None], len(changes), axis=0)
        for row, (step, old, new) in enumerate(changes):
            edited[row, step, [old, new]] = 0, 1
        after = _answers(network, encoded, i, edited)[:, k]
        edits += [Edit(name, *change, before, float(p)) for change, p in zip(changes, after, strict=True)]
    turning = [edit for edit in edits if (edit.after > 0.5) != (before > 0.5)]
    return min(turning, key=lambda edit: (distance(edit.old, edit.new), -abs(edit.after - 0.5)), default=None)


def _answers(network: Network, encoded: Sequence[Float32], i: int, tweets: Float32) -> Float64:
    """P(y = 1), (n, 2), where tweet i is each of `tweets` (n, T, D) and the other one stays."""
    read = [np.repeat(one, len(tweets), axis=0) for one in encoded]
    read[i] = network.encode(i, tweets)
    return network.read(read[0], read[1])
