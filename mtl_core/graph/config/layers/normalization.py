"""Layers that bring numbers to one scale."""

from __future__ import annotations

import math
from collections.abc import Mapping

from mtl_core.graph.config.layers.rule import (
    Config,
    Count,
    Rule,
    Shapes,
    first,
    flag,
    integers,
    same_shape,
    size,
    weightless,
)
from mtl_core.graph.config.untrusted import Shape, as_list

__all__ = ["RULES"]


def _features(config: Config, shape: Shape) -> int:
    axes = {axis % len(shape) if -len(shape) <= axis < len(shape) else axis for axis in integers(config.get("axis"))}
    return math.prod(size(shape, axis) for axis in axes)


def _normalised(statistics: int) -> Count:
    """A shift and a scale for each feature, and the running statistics."""

    def count(config: Config, shapes: Shapes) -> int:
        kept = statistics + flag(config, "center", True) + flag(config, "scale", True)
        if config.get("renorm"):
            kept += 3
        if config.get("rms_scaling"):
            kept = 1
        return kept * _features(config, first(shapes))

    return count


def _root_mean_square(config: Config, shapes: Shapes) -> int:
    return _features(config, first(shapes))


def _adapted(config: Config, shapes: Shapes) -> int:
    """Mean and variance of each feature and how many rows they come from, unless they are arguments."""
    if config.get("mean") is not None:
        return 0
    axes = as_list(config.get("axis"))
    features = 1 if config.get("axis") is None or axes in ([], ()) else _features(config, first(shapes))
    return 2 * features + 1


_BATCH = Rule(count=_normalised(2), outputs=same_shape, needs=("axis",))

RULES: Mapping[str, Rule] = {
    **dict.fromkeys(
        ("BatchNormalization", "BatchNormalizationV1", "BatchNormalizationV2", "SyncBatchNormalization"), _BATCH
    ),
    "GroupNormalization": Rule(count=_normalised(0), outputs=same_shape, needs=("groups", "axis")),
    "LayerNormalization": Rule(count=_normalised(0), outputs=same_shape, needs=("axis",)),
    "Normalization": Rule(count=_adapted, outputs=same_shape, needs=("axis",)),
    "RMSNormalization": Rule(count=_root_mean_square, outputs=same_shape, needs=("axis",)),
    "UnitNormalization": Rule(count=weightless, outputs=same_shape, needs=("axis",)),
}
