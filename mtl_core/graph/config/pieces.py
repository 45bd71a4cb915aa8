"""A tensor cut along an axis: which inputs each piece can depend on, and what merges and slices make of that.

A concatenation has a piece for each of its tensors; a slice keeps the pieces that it takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from mtl_core.graph.config.parts import LayerConfig
from mtl_core.graph.config.untrusted import Shape

__all__ = ["Pieces", "Value", "concatenated", "merged", "sliced", "split", "union", "with_others"]

MAX_PIECES = 200
"""Most pieces of a tensor that are told apart."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A tensor cut along an axis: the length of each piece, and the inputs that it can depend on, as bits."""

    axis: int
    lengths: tuple[int, ...]
    bits: tuple[int, ...]


Value = int | Pieces
"""The inputs that a tensor can depend on, as bits: all in one or piece by piece."""


def union(value: Value) -> int:
    """The inputs that any piece can depend on, as bits."""
    if isinstance(value, int):
        return value
    bits = 0
    for piece in value.bits:
        bits |= piece
    return bits


def with_others(value: Value, others: int) -> Value:
    """A value whose every piece can also depend on some other inputs."""
    if isinstance(value, int):
        return value | others
    return Pieces(value.axis, value.lengths, tuple(bits | others for bits in value.bits))


def concatenated(axis: object, read: list[Value], shapes: list[Shape | None], made: Shape | None) -> Value | None:
    """What a concatenation along `axis` depends on: where each tensor lies; None where its shapes don't tell."""
    if made is None or not isinstance(axis, int) or not -len(made) <= axis < len(made):
        return None
    axis %= len(made)
    lengths: list[int] = []
    bits: list[int] = []
    for value, shape in zip(read, shapes, strict=True):
        length = shape[axis] if shape is not None and len(shape) == len(made) else None
        if length is None:
            return None
        if isinstance(value, Pieces) and value.axis == axis and sum(value.lengths) == length:
            lengths += value.lengths
            bits += value.bits
        else:
            lengths.append(length)
            bits.append(union(value))
    # A constant among the tensors is no node, and would shift what lies behind it.
    if not axis or sum(lengths) != made[axis] or len(lengths) > MAX_PIECES:
        return None
    return Pieces(axis, tuple(lengths), tuple(bits))


def sliced(value: Value, index: Sequence[object], shape: Shape) -> Value:
    """What `tensor[index]` depends on."""
    if isinstance(value, int):
        return value
    taken = sum(part is not None and part is not ... for part in index)
    parts: list[object] = []
    for part in index if ... in index else (*index, ...):
        parts += [slice(None)] * (len(shape) - taken) if part is ... else [part]
    axis = new_axis = 0
    for part in parts:
        if part is None:
            new_axis += 1
            continue
        if axis == value.axis:
            return _taken(value, part, new_axis)
        axis += 1
        new_axis += isinstance(part, slice)
    return union(value)


def split(value: Value, layer: LayerConfig, shape: Shape) -> list[Value]:
    """What each output of a `Split` depends on; empty where its arguments don't tell."""
    axis, pieces = layer.config.get("axis", 0), layer.config.get("indices_or_sections")
    if not isinstance(value, Pieces) or not isinstance(axis, int) or not -len(shape) <= axis < len(shape):
        return []
    axis %= len(shape)
    length = shape[axis]
    if length is None:
        return []
    if isinstance(pieces, int) and 0 < pieces <= MAX_PIECES:
        cuts = [length * i // pieces for i in range(pieces + 1)]
    elif isinstance(pieces, (list, tuple)) and len(pieces) < MAX_PIECES and all(isinstance(cut, int) for cut in pieces):
        cuts = [0, *pieces, length]
    else:
        return []
    if axis != value.axis:
        return [value] * (len(cuts) - 1)
    return [_taken(value, slice(start, stop), axis) for start, stop in pairwise(cuts)]


def merged(read: Sequence[Value]) -> Value:
    """What is made of several tensors place by place."""
    axes = {value.axis for value in read if isinstance(value, Pieces)}
    if len(axes) != 1:
        bits = 0
        for value in read:
            bits |= union(value)
        return bits
    ends = {0}
    for value in read:
        if isinstance(value, Pieces):
            ends |= set(accumulate(value.lengths))
    cuts = sorted(ends)
    everywhere = 0
    for value in read:
        everywhere |= value if isinstance(value, int) else 0
    bits_of = [everywhere] * (len(cuts) - 1)
    for value in read:
        if isinstance(value, Pieces):
            number, end = 0, value.lengths[0]
            for i, cut in enumerate(cuts[1:]):
                while cut > end and number + 1 < len(value.lengths):
                    number += 1
                    end += value.lengths[number]
                bits_of[i] |= value.bits[number]
    lengths = tuple(after - before for before, after in pairwise(cuts))
    return (
        Pieces(axes.pop(), lengths, tuple(bits_of)) if len(lengths) <= MAX_PIECES else everywhere | _union_of(bits_of)
    )


def _taken(value: Pieces, part: object, axis: int) -> Value:
    """The pieces that one part of an index takes, now along `axis`."""
    total = sum(value.lengths)
    if isinstance(part, int) and -total <= part < total:
        return _range(value, range(part % total, part % total + 1), axis, kept=False)
    if isinstance(part, slice) and all(
        end is None or isinstance(end, int) for end in (part.start, part.stop, part.step)
    ):
        if part.step == 0:
            return union(value)
        return _range(value, range(*part.indices(total)), axis, kept=True)
    return union(value)


def _range(value: Pieces, places: range, axis: int, *, kept: bool) -> Value:
    """The pieces at some places; one value for all where the axis goes away."""
    if not places:
        return 0
    backwards = places.step < 0
    places = places[::-1] if backwards else places
    lengths: list[int] = []
    bits: list[int] = []
    for (start, stop), piece in zip(pairwise(accumulate(value.lengths, initial=0)), value.bits, strict=True):
        first = max(0, -((places.start - start) // places.step))
        last = max(0, -((places.start - stop) // places.step))
        length = max(0, min(last, len(places)) - min(first, len(places)))
        if length:
            lengths.append(length)
            bits.append(piece)
    if not kept:
        return bits[0]
    order = -1 if backwards else 1
    return Pieces(axis, tuple(lengths[::order]), tuple(bits[::order]))


def _union_of(bits: Sequence[int]) -> int:
    union = 0
    for one in bits:
        union |= one
    return union
