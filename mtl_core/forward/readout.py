"""What the heads make of two encodings, in numpy: everything of a model that comes after its LSTMs.

    read_k = own encoding                          merge = "none": the other one does not enter, not even times zero
    read_k = [h_a | h_b],  h_a + h_b,  h_a · h_b   otherwise
    read_k ← relu(read_k K_k + d_k)                if there is a hidden layer
    logit_k = read_k · w_k + c_k

Disturbing an input a thousand times needs its encodings once and this a thousand times, so this part is kept small and
free of compilation. Losses are taken from logits, where ln(1 + e^-s) never overflows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from mtl_core.spec import HIDDEN, MERGED, OUTPUTS, Float32, Float64

__all__ = ["Readout", "losses"]

Affine = tuple[Float32, Float32]
"""Kernel and bias of a Dense layer."""


@dataclass(frozen=True, slots=True, eq=False)
class Readout:
    """The part of a model after its encoders.

    Parameters
    ----------
    merge : {"none", "concatenate", "add", "multiply"}
    hidden : pair of (kernel (r, h), bias (h,)), or None
        Head 1's and head 2's hidden layer of h units; r is 2u where u units a tweet are concatenated, else u.
    heads : pair of (kernel, bias (1,))
        Kernels are (h, 1) on a hidden layer, else (r, 1). All arrays are float32.
    """

    merge: str
    hidden: tuple[Affine, Affine] | None
    heads: tuple[Affine, Affine]

    @classmethod
    def of(cls, model: Any) -> Self:
        """That of a model which `mtl_core.model.build_model` made, with its present weights."""
        layers = {layer.name: layer for layer in model.layers}
        merge = type(layers[MERGED]).__name__.lower() if MERGED in layers else "none"
        affine = {name: tuple(layer.get_weights()) for name, layer in layers.items() if name in (*HIDDEN, *OUTPUTS)}
        first, second = OUTPUTS
        hidden = (affine[HIDDEN[0]], affine[HIDDEN[1]]) if HIDDEN[0] in affine else None
        return cls(merge=merge, hidden=hidden, heads=(affine[first], affine[second]))

    def logits(self, a: Float32, b: Float32) -> tuple[Float32, Float32]:
        """Both heads' log odds (n,), from encodings (n, u) of tweet_a and tweet_b."""
        first, second = (self._logit(head, a, b) for head in (0, 1))
        return first, second

    def gradients(self, head: int, a: Float32, b: Float32) -> tuple[Float32, Float32]:
        """Gradients of a head's logit in both encodings, (n, u) each; zero where no path exists."""
        kernel = self.heads[head][0][:, 0]
        read = np.broadcast_to(kernel, (len(a), len(kernel)))
        if self.hidden:
            into, bias = self.hidden[head]
            read = ((self._merged(head, a, b) @ into + bias > 0) * kernel) @ into.T
        match self.merge:
            case "concatenate":
                units = a.shape[1]
                return read[:, :units], read[:, units:]
            case "add":
                return read, read
            case "multiply":
                return read * b, read * a
        nothing = np.zeros_like(read)
        return (read, nothing) if head == 0 else (nothing, read)

    def _logit(self, head: int, a: Float32, b: Float32) -> Float32:
        read = self._merged(head, a, b)
        if self.hidden:
            into, bias = self.hidden[head]
            read = np.maximum(read @ into + bias, np.float32(0))
        kernel, bias = self.heads[head]
        logit: Float32 = (read @ kernel)[:, 0] + bias
        return logit

    def _merged(self, head: int, a: Float32, b: Float32) -> Float32:
        match self.merge:
            case "concatenate":
                return np.concatenate([a, b], axis=1)
            case "add":
                return a + b
            case "multiply":
                return a * b
        return (a, b)[head]


def losses(logit: npt.NDArray[Any], y: npt.NDArray[Any]) -> Float64:
    """Cross-entropy of each row: ln(1 + e^-s) with s = logit where y is 1 and -logit where it is 0.

    Parameters
    ----------
    logit, y : array (n,)
        Log odds, and labels in {0, 1}.

    Returns
    -------
    array (n,) of float64
        Nats.
    """
    signed = np.where(y > 0.5, logit, -logit).astype(np.float64)
    return np.asarray(np.logaddexp(0.0, -signed))
