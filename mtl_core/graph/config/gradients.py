"""What gradients can change and where they stop: a layer's weights, and calls that no gradient passes.

Both are told from a config alone and never guessed. A layer has no weights for a loss only where there is a rule that says so.
A call stops gradients only where its derivative is zero or missing everywhere, as that of a rounding.

Keras asks each *variable* whether it is trainable, and setting a model's `trainable` sets that of every layer in it. So a layer
inside a model counts by its own flag; only the outermost model's holds for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mtl_core.graph.calls import Weights
from mtl_core.graph.config.layers.operations import is_operation
from mtl_core.graph.config.layers.rule import Config, Unknown, inner, weightless
from mtl_core.graph.config.layers.table import has_usual_weights, rule_of
from mtl_core.graph.config.parts import LayerConfig, ModelConfig
from mtl_core.graph.config.untrusted import as_list

__all__ = ["FLAT", "FLAT_BEFORE_KERAS_3", "stops_gradients", "together", "weights_of"]

FLAT = frozenset(
    {
        "All", "Any", "Argmax", "Argmin", "Argsort", "Ceil", "CountNonzero", "Equal", "Floor", "Greater",
        "GreaterEqual", "Isfinite", "Isinf", "Isnan", "Less", "LessEqual", "LogicalAnd", "LogicalNot", "LogicalOr",
        "LogicalXor", "NotEqual", "OneHot", "OnesLike", "Round", "Sign", "StopGradient", "Trunc", "ZerosLike",
    }
)  # fmt: skip
"""Functions of `keras.ops` through which no gradient passes."""

FLAT_BEFORE_KERAS_3 = frozenset(
    {
        "math.argmax", "math.argmin", "math.ceil", "math.equal", "math.floor", "math.greater", "math.greater_equal",
        "math.less", "math.less_equal", "math.logical_and", "math.logical_not", "math.logical_or", "math.not_equal",
        "math.rint", "math.round", "math.sign", "one_hot", "ones_like", "stop_gradient", "zeros_like",
    }
)  # fmt: skip
"""TensorFlow's functions of which the same is true, by the names that Keras 2 writes."""

_INDICES = frozenset(
    {"Discretization", "Embedding", "HashedCrossing", "Hashing", "IntegerLookup", "StringLookup", "TextVectorization"}
)
"""Layers that read whole numbers or texts, which no gradient changes."""


def stops_gradients(layer: LayerConfig) -> bool:
    """Whether no gradient passes from what a call of the layer makes to what it reads."""
    if layer.class_name == "TFOpLambda":
        function = layer.config.get("function")
        return isinstance(function, str) and function in FLAT_BEFORE_KERAS_3
    if is_operation(layer):
        return layer.class_name in FLAT
    return layer.class_name in _INDICES and rule_of(layer) is not None


def weights_of(layer: LayerConfig, count: int | None, inside: ModelConfig | None = None) -> Weights:
    """What a loss can change of a layer.

    Parameters
    ----------
    layer : LayerConfig
    count : int or None
        How many weights it has, trainable or not; None where that isn't known.
    inside : ModelConfig, optional
        What a call of it does, for a class of a program's own: the layers in it are its own.
    """
    try:
        weights = _weights_of(layer, count)
        if weights == "unknown" and inside is not None and together(_of_layers(inside)) == "trainable":
            return _held(layer.config, "trainable")
        return weights
    except RecursionError:  # wrappers around wrappers, as only a hostile file has them
        return "unknown"


def _weights_of(layer: LayerConfig, count: int | None) -> Weights:
    if count == 0 or is_operation(layer) or (layer.class_name == "Lambda" and not layer.own_class):
        return "none"
    if layer.module == "keras.applications":  # a model of a program, as one closed call
        return _flagged(layer.config)
    if layer.wrapped is not None:
        return _held(layer.config, together(_of_layers(layer.wrapped)))
    if rule_of(layer) is None or not has_usual_weights(layer.config):
        return "unknown"
    return _of_class(layer.class_name, layer.config)


def together(several: Iterable[Weights]) -> Weights:
    """What a loss can change of several layers, or of one that a file describes several times."""
    return max(several, key=_FROM_NONE_TO_SOME.index, default="none")


def _of_layers(model: ModelConfig) -> Iterable[Weights]:
    for layer in model.layers.values():
        yield together(_of_layers(layer.model)) if layer.model else _weights_of(layer, None)


def _of_class(class_name: str, config: Config) -> Weights:
    """The weights of a layer that there is a rule for."""
    if class_name in _WRAPPERS:
        entries = as_list(config.get("layers")) if class_name == "Pipeline" else [config.get("layer")]
        return _held(config, together(map(_of_entry, entries or ())))
    return _flagged(config) if _learns(class_name, config) else "none"


_WRAPPERS = ("Bidirectional", "Pipeline", "SpectralNormalization", "TimeDistributed")


def _of_entry(entry: Any) -> Weights:
    """The weights of a layer that is an argument of another."""
    try:
        class_name, config = inner(entry)
    except Unknown:
        return "unknown"
    layer = LayerConfig("", class_name, "keras.layers", "", config, {}, (), None, None)
    return _weights_of(layer, None)


def _learns(class_name: str, config: Config) -> bool:
    """Whether a layer that there is a rule for has weights of which gradients change any."""
    if class_name == "Normalization":  # mean and variance come from `adapt`
        return False
    if class_name in _SHIFTED:
        return config.get("center") is not False or config.get("scale") is not False
    if class_name in ("Attention", "AdditiveAttention"):
        return config.get("use_scale") is not False or config.get("score_mode", "dot") == "concat"
    rule = rule_of(LayerConfig("", class_name, "", "", config, {}, (), None, None))
    return rule is not None and rule.count is not weightless


_SHIFTED = frozenset(
    {
        "BatchNormalization", "BatchNormalizationV1", "BatchNormalizationV2", "GroupNormalization", "LayerNormalization",
        "SyncBatchNormalization",
    }
)  # fmt: skip
"""Layers that train a shift and a scale, each of which may be left out; running statistics are set by no gradient."""


def _flagged(config: Mapping[str, Any]) -> Weights:
    """By the layer's own flag; what is no plain yes or no isn't known."""
    flag = config.get("trainable", True)
    if not isinstance(flag, bool):
        return "unknown"
    return "trainable" if flag else "frozen"


def _held(config: Mapping[str, Any], inside: Weights) -> Weights:
    """The weights of a layer around others: theirs, if its own flag doesn't contradict."""
    own = _flagged(config)
    return inside if inside == "none" or own in ("trainable", inside) else "unknown"


_FROM_NONE_TO_SOME: tuple[Weights, ...] = ("none", "frozen", "unknown", "trainable")
