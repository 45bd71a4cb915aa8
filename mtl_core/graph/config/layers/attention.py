"""Attention: each query gets a mean of the values, weighed by how well their keys fit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from mtl_core.graph.config.layers.rule import Config, Rule, Shapes, Unknown, first, flag, integers, size, whole
from mtl_core.graph.config.untrusted import Shape, as_shape

__all__ = ["RULES"]


def _dot_product(config: Config, _shapes: Shapes) -> int:
    """One number for the scale, and one if the scores add up instead."""
    return int(flag(config, "use_scale", False)) + int(config.get("score_mode", "dot") == "concat")


def _additive(config: Config, shapes: Shapes) -> int:
    """A scale for each feature of the query."""
    return size(first(shapes)) if flag(config, "use_scale", True) else 0


def _weighed_values(_config: Config, shapes: Shapes) -> tuple[Shape | None, ...]:
    query, value = (shapes[0], shapes[1]) if len(shapes) > 1 else (None, None)
    if not query or not value:
        raise Unknown
    return ((*query[:-1], value[-1]),)


def _widths(config: Config, shapes: Shapes) -> tuple[int, int, int]:
    """Features of query, value and key; Keras 2 has their shapes among the arguments, Keras 3 beside them."""
    written = [as_shape(config.get(f"{name}_shape")) for name in ("query", "value", "key")]
    query, value, key = written if all(written) else (*shapes, None, None, None)[:3]
    key = key or value
    if not query or not value or not key:
        raise Unknown
    return size(query), size(value), size(key)


def _multi_head(config: Config, shapes: Shapes) -> int:
    """Query, key and value are each projected to all heads, and these back to the width of the output."""
    query, value, key = _widths(config, shapes)
    heads, width = whole(config, "num_heads"), whole(config, "key_dim")
    value_width = width if config.get("value_dim") is None else whole(config, "value_dim")
    made = config.get("output_shape")
    out = query if not made else math.prod(_sizes(made))
    bias, gates = flag(config, "use_bias", True), flag(config, "use_gate", False)
    return (
        heads * width * (query + key + 2 * bias)
        + heads * value_width * (value + bias + gates * (query + bias) + out)
        + out * bias
    )


def _sizes(made: Any) -> tuple[int, ...]:
    lengths = integers(made)
    if min(lengths) < 0:
        raise Unknown
    return lengths


def _multi_head_shape(config: Config, shapes: Shapes) -> tuple[Shape | None, ...]:
    query, made = first(shapes), config.get("output_shape")
    return ((*query[:-1], *_sizes(made)) if made else query,)


def _grouped_query(config: Config, shapes: Shapes) -> int:
    """As with many heads, but several query heads share the keys and values of one."""
    query, value, key = _widths(config, shapes)
    width = whole(config, "head_dim")
    heads, shared = whole(config, "num_query_heads"), whole(config, "num_key_value_heads")
    bias, gates = flag(config, "use_bias", True), flag(config, "use_gate", False)
    return (
        heads * width * ((1 + gates) * (query + bias) + query)
        + shared * width * (key + value + 2 * bias)
        + query * bias
    )


def _query_shape(_config: Config, shapes: Shapes) -> tuple[Shape | None, ...]:
    return (first(shapes),)


RULES: Mapping[str, Rule] = {
    "Attention": Rule(count=_dot_product, outputs=_weighed_values, needs=("use_scale",)),
    "AdditiveAttention": Rule(count=_additive, outputs=_weighed_values, needs=("use_scale",)),
    "MultiHeadAttention": Rule(count=_multi_head, outputs=_multi_head_shape, needs=("num_heads", "key_dim")),
    "GroupQueryAttention": Rule(count=_grouped_query, outputs=_query_shape, needs=("head_dim", "num_query_heads")),
}
