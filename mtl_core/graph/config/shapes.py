"""The shapes that Keras's own layers make of the shapes they read.

A Keras 3 config tells the shape of every tensor that some call reads, but not of the model's outputs; a Keras 2 config
tells those of its inputs only. The rest follows from these rules, or stays unknown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mtl_core.graph.config.untrusted import Shape, as_shape, is_index

__all__ = ["SAME_SHAPE", "Shapes", "Unknown", "channels", "output_shape", "sizes", "whole"]

Shapes = Sequence[Shape | None]


class Unknown(Exception):
    """The config doesn't say."""


def output_shape(class_name: str, config: Mapping[str, Any], read: Shapes) -> Shape | None:
    """The shape that one of Keras's own layers makes; None without a rule.

    Parameters
    ----------
    class_name : str
    config : mapping
        The layer's arguments.
    read : sequence of shape or None
        Batch axis included.
    """
    known = [shape for shape in read if shape]
    if not known or len(known) < len(read):
        return None
    if class_name in SAME_SHAPE:
        return known[0]
    rule = _MERGES.get(class_name)
    try:
        if rule:
            return rule(config, known)
        return as_shape(_LAYERS[class_name](config, known[0])) if class_name in _LAYERS else None
    except Unknown:
        return None


def whole(config: Mapping[str, Any], key: str) -> int:
    """An argument that must be a whole number; raises `Unknown`."""
    value = config.get(key)
    if not is_index(value):
        raise Unknown
    return value


def sizes(config: Mapping[str, Any], key: str) -> tuple[int, ...]:
    """An argument that must be whole numbers, one an axis; raises `Unknown`."""
    value = config.get(key)
    if not isinstance(value, (list, tuple)) or len(value) > 3 or not all(is_index(size) for size in value):
        raise Unknown
    return tuple(value)


def channels(config: Mapping[str, Any]) -> int:
    """The axis of the channels."""
    try:
        return {"channels_last": -1, "channels_first": 1}[str(config.get("data_format", "channels_last"))]
    except KeyError:
        raise Unknown from None


def _alike(config: Mapping[str, Any], read: Sequence[Shape]) -> Shape | None:
    """Merges element by element; shapes that broadcast have no rule here."""
    return read[0] if all(shape == read[0] for shape in read) else None


def _concatenated(config: Mapping[str, Any], read: Sequence[Shape]) -> Shape | None:
    axis, rank = config.get("axis", -1), len(read[0])
    if not isinstance(axis, int) or not -rank <= axis < rank or any(len(shape) != rank for shape in read):
        return None
    axis %= rank
    others = {(*shape[:axis], *shape[axis + 1 :]) for shape in read}
    lengths = [shape[axis] for shape in read]
    total = sum(n or 0 for n in lengths)
    return None if None in lengths or len(others) > 1 else (*read[0][:axis], total, *read[0][axis + 1 :])


_MERGES: Mapping[str, Callable[[Mapping[str, Any], Sequence[Shape]], Shape | None]] = {
    "Concatenate": _concatenated,
    **dict.fromkeys(("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"), _alike),
}

SAME_SHAPE = frozenset(
    {
        "Activation", "ActivityRegularization", "AlphaDropout", "BatchNormalization", "Dropout", "ELU", "GaussianDropout",
        "GaussianNoise", "Identity", "LayerNormalization", "LeakyReLU", "Masking", "ReLU", "Rescaling", "Softmax",
        "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "UnitNormalization",
    }
)  # fmt: skip
"""Layers that change numbers and no shape."""


def _dense(config: Mapping[str, Any], shape: Shape) -> Shape:
    return (*shape[:-1], whole(config, "units"))


def _embedding(config: Mapping[str, Any], shape: Shape) -> Shape:
    return (*shape, whole(config, "output_dim"))


def _recurrent(config: Mapping[str, Any], shape: Shape) -> Shape:
    return (*shape[: 2 if config.get("return_sequences") else 1], whole(config, "units"))


def _flatten(config: Mapping[str, Any], shape: Shape) -> Shape:
    rest = [size for size in shape[1:] if size is not None]
    return (shape[0], None if len(rest) < len(shape) - 1 else math.prod(rest))


def _reshape(config: Mapping[str, Any], shape: Shape) -> Shape:
    target = config.get("target_shape")
    if not isinstance(target, (list, tuple)) or not all(is_index(size) for size in target):
        raise Unknown
    return (shape[0], *target)


def _spatial(config: Mapping[str, Any], shape: Shape) -> tuple[list[int], slice]:
    """The lengths of the axes that a window moves over, and where they stand."""
    where = slice(1, -1) if channels(config) == -1 else slice(2, None)
    lengths = [size for size in shape[where] if size is not None]
    if len(lengths) < len(shape) - 2 or not lengths:
        raise Unknown
    return lengths, where


def _windowed(config: Mapping[str, Any], shape: Shape, window: str, filters: int | None) -> Shape:
    """Convolution and pooling: ceil(n / s) with padding "same", ceil((n - d(k - 1)) / s) with "valid"."""
    lengths, where = _spatial(config, shape)
    steps = sizes(config, "strides") if config.get("strides") is not None else sizes(config, window)
    gaps = sizes(config, "dilation_rate") if "dilation_rate" in config else (1,) * len(lengths)
    made: list[int] = []
    for n, k, s, d in zip(lengths, sizes(config, window), steps, gaps, strict=False):
        kept = {"same": n, "causal": n, "valid": n - d * (k - 1)}.get(str(config.get("padding")), 0)
        made.append(-(-kept // s) if s else 0)
    if len(made) < len(lengths) or min(made) < 1:
        raise Unknown
    out = list(shape)
    out[where] = made
    if filters is not None:
        out[channels(config)] = filters
    return tuple(out)


def _convolution(config: Mapping[str, Any], shape: Shape) -> Shape:
    return _windowed(config, shape, "kernel_size", whole(config, "filters"))


def _depthwise(config: Mapping[str, Any], shape: Shape) -> Shape:
    made = shape[channels(config)]
    if made is None:
        raise Unknown
    return _windowed(config, shape, "kernel_size", made * whole(config, "depth_multiplier"))


def _pooling(config: Mapping[str, Any], shape: Shape) -> Shape:
    return _windowed(config, shape, "pool_size", None)


def _global_pooling(config: Mapping[str, Any], shape: Shape) -> Shape:
    if config.get("keepdims"):
        raise Unknown
    return (shape[0], shape[channels(config)])


_LAYERS: Mapping[str, Callable[[Mapping[str, Any], Shape], Shape]] = {
    "Dense": _dense,
    "Embedding": _embedding,
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN"), _recurrent),
    "Flatten": _flatten,
    "Reshape": _reshape,
    **{f"Conv{n}D": _convolution for n in (1, 2, 3)},
    **{f"SeparableConv{n}D": _convolution for n in (1, 2)},
    **{f"DepthwiseConv{n}D": _depthwise for n in (1, 2)},
    **{f"{kind}Pooling{n}D": _pooling for n in (1, 2, 3) for kind in ("Average", "Max")},
    **{f"Global{kind}Pooling{n}D": _global_pooling for n in (1, 2, 3) for kind in ("Average", "Max")},
}
