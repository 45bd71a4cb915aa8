"""All rules by class name, and what they say of a layer in a file.

A layer without a rule, or with an argument that its rule doesn't foresee, gives None, which a page shows as "not in the
file": a wrong number would be worse than none. `docs/limits.md` lists every layer of Keras with what is known of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mtl_core.graph.config.layers import (
    applications,
    attention,
    convolution,
    core,
    einsum,
    merging,
    normalization,
    pooling,
    preprocessing,
    recurrent,
    reshaping,
)
from mtl_core.graph.config.layers.operations import is_operation
from mtl_core.graph.config.layers.rule import MODULES, Config, Rule, Shapes, Unknown
from mtl_core.graph.config.layers.wrappers import wrappers
from mtl_core.graph.config.parts import LayerConfig
from mtl_core.graph.config.untrusted import Shape, as_shape

__all__ = ["RULES", "has_usual_weights", "is_known_layer", "output_shapes", "parameters", "rule_of"]

MAX_PARAMETERS = 2**63
"""Most weights that a layer can have; what claims more is no layer."""

_FAMILIES = (
    core, einsum, convolution, pooling, recurrent, attention, normalization, merging, reshaping, preprocessing,
)  # fmt: skip


def is_known_layer(layer: LayerConfig) -> bool:
    """Whether it is one of Keras's own layers for which there is a rule, so that it can't be a model."""
    return rule_of(layer) is not None


def output_shapes(layer: LayerConfig, read: Shapes) -> tuple[Shape | None, ...]:
    """The shapes of a call's outputs, from the first on, as far as they can be told.

    Parameters
    ----------
    layer : LayerConfig
    read : sequence of shape or None
        Shapes of the tensors in the call's first argument, batch axis included.
    """
    rule = rule_of(layer)
    try:
        return tuple(as_shape(shape) for shape in rule.outputs(layer.config, read)) if rule else ()
    except (Unknown, RecursionError):
        return ()


def parameters(layer: LayerConfig, read: Shapes) -> int | None:
    """How many weights a layer has, trainable or not, as in `layer.count_params()`; None where that can't be told.

    Parameters
    ----------
    layer : LayerConfig
    read : sequence of shape or None
        Shapes of the tensors in the first argument of its first call, batch axis included.
    """
    if is_operation(layer):
        return 0
    rule = rule_of(layer)
    if rule is None or not has_usual_weights(layer.config):
        return None
    try:
        count = rule.count(layer.config, _built_for(layer) or read)
    except (Unknown, RecursionError):
        return None
    return count if count < MAX_PARAMETERS else None


def rule_of(layer: LayerConfig) -> Rule | None:
    """What is known of a layer's class; None for a class of somebody's own, and for one without a rule."""
    if layer.module.startswith("keras.src.applications.") and layer.registered_name in (
        "",
        layer.class_name,
        f"Custom>{layer.class_name}",
    ):
        return applications.RULES.get(layer.class_name)
    kerass_own = layer.module in MODULES and not layer.own_class
    return _rule_by_name(layer.class_name, layer.config) if kerass_own else None


def has_usual_weights(config: Mapping[str, Any]) -> bool:
    """Whether the weights are neither quantised nor given a low-rank update."""
    policy = config.get("dtype")
    kind = policy.get("class_name") if isinstance(policy, Mapping) else "DTypePolicy"
    return kind in _POLICIES and not any(config.get(key) for key in ("lora_rank", "quantization_config"))


def _rule_by_name(class_name: str, config: Config) -> Rule | None:
    rule = RULES.get(class_name)
    return rule if rule and all(key in config for key in rule.needs) else None


def _usual_rule_of(class_name: str, config: Config) -> Rule | None:
    """The rule of a layer inside another, whose weights must be the usual ones too."""
    return _rule_by_name(class_name, config) if has_usual_weights(config) else None


RULES: Mapping[str, Rule] = {
    **{name: rule for family in _FAMILIES for name, rule in family.RULES.items()},
    **wrappers(_usual_rule_of),
}


def _built_for(layer: LayerConfig) -> list[Shape]:
    """The shapes that a layer's weights were made for, where a file says: those of the first argument come first."""
    built = layer.built_for
    one = built.get("input_shape") or built.get("inputs_shape") or built.get("sequences_shape")
    several = [built[f"{name}_shape"] for name in ("query", "value", "key") if f"{name}_shape" in built]
    return [one] if one else several


_POLICIES = ("DTypePolicy", "FloatDTypePolicy", "Policy", "PolicyV1")
"""What the kinds of numbers are called that change no count, from Keras 2 on."""
