"""How many weights Keras's own layers have, and the shapes they make, from their arguments alone.

Only rules that hold without exception are here, each tested against Keras. A layer without a rule, or with an argument
that a rule doesn't foresee, gives None, which a page shows as "not in the file": a wrong number would be worse than none.

Counts are of all weights, trainable or not, as in `layer.count_params()`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from mtl_core.graph.config.parts import LayerConfig
from mtl_core.graph.config.shapes import SAME_SHAPE, Shapes, Unknown, channels, sizes, whole
from mtl_core.graph.config.shapes import output_shape as shape_by_rule
from mtl_core.graph.config.untrusted import Shape, is_index

__all__ = ["is_known_layer", "output_shape", "parameters"]


def is_known_layer(layer: LayerConfig) -> bool:
    """Whether it is one of Keras's own layers for which there is a rule, so that it can't be a model."""
    return _is_kerass_own(layer) and (layer.class_name in _PARAMETERS or layer.class_name in _WEIGHTLESS)


def output_shape(layer: LayerConfig, read: Shapes) -> Shape | None:
    """The shape of a call's first output; None where that can't be told.

    Parameters
    ----------
    layer : LayerConfig
    read : sequence of shape or None
        Shapes of what the call reads, batch axis included.
    """
    return shape_by_rule(layer.class_name, layer.config, read) if _is_kerass_own(layer) else None


def parameters(layer: LayerConfig, read: Shapes) -> int | None:
    """How many weights a layer has; None where that can't be told.

    Parameters
    ----------
    layer : LayerConfig
    read : sequence of shape or None
        Shapes of what its first call reads, batch axis included.
    """
    if _is_operation(layer):
        return 0
    if not _is_kerass_own(layer):
        return None
    if layer.class_name in _WEIGHTLESS:
        return 0
    rule = _PARAMETERS.get(layer.class_name)
    if rule is None or not _has_usual_weights(layer.config):
        return None
    built_for = layer.built_for.get("input_shape") or layer.built_for.get("sequences_shape")
    shape = built_for or (read[0] if read else None)
    try:
        return rule(layer.config, shape) if shape else None
    except Unknown:
        return None


def _is_kerass_own(layer: LayerConfig) -> bool:
    return layer.module in ("", "keras.layers") and not layer.own_class


def _is_operation(layer: LayerConfig) -> bool:
    """Whether it is a function and no layer: `keras.ops` in Keras 3, TensorFlow's functions in Keras 2."""
    return layer.module.startswith(("keras.ops", "keras.src.ops.")) or layer.class_name in _OLD_OPERATIONS


def _has_usual_weights(config: Mapping[str, Any]) -> bool:
    """Whether the weights are neither quantised nor given a low-rank update."""
    policy = config.get("dtype")
    kind = policy.get("class_name") if isinstance(policy, Mapping) else "DTypePolicy"
    unusual = ("lora_rank", "quantization_config", "renorm", "rms_scaling")
    return kind in ("DTypePolicy", "Policy") and not any(config.get(key) for key in unusual)


Rule = Callable[[Mapping[str, Any], Shape], int]


def _size(shape: Shape, axis: int = -1) -> int:
    if not -len(shape) <= axis < len(shape):
        raise Unknown
    size = shape[axis]
    if size is None:
        raise Unknown
    return size


def _bias(config: Mapping[str, Any]) -> int:
    return 1 if config.get("use_bias", True) else 0


def _dense(config: Mapping[str, Any], shape: Shape) -> int:
    """D x u + u."""
    return whole(config, "units") * (_size(shape) + _bias(config))


def _embedding(config: Mapping[str, Any], shape: Shape) -> int:
    return whole(config, "input_dim") * whole(config, "output_dim")


def _recurrent(gates: int) -> Rule:
    """gates x (D x u + u x u + u); a GRU that resets after the product has two biases."""

    def rule(config: Mapping[str, Any], shape: Shape) -> int:
        units = whole(config, "units")
        biases = _bias(config) * (2 if gates == 3 and config.get("reset_after", False) else 1)
        return gates * units * (_size(shape) + units + biases)

    return rule


def _convolution(config: Mapping[str, Any], shape: Shape) -> int:
    """kernel x D / groups x filters + filters."""
    groups = config.get("groups", 1)
    filters, inputs = whole(config, "filters"), _size(shape, channels(config))
    if not is_index(groups) or not groups or inputs % groups:
        raise Unknown
    return filters * (math.prod(sizes(config, "kernel_size")) * inputs // groups + _bias(config))


def _depthwise(config: Mapping[str, Any], shape: Shape) -> int:
    made = _size(shape, channels(config)) * whole(config, "depth_multiplier")
    return made * (math.prod(sizes(config, "kernel_size")) + _bias(config))


def _separable(config: Mapping[str, Any], shape: Shape) -> int:
    made = _size(shape, channels(config)) * whole(config, "depth_multiplier")
    filters = whole(config, "filters")
    return made * math.prod(sizes(config, "kernel_size")) + made * filters + filters * _bias(config)


def _normalisation(statistics: int) -> Rule:
    """A scale and a shift for each feature, and the running statistics."""

    def rule(config: Mapping[str, Any], shape: Shape) -> int:
        axes = config.get("axis", -1)
        axes = axes if isinstance(axes, (list, tuple)) else [axes]
        if not all(isinstance(axis, int) for axis in axes):
            raise Unknown
        kept = statistics + bool(config.get("center", True)) + bool(config.get("scale", True))
        return kept * math.prod(_size(shape, axis) for axis in axes)

    return rule


_PARAMETERS: Mapping[str, Rule] = {
    "Dense": _dense,
    "Embedding": _embedding,
    "LSTM": _recurrent(4),
    "GRU": _recurrent(3),
    "SimpleRNN": _recurrent(1),
    **{f"Conv{n}D{kind}": _convolution for n in (1, 2, 3) for kind in ("", "Transpose")},
    **{f"DepthwiseConv{n}D": _depthwise for n in (1, 2)},
    **{f"SeparableConv{n}D": _separable for n in (1, 2)},
    "BatchNormalization": _normalisation(2),
    "LayerNormalization": _normalisation(0),
}

_WEIGHTLESS = (SAME_SHAPE - _PARAMETERS.keys()) | {
    "InputLayer", "Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Subtract",
    "Flatten", "Permute", "RepeatVector", "Reshape",
    *(f"{kind}{n}D" for n in (1, 2, 3) for kind in ("UpSampling", "ZeroPadding", "Cropping")),
    *(f"{size}{kind}Pooling{n}D" for n in (1, 2, 3) for kind in ("Average", "Max") for size in ("", "Global")),
}  # fmt: skip

_OLD_OPERATIONS = frozenset({"TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer"})
