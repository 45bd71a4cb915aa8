"""The two layers that `keras.applications` brings along for its own models."""

from __future__ import annotations

from collections.abc import Mapping

from mtl_core.graph.config.layers.rule import Config, Rule, Shapes, same_shape, weightless, whole

__all__ = ["RULES"]


def _scale(config: Config, _shapes: Shapes) -> int:
    """A factor for each feature."""
    return whole(config, "projection_dim")


RULES: Mapping[str, Rule] = {
    "LayerScale": Rule(count=_scale, outputs=same_shape, needs=("projection_dim",)),
    "CustomScaleLayer": Rule(count=weightless, outputs=same_shape, needs=("scale",)),
}
