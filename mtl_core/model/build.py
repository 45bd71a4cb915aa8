"""A spec as a real `keras.Model`: the two programs of the question and what lies between them.

    encoded_a = shared_lstm(tweet_a);  encoded_b = shared_lstm(tweet_b)
    case 1: predictions_k = sigmoid(w · [encoded_a, encoded_b] + c)        merge = "concatenate"
    case 2: predictions_k = sigmoid(w · (its own encoding) + c)            merge = "none"

Every layer bears the learner's own identifier. Initial weights are Keras's defaults (Glorot uniform kernels, orthogonal
recurrent kernels, zero biases but for a forget bias of one), each drawn from its own seed, which follows from the
experiment's seed and the layer's role and from nothing else. So an LSTM begins with the same weights whatever it is
joined to, shared or not, and no other thread's random numbers can get in between.
"""

from __future__ import annotations

import hashlib

import keras
import numpy as np

from mtl_core.spec import ENCODERS, HIDDEN, INPUTS, MERGED, OUTPUTS, DataSpec, Float32, ModelSpec

__all__ = ["build_model", "encoder_weights", "initial_weights"]

LSTMWeights = tuple[Float32, Float32, Float32]
"""Kernel (D, 4u), recurrent kernel (u, 4u) and bias (4u,); gates in Keras's order i, f, c, o."""

_MERGE_LAYERS = {"concatenate": keras.layers.Concatenate, "add": keras.layers.Add, "multiply": keras.layers.Multiply}


def build_model(model: ModelSpec, data: DataSpec, seed: int) -> keras.Model:
    """Build the Keras model that `model` describes, for inputs of `data`'s shape; uncompiled.

    Parameters
    ----------
    model : ModelSpec
    data : DataSpec
        Only its `shape` matters here.
    seed : int
        Of the initial weights.

    Returns
    -------
    keras.Model
        Inputs `tweet_a`, `tweet_b`: (n, T, D); outputs `predictions1`, `predictions2`: (n, 1), probabilities.
    """
    tweets = [keras.Input(data.shape, name=name) for name in INPUTS]
    lstms = {
        name: keras.layers.LSTM(
            model.lstm_units,
            kernel_initializer=_initialiser(seed, name, "kernel"),
            recurrent_initializer=_initialiser(seed, name, "recurrent_kernel"),
            name=name,
        )
        for name in dict.fromkeys(ENCODERS[model.encoder])
    }
    encoded = [lstms[name](tweet) for name, tweet in zip(ENCODERS[model.encoder], tweets, strict=True)]
    if model.merge == "none":
        read = encoded
    else:
        merge = _MERGE_LAYERS[model.merge](name=MERGED)
        read = [merge(encoded)] * 2
    if model.hidden_units:
        read = [_dense(model.hidden_units, "relu", seed, name)(x) for name, x in zip(HIDDEN, read, strict=True)]
    heads = [_dense(1, "sigmoid", seed, name)(x) for name, x in zip(OUTPUTS, read, strict=True)]
    return keras.Model(tweets, heads, name="two_tweets")


def initial_weights(model: keras.Model, seed: int) -> list[Float32]:
    """The weights that `build_model` with `seed` starts from, in `model.weights` order, for any model it has built.

    A model that is used again for another run is set to these instead of being built anew, because Keras and TensorFlow
    never give back what a build allocates.
    """
    return [
        _drawn(seed, layer.name, variable.name, tuple(variable.shape))
        for layer in model.layers
        for variable in layer.weights
    ]


def encoder_weights(model: keras.Model) -> tuple[LSTMWeights, LSTMWeights]:
    """Present weights of what encodes tweet_a and of what encodes tweet_b; the same ones twice if they share.

    Parameters
    ----------
    model : keras.Model
        Made by `build_model`, of D features and u units.

    Returns
    -------
    a, b : tuple of float32 arrays (D, 4u), (u, 4u), (4u,)
        Kernel, recurrent kernel and bias; gates in Keras's order: input, forget, cell, output.
    """
    layers = {layer.name: layer for layer in model.layers}
    names = next(pair for pair in ENCODERS.values() if pair[0] in layers)
    a, b = (tuple(layers[name].get_weights()) for name in names)
    return a, b


def _dense(units: int, activation: str, seed: int, name: str) -> keras.layers.Dense:
    return keras.layers.Dense(
        units, activation=activation, kernel_initializer=_initialiser(seed, name, "kernel"), name=name
    )


def _initialiser(seed: int, layer: str, part: str) -> keras.initializers.Initializer:
    """Keras's default for this part, with a seed of its own; all encoders play one role and start alike."""
    role = "lstm" if "lstm" in layer else layer
    own_seed = int.from_bytes(hashlib.sha256(f"{seed}/{role}/{part}".encode()).digest()[:4]) >> 1
    kind = keras.initializers.Orthogonal if part == "recurrent_kernel" else keras.initializers.GlorotUniform
    return kind(seed=own_seed)


def _drawn(seed: int, layer: str, part: str, shape: tuple[int, ...]) -> Float32:
    if part != "bias":
        return np.asarray(_initialiser(seed, layer, part)(shape), np.float32)
    bias = np.zeros(shape, np.float32)
    if "lstm" in layer:
        units = shape[0] // 4
        bias[units : 2 * units] = 1  # the forget gate starts open
    return bias
