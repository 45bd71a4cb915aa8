"""The trained model as a `.keras` file, to go on with in Keras.

The file holds the architecture, the weights, and the loss, optimizer and metrics it was trained with, so that a loaded
model can be evaluated, or trained further, at once. A head whose gradient was stopped before the encoders stands behind a
`stop_gradient` in the file too. The optimizer's running means are not kept; they start anew. It imports Keras: only a worker may import this module.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import keras

from mtl_core.model.build import build_model
from mtl_core.spec import ENCODERS, HIDDEN, MERGED, OUTPUTS, ExperimentSpec, Float32

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
    model = _with_stops(model, spec)
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


def _with_stops(model: keras.Model, spec: ExperimentSpec) -> keras.Model:
    """The same layers called anew, with a stop-gradient before each head whose gradient stops; the model itself if none does."""
    held = [spec.train.detach in (output, "both") for output in OUTPUTS]
    if not any(held):
        return model
    layers = {layer.name: layer for layer in model.layers}
    encoded = [layers[name](tweet) for name, tweet in zip(ENCODERS[spec.model.encoder], model.inputs, strict=True)]
    read = [layers[MERGED](encoded)] * 2 if MERGED in layers else encoded
    heads = []
    for name, hidden, x, stops in zip(OUTPUTS, HIDDEN, read, held, strict=True):
        seen = keras.ops.stop_gradient(x) if stops else x
        heads.append(layers[name](layers[hidden](seen) if hidden in layers else seen))
    return keras.Model(model.inputs, heads, name=model.name)
