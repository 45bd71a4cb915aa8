"""A whole trained model in numpy, for a few rows at a time: so quick that an edited tweet needs no worker.

    i, f, g, o = σ(z_i), σ(z_f), tanh(z_g), σ(z_o)      z = x_t W + h R + b      (Keras's order of gates)
    c ← f·c + i·g                                        h ← o·tanh(c)

The last h is a tweet's encoding; `readout` says what the heads make of two. Where no path leads from a tweet to a head, that head's
answer stays bit for bit, because nothing that it is computed from changes: the two tweets are encoded apart, each distinct tweet once,
and heads are asked one row at a time, so that no row's place among others can move its last digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from mtl_core.forward.readout import Affine, Readout
from mtl_core.spec import ENCODERS, Float32, Float64, ModelSpec

__all__ = ["LSTMWeights", "Network"]

LSTMWeights = tuple[Float32, Float32, Float32]
"""Kernel (D, 4u), recurrent kernel (u, 4u) and bias (4u,); gates in Keras's order i, f, c, o."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Network:
    """A trained model.

    Parameters
    ----------
    encoders : pair of LSTMWeights
        What encodes tweet_a and what encodes tweet_b; the same ones twice if they share.
    readout : Readout
        What comes after them.
    """

    encoders: tuple[LSTMWeights, LSTMWeights]
    readout: Readout

    @classmethod
    def of_weights(cls, model: ModelSpec, weights: Sequence[Float32]) -> Self:
        """The model that a spec describes, with weights in `model.weights` order, as an `Epoch` and an archive keep them.

        Raises
        ------
        ValueError
            If there are more or fewer weights than the model has.
        """
        shared = len(set(ENCODERS[model.encoder])) == 1
        expected = (3 if shared else 6) + (8 if model.hidden_units else 4)
        if len(weights) != expected:
            raise ValueError(f"{len(weights)} arrays of weights; this model has {expected}")
        arrays = iter(np.asarray(array, np.float32) for array in weights)
        first: LSTMWeights = (next(arrays), next(arrays), next(arrays))
        second: LSTMWeights = first if shared else (next(arrays), next(arrays), next(arrays))
        affine: list[Affine] = list(zip(arrays, arrays, strict=True))
        hidden = (affine[0], affine[1]) if model.hidden_units else None
        return cls((first, second), Readout(model.merge, hidden, (affine[-2], affine[-1])))

    def probabilities(self, a: Float32, b: Float32) -> Float64:
        """What both heads say of some pairs of tweets.

        Parameters
        ----------
        a, b : float32 array (n, T, D)

        Returns
        -------
        float64 array (n, 2)
            P(y = 1) of each row and head.
        """
        return self.read(self.encode(0, a), self.encode(1, b))

    def encode(self, which: int, tweets: Float32) -> Float32:
        """Encodings (n, u) of tweets (n, T, D): of tweet_a's encoder (0) or tweet_b's (1)."""
        place: dict[bytes, int] = {}
        places = [place.setdefault(np.ascontiguousarray(tweet).tobytes(), len(place)) for tweet in tweets]
        distinct = np.unique(places, return_index=True)[1]
        return _lstm(np.asarray(tweets, np.float32)[distinct], self.encoders[which])[places]

    def read(self, a: Float32, b: Float32) -> Float64:
        """P(y = 1) of each row and head, (n, 2), from encodings (n, u)."""
        rows = [self.readout.logits(a[i : i + 1], b[i : i + 1]) for i in range(len(a))]
        return np.array([[_sigmoid(float(logit[0])) for logit in heads] for heads in rows]).reshape(len(a), 2)


def _lstm(x: Float32, weights: LSTMWeights) -> Float32:
    """The last hidden state (n, u) of sequences (n, T, D)."""
    kernel, recurrent, bias = weights
    driven = x @ kernel + bias
    hidden = cell = np.zeros((len(x), len(recurrent)), np.float32)
    for step in range(x.shape[1]):
        gates = np.split(driven[:, step] + hidden @ recurrent, 4, axis=1)
        update, forget, out = (np.float32(0.5) + np.float32(0.5) * np.tanh(gates[k] / 2) for k in (0, 1, 3))
        cell = forget * cell + update * np.tanh(gates[2])
        hidden = out * np.tanh(cell)
    return hidden


def _sigmoid(logit: float) -> float:
    return float(np.exp(-np.logaddexp(0.0, -logit)))
