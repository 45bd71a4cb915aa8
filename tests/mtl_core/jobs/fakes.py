"""A training without Keras, for tests of what happens around a training."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np

from mtl_core.jobs import tasks
from mtl_core.records import (
    Epoch,
    HeadMetrics,
    Outcome,
    Run,
    TrainingDiverged,
    epoch_to_plain,
    kept_epochs,
    pack,
    run_key,
    versions,
)
from mtl_core.spec import INPUTS, OUTPUTS, ExperimentSpec

DIVERGES, FAILS, FILLS, OVERFLOWS = 101, 102, 103, 104
"""Seeds, and what becomes of a run with one: `FILLS` leaves 300 MB behind in its worker, `OVERFLOWS` takes ever more."""


def a_spec(number: int = 0, *, held: bool = False, seed: int = 0, epochs: int = 5) -> ExperimentSpec:
    """A spec of its own; a held one stops after epoch 1 until `let_go`."""
    optimizer = "sgd" if held else "adam"
    return ExperimentSpec().replace(batch_size=100 + number, optimizer=optimizer, seed=seed, epochs=epochs)


def let_go(spec: ExperimentSpec) -> None:
    """Let a held run go on, now and whenever it is run again."""
    _gate(spec).touch()


def executions(spec: ExperimentSpec) -> list[int]:
    """Process numbers of the workers that began this run, in order."""
    file = _log(run_key(spec))
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def answered(spec: ExperimentSpec) -> list[int]:
    """Numbers of the questions about this run that workers began to answer, in order."""
    return [int(line) for line in _notes(spec).read_text().split()] if _notes(spec).exists() else []


def an_epoch(index: int) -> Epoch:
    heads = {name: HeadMetrics(0.7 / (1 + index), 0.5) for name in OUTPUTS}
    reliance = {(output, seen): 0.0 for output in OUTPUTS for seen in INPUTS}
    return Epoch(index, 0.1 * index, heads, heads, reliance)


def finish(spec: ExperimentSpec, attempt: str, tell, should_stop) -> Outcome:
    """As `compute.finish`, in no time."""
    tell({"config": "{}"})
    epochs = []
    for index in range(spec.train.epochs + 1):
        if should_stop():
            return Outcome(state="stopped", attempt=attempt)
        _meet_fate(spec, index)
        epochs.append(an_epoch(index))
        tell({"epoch": epoch_to_plain(epochs[-1])})
        while index == 1 and spec.train.optimizer == "sgd" and not _gate(spec).exists() and not should_stop():
            time.sleep(0.01)
    run = Run(spec=spec, state="finished", epochs=tuple(epochs), config="{}", versions=versions())
    weights = {e: [np.full((2, 3), e, np.float32), np.ones(3, np.float32)] for e in kept_epochs(spec.train.epochs, 9)}
    head, body = pack(run, weights, attempt)
    return Outcome(state="finished", attempt=attempt, head=head, body=body, seconds=0.1)


def train(spec: ExperimentSpec, key: str) -> Outcome:
    """As `tasks.train`; each call leaves a line for `executions`."""
    with _log(key).open("a") as file:
        file.write(f"{os.getpid()}\n")
    return tasks.train(spec, key, finish)


def answer(spec, weights, kind, options):
    """The sum of the weights, or an error. One that has a `number` notes it for `answered`, and waits for `let_go`."""
    if options.get("fail"):
        raise ValueError("the fake was told to fail")
    if "number" in options:
        with _notes(spec).open("a") as file:
            file.write(f"{options['number']}\n")
        while not _gate(spec).exists():
            time.sleep(0.01)
    return float(sum(array.sum() for array in weights))


def _meet_fate(spec: ExperimentSpec, index: int) -> None:
    seed = spec.train.seed
    if seed == DIVERGES and index == 2:
        raise TrainingDiverged(2, spec.train.optimizer, spec.train.learning_rate)
    if seed == FAILS:
        raise RuntimeError("the fake was told to fail\nwith a second line")
    if seed == FILLS and index == 1:
        _ballast.append(b"x" * 300_000_000)
    while seed == OVERFLOWS and index == 1:
        _ballast.append(b"x" * 50_000_000)
        time.sleep(0.02)  # The nanny looks ten times a second, and ends this.


_ballast: list[bytes] = []


def _folder() -> Path:
    return Path(os.environ["MTL_FAKES"])


def _gate(spec: ExperimentSpec) -> Path:
    return _folder() / f"{spec.digest()}.go"


def _log(key: str) -> Path:
    return _folder() / f"{key}.log"


def _notes(spec: ExperimentSpec) -> Path:
    return _folder() / f"{spec.digest()}.answers"
