"""Training as a stream of records: one `Epoch` before any update, and one after each pass over the training rows.

Each epoch is judged on all rows of both splits, in the state in which it ends (the running means that `fit` prints mix
the states of an epoch). Test rows also tell what each head *relies* on: one input's encodings are dealt to other rows,
once and the same way in every epoch, and the loss rises by what the head loses (Breiman 2001; Fisher, Rudin and Dominici
2019). Where no path leads from that input to the head, the difference is exactly 0.0, because not one operand changes.
"""

from __future__ import annotations

import math
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from mtl_core.data import Part, Tweet, make_labels, make_tweets
from mtl_core.forward import Readout, losses
from mtl_core.model import Tensor, encode_rows, encoder_weights
from mtl_core.records import Epoch, HeadMetrics, TrainingDiverged, kept_epochs
from mtl_core.spec import INPUTS, OUTPUTS, ExperimentSpec, Float32
from mtl_core.train.program import PROGRAMS, Batches, Program, Shape
from mtl_core.train.pulls import Pulls

__all__ = ["epoch_order", "labelled_rows", "loss_weights_of", "pulled_rows", "train", "warm"]

_CALL_SECONDS = 0.15
"""Aim for one call into the compiled graph; between calls a training can be stopped."""

_ALIGNED = 64
"""TensorFlow takes memory as it is if it begins at a multiple of so many bytes."""

_SHARE, _FEWEST, _MOST = 64, 8, 32
"""Rows on which gradients are told: one training row in 64, which costs two to five hundredths of an epoch at batch size 32."""


def train(spec: ExperimentSpec, *, should_stop: Callable[[], bool] | None = None) -> Iterator[Epoch]:
    """Train a model and tell how it does after each epoch.

    Parameters
    ----------
    spec : ExperimentSpec
    should_stop : callable, optional
        Asked several times a second, also within a long epoch. Once it says so, the stream ends; an epoch in progress
        is not told.

    Yields
    ------
    Epoch
        Index 0 is before any update; the last is `spec.train.epochs`. Weights are there where `kept_epochs` says.

    Raises
    ------
    TrainingDiverged
        If a loss is no longer a finite number.
    """
    try:
        yield from _Training(spec, should_stop or (lambda: False)).epochs()
    except _Stopped:
        return


def epoch_order(spec: ExperimentSpec, epoch: int) -> npt.NDArray[np.int64]:
    """The order (n_train,) in which an epoch, counted from 1, takes the training rows."""
    return _stream(spec, f"epoch {epoch}").permutation(spec.data.n_train)


def labelled_rows(spec: ExperimentSpec) -> Float32:
    """Which training rows have a label for which task: an array (n_train, 2) of 1 and 0. A larger share has the rows of a smaller one."""
    rows = spec.data.n_train
    has = np.zeros((rows, len(OUTPUTS)), np.float32)
    for task, share in enumerate(spec.train.labelled):
        order = _stream(spec, f"labelled {task + 1}").permutation(rows)
        has[order[: max(1, round(share * rows))], task] = 1
    return has


def loss_weights_of(spec: ExperimentSpec, epoch: int) -> Float32:
    """How much each head's loss counts in each batch of an epoch, counted from 1: an array (batches, 2).

    Where tasks alternate, the batches of the whole run take turns, and task 1 is the first.
    """
    batches = -(-spec.data.n_train // spec.train.batch_size)
    weights = np.tile(np.asarray(spec.train.loss_weights, np.float32), (batches, 1))
    if spec.train.schedule == "alternate":
        turn = (np.arange(batches) + (epoch - 1) * batches) % len(OUTPUTS)
        weights *= turn[:, None] == np.arange(len(OUTPUTS))
    return weights


def pulled_rows(spec: ExperimentSpec) -> npt.NDArray[np.int64]:
    """The training rows of the fixed batch on which gradients are told, 8 to 32 of them, drawn once a run."""
    rows = spec.data.n_train
    return _stream(spec, "pulls").permutation(rows)[: min(max(rows // _SHARE, _FEWEST), _MOST)]


def warm(specs: Iterable[ExperimentSpec]) -> None:
    """Compile what these experiments need, so that their first update need not wait."""
    for shape, spec in {Shape.of(one): one for one in specs}.items():
        with PROGRAMS.borrow(shape) as program:
            x = tf.zeros([1, 1, spec.data.shape[1]])
            y = tf.zeros([1, 2])
            program.update((x, x), y, y, Batches.of(np.zeros(1), 1), np.ones((1, 2), np.float32), range(0))
            program.gradients((x, x), y, y)
            encode_rows((x, x), encoder_weights(program.model))


class _Stopped(Exception):
    """Somebody asked to stop."""


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """A split as the graph wants it: tweets time-major, (T, n, D), because a step in time then is one piece of memory."""

    tweets: tuple[Tensor, Tensor]
    labels: tuple[Float32, Float32]

    @classmethod
    def of(cls, spec: ExperimentSpec, part: Part) -> Self:
        """One tweet after the other, because each is there twice while it is turned over."""
        labels = make_labels(spec.data, spec.train.seed, part)
        return cls((_tensor(spec, part, "a"), _tensor(spec, part, "b")), (labels.y1[:, 0], labels.y2[:, 0]))


class _Training:
    """One run of one experiment."""

    def __init__(self, spec: ExperimentSpec, should_stop: Callable[[], bool]) -> None:
        self._spec, self._should_stop = spec, should_stop
        self._train, self._test = _Rows.of(spec, "train"), _Rows.of(spec, "test")
        self._labels = tf.constant(np.stack(self._train.labels, axis=1))
        has_label = labelled_rows(spec)
        self._has_label, self._labelled = has_label > 0, tf.constant(has_label)
        rows = pulled_rows(spec)
        tweets = tuple(tf.gather(x, rows, axis=1) for x in self._train.tweets)
        self._pulls = Pulls(tweets, tf.gather(self._labels, rows), tf.gather(self._labelled, rows))
        self._dealt = _cycle(_stream(spec, "reliance"), spec.data.n_test)
        self._seconds = 0.0

    def epochs(self) -> Iterator[Epoch]:
        recipe = self._spec.train
        with PROGRAMS.borrow(Shape.of(self._spec)) as program:
            program.reset(recipe.seed, recipe.learning_rate)
            self._update(program, 1, Batches.of(epoch_order(self._spec, 1), recipe.batch_size), range(0))
            self._seconds = 0.0
            kept = kept_epochs(recipe.epochs, program.model.count_params())
            for index in range(recipe.epochs + 1):
                if index:
                    self._pass(program, index)
                yield self._judged(program, index, keep=index in kept)

    def _pass(self, program: Program, index: int) -> None:
        """Update on all training rows once, in calls short enough to be stopped in between."""
        batches = Batches.of(epoch_order(self._spec, index), self._spec.train.batch_size)
        size = max(1, int(_CALL_SECONDS / self._spec.cost.update_seconds))
        for start in range(0, len(batches), size):
            self._go_on()
            steps = range(start, min(start + size, len(batches)))
            if not math.isfinite(self._update(program, index, batches, steps)):
                raise self._diverged(index)

    def _update(self, program: Program, index: int, batches: Batches, steps: range) -> float:
        weights = loss_weights_of(self._spec, index)
        began = time.perf_counter()
        loss = program.update(self._train.tweets, self._labels, self._labelled, batches, weights, steps)
        self._seconds += time.perf_counter() - began
        return loss

    def _judged(self, program: Program, index: int, keep: bool) -> Epoch:
        readout, weights = Readout.of(program.model), encoder_weights(program.model)
        train, test = (encode_rows(rows.tweets, weights, between=self._go_on) for rows in (self._train, self._test))
        epoch = Epoch(
            index=index,
            seconds=self._seconds,
            train=_score(readout.logits(*train), self._train.labels, self._has_label),
            test=_score(readout.logits(*test), self._test.labels),
            reliance=self._reliance(readout, *test),
            weights=tuple(program.model.get_weights()) if keep else None,
            gradients=self._pulls.measured(program),
        )
        all_losses = [head.loss for split in (epoch.train, epoch.test) for head in split.values()]
        if not all(map(math.isfinite, (*all_losses, *epoch.reliance.values()))):
            raise self._diverged(index)
        return epoch

    def _reliance(self, readout: Readout, a: Float32, b: Float32) -> Mapping[tuple[str, str], float]:
        base, *dealt = (
            [float(losses(logit, y).mean()) for logit, y in zip(readout.logits(*both), self._test.labels, strict=True)]
            for both in ((a, b), (a[self._dealt], b), (a, b[self._dealt]))
        )
        return {
            (output, name): dealt[i][head] - base[head]
            for head, output in enumerate(OUTPUTS)
            for i, name in enumerate(INPUTS)
        }

    def _diverged(self, index: int) -> TrainingDiverged:
        return TrainingDiverged(index, self._spec.train.optimizer, self._spec.train.learning_rate)

    def _go_on(self) -> None:
        if self._should_stop():
            raise _Stopped


def _tensor(spec: ExperimentSpec, part: Part, which: Tweet) -> Tensor:
    """One tweet of a split, (T, n, D), in the memory where it was turned over: `tf.constant` would copy it twice and keep both."""
    tweets = make_tweets(spec.data, spec.train.seed, part, which).transpose(1, 0, 2)
    memory = np.empty(tweets.nbytes + _ALIGNED, np.uint8)
    start = -memory.ctypes.data % _ALIGNED
    turned = memory[start : start + tweets.nbytes].view(np.float32).reshape(tweets.shape)
    turned[...] = tweets
    return tf.experimental.dlpack.from_dlpack(turned.__dlpack__())


def _score(
    logits: tuple[Float32, Float32], labels: tuple[Float32, Float32], labelled: npt.NDArray[np.bool_] | None = None
) -> Mapping[str, HeadMetrics]:
    """Mean loss and accuracy of both heads, over the rows that have a label; `labels` are (n,) each, `labelled` is (n, 2)."""
    scores = {}
    for head, (output, logit, y) in enumerate(zip(OUTPUTS, logits, labels, strict=True)):
        rows = slice(None) if labelled is None else labelled[:, head]
        right = (logit > 0) == (y > 0.5)
        scores[output] = HeadMetrics(loss=float(losses(logit, y)[rows].mean()), accuracy=float(np.mean(right[rows])))
    return scores


def _stream(spec: ExperimentSpec, name: str) -> np.random.Generator:
    """A private generator: no other thread can draw from it."""
    return np.random.default_rng([spec.train.seed, zlib.crc32(name.encode())])


def _cycle(stream: np.random.Generator, rows: int) -> npt.NDArray[np.int64]:
    """For each row another row, such that following them visits all: no row keeps its own."""
    order = stream.permutation(rows)
    partner = np.empty_like(order)
    partner[order] = np.roll(order, 1)
    return partner
