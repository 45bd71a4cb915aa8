"""The arguments of Keras's layers: their order and their defaults, as far as graph, shapes and weights depend on them.

A test holds this table to the signatures of the Keras that is installed. What layers were called in Keras 1 and 2, and
how their arguments were, is from the release notes of Keras 2.0 and from `keras/legacy/interfaces.py` (Keras 2.0 to 2.3).
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Mapping
from typing import Any

__all__ = ["ALIASES", "FUNCTIONS", "MERGE_MODES", "OLD_ARGUMENTS", "is_layer", "positional", "signature"]


def is_layer(name: str) -> bool:
    """Whether Keras has, or had, a layer of this name."""
    return ALIASES.get(name, name) in _NAMES


@functools.cache
def signature(class_name: str) -> Mapping[str, Any]:
    """Arguments of a layer in their order, with their defaults; `...` where there is none."""
    arguments = _arguments(class_name)
    names = [argument.arg for argument in (*arguments.args, *arguments.kwonlyargs)]
    defaults = [default for default in (*arguments.defaults, *arguments.kw_defaults) if default is not None]
    values = [ast.literal_eval(default) for default in defaults]
    return dict(zip(names, [...] * (len(names) - len(values)) + values, strict=True))


@functools.cache
def positional(class_name: str) -> tuple[str, ...]:
    """Arguments of a layer that may be given by their position, as far as they are in the table."""
    return tuple(argument.arg for argument in _arguments(class_name).args)


def _arguments(class_name: str) -> ast.arguments:
    function = ast.parse(f"def f({_NAMES[class_name]}): pass").body[0]
    assert isinstance(function, ast.FunctionDef)
    return function.args


_RNN = "*, return_sequences=False, return_state=False, go_backwards=False, stateful=False"
_CONV = "padding='valid', data_format=None, {rate}activation=None, use_bias=True"

_BY_ARGUMENTS: Mapping[str, str] = {
    "": "Add Average Identity Layer Maximum Minimum Multiply Subtract",
    "activation": "Activation",
    "l1=0.0, l2=0.0": "ActivityRegularization",
    "output_size, data_format=None": " ".join(f"Adaptive{k}Pooling{n}D" for k in ("Average", "Max") for n in (1, 2, 3)),
    "use_scale=True, dropout=0.0": "AdditiveAttention",
    "use_scale=False, score_mode='dot', dropout=0.0, seed=None": "Attention",
    "rate, noise_shape=None, seed=None": "AlphaDropout Dropout",
    "rate, seed=None": "GaussianDropout SpatialDropout1D",
    "stddev, seed=None": "GaussianNoise",
    "rate, data_format=None, seed=None": "SpatialDropout2D SpatialDropout3D",
    "pool_size, strides=None, padding='valid', data_format=None": "AveragePooling1D AveragePooling2D AveragePooling3D",
    "pool_size=2, strides=None, padding='valid', data_format=None": "MaxPooling1D",
    "pool_size=(2, 2), strides=None, padding='valid', data_format=None": "MaxPooling2D",
    "pool_size=(2, 2, 2), strides=None, padding='valid', data_format=None": "MaxPooling3D",
    "data_format=None, keepdims=False": " ".join(
        f"Global{k}Pooling{n}D" for k in ("Average", "Max") for n in (1, 2, 3)
    ),
    "axis=-1, momentum=0.99, epsilon=0.001, center=True, scale=True": "BatchNormalization",
    "axis=-1, epsilon=0.001, center=True, scale=True": "LayerNormalization",
    "groups=32, axis=-1, epsilon=0.001, center=True, scale=True": "GroupNormalization",
    "axis=-1, epsilon=1e-06": "RMSNormalization",
    "axis=-1, mean=None, variance=None, invert=False": "Normalization",
    "axis=-1": "Concatenate Softmax UnitNormalization",
    "layer, merge_mode='concat', weights=None, backward_layer=None": "Bidirectional",
    "layer": "TimeDistributed Wrapper",
    "layer, power_iterations=1": "SpectralNormalization",
    "num_tokens=None, output_mode='multi_hot', sparse=False": "CategoryEncoding",
    "height, width, data_format=None": "CenterCrop",
    f"filters, kernel_size, strides=1, {_CONV.format(rate='dilation_rate=1, groups=1, ')}": "Conv1D",
    f"filters, kernel_size, strides=(1, 1), {_CONV.format(rate='dilation_rate=(1, 1), groups=1, ')}": "Conv2D",
    f"filters, kernel_size, strides=(1, 1, 1), {_CONV.format(rate='dilation_rate=(1, 1, 1), groups=1, ')}": "Conv3D",
    "filters, kernel_size, strides=1, padding='valid', output_padding=None, data_format=None, dilation_rate=1, "
    "activation=None, use_bias=True": "Conv1DTranspose",
    "filters, kernel_size, strides=(1, 1), padding='valid', output_padding=None, data_format=None, "
    "dilation_rate=(1, 1), activation=None, use_bias=True": "Conv2DTranspose",
    "filters, kernel_size, strides=(1, 1, 1), padding='valid', data_format=None, output_padding=None, "
    "dilation_rate=(1, 1, 1), activation=None, use_bias=True": "Conv3DTranspose",
    "kernel_size, strides=1, padding='valid', depth_multiplier=1, data_format=None, dilation_rate=1, activation=None, "
    "use_bias=True": "DepthwiseConv1D",
    "kernel_size, strides=(1, 1), padding='valid', depth_multiplier=1, data_format=None, dilation_rate=(1, 1), "
    "activation=None, use_bias=True": "DepthwiseConv2D",
    f"filters, kernel_size, strides=1, {_CONV.format(rate='dilation_rate=1, depth_multiplier=1, ')}": "SeparableConv1D",
    f"filters, kernel_size, strides=(1, 1), {_CONV.format(rate='dilation_rate=(1, 1), depth_multiplier=1, ')}": (
        "SeparableConv2D"
    ),
    "filters, kernel_size, strides=1, padding='valid', data_format=None, dilation_rate=1, activation='tanh', "
    f"recurrent_activation='sigmoid', use_bias=True, {_RNN}": "ConvLSTM1D ConvLSTM2D ConvLSTM3D",
    "cropping=(1, 1)": "Cropping1D",
    "cropping=((0, 0), (0, 0)), data_format=None": "Cropping2D",
    "cropping=((1, 1), (1, 1), (1, 1)), data_format=None": "Cropping3D",
    "units, activation=None, use_bias=True": "Dense",
    "bin_boundaries=None, num_bins=None, epsilon=0.01, output_mode='int', sparse=False": "Discretization",
    "axes, normalize=False": "Dot",
    "alpha=1.0": "ELU",
    "equation, output_shape, activation=None, bias_axes=None": "EinsumDense",
    "input_dim, output_dim, embeddings_initializer='uniform', embeddings_regularizer=None, embeddings_constraint=None, "
    "mask_zero=False, weights=None": "Embedding",
    "data_format=None": "Flatten",
    f"units, activation='tanh', recurrent_activation='sigmoid', use_bias=True, {_RNN}, unroll=False, reset_after=True": (
        "GRU"
    ),
    f"units, activation='tanh', recurrent_activation='sigmoid', use_bias=True, {_RNN}, unroll=False": "LSTM",
    f"units, activation='tanh', use_bias=True, {_RNN}, unroll=False": "SimpleRNN",
    "units, return_sequences=False, return_state=False, go_backwards=False, stateful=False": "CuDNNLSTM CuDNNGRU",
    "units, activation='tanh', recurrent_activation='sigmoid', use_bias=True, *, reset_after=True": "GRUCell",
    "units, activation='tanh', recurrent_activation='sigmoid', use_bias=True": "LSTMCell",
    "units, activation='tanh', use_bias=True": "SimpleRNNCell",
    f"cell, {_RNN}, unroll=False": "RNN",
    "cells": "StackedRNNCells",
    "head_dim, num_query_heads, num_key_value_heads, dropout=0.0, use_bias=True": "GroupedQueryAttention",
    "num_bins, output_mode='int', sparse=False": "HashedCrossing",
    "num_bins, mask_value=None, salt=None, output_mode='int', sparse=False": "Hashing",
    "shape=None, batch_size=None, dtype=None, sparse=None, ragged=None, batch_shape=None": "InputLayer",
    "max_tokens=None, num_oov_indices=1, mask_token=None": "IntegerLookup StringLookup",
    "function, output_shape=None, mask=None, arguments=None": "Lambda",
    "negative_slope=0.3": "LeakyReLU",
    "mask_value=0.0": "Masking",
    "num_heads, key_dim, value_dim=None, dropout=0.0, use_bias=True, output_shape=None, attention_axes=None": (
        "MultiHeadAttention"
    ),
    "alpha_initializer='Zeros', alpha_regularizer=None, alpha_constraint=None, shared_axes=None": "PReLU",
    "dims": "Permute",
    "max_value=None, negative_slope=0.0, threshold=0.0": "ReLU",
    "n": "RepeatVector",
    "scale, offset=0.0": "Rescaling",
    "target_shape": "Reshape",
    "height, width": "Resizing RandomCrop",
    "max_tokens=None, standardize='lower_and_strip_punctuation', split='whitespace', ngrams=None, output_mode='int', "
    "output_sequence_length=None": "TextVectorization",
    "size=2": "UpSampling1D",
    "size=(2, 2), data_format=None": "UpSampling2D",
    "size=(2, 2, 2), data_format=None": "UpSampling3D",
    "padding=1, data_format=None": "ZeroPadding1D",
    "padding=(1, 1), data_format=None": "ZeroPadding2D",
    "padding=((1, 1), (1, 1), (1, 1)), data_format=None": "ZeroPadding3D",
    "mode='horizontal_and_vertical', seed=None": "RandomFlip",
    "factor": "RandomBrightness RandomContrast RandomHue RandomRotation RandomSaturation RandomSharpness",
    "height_factor, width_factor": "RandomTranslation",
    "height_factor": "RandomZoom",
}

_NAMES: Mapping[str, str] = {name: text for text, names in _BY_ARGUMENTS.items() for name in names.split()}

ALIASES: Mapping[str, str] = {
    **{f"Convolution{n}D": f"Conv{n}D" for n in (1, 2, 3)},
    **{f"{kind}Pool{n}D": f"{full}Pooling{n}D" for n in (1, 2, 3) for kind, full in (
        ("Max", "Max"), ("Avg", "Average"), ("GlobalMax", "GlobalMax"), ("GlobalAvg", "GlobalAverage")
    )},
    **{f"{kind}Convolution2D": f"{kind}Conv2D" for kind in ("Separable", "Depthwise")},
    "AtrousConvolution1D": "Conv1D", "AtrousConvolution2D": "Conv2D", "Deconvolution2D": "Conv2DTranspose",
    "Convolution2DTranspose": "Conv2DTranspose", "Deconv2D": "Conv2DTranspose",
    "TimeDistributedDense": "Dense", "BatchNorm": "BatchNormalization", "GroupQueryAttention": "GroupedQueryAttention",
}  # fmt: skip
"""What a layer is called today."""

FUNCTIONS: Mapping[str, str] = {
    name: name.capitalize()
    for name in ("add", "average", "concatenate", "dot", "maximum", "minimum", "multiply", "subtract")
}
"""Layers that can also be written as functions: `concatenate([a, b])`."""

MERGE_MODES: Mapping[str, str] = {
    "concat": "Concatenate", "sum": "Add", "mul": "Multiply", "ave": "Average", "dot": "Dot", "cos": "Dot", "max": "Maximum",
}  # fmt: skip
"""The modes of Keras 1's `Merge`."""

OLD_ARGUMENTS: Mapping[str, str] = {
    "output_dim": "units", "nb_filter": "filters", "filter_length": "kernel_size", "border_mode": "padding",
    "subsample": "strides", "subsample_length": "strides", "atrous_rate": "dilation_rate", "dim_ordering": "data_format",
    "pool_length": "pool_size", "stride": "strides", "p": "rate", "sigma": "stddev", "inner_activation": "recurrent_activation",
    "bias": "use_bias", "dropout_U": "recurrent_dropout", "dropout_W": "dropout", "alpha": "negative_slope",
}  # fmt: skip
"""What arguments were called in Keras 1, and what they are called today where a layer has that."""
