"""Layers that make one tensor of several."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from mtl_core.graph.config.layers.rule import Config, Rule, Shapes, Unknown, integers, weightless
from mtl_core.graph.config.untrusted import Shape

__all__ = ["RULES", "broadcast"]


def _known(shapes: Shapes) -> list[Shape]:
    known = [shape for shape in shapes if shape]
    if not known or len(known) < len(shapes):
        raise Unknown
    return known


def _broadcast(_config: Config, shapes: Shapes) -> tuple[Shape | None, ...]:
    """Element by element: axes are matched from behind, and one of length 1 fits any other."""
    known = _known(shapes)
    batch = {shape[0] for shape in known} - {None}
    rest = reduce(broadcast, [shape[1:] for shape in known])
    return ((batch.pop() if len(batch) == 1 else None, *rest),)


def broadcast(one: Shape, other: Shape) -> Shape:
    """The shape of what is made of two tensors element by element; raises `Unknown` where they don't fit."""
    if len(one) < len(other):
        one, other = other, one
    extra = len(one) - len(other)
    made: list[int | None] = []
    for i, j in zip(one[extra:], other, strict=True):
        if i is None or j is None:
            made.append(None)
        elif i == j or 1 in (i, j):
            made.append(i if j == 1 else j)
        else:
            raise Unknown
    return (*one[:extra], *made)


def _concatenated(config: Config, shapes: Shapes) -> tuple[Shape | None, ...]:
    """Lengths add up along one axis; the others are those of the first, as Keras says, and must agree."""
    known = _known(shapes)
    axes, rank = integers(config.get("axis", -1)), len(known[0])
    if len(axes) != 1 or not -rank <= axes[0] < rank or any(len(shape) != rank for shape in known):
        raise Unknown
    axis = axes[0] % rank
    for other in range(rank):
        if other != axis and len({shape[other] for shape in known} - {None}) > 1:
            raise Unknown
    lengths = [shape[axis] for shape in known]
    fixed = [n for n in lengths if n is not None]
    total = sum(fixed) if len(fixed) == len(lengths) else None
    return ((*known[0][:axis], total, *known[0][axis + 1 :]),)


def _dot(config: Config, shapes: Shapes) -> tuple[Shape | None, ...]:
    """Both lose the axis that is summed over, and the second its batch axis."""
    known = _known(shapes)
    if len(known) != 2:
        raise Unknown
    axes = integers(config.get("axes"))
    axes = axes * 2 if len(axes) == 1 else axes
    if len(axes) != 2 or not all(-len(shape) < axis < len(shape) for axis, shape in zip(axes, known, strict=True)):
        raise Unknown
    one, other = (list(shape) for shape in known)
    summed = {one.pop(axes[0] % len(one)), other.pop(axes[1] % len(other))} - {None}
    if len(summed) > 1 or 0 in (axes[0], axes[1]):
        raise Unknown
    made = (*one, *other[1:])
    return (made if len(made) > 1 else (*made, 1),)


RULES: Mapping[str, Rule] = {
    **dict.fromkeys(
        ("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"), Rule(count=weightless, outputs=_broadcast)
    ),
    "Concatenate": Rule(count=weightless, outputs=_concatenated),
    "Dot": Rule(count=weightless, outputs=_dot, needs=("axes",)),
}
