"""Layers that make the same number whatever they read: a softmax over one unit, exp(x) / exp(x) = 1.

A sigmoid over one unit is no such layer: it is the usual head of a yes-or-no question.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mtl_core.graph.config.layers.rule import Config, Unknown, inner, integers
from mtl_core.graph.config.layers.table import is_known_layer
from mtl_core.graph.config.parts import LayerConfig
from mtl_core.graph.config.untrusted import Shape

__all__ = ["is_constant"]


def is_constant(layer: LayerConfig, made: Shape | None) -> bool:
    """Whether a call of the layer makes nothing but ones: it ends in a softmax, over an axis of one unit.

    Parameters
    ----------
    layer : LayerConfig
    made : shape or None
        What the call makes; where that isn't known, the answer is no.
    """
    if not made or not is_known_layer(layer):
        return False
    try:
        axes = _softmax_axes(layer.class_name, layer.config)
    except Unknown:
        return False
    return bool(axes) and all(-len(made) <= axis < len(made) and made[axis] == 1 for axis in axes)


def _softmax_axes(class_name: str, config: Config) -> tuple[int, ...]:
    """The axes that a layer's softmax is over; none if it ends in something else."""
    if class_name == "Softmax":
        return integers(config.get("axis", -1))
    if class_name == "TimeDistributed":
        inside, arguments = inner(config.get("layer"))
        return (-1,) if inside in _ACTIVATED and _is_softmax(arguments.get("activation")) else ()
    return (-1,) if class_name in _ACTIVATED and _is_softmax(config.get("activation")) else ()


def _is_softmax(activation: Any) -> bool:
    """Whether it is Keras's own softmax, as a name or as the function that Keras 2 and 3 also write."""
    if isinstance(activation, Mapping):
        kerass_own = activation.get("module") in ("builtins", "keras.activations")
        return kerass_own and bool(activation.get("config") == "softmax")
    return bool(activation == "softmax")


_ACTIVATED = frozenset(
    {
        "Activation", "Dense", "EinsumDense",
        *(f"{kind}{n}D" for kind in ("Conv", "DepthwiseConv", "SeparableConv") for n in (1, 2, 3)),
        *(f"Conv{n}DTranspose" for n in (1, 2, 3)),
    }
)  # fmt: skip
"""Layers whose last step is their activation."""
