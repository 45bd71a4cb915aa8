"""The shapes that the calls of a program make, as far as they can be told while it is followed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from mtl_core.graph.config.layers.table import output_shapes
from mtl_core.graph.config.untrusted import Shape, as_shape
from mtl_core.graph.interpreter.layers import entry
from mtl_core.graph.interpreter.values import LayerCall

__all__ = ["axis_of", "broadcast", "concatenated", "reshaped", "shapes_made", "sliced"]

ELEMENTWISE = frozenset({"Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"})
"""Layers that merge element by element."""


def shapes_made(call: LayerCall, outputs: int) -> list[Shape | None]:
    """The shapes of what a call of a layer makes; None for each that can't be told."""
    read = [tensor.shape if tensor else None for tensor in call.first]
    shapes = list(output_shapes(entry(call.layer), read))
    if not shapes and call.layer.class_name == "Concatenate":
        shapes = [concatenated(read, call.layer.config.get("axis", -1))]
    return [*shapes, *[None] * outputs][:outputs]


def broadcast(shapes: Sequence[Shape | None]) -> Shape | None:
    """The shape of what is made element by element, with sizes of 1 stretched; None where it can't be told."""
    known = [shape for shape in shapes if shape is not None]
    if len(known) < len(shapes) or not known:
        return None
    rank = max(map(len, known))
    padded = [(1,) * (rank - len(shape)) + shape for shape in known]
    made: list[int | None] = []
    for sizes in zip(*padded, strict=True):
        stretched = {size for size in sizes if size != 1}
        if len(stretched - {None}) > 1:
            return None
        made.append(next(iter(stretched - {None}), None) if stretched else 1)
    return tuple(made)


def concatenated(shapes: Sequence[Shape | None], axis: Any) -> Shape | None:
    """Shapes laid one behind the other; an unknown length stays unknown."""
    known = [shape for shape in shapes if shape is not None]
    number = axis_of(axis, known[0]) if known else None
    if number is None or len(known) < len(shapes) or len({len(shape) for shape in known}) > 1:
        return None
    lengths = [shape[number] for shape in known]
    total = None if None in lengths else sum(size or 0 for size in lengths)
    others = broadcast([(*shape[:number], *shape[number + 1 :]) for shape in known])
    return None if others is None else (*others[:number], total, *others[number:])


def axis_of(axis: Any, shape: Shape) -> int | None:
    """An axis, counted from the front."""
    if not isinstance(axis, int) or not -len(shape) <= axis < len(shape):
        return None
    return axis % len(shape)


def sliced(shape: Shape | None, index: tuple[Any, ...]) -> Shape | None:
    """The shape of `tensor[index]`."""
    if shape is None or any(
        part is not None and part is not ... and not isinstance(part, (int, slice)) for part in index
    ):
        return None
    taken = sum(part is not None and part is not ... for part in index)
    if taken > len(shape) or index.count(...) > 1:
        return None
    filled: list[Any] = []
    for part in index if ... in index else (*index, ...):
        filled += [slice(None)] * (len(shape) - taken) if part is ... else [part]
    made: list[int | None] = []
    sizes = iter(shape)
    for part in filled:
        if part is None:
            made.append(1)
            continue
        size = next(sizes)
        if isinstance(part, slice):
            made.append(_slice_length(part, size))
    return tuple(made)


def _slice_length(part: slice, size: int | None) -> int | None:
    ends = (part.start, part.stop, part.step)
    if ends == (None, None, None):
        return size
    if size is None or not all(end is None or isinstance(end, int) for end in ends) or part.step == 0:
        return None
    return len(range(*part.indices(size)))


def reshaped(shape: Shape | None, target: Any) -> Shape | None:
    """The shape of what is reshaped to `target`, whose first size is the batch's."""
    wanted = [size if isinstance(size, int) else None for size in target] if isinstance(target, (list, tuple)) else None
    if wanted is None:
        return None
    batch = None if wanted and wanted[0] in (-1, None) else (wanted[0] if wanted else None)
    rest = wanted[1:]
    if -1 in rest:
        sizes = [size for size in (shape or (None,))[1:] if size is not None]
        others = [size for size in rest if size != -1]
        known = shape is not None and len(sizes) == len(shape) - 1 and None not in others
        product = math.prod(size or 1 for size in others)
        rest[rest.index(-1)] = math.prod(sizes) // product if known and product else None
    return as_shape((batch, *rest))
