"""A run: what is known of one experiment now, how its training ended, and a worker's answer to a question about it."""

from __future__ import annotations

import dataclasses
import itertools
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from mtl_core.records.measures import Epoch, Response
from mtl_core.spec import ExperimentSpec, Float32

__all__ = ["Answer", "Outcome", "Run", "RunSource", "RunState"]

_LATEST = 5
"""Epochs from which the time left is estimated."""

RunSource = Literal["live", "stored", "recorded"]

RunState = Literal["none", "queued", "running", "finished", "stopped", "diverged", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """What is known of one experiment now: the picture a page draws from. Two are equal if they are one and the
    same object, so that what is drawn of a run can be kept by it.

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
    silent : float
        Seconds for which the worker that trains it has not been heard from; 0 while that is nothing to speak of.
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
    source: RunSource = "live"
    epochs: tuple[Epoch, ...] = ()
    kept: tuple[int, ...] = ()
    position: int | None = None
    wait: float | None = None
    silent: float = 0.0
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

    @property
    def seconds_left(self) -> float | None:
        """Expected seconds until the last epoch; None before epoch 1, and while its worker is silent.

        As many epochs as remain, each as long as the median of the latest five: a worker that stood still for a while
        shows in one of them only.
        """
        if len(self.epochs) < 2 or self.silent:
            return None
        latest = [epoch.seconds for epoch in self.epochs[-_LATEST - 1 :]]
        usual = statistics.median(after - before for before, after in itertools.pairwise(latest))
        return usual * (self.spec.train.epochs - self.epochs[-1].index)

    def at(self, epoch: int | None = None) -> Epoch | None:
        """The epoch of this index, or the newest for None or -1; None if it has not come yet.

        Examples
        --------
        >>> Run(spec=ExperimentSpec()).at(3) is None
        True
        """
        if epoch is None or epoch < 0:
            return self.epochs[-1] if self.epochs else None
        return next((each for each in self.epochs if each.index == epoch), None)

    def nearest(self, epoch: int | None = None) -> int:
        """Index of the epoch nearest to `epoch` of those that have come: the newest for None or -1; 0 before the first."""
        newest = self.epochs[-1].index if self.epochs else 0
        return newest if epoch is None or epoch < 0 else min(epoch, newest)

    def nearest_kept(self, epoch: int | None = None) -> int:
        """Index of the epoch nearest to `nearest(epoch)` whose weights are kept, so that it can be measured."""
        wanted = self.nearest(epoch)
        return min(self.kept, key=lambda kept: (abs(kept - wanted), kept), default=wanted)


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
