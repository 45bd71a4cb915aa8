"""A trained model probed: tweets of a given evidence, slopes, and the head's block for the other tweet turned down."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from mtl_core.data import Split, label_probability, possible_evidence, tweets_with_evidence
from mtl_core.forward import Network, Readout, losses
from mtl_core.forward import word_effects as effects_of
from mtl_core.model import encode_rows, encoder_weights, input_gradients
from mtl_core.records import WhatIf
from mtl_core.response.subject import Subject, affordable, time_major
from mtl_core.spec import INPUTS, OUTPUTS, OWN_INPUT, DataSpec, Float64

__all__ = ["block_scale", "jacobian", "what_if", "word_effects"]


def what_if(
    model: Any,
    data: DataSpec,
    *,
    head: str,
    own_evidence: float,
    other_evidence: npt.ArrayLike,
    seed: int = 0,
) -> WhatIf:
    """A head's answer when the evidence of its own tweet is fixed and that of the other tweet varies.

    All tweets carry the evidence asked for and are alike in everything else. In words that is the nearest of the 17 levels that a
    sentence can have, and the ideal probability is that of these levels.

    Parameters
    ----------
    model : keras.Model
    data : DataSpec
    head : {"predictions1", "predictions2"}
    own_evidence : float
        In standard deviations.
    other_evidence : array (K,)
    seed : int
        Of the noise, or of the sentences.

    Raises
    ------
    ValueError
        If there is no such head.
    """
    if head not in OUTPUTS:
        raise ValueError(f"head is {head!r}; it must be one of {', '.join(OUTPUTS)}")
    own, others = possible_evidence(data, own_evidence), np.atleast_1d(possible_evidence(data, other_evidence))
    k = OUTPUTS.index(head)
    wanted = [others, others]
    wanted[INPUTS.index(OWN_INPUT[head])] = np.full_like(others, own)
    a, b = tweets_with_evidence(data, "a", wanted[0], seed), tweets_with_evidence(data, "b", wanted[1], seed)
    encoded = list(encode_rows((time_major(a), time_major(b)), encoder_weights(model)))
    # One tweet, one encoding, and one row at a time: at another place in a block the last digits could be others.
    encoded[k] = np.repeat(encoded[k][:1], len(others), axis=0)
    readout, each = Readout.of(model), [slice(i, i + 1) for i in range(len(others))]
    rows = [readout.logits(encoded[0][row], encoded[1][row])[k] for row in each]
    logit = np.concatenate(rows).astype(np.float64)
    ideal = label_probability(data, own, others)
    loss = ideal * np.logaddexp(0.0, -logit) + (1 - ideal) * np.logaddexp(0.0, logit)
    return WhatIf(probability=np.exp(-np.logaddexp(0.0, -logit)), expected_loss=loss, ideal_probability=ideal)


def word_effects(model: Any, data: DataSpec, a: npt.ArrayLike, b: npt.ArrayLike) -> Float64:
    """How each head's probability changes when a word is blanked; `mtl_core.forward.word_effects` of a Keras model.

    Parameters
    ----------
    model : keras.Model
    data : DataSpec
    a, b : array (T, D)
        The two tweets, of `data`'s shape.

    Returns
    -------
    array (2 heads, 2 tweets, T)
        Exactly 0.0 where no path leads.
    """
    first, second = (np.asarray(x, np.float32).reshape(data.shape) for x in (a, b))
    return effects_of(Network(encoder_weights(model), Readout.of(model)), first, second)


def jacobian(model: Any, split: Split) -> Float64:
    """How strongly each step of each tweet moves each head's logit.

    Parameters
    ----------
    model : keras.Model
    split : Split
        Of a large shape only the first rows are used.

    Returns
    -------
    array (2 heads, 2 inputs, T)
        Mean over rows of the L2 norm over features of d(logit)/d(x_t). Exactly 0 where no path exists.
    """
    rows, _ = affordable(model, split, "permute", levels=12, repeats=1)
    subject = Subject.of(model, split, rows)
    encoded = subject.encode(*subject.tweets)
    norms = np.empty((2, 2, subject.tweets[0].shape[0]))
    for head in (0, 1):
        for i, direction in enumerate(subject.readout.gradients(head, *encoded)):
            gradient = input_gradients(subject.tweets[i], subject.weights[i], direction)
            norms[head, i] = np.linalg.norm(gradient, axis=2).mean(axis=1, dtype=np.float64)
    return norms


def block_scale(model: Any, split: Split, alphas: npt.ArrayLike) -> Float64:
    """Each head's loss when what it reads of the other tweet is multiplied by a number.

    A kernel on a concatenation is [block for own | block for other]: multiplying the second block by α is the same as
    multiplying the other encoding by α, and with a hidden layer it is that layer's kernel. At 0 the head reads what case
    2 reads; its score is that of a case 2 that was never trained to do without.

    Parameters
    ----------
    model : keras.Model
        With merge "concatenate".
    split : Split
        Of a large shape only the first rows are used.
    alphas : array (A,)

    Returns
    -------
    array (2 heads, A)
        Nats.

    Raises
    ------
    ValueError
        If the model does not concatenate: then no block belongs to the other tweet.
    """
    scales = np.atleast_1d(np.asarray(alphas, np.float32))
    rows, _ = affordable(model, split, "permute", len(scales), repeats=1)
    subject = Subject.of(model, split, rows)
    if subject.readout.merge != "concatenate":
        raise ValueError(
            f"the model's merge is {subject.readout.merge!r}; only a head on a concatenation has a block of weights "
            "for the other tweet"
        )
    a, b = subject.encode(*subject.tweets)
    logits = [(subject.readout.logits(a, s * b)[0], subject.readout.logits(s * a, b)[1]) for s in scales]
    return np.array(
        [[losses(both[head], subject.labels[head]).mean() for both in logits] for head in (0, 1)], dtype=np.float64
    )
