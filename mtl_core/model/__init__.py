"""A spec as a real `keras.Model`; only workers import this package, because it imports Keras."""

from mtl_core.model.build import build_model, encoder_weights, initial_weights
from mtl_core.model.keras_file import keras_file
from mtl_core.model.kernels import Frame, Tensor, Weights, encode_rows, frame_of, input_gradients, lstm, stacked
from mtl_core.model.variants import VARIANTS, Variant, variant_of

__all__ = [
    "VARIANTS",
    "Frame",
    "Tensor",
    "Variant",
    "Weights",
    "build_model",
    "encode_rows",
    "encoder_weights",
    "frame_of",
    "initial_weights",
    "input_gradients",
    "keras_file",
    "lstm",
    "stacked",
    "variant_of",
]
