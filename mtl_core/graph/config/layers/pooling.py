"""Pooling layers: the largest or the mean of each window, of a fixed number of windows, or of everything."""

from __future__ import annotations

from collections.abc import Mapping

from mtl_core.graph.config.layers.convolution import windowed
from mtl_core.graph.config.layers.rule import Config, Outputs, Rule, flag, one_output, sizes, spatial, weightless
from mtl_core.graph.config.untrusted import Shape

__all__ = ["RULES"]


def _pooling(rank: int) -> Outputs:
    def shape(config: Config, shape: Shape) -> Shape:
        where = spatial(config, shape, rank)
        window = sizes(config, "pool_size", rank)
        steps = window if config.get("strides") is None else sizes(config, "strides", rank)
        made = list(shape)
        made[where] = windowed(shape[where], window, steps, (1,) * rank, config.get("padding"))
        return tuple(made)

    return one_output(shape)


def _adaptive(rank: int) -> Outputs:
    def shape(config: Config, shape: Shape) -> Shape:
        made = list(shape)
        made[spatial(config, shape, rank)] = sizes(config, "output_size", rank)
        return tuple(made)

    return one_output(shape)


def _global(rank: int) -> Outputs:
    def shape(config: Config, shape: Shape) -> Shape:
        made = list(shape)
        made[spatial(config, shape, rank)] = (1,) * rank if flag(config, "keepdims", False) else ()
        return tuple(made)

    return one_output(shape)


RULES: Mapping[str, Rule] = {
    f"{name}Pooling{n}D": Rule(count=weightless, outputs=outputs(n), needs=needs)
    for kind in ("Average", "Max")
    for n in (1, 2, 3)
    for name, outputs, needs in (
        (kind, _pooling, ("pool_size", "padding")),
        (f"Adaptive{kind}", _adaptive, ("output_size",)),
        (f"Global{kind}", _global, ()),
    )
}
