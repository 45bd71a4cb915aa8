"""Convolutions of every kind: windows that move over a picture."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from mtl_core.graph.config.layers.rule import (
    Config,
    Count,
    Outputs,
    Rule,
    Shapes,
    Unknown,
    channels,
    first,
    flag,
    one_output,
    size,
    sizes,
    spatial,
    whole,
)
from mtl_core.graph.config.untrusted import Shape

__all__ = ["RULES", "windowed"]


def windowed(
    lengths: Sequence[int | None],
    window: Sequence[int],
    steps: Sequence[int],
    gaps: Sequence[int],
    padding: object,
) -> list[int | None]:
    """How often a window fits along each axis; None where the axis is of no fixed length.

    ceil(n / s) with padding "same" and "causal"; ceil((n - d(k - 1)) / s) with "valid", for length n, window k, step s
    and gap d. Raises `Unknown` where it fits nowhere.
    """
    made: list[int | None] = []
    for n, k, s, d in zip(lengths, window, steps, gaps, strict=True):
        if padding not in ("same", "causal", "valid") or not s:
            raise Unknown
        if n is None:
            made.append(None)
            continue
        kept = n - d * (k - 1) if padding == "valid" else n
        if kept < 1:
            raise Unknown
        made.append(-(-kept // s))
    return made


def _kernel(config: Config, rank: int) -> int:
    return math.prod(sizes(config, "kernel_size", rank))


def _convolution(rank: int, transposed: bool = False) -> Count:
    """kernel x D / groups x filters + filters."""

    def count(config: Config, shapes: Shapes) -> int:
        filters, inputs = whole(config, "filters"), size(first(shapes), channels(config))
        groups = 1 if transposed or config.get("groups") is None else whole(config, "groups")
        if not groups or inputs % groups:
            raise Unknown
        return filters * (_kernel(config, rank) * inputs // groups + flag(config, "use_bias", True))

    return count


def _depthwise(rank: int) -> Count:
    def count(config: Config, shapes: Shapes) -> int:
        made = size(first(shapes), channels(config)) * whole(config, "depth_multiplier")
        return made * (_kernel(config, rank) + flag(config, "use_bias", True))

    return count


def _separable(rank: int) -> Count:
    def count(config: Config, shapes: Shapes) -> int:
        made = size(first(shapes), channels(config)) * whole(config, "depth_multiplier")
        filters = whole(config, "filters")
        return made * _kernel(config, rank) + made * filters + filters * flag(config, "use_bias", True)

    return count


def _picture(config: Config, shape: Shape, where: slice, lengths: Sequence[int | None], filters: int | None) -> Shape:
    made = list(shape)
    made[where] = lengths
    made[channels(config)] = filters
    return tuple(made)


def _lengths(config: Config, shape: Shape, rank: int) -> tuple[slice, list[int | None]]:
    where = spatial(config, shape, rank)
    gaps = sizes(config, "dilation_rate", rank) if "dilation_rate" in config else (1,) * rank
    window, steps = sizes(config, "kernel_size", rank), sizes(config, "strides", rank)
    return where, windowed(shape[where], window, steps, gaps, config.get("padding"))


def _convolution_shape(rank: int) -> Outputs:
    def shape(config: Config, shape: Shape) -> Shape:
        return _picture(config, shape, *_lengths(config, shape, rank), whole(config, "filters"))

    return one_output(shape)


def _depthwise_shape(rank: int) -> Outputs:
    def shape(config: Config, shape: Shape) -> Shape:
        inputs = shape[channels(config)] if len(shape) == rank + 2 else None
        filters = None if inputs is None else inputs * whole(config, "depth_multiplier")
        return _picture(config, shape, *_lengths(config, shape, rank), filters)

    return one_output(shape)


def _transposed_shape(rank: int) -> Outputs:
    """(n - 1) s + k + what is missing to n s, for length n, step s and window k with its gaps."""

    def shape(config: Config, shape: Shape) -> Shape:
        where = spatial(config, shape, rank)
        gaps = sizes(config, "dilation_rate", rank) if "dilation_rate" in config else (1,) * rank
        asked = config.get("output_padding")
        added: Sequence[int | None] = (None,) * rank if asked is None else sizes(config, "output_padding", rank)
        window, steps = sizes(config, "kernel_size", rank), sizes(config, "strides", rank)
        made = [
            None if n is None else _transposed(n, (k - 1) * d + 1, s, extra, config.get("padding"))
            for n, k, s, d, extra in zip(shape[where], window, steps, gaps, added, strict=True)
        ]
        return _picture(config, shape, where, made, whole(config, "filters"))

    return one_output(shape)


def _transposed(n: int, k: int, s: int, extra: int | None, padding: object) -> int:
    if padding == "valid":
        return (n - 1) * s + (max(k, s) if extra is None else k + extra)
    if padding == "same":
        return n * s if extra is None else (n - 1) * s + k % 2 + extra
    raise Unknown


def _local(rank: int) -> Count:
    """Weights of its own at every place where the window fits: Keras 2's locally connected layers."""

    def count(config: Config, shapes: Shapes) -> int:
        shape = first(shapes)
        filters, inputs = whole(config, "filters"), size(shape, channels(config))
        where, lengths = _lengths(config, shape, rank)
        places, bias = _product(lengths), flag(config, "use_bias", True)
        # The second implementation keeps a full matrix and a mask; the third keeps what the mask would let through.
        dense = config.get("implementation", 1) == 2
        if not dense and config.get("padding") != "valid":
            raise Unknown
        read = _product(shape[where]) if dense else _kernel(config, rank)
        return places * filters * (read * inputs + bias)

    return count


def _product(lengths: Sequence[int | None]) -> int:
    known = [n for n in lengths if n is not None]
    if len(known) < len(lengths):
        raise Unknown
    return math.prod(known)


_NEEDS = ("kernel_size", "strides", "padding")

RULES: Mapping[str, Rule] = {
    **{f"Conv{n}D": Rule(count=_convolution(n), outputs=_convolution_shape(n), needs=_NEEDS) for n in (1, 2, 3)},
    **{
        f"Conv{n}DTranspose": Rule(count=_convolution(n, transposed=True), outputs=_transposed_shape(n), needs=_NEEDS)
        for n in (1, 2, 3)
    },
    **{f"DepthwiseConv{n}D": Rule(count=_depthwise(n), outputs=_depthwise_shape(n), needs=_NEEDS) for n in (1, 2)},
    **{f"SeparableConv{n}D": Rule(count=_separable(n), outputs=_convolution_shape(n), needs=_NEEDS) for n in (1, 2)},
    **{f"LocallyConnected{n}D": Rule(count=_local(n), outputs=_convolution_shape(n), needs=_NEEDS) for n in (1, 2)},
}
