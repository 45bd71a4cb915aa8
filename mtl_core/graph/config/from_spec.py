"""The config of the question's models, written from a spec without Keras, so that a changed toggle is on screen at once.

`mtl_core.model.build_model` makes the real models; a test holds the two together.
"""

from __future__ import annotations

from typing import Any

from mtl_core.graph.config.parts import CallConfig, LayerConfig, ModelConfig, Ref
from mtl_core.graph.config.unroll import input_layer
from mtl_core.spec import ENCODERS, HIDDEN, INPUTS, MERGED, OUTPUTS, DataSpec, ModelSpec

__all__ = ["two_tweets"]

_MERGES = {"concatenate": "Concatenate", "add": "Add", "multiply": "Multiply"}


def two_tweets(model: ModelSpec, data: DataSpec) -> ModelConfig:
    """The config of the model that a spec describes, its layers and calls in Keras's own order."""
    layers = {name: input_layer(name, (None, *data.shape)) for name in INPUTS}

    def call(name: str, class_name: str, reads: tuple[Ref, ...], **config: Any) -> Ref:
        """Call a layer on `reads`, make it first if it is new, and return what the call makes."""
        calls = layers[name].calls if name in layers else ()
        layers[name] = LayerConfig(
            name, class_name, "keras.layers", "", config, {}, (*calls, CallConfig(first=reads)), None, None
        )
        return Ref(name, len(calls), 0)

    read = [
        (call(name, "LSTM", (Ref(tweet, 0, 0),), units=model.lstm_units),)
        for name, tweet in zip(ENCODERS[model.encoder], INPUTS, strict=True)
    ]
    if model.merge != "none":
        encoded = (*read[0], *read[1])
        read = [(call(MERGED, _MERGES[model.merge], encoded),)] * 2
    if model.hidden_units:
        read = [(call(name, "Dense", x, units=model.hidden_units),) for name, x in zip(HIDDEN, read, strict=True)]
    heads = tuple(call(name, "Dense", x, units=1) for name, x in zip(OUTPUTS, read, strict=True))
    return ModelConfig("two_tweets", layers, tuple(Ref(name, 0, 0) for name in INPUTS), heads)
