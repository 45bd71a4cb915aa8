"""What comes back from a run: plain data that any process can hold.

Results and exceptions travel from a worker that has Keras to a page that must never import it. Unpickling an object
imports the module that defines it, so everything that travels is defined here, next to nothing but numpy.

Losses are unweighted binary cross-entropies in *nats*, means over rows; accuracies are shares in 0..1. Heads and inputs
are named as the learner named them and always come in the order of `OUTPUTS` and `INPUTS`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mtl_core.language import _
from mtl_core.spec import Float32, Float64

__all__ = ["Epoch", "HeadMetrics", "Pull", "Response", "TrainingDiverged", "WhatIf"]


@dataclass(frozen=True, slots=True)
class HeadMetrics:
    """One head on one split: `loss` in nats, `accuracy` in 0..1."""

    loss: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Pull:
    """How the two tasks' losses pull at one weight that both reach; see `mtl_core.train.pulls`.

    A diagnostic: gradients that oppose each other do not by themselves predict that sharing hurts.

    Parameters
    ----------
    norm1, norm2 : float
        Length of each head's loss's gradient in that weight, from 0; nats a unit of the weight. The losses are unweighted
        means over the fixed batch, to which a row without a label adds nothing.
    cosine : float or None
        Between the two gradients, -1..1: 1 the same way, -1 against each other. None where one of them is zero.
    applied1, applied2 : float or None
        Between what the epoch changed in the weight and the way in which each loss fell fastest when it began, -1..1. None
        before the first update, and where one of them is zero.
    """

    norm1: float
    norm2: float
    cosine: float | None
    applied1: float | None = None
    applied2: float | None = None


@dataclass(frozen=True, slots=True)
class Epoch:
    """The state after one pass over the training rows; index 0 is before any update.

    Parameters
    ----------
    index : int
    seconds : float
        Training time since the first update, without evaluation and compilation.
    train, test : mapping of output name to HeadMetrics
    reliance : mapping of (output, input) to float
        Test loss with that input shuffled once, minus test loss; nats. Exactly 0.0 where no path exists.
    weights : tuple of arrays or None
        In `model.weights` order; None where not kept.
    gradients : mapping of (layer, variable) to Pull or None, or None
        The two losses' gradients in each weight, on one fixed batch of training rows, at the end of the epoch. A Pull is
        None where one of the losses cannot reach the weight. All is None in a run that was recorded before this was
        measured, and where a gradient was no finite number.
    """

    index: int
    seconds: float
    train: Mapping[str, HeadMetrics]
    test: Mapping[str, HeadMetrics]
    reliance: Mapping[tuple[str, str], float]
    weights: tuple[Float32, ...] | None = None
    gradients: Mapping[tuple[str, str], Pull | None] | None = None

    def without_weights(self) -> Epoch:
        """The metrics alone, as progress events carry them."""
        return dataclasses.replace(self, weights=None)


@dataclass(frozen=True, slots=True)
class Response:
    """How each head's test loss responds to each input being disturbed.

    Parameters
    ----------
    perturbation : {"permute", "noise", "fade"}
    levels : array (L,)
        In [0, 1]; the first is 0: nothing disturbed.
    loss, low, high, accuracy : array (2 heads, 2 inputs, L)
        Mean over repeats and its 95 % interval (over the shuffles, not over the choice of rows); nats, nats, nats, 0..1.
    repeats, rows : int
        Disturbances averaged, and test rows used: fewer than the split has where the shape is large.
    changed : array (2 heads, 2 inputs, L), or None
        Share of rows, in 0..1, whose answer (label 0 or 1) is not the undisturbed one; mean over repeats. Exactly 0.0
        where no path exists. None in a run that was recorded before this was measured.
    """

    perturbation: Literal["permute", "noise", "fade"]
    levels: Float64
    loss: Float64
    low: Float64
    high: Float64
    accuracy: Float64
    repeats: int
    rows: int
    changed: Float64 | None = None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One head's answer for tweets of a given evidence, arrays over the other tweet's evidence.

    Parameters
    ----------
    probability, ideal_probability : array (K,)
        P(y = 1) as the head says it, and as the data rule has it.
    expected_loss : array (K,)
        Cross-entropy of the head's probability under the ideal one; nats.
    """

    probability: Float64
    expected_loss: Float64
    ideal_probability: Float64


class TrainingDiverged(Exception):
    """The loss left the finite numbers.

    Parameters
    ----------
    epoch : int
        The epoch, counted from 1, in which it happened.
    optimizer : str
    learning_rate : float
    """

    def __init__(self, epoch: int, optimizer: str, learning_rate: float) -> None:
        super().__init__(epoch, optimizer, learning_rate)
        self.epoch, self.optimizer, self.learning_rate = epoch, optimizer, learning_rate

    def __str__(self) -> str:
        sentence = _(
            "Training diverged in epoch {epoch}: the loss is no longer a finite number. "
            "Lower the learning rate (it is {rate:g} with {optimizer}; try {less:g})."
        )
        less = min(self.learning_rate / 10, 0.01)
        return sentence.format(epoch=self.epoch, rate=self.learning_rate, optimizer=self.optimizer, less=less)
