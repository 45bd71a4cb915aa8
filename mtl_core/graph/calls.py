"""What a graph is made of: calls, heads, and the boxes that plot_model would draw."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from mtl_core.graph.config.untrusted import Shape

__all__ = ["Call", "Head", "Layer", "Weights"]

Weights = Literal["none", "frozen", "trainable", "unknown"]
"""What a loss can change of a layer: it has no weights that gradients train, or is not trainable, or is; or that isn't known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of one layer.

    Parameters
    ----------
    id : str
        Unique: the layer's name, with "#2" for the second of several calls.
    layer : str
        Name of the layer, behind those of the nested models it is in: "encoder/dense".
    name : str
        The layer's own name.
    class_name : str
        "LSTM", "Dense", …; "InputLayer" for an input.
    index : int
        Which call of the layer this is, from 1.
    shape : tuple or None
        Shape of its first output with the batch axis, such as (None, 16); None where the config doesn't say.
    parameters : int or None
        Weights of the layer, which all its calls share; None where the config doesn't say.
    reads : tuple of str
        Ids of the calls whose results it takes.
    groups : tuple of str
        The calls of nested models it is part of, outermost first: "encoder#2" is the second call of "encoder".
    stateful : bool
        Whether it remembers, so that what one call of the layer has read can show in another.
    constant : bool
        Whether it makes nothing but ones, whatever it reads: a softmax over one unit.
    unseen : tuple of str
        Inputs of which nothing arrives here although a path leads from them: a slice leaves them out.
    unread : bool
        Whether it isn't known what it does with what it reads: an own class, a Lambda whose code isn't there, or a
        line of a program that could not be followed.
    weights : "none", "frozen", "trainable" or "unknown"
        What a loss can change of the layer; the same for all its calls.
    cut : bool
        Whether no gradient passes from what it makes to what it reads: a stop-gradient, a rounding, an embedding's indices.
    anything : bool
        Whether it may read results that aren't among those in `reads`: a line of a program that could not be followed.
    line : int
        Where a program makes the call, from 1; 0 where there is no program. Two calls that differ in nothing else are equal.
    """

    id: str
    layer: str
    name: str
    class_name: str
    index: int = 1
    shape: Shape | None = None
    parameters: int | None = None
    reads: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    stateful: bool = False
    constant: bool = False
    unread: bool = False
    unseen: tuple[str, ...] = ()
    weights: Weights = "unknown"
    cut: bool = False
    anything: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One box of `plot_model`'s drawing: a layer or a whole nested model, however often it is called."""

    name: str
    class_name: str
    parameters: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """An output.

    Parameters
    ----------
    name : str
    call : str
        Id of the call that makes it.
    layer : str
        The box that plot_model draws for it.
    unseen : tuple of str
        Inputs of which nothing arrives in it although a path leads from them to the call.
    spared : tuple of str
        Ids of calls to which no gradient of it comes although no call on the way cuts it off: slices leave them out.
    """

    name: str
    call: str
    layer: str
    unseen: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
