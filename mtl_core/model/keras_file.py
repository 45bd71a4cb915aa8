"""The trained model as a `.keras` file, to go on with in Keras.

The file holds the architecture, the weights, and the loss, optimizer and metrics it was trained with, so that a loaded
model can be evaluated, or trained further, at once. The optimizer's running means are not kept; they start anew. It imports Keras: only a worker may import this module.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import keras

from mtl_core.model.build import build_model
from mtl_core.spec import OUTPUTS, ExperimentSpec, Float32

__all__ = ["keras_file"]


def keras_file(spec: ExperimentSpec, weights: Sequence[Float32]) -> bytes:
    """The bytes of a `.keras` file of this experiment's model.

    Parameters
    ----------
    spec : ExperimentSpec
    weights : sequence of arrays
        In `model.weights` order, as an `Epoch` keeps them.

    Raises
    ------
    ValueError
        If the weights are not those of this model.
    """
    model = build_model(spec.model, spec.data, spec.train.seed)
    model.set_weights(list(weights))
    optimizer = keras.optimizers.get(spec.train.optimizer)
    optimizer.learning_rate = spec.train.learning_rate
    model.compile(
        optimizer=optimizer,
        loss=["binary_crossentropy"] * len(OUTPUTS),
        loss_weights=list(spec.train.loss_weights),
        metrics=[["accuracy"]] * len(OUTPUTS),
    )
    optimizer.build(model.trainable_variables)  # its slots start anew: a run keeps weights only
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"  # Keras writes to a path only, and knows the format by its ending
        model.save(path)
        return path.read_bytes()
