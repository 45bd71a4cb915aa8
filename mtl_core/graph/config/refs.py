"""A tensor as a config names it, and what one call of a layer reads."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mtl_core.graph.config.parts import ModelConfig

__all__ = ["CallConfig", "Ref"]


class Ref(NamedTuple):
    """A tensor: output number `tensor` of call number `call` of `layer`, both counted from 0."""

    layer: str
    call: int
    tensor: int


@dataclass(frozen=True, slots=True)
class CallConfig:
    """What one call of a layer reads.

    Parameters
    ----------
    first : tuple of Ref or None
        Leaves of the first argument, in Keras's order; None where a leaf is a constant.
    keys : tuple of str or None
        The keys of those leaves where the first argument is a flat dict.
    masks : tuple of Ref or None
        The mask of each of those leaves; empty if none is given.
    rest : tuple of Ref
        Tensors in every other argument.
    unread : bool
        Whether it isn't known what the call does with them: a line of a program that could not be followed.
    arrays : bool
        Whether an argument is a list of numbers, whose shape counts like a tensor's.
    index : tuple or None
        For a slice, what is taken along each axis: a slice, a whole number, None for a new axis, or an ellipsis.
    inside : ModelConfig or None
        For one call whose insides are known, such as that of a Lambda in a program: a model that reads what the call does.
    line : int
        Where a program makes the call, from 1; 0 where there is no program.
    """

    first: tuple[Ref | None, ...] = ()
    keys: tuple[str, ...] | None = None
    masks: tuple[Ref | None, ...] = ()
    rest: tuple[Ref, ...] = ()
    unread: bool = False
    arrays: bool = False
    index: tuple[object, ...] | None = None
    inside: ModelConfig | None = None
    line: int = 0

    def refs(self) -> Iterator[Ref]:
        """Every tensor that is read."""
        yield from (ref for ref in (*self.first, *self.masks) if ref)
        yield from self.rest

    def renamed(self, rename: Callable[[Ref], Ref]) -> CallConfig:
        """The same call with every tensor renamed."""
        first, masks = (tuple(ref and rename(ref) for ref in refs) for refs in (self.first, self.masks))
        return dataclasses.replace(self, first=first, masks=masks, rest=tuple(map(rename, self.rest)))
