"""Networks made by hand, with weights that let every path matter, and no Keras."""

from __future__ import annotations

import numpy as np

from mtl_core.forward import Network
from mtl_core.spec import WORDS_SHAPE, Float32, ModelSpec


def weights_of(model: ModelSpec, seed: int = 0) -> list[Float32]:
    """Weights of a model of words with a shared encoder and no hidden layer, in `model.weights` order."""
    units, random = model.lstm_units, np.random.default_rng(seed)
    read = {"concatenate": 2 * units}.get(model.merge, units)
    shapes = [(WORDS_SHAPE[1], 4 * units), (units, 4 * units), (4 * units,), (read, 1), (1,), (read, 1), (1,)]
    return [random.normal(0, 1, shape).astype(np.float32) for shape in shapes]


def network_of(model: ModelSpec, seed: int = 0) -> Network:
    """A network with such weights."""
    return Network.of_weights(model, weights_of(model, seed))
