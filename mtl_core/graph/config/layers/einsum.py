"""EinsumDense: a product whose axes are letters, such as "abc,cd->abd"."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mtl_core.graph.config.layers.rule import Config, Rule, Shapes, Unknown, first
from mtl_core.graph.config.untrusted import Shape, as_list, as_shape

__all__ = ["RULES", "einsum_kernel"]


def einsum_kernel(config: Config, shapes: Shapes) -> list[int]:
    """The kernel's lengths: a letter of the input has the input's length, others are given in `output_shape`."""
    parts = _parts(config, shapes)
    return [_fixed(parts.read if letter in parts.read else parts.made, letter) for letter in parts.kernel]


class _Parts(NamedTuple):
    """The length behind each letter that is read and made, the letters of the kernel, and the shape that is made."""

    read: Mapping[str, int | None]
    made: Mapping[str, int | None]
    kernel: str
    shape: Shape


_EQUATION = re.compile(r"(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?")


def _parts(config: Config, shapes: Shapes) -> _Parts:
    """Dots stand for axes that are kept as they are, in front or behind; `output_shape` has neither them nor the batch."""
    match = _EQUATION.fullmatch(str(config.get("equation"))[:100].replace(" ", ""))
    if not match:
        raise Unknown
    in_front, read, behind, kernel, made_in_front, made, made_behind = match.groups()
    shape, asked = first(shapes), config.get("output_shape")
    given = as_shape([asked] if as_list(asked) is None else asked)
    kept = len(shape) - len(read)
    # With more than two axes in front, Keras 3.15 turns their order round in the shape that it declares.
    most = 2 if in_front else len(shape) if behind else 0
    fits = (in_front, behind) == (made_in_front, made_behind) and not (in_front and behind) and 0 <= kept <= most
    if given is None or not fits:
        raise Unknown
    front = kept if in_front and kept else 1
    whole = (*shape[:front], *given, *(shape[len(shape) - kept :] if behind else ()))
    letters_read = shape[: len(read)] if behind else shape[kept:]
    letters_made = whole[: len(made)] if behind else whole[kept if in_front else 0 :]
    if len(letters_made) != len(made) or len(whole) != len(made) + kept:
        raise Unknown
    return _Parts(_lengths(read, letters_read), _lengths(made, letters_made), kernel, whole)


def _lengths(letters: str, lengths: Sequence[int | None]) -> dict[str, int | None]:
    return dict(zip(letters, lengths, strict=True))


def _fixed(lengths: Mapping[str, int | None], letter: str) -> int:
    length = lengths.get(letter)
    if length is None:
        raise Unknown
    return length


def _count(config: Config, shapes: Shapes) -> int:
    bias, made = config.get("bias_axes") or "", _parts(config, shapes).made
    if not isinstance(bias, str) or len(bias) > len(made):
        raise Unknown
    kernel = math.prod(einsum_kernel(config, shapes))
    return kernel + (math.prod(_fixed(made, letter) for letter in bias) if bias else 0)


def _shape(config: Config, shapes: Shapes) -> tuple[Shape | None, ...]:
    return (_parts(config, shapes).shape,)


RULES: Mapping[str, Rule] = {
    "EinsumDense": Rule(count=_count, outputs=_shape, needs=("equation", "output_shape")),
}
