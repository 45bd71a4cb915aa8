"""The Keras side of a worker: a training from its first epoch to its archive, and questions about a trained model.

Only a worker imports this module, because it imports Keras. What it returns is plain data.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Mapping
from typing import Any

from mtl_core import response
from mtl_core.data import make_split
from mtl_core.jobs.attempts import Tell
from mtl_core.model import build_model, keras_file
from mtl_core.records import Epoch, Outcome, Run, epoch_to_plain, pack, versions
from mtl_core.spec import PRESETS, DataSpec, ExperimentSpec, Float32, ModelSpec
from mtl_core.train import Pool, train
from mtl_core.train import warm as warm_shapes

__all__ = ["answer", "finish", "warm"]


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
    began = time.monotonic()
    epochs: list[Epoch] = []
    weights: dict[int, tuple[Float32, ...]] = {}
    for epoch in train(spec, should_stop=should_stop):
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
    if kind == "keras_file":
        return keras_file(spec, weights)
    subject = spec.data if kind == "what_if" else _test_split(spec)
    with _MODELS.borrow(_form(spec)) as model:
        model.set_weights(weights)
        return getattr(response, kind)(model, subject, **options)


def warm() -> None:
    """Import Keras and compile the usual shapes, so that the first visitor does not wait for it."""
    warm_shapes(preset.spec for preset in PRESETS.values())


Form = tuple[ModelSpec, DataSpec]
"""What a Keras model is built from: of the data, only the shape of a tweet."""


def _form(spec: ExperimentSpec) -> Form:
    timesteps, features = spec.data.shape
    return spec.model, DataSpec(tweets="numbers", timesteps=timesteps, features=features)


def _built(form: Form) -> Any:
    return build_model(*form, seed=0)


_MODELS: Pool[Form, Any] = Pool(_built, capacity=8)
"""Models that lie idle between two questions."""


def _config(spec: ExperimentSpec) -> str:
    with _MODELS.borrow(_form(spec)) as model:
        return str(model.to_json())


@functools.lru_cache(maxsize=1)
def _test_split(spec: ExperimentSpec) -> Any:
    """The test rows of an experiment; a visitor asks many questions about one model."""
    return make_split(spec.data, spec.train.seed, "test")
