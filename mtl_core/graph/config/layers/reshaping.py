"""Layers that move numbers about, and pad, crop or repeat them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from mtl_core.graph.config.layers.rule import (
    Config,
    Outputs,
    Rule,
    Unknown,
    integers,
    one_output,
    pairs,
    sizes,
    spatial,
    weightless,
    whole,
)
from mtl_core.graph.config.untrusted import Shape

__all__ = ["RULES"]


def _flatten(_config: Config, shape: Shape) -> Shape:
    return (shape[0], _product(shape[1:]))


def _reshape(config: Config, shape: Shape) -> Shape:
    target = integers(config.get("target_shape"))
    total, fixed = _product(shape[1:]), math.prod(n for n in target if n != -1)
    if min(target, default=0) < -1 or target.count(-1) > 1:
        raise Unknown
    if total is None:
        return (shape[0], *(None if n == -1 else n for n in target))
    if (total % fixed if fixed and -1 in target else total != fixed) or (not fixed and -1 in target):
        raise Unknown
    return (shape[0], *(total // fixed if n == -1 else n for n in target))


def _permute(config: Config, shape: Shape) -> Shape:
    dims = integers(config.get("dims"))
    if sorted(dims) != list(range(1, len(shape))):
        raise Unknown
    return (shape[0], *(shape[axis] for axis in dims))


def _repeat(config: Config, shape: Shape) -> Shape:
    if len(shape) != 2:
        raise Unknown
    return (shape[0], whole(config, "n"), shape[1])


def _along_axes(rank: int, length: Callable[[Config, int, int], int]) -> Outputs:
    """Each axis of a picture gets another length, whatever the others are."""

    def shape(config: Config, shape: Shape) -> Shape:
        where = spatial(config, shape, rank)
        made = list(shape)
        made[where] = [None if n is None else length(config, n, axis) for axis, n in enumerate(shape[where])]
        if any(n is not None and n < 1 for n in made[where]):
            raise Unknown
        return tuple(made)

    return one_output(shape)


def _enlarged(rank: int) -> Outputs:
    return _along_axes(rank, lambda config, n, axis: n * sizes(config, "size", rank)[axis])


def _padded(rank: int) -> Outputs:
    return _along_axes(rank, lambda config, n, axis: n + sum(pairs(config, "padding", rank)[axis]))


def _cropped(rank: int) -> Outputs:
    return _along_axes(rank, lambda config, n, axis: n - sum(pairs(config, "cropping", rank)[axis]))


def _product(lengths: Shape) -> int | None:
    known = [n for n in lengths if n is not None]
    return math.prod(known) if len(known) == len(lengths) else None


def _rule(outputs: Outputs, *needs: str) -> Rule:
    return Rule(count=weightless, outputs=outputs, needs=needs)


RULES: Mapping[str, Rule] = {
    "Flatten": _rule(one_output(_flatten)),
    "Reshape": _rule(one_output(_reshape), "target_shape"),
    "Permute": _rule(one_output(_permute), "dims"),
    "RepeatVector": _rule(one_output(_repeat), "n"),
    **{f"UpSampling{n}D": _rule(_enlarged(n), "size") for n in (1, 2, 3)},
    **{f"ZeroPadding{n}D": _rule(_padded(n), "padding") for n in (1, 2, 3)},
    **{f"Cropping{n}D": _rule(_cropped(n), "cropping") for n in (1, 2, 3)},
}
