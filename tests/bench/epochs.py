"""An epoch of training: ours in each variant, `keras.Model.fit` of the same model on the same batches, and JAX by hand.

Each side has a process of its own with the settings it would have: ours those of a worker, Keras and JAX their defaults. They
take turns, so that what disturbs the machine disturbs all. A turn is some epochs in a row, as in a training: after a pause the
first one finds its threads and the processor asleep. JAX is there if `requirements-full.txt` is installed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from multiprocessing import get_context
from typing import Any

from mtl_core.model import VARIANTS, variant_of
from mtl_core.spec import ExperimentSpec
from tests.bench.by_hand import jax_epoch
from tests.bench.figure import Figure

__all__ = ["SIZES", "epoch_figures", "process", "variant_note"]

SIZES = {
    "S, 20 x 8, 16 units": ExperimentSpec().replace(tweets="numbers"),
    "words, 12 x 64, 16 units": ExperimentSpec(),
    "S at batch 128": ExperimentSpec().replace(tweets="numbers", batch_size=128),
    "M, 40 x 16, 64 units": ExperimentSpec().replace(
        tweets="numbers", timesteps=40, features=16, lstm_units=64, n_train=1024
    ),
    "L, 280 x 256, 64 units": ExperimentSpec.question(),
}
_KERAS, _JAX = "fit", "JAX by hand"
_BUDGETS: dict[str, dict[str, float]] = {
    "S, 20 x 8, 16 units": {_KERAS: 7.0, _JAX: 1.2},
    "words, 12 x 64, 16 units": {_KERAS: 6.0},
    "S at batch 128": {_KERAS: 5.0},
    "M, 40 x 16, 64 units": {_KERAS: 3.0, _JAX: 1.5},
    "L, 280 x 256, 64 units": {_KERAS: 1.6, _JAX: 1.5},
}
"""How many times as fast as which peer."""

_LEAST_ROUNDS, _SECONDS = 3, 15.0
"""On a machine with much else to do, a size gets fewer rounds than asked for once it has taken this long."""

_TURN_SECONDS = 0.1
"""Epochs are made in a row until they have taken this long, but one at least."""

_Epoch = Callable[[], Any]


@contextmanager
def process(environment: Mapping[str, str]) -> Iterator[ProcessPoolExecutor]:
    """A process that has these environment variables before it imports TensorFlow."""
    with ProcessPoolExecutor(1, get_context("spawn"), _set, (dict(environment),)) as executor:
        yield executor


def epoch_figures(rounds: int, ours: ProcessPoolExecutor) -> tuple[list[Figure], dict[str, dict[str, float]]]:
    """Epochs of every size, and for each size the median seconds by variant.

    Parameters
    ----------
    rounds : int
    ours : ProcessPoolExecutor
        A process like a worker's.
    """
    figures, variants = [], {}
    defaults = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2"}
    with process(defaults) as keras, process(defaults) as jax:
        peers = {_KERAS: keras} | ({_JAX: jax} if find_spec("jax") else {})
        for size, spec in SIZES.items():
            taken = _in_turns(spec, rounds, ours, peers)
            chosen = variant_of(spec.data.shape[1], spec.model.lstm_units)
            figures += [
                Figure(
                    what=f"epoch, {size} (`{chosen}`), beside {peer}",
                    seconds=taken[chosen],
                    peer=taken[peer],
                    faster=_BUDGETS[size].get(peer),
                    unit="ms",
                )
                for peer in peers
            ]
            variants[size] = {name: Figure(what=name, seconds=taken[name]).median for name in VARIANTS}
    return figures, variants


def variant_note(variants: Mapping[str, Mapping[str, float]]) -> str:
    """Which variant the committed table takes and which was the fastest here, for each size."""
    lines = []
    for size, medians in variants.items():
        chosen = variant_of(SIZES[size].data.shape[1], SIZES[size].model.lstm_units)
        fastest = min(medians, key=lambda name: medians[name])
        shown = ", ".join(f"{name} {1e3 * seconds:.0f}" for name, seconds in medians.items())
        lines.append(f"| {size} | {shown} | {chosen} | {fastest} | {medians[chosen] / medians[fastest]:.2f} |")
    header = (
        "| size | epoch by variant, ms | the table takes | fastest here | taken / fastest |\n|---|---|---|---|---|\n"
    )
    return header + "\n".join(lines)


def _set(environment: Mapping[str, str]) -> None:
    os.environ.update(environment)


def _in_turns(
    spec: ExperimentSpec, rounds: int, ours: ProcessPoolExecutor, peers: Mapping[str, ProcessPoolExecutor]
) -> dict[str, list[float]]:
    sides = {**peers, **dict.fromkeys(VARIANTS, ours)}
    for name, side in sides.items():
        side.submit(_epoch_seconds, spec, name).result()  # The first one compiles.
    taken: dict[str, list[float]] = {name: [] for name in sides}
    end = time.monotonic() + _SECONDS
    for number in range(rounds):
        if number >= _LEAST_ROUNDS and time.monotonic() > end:
            break
        for name, side in sides.items():
            taken[name].append(side.submit(_epoch_seconds, spec, name).result())
    return taken


def _epoch_seconds(spec: ExperimentSpec, name: str) -> float:
    epoch, epochs, taken = _prepared(spec, name), 0, 0.0
    began = time.perf_counter()
    while taken < _TURN_SECONDS:
        epoch()
        epochs, taken = epochs + 1, time.perf_counter() - began
    return taken / epochs


@cache
def _prepared(spec: ExperimentSpec, name: str) -> _Epoch:
    others = {_KERAS: _of_keras, _JAX: jax_epoch}
    return others[name](spec) if name in others else _of_ours(spec, name)


def _of_keras(spec: ExperimentSpec) -> _Epoch:
    import keras

    from mtl_core.data import make_task
    from mtl_core.model import build_model

    model = build_model(spec.model, spec.data, spec.train.seed)
    model.compile(
        optimizer=keras.optimizers.get({"class_name": spec.train.optimizer, "config": {"learning_rate": 0.001}}),
        loss=[keras.losses.BinaryCrossentropy() for _ in model.outputs],
    )
    rows = make_task(spec.data, spec.train.seed).train
    x, y = [rows.a, rows.b], [rows.y1, rows.y2]
    return lambda: model.fit(x, y, batch_size=spec.train.batch_size, shuffle=False, verbose=0)


def _of_ours(spec: ExperimentSpec, variant: Any) -> _Epoch:
    import numpy as np
    import tensorflow as tf

    from mtl_core.data import make_task
    from mtl_core.train import Batches, Program, Shape, loss_weights_of

    program = Program(Shape(spec.model, spec.data.shape[1], spec.train.optimizer, variant))
    program.reset(spec.train.seed, spec.train.learning_rate)
    rows = make_task(spec.data, spec.train.seed).train
    a, b = (tf.constant(x.transpose(1, 0, 2)) for x in (rows.a, rows.b))
    labels = tf.constant(np.concatenate([rows.y1, rows.y2], axis=1))
    batches = Batches.of(np.arange(spec.data.n_train), spec.train.batch_size)
    labelled, weights = tf.ones_like(labels), loss_weights_of(spec, 1)
    return lambda: program.update((a, b), labels, labelled, batches, weights, range(len(batches)))
