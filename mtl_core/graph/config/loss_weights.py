"""What each loss weighs in the sum that is minimised, as `compile` was told and as a file or a program says it.

Only plain numbers are read. Keras takes them by the order or the names of the outputs; what is neither says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from mtl_core.graph.config.parts import ModelConfig
from mtl_core.graph.config.untrusted import MAX_ENDS, as_list

__all__ = ["by_head", "plain_weights"]


def plain_weights(given: Any) -> tuple[float, ...] | Mapping[str, float]:
    """The numbers in a `loss_weights`: by name, or all of a list, or one; empty where they are no plain numbers."""
    if isinstance(given, Mapping) and given.get("class_name") != "__tuple__":
        named = list(given.items())[:MAX_ENDS]
        return {name: float(weight) for name, weight in named if isinstance(name, str) and _is_number(weight)}
    if _is_number(given):
        return (float(given),)
    listed = as_list(given)
    if listed is None or len(listed) > MAX_ENDS or not all(map(_is_number, listed)):
        return ()
    return tuple(map(float, listed))


def by_head(model: ModelConfig, heads: Sequence[str]) -> dict[str, float]:
    """What each head's loss weighs; a head of which that isn't said is left out."""
    given = model.loss_weights
    if not isinstance(given, Mapping):
        return dict(zip(heads, given, strict=True)) if len(given) == len(heads) else {}
    keys = model.output_keys if model.output_keys and set(given) <= set(model.output_keys) else heads
    return {head: given[key] for head, key in zip(heads, keys, strict=False) if key in given}


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
