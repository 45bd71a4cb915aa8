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
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from mtl_core.spec import ExperimentSpec
from mtl_core.words import _

__all__ = [
    "INPUTS",
    "MAX_SNAPSHOTS",
    "MAX_SNAPSHOT_BYTES",
    "OUTPUTS",
    "OWN_INPUT",
    "Answer",
    "Epoch",
    "Float32",
    "Float64",
    "HeadMetrics",
    "Outcome",
    "Response",
    "Run",
    "RunState",
    "TrainingDiverged",
    "WhatIf",
    "kept_epochs",
    "other_input",
]

Float32 = npt.NDArray[np.float32]
Float64 = npt.NDArray[np.float64]

INPUTS = ("tweet_a", "tweet_b")
OUTPUTS = ("predictions1", "predictions2")
OWN_INPUT = {"predictions1": "tweet_a", "predictions2": "tweet_b"}
"""The tweet each head's task is about."""

MAX_SNAPSHOTS = 41
MAX_SNAPSHOT_BYTES = 32_000_000


def other_input(output: str) -> str:
    """The tweet that is not the head's own: `other_input("predictions1")` is `"tweet_b"`."""
    return INPUTS[1 - INPUTS.index(OWN_INPUT[output])]


def kept_epochs(epochs: int, parameters: int) -> tuple[int, ...]:
    """Epochs whose float32 weights are kept: first, last, and evenly between, within both caps.

    Parameters
    ----------
    epochs : int
        Planned epochs; a run has epochs 0 (before any update) to `epochs`.
    parameters : int
        Weights of the model.

    Examples
    --------
    >>> kept_epochs(4, 1000)
    (0, 1, 2, 3, 4)
    >>> len(kept_epochs(200, 1000))
    41
    """
    room = max(2, min(MAX_SNAPSHOTS, MAX_SNAPSHOT_BYTES // (4 * parameters), epochs + 1))
    return tuple(sorted({round(float(i)) for i in np.linspace(0, epochs, room)}))


@dataclass(frozen=True, slots=True)
class HeadMetrics:
    """One head on one split: `loss` in nats, `accuracy` in 0..1."""

    loss: float
    accuracy: float


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
    """

    index: int
    seconds: float
    train: Mapping[str, HeadMetrics]
    test: Mapping[str, HeadMetrics]
    reliance: Mapping[tuple[str, str], float]
    weights: tuple[Float32, ...] | None = None

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
    """

    perturbation: Literal["permute", "noise", "fade"]
    levels: Float64
    loss: Float64
    low: Float64
    high: Float64
    accuracy: Float64
    repeats: int
    rows: int


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


RunState = Literal["none", "queued", "running", "finished", "stopped", "diverged", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is known of one experiment now: the picture a page draws from.

    Parameters
    ----------
    spec : ExperimentSpec
    state : RunState
        "none": nobody has asked and nothing is stored.
    source : {"live", "stored", "recorded"}
        Trained while somebody watched, found in the store, or shipped in the gallery.
    epochs : tuple of Epoch
        Those so far, in order, without weights.
    kept : tuple of int
        Epochs whose weights are held, so that questions about them can be answered; empty until the run ends.
    position, wait : int, float or None
        Runs ahead in the queue and the expected seconds until this one starts; None unless queued.
    retries : int
        How often the run began again because its worker was lost.
    message : str
        A sentence for the visitor: why it stopped or failed. Empty if there is nothing to say.
    response : Response or None
        At the last epoch, permute; comes with the finished run.
    config : str or None
        `model.to_json()` of the real Keras model that was trained.
    versions : mapping of str to str
        Engine, Keras and TensorFlow that made the numbers, and the machine.
    """

    spec: ExperimentSpec
    state: RunState = "none"
    source: Literal["live", "stored", "recorded"] = "live"
    epochs: tuple[Epoch, ...] = ()
    kept: tuple[int, ...] = ()
    position: int | None = None
    wait: float | None = None
    retries: int = 0
    message: str = ""
    response: Response | None = None
    config: str | None = None
    versions: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def busy(self) -> bool:
        """Whether more epochs may come."""
        return self.state in ("queued", "running")

    @property
    def cut_short(self) -> bool:
        """Whether it ended before its last epoch: there are curves, and no model to ask."""
        return bool(self.epochs) and not self.kept and not self.busy


@dataclass(frozen=True, slots=True)
class Answer:
    """A worker's answer to a question about a trained model; `value` is there when `state` is "ready"."""

    state: Literal["pending", "ready", "failed"]
    value: Any = None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a training ended.

    Parameters
    ----------
    state : {"finished", "stopped", "gave way", "diverged", "failed"}
    attempt : str
    seconds : float
        From its first to its last moment, compilation included.
    head, body : bytes and array of float32
        The archive of a finished run.
    diverged : tuple
        Arguments of `TrainingDiverged`.
    error : str
        One line about an unexpected failure, for the log and the visitor.
    """

    state: str
    attempt: str
    seconds: float = 0.0
    head: bytes = b""
    body: Float32 = dataclasses.field(default_factory=lambda: np.zeros(0, np.float32))
    diverged: tuple[int, str, float] | None = None
    error: str = ""
