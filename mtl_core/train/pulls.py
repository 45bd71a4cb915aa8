"""How both tasks pull at the weights that they share: the gradients of the two losses, side by side.

    g_k = the gradient of loss k, unweighted, in one weight (a kernel, a recurrent kernel, a bias)
    norms |g_1| and |g_2|;  cosine g_1·g_2 / (|g_1| |g_2|):  1 the same way, 0 at right angles, -1 against each other

It is a diagnostic. Gradients that oppose each other are what "gradient surgery" acts on (Yu et al. 2020, arXiv:2001.06782,
definition 1), yet they do not by themselves predict that sharing hurts: scaled sums of the losses do as well as methods
that act on the gradients (Kurin et al. 2022, arXiv:2201.04122; Xin et al. 2022, arXiv:2209.11379).

What was *applied* is what an epoch changed in the weight. Rmsprop and adam divide each number of a gradient by a running
mean of its size, so no part of a step belongs to one loss. What can be said is how far the whole change went the way in
which each loss fell fastest when the epoch began: the cosine of the change with -g_k.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from mtl_core.records import Pull
from mtl_core.spec import Float32
from mtl_core.train.program import Program

__all__ = ["Pulls"]

_DIGITS = 6
"""Significant digits that are told; float32 has hardly more."""


class Pulls:
    """The pulls of one run, epoch by epoch.

    Parameters
    ----------
    tweets : pair of tensors (T, n, D)
    labels, labelled : tensors (n, 2)
        The fixed batch, as `Program.gradients` takes it.
    """

    def __init__(self, tweets: tuple[Any, Any], labels: Any, labelled: Any) -> None:
        self._batch = (tweets, labels, labelled)
        self._former: dict[tuple[str, str], tuple[Float32, ...]] = {}

    def measured(self, program: Program) -> dict[tuple[str, str], Pull | None] | None:
        """The pulls at the program's present weights; None if a gradient is no finite number.

        What was applied is reckoned from the call before: call it once an epoch, and once before the first.
        """
        gradients = program.gradients(*self._batch)
        weights = dict(zip(gradients, program.model.get_weights(), strict=True))
        former, self._former = self._former, {}
        if not all(np.isfinite(array).all() for pair in gradients.values() if pair for array in pair):
            return None
        self._former = {name: (weights[name], *pair) for name, pair in gradients.items() if pair}
        return {
            name: pair and _pull(pair, _applied(weights[name], former[name]) if name in former else (None, None))
            for name, pair in gradients.items()
        }


def _pull(gradients: tuple[Float32, Float32], applied: tuple[float | None, float | None]) -> Pull:
    one, other = map(_flat, gradients)
    norms = (_rounded(np.linalg.norm(one)), _rounded(np.linalg.norm(other)))
    return Pull(*norms, _cosine(one, other), *applied)


def _applied(weight: Float32, former: tuple[Float32, ...]) -> tuple[float | None, float | None]:
    """Cosines of a weight's change with what each loss asked for; `former` is the weight and both gradients before."""
    before, *gradients = map(_flat, former)
    one, other = (_cosine(_flat(weight) - before, -gradient) for gradient in gradients)
    return one, other


def _flat(array: Float32) -> npt.NDArray[np.float64]:
    # In float32 the square of a large gradient would leave the finite numbers.
    return array.astype(np.float64).ravel()


def _cosine(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float | None:
    lengths = np.linalg.norm(one) * np.linalg.norm(other)
    return _rounded(np.clip(one @ other / lengths, -1, 1)) if lengths > 0 else None


def _rounded(value: Any) -> float:
    return float(f"{value:.{_DIGITS}g}")
