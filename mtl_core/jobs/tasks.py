"""What runs on a worker: a training, and a question about a trained model.

Here, and only inside these functions, is Keras imported: an app process imports this module to name its functions and
never calls them. What they return is plain data too. An exception of TensorFlow's own would make the app import
TensorFlow just to read it, so a failure comes back as a sentence in a record.
"""

from __future__ import annotations

import functools
import importlib
import logging
import os
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from mtl_core.archive import epoch_to_plain, pack
from mtl_core.engine_version import versions
from mtl_core.jobs.progress import GAVE_WAY, topic
from mtl_core.pool import Pool
from mtl_core.records import Epoch, Float32, Run, TrainingDiverged
from mtl_core.spec import DataSpec, ExperimentSpec, ModelSpec
from mtl_core.variants import worker_environment

__all__ = ["Outcome", "answer", "attempted", "finish", "insist", "train", "warm"]

log = logging.getLogger(__name__)

Tell = Callable[[Mapping[str, Any]], None]


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
    body: Float32 = field(default_factory=lambda: np.zeros(0, np.float32))
    diverged: tuple[int, str, float] | None = None
    error: str = ""


def train(spec: ExperimentSpec, key: str) -> Outcome:
    """Train a model on this worker, telling each epoch to the run's topic; a Dask task.

    It ends early when nobody follows it, and as a background run also when another run of a higher priority waits here.

    Parameters
    ----------
    spec : ExperimentSpec
    key : str
        Of the run; names its topic.
    """
    from distributed import get_worker

    worker = get_worker()
    task = worker.get_current_task()
    mine = worker.state.tasks[task].priority[0]
    attempt = uuid.uuid4().hex

    def tell(event: Mapping[str, Any]) -> None:
        worker.log_event(topic(key), {"attempt": attempt, **event})

    def nobody_follows() -> bool:
        # Dask's own count of followers: see `link`. "resumed" never happens to a task without dependents.
        state = worker.state.tasks.get(task)
        return state is None or state.state != "executing"

    def in_the_way() -> bool:
        # What waits for a slot on this worker is "constrained"; of two priorities the lower number comes first.
        return key not in _INSISTED and any(other.priority[0] < mine for other in list(worker.state.constrained))

    tell({"begin": True})
    outcome = attempted(spec, attempt, tell, lambda: nobody_follows() or in_the_way())
    if outcome.state == "stopped" and not nobody_follows():
        outcome = replace(outcome, state=GAVE_WAY)
    tell({"end": outcome.state})
    _INSISTED.discard(key)
    return outcome


_INSISTED: set[str] = set()


async def insist(key: str) -> None:
    """On each worker: somebody pressed Train for this run, even if it began in the background."""
    _INSISTED.add(key)


def finish(spec: ExperimentSpec, attempt: str, tell: Tell, should_stop: Callable[[], bool]) -> Outcome:
    """Train in this process, from the first epoch to the archive.

    Parameters
    ----------
    spec : ExperimentSpec
    attempt : str
    tell : callable
        Called with {"config": str} and {"epoch": list} as they come.
    should_stop : callable
        Asked several times a second.

    Raises
    ------
    TrainingDiverged
    """
    _prepare()
    from mtl_core.train import train as train_epochs

    began = time.monotonic()
    epochs: list[Epoch] = []
    weights: dict[int, tuple[Float32, ...]] = {}
    for epoch in train_epochs(spec, should_stop=should_stop):
        tell({"epoch": epoch_to_plain(epoch)})
        if not epochs:
            tell({"config": _config(spec)})
        epochs.append(epoch.without_weights())
        if epoch.weights is not None:
            weights[epoch.index] = epoch.weights
    if len(epochs) <= spec.train.epochs:
        return Outcome(state="stopped", attempt=attempt)
    run = Run(
        spec=spec,
        state="finished",
        epochs=tuple(epochs),
        response=answer(spec, weights[epochs[-1].index], "respond", {}),
        config=_config(spec),
        versions=versions(),
    )
    head, body = pack(run, weights, attempt)
    return Outcome(state="finished", attempt=attempt, seconds=time.monotonic() - began, head=head, body=body)


def answer(spec: ExperimentSpec, weights: tuple[Float32, ...], kind: str, options: Mapping[str, Any]) -> Any:
    """Answer a question about a trained model; a Dask task.

    Parameters
    ----------
    spec : ExperimentSpec
    weights : tuple of arrays
        In `model.weights` order.
    kind : {"respond", "what_if", "jacobian", "block_scale", "keras_file"}
        The function that answers: of `mtl_core.response`, or `mtl_core.keras_file.keras_file`, which makes a file.
    options : mapping
        Its keyword arguments.
    """
    _prepare()
    if kind == "keras_file":
        from mtl_core.keras_file import keras_file

        return keras_file(spec, weights)
    from mtl_core import response

    subject = spec.data if kind == "what_if" else _test_split(spec)
    with _MODELS.borrow(_form(spec)) as model:
        model.set_weights(weights)
        return getattr(response, kind)(model, subject, **options)


def warm() -> None:
    """Import Keras and compile the usual shapes, so that the first visitor does not wait for it."""
    _prepare()
    from mtl_core.train import warm as warm_shapes

    warm_shapes()


_IMPORTING = threading.Lock()


def _prepare() -> None:
    """Settings that TensorFlow reads when it is imported (those of the process come first), then its first import.

    A second thread that asks for a module whose import is failing in the first would be told that a name is missing in
    it, and not why; so one thread imports at a time.
    """
    for name, value in worker_environment().items():
        os.environ.setdefault(name, value)
    with _IMPORTING:
        importlib.import_module("mtl_core.train")


Form = tuple[ModelSpec, DataSpec]
"""What a Keras model is built from: of the data, only the shape of a tweet."""


def _form(spec: ExperimentSpec) -> Form:
    return spec.model, DataSpec(timesteps=spec.data.timesteps, features=spec.data.features)


def _built(form: Form) -> Any:
    from mtl_core.model import build_model

    return build_model(*form, seed=0)


_MODELS: Pool[Form, Any] = Pool(_built, capacity=8)
"""Models that lie idle between two questions."""


def _config(spec: ExperimentSpec) -> str:
    with _MODELS.borrow(_form(spec)) as model:
        return str(model.to_json())


@functools.lru_cache(maxsize=1)
def _test_split(spec: ExperimentSpec) -> Any:
    """The test rows of an experiment; a visitor asks many questions about one model."""
    from mtl_core.data import make_task

    return make_task(spec.data, spec.train.seed).test


def attempted(spec: ExperimentSpec, attempt: str, tell: Tell, should_stop: Callable[[], bool]) -> Outcome:
    """As `finish`, with whatever goes wrong in the outcome."""
    try:
        return finish(spec, attempt, tell, should_stop)
    except TrainingDiverged as error:
        return Outcome(state="diverged", attempt=attempt, diverged=(error.epoch, error.optimizer, error.learning_rate))
    except Exception as error:  # Whatever it is, it must not travel as an exception: see above.
        log.exception("A training failed")
        return Outcome(state="failed", attempt=attempt, error=f"{type(error).__name__}: {error}".splitlines()[0][:200])
