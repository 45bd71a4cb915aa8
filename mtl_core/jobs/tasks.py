"""What runs on a worker: a training, and a question about a trained model.

An app process imports this module to name its functions and never calls them; the Keras side is `compute`, which is
imported where a task begins. What a task returns is plain data. An exception of TensorFlow's own would make the app
import TensorFlow just to read it, so a failure comes back as a sentence in a record.
"""

from __future__ import annotations

import enum
import importlib
import logging
import os
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mtl_core.jobs.attempts import GAVE_WAY, Tell, topic
from mtl_core.jobs.settings import worker_environment
from mtl_core.records import Outcome, TrainingDiverged
from mtl_core.spec import ExperimentSpec, Float32

__all__ = ["Finish", "Rank", "answer", "attempted", "insist", "train", "warm"]

log = logging.getLogger(__name__)


class Rank(enum.IntEnum):
    """Who goes first where trainings wait, and who makes room: any run for one of a lower rank."""

    OWN = 0
    """Somebody pressed Train for it."""
    BESIDE = 1
    """It stands beside a visitor's own run: the other case."""
    SERIES = 2
    """One of many that are compared."""


Finish = Callable[[ExperimentSpec, str, Tell, Callable[[], bool]], Outcome]
"""Trains from the first epoch to the archive; `compute.finish` says what the arguments are."""


def train(spec: ExperimentSpec, key: str, finish: Finish | None = None) -> Outcome:
    """Train a model on this worker, telling each epoch to the run's topic; a Dask task.

    It ends early when nobody follows it, and also when a run of a lower rank waits here.

    Parameters
    ----------
    spec : ExperimentSpec
    key : str
        Of the run; names its topic.
    finish : callable, optional
        Trains and returns the archive; by default `compute.finish`, with Keras.
    """
    from distributed import get_worker

    worker = get_worker()
    task = worker.get_current_task()
    mine = _rank(worker.state.tasks[task].priority)
    attempt = uuid.uuid4().hex

    def tell(event: Mapping[str, Any]) -> None:
        worker.log_event(topic(key), {"attempt": attempt, **event})

    def nobody_follows() -> bool:
        # Dask's own count of followers: see `link`. "resumed" never happens to a task without dependents.
        state = worker.state.tasks.get(task)
        return state is None or state.state != "executing"

    def in_the_way() -> bool:
        # What waits for a slot on this worker is "constrained".
        if mine == Rank.OWN or key in _INSISTED:
            return False
        return any(_rank(other.priority) < mine for other in list(worker.state.constrained))

    tell({"begin": True})
    outcome = attempted(finish or _compute().finish, spec, attempt, tell, lambda: nobody_follows() or in_the_way())
    if outcome.state == "stopped" and not nobody_follows():
        outcome = replace(outcome, state=GAVE_WAY)
    tell({"end": outcome.state})
    _INSISTED.discard(key)
    return outcome


def _rank(priority: tuple[float, ...]) -> int:
    """Of a training; Dask turns priorities round, and what is behind the point is a place within the rank."""
    return int(priority[0])


def attempted(
    finish: Finish, spec: ExperimentSpec, attempt: str, tell: Tell, should_stop: Callable[[], bool]
) -> Outcome:
    """As `finish`, with whatever goes wrong in the outcome."""
    try:
        return finish(spec, attempt, tell, should_stop)
    except TrainingDiverged as error:
        return Outcome(state="diverged", attempt=attempt, diverged=(error.epoch, error.optimizer, error.learning_rate))
    except Exception as error:  # Whatever it is, it must not travel as an exception: see above.
        log.exception("A training failed")
        return Outcome(state="failed", attempt=attempt, error=f"{type(error).__name__}: {error}".splitlines()[0][:200])


_INSISTED: set[str] = set()


async def insist(key: str) -> None:
    """On each worker: somebody pressed Train for this run, even if it began for less."""
    _INSISTED.add(key)


def answer(spec: ExperimentSpec, weights: tuple[Float32, ...], kind: str, options: Mapping[str, Any]) -> Any:
    """Answer a question about a trained model, as `compute.answer` says; a Dask task."""
    return _compute().answer(spec, weights, kind, options)


def warm() -> None:
    """Import Keras and compile the usual shapes, so that the first visitor does not wait for it."""
    _compute().warm()


_IMPORTING = threading.Lock()


def _compute() -> Any:
    """The Keras side, imported after the settings that TensorFlow reads then (those of the process come first).

    A second thread that asks for a module whose import is failing in the first would be told that a name is missing in
    it, and not why; so one thread imports at a time.
    """
    for name, value in worker_environment().items():
        os.environ.setdefault(name, value)
    with _IMPORTING:
        return importlib.import_module("mtl_core.jobs.compute")
