"""A spec as a real `keras.Model`; only workers import this package, because it imports Keras."""

from mtl_core.model.build import build_model, encoder_weights, initial_weights
from mtl_core.model.keras_file import keras_file
from mtl_core.model.kernels import Tensor, Weights, encode_rows, input_gradients, lstm
from mtl_core.model.variants import VARIANTS, Variant, variant_of

__all__ = [
    "VARIANTS",
    "Tensor",
    "Variant",
    "Weights",
    "build_model",
    "encode_rows",
    "encoder_weights",
    "initial_weights",
    "input_gradients",
    "keras_file",
    "lstm",
    "variant_of",
]
