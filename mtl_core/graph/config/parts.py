"""What a Keras config says, in one form for all its dialects: a model, its layers, their calls, and tensors as they are named."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mtl_core.graph.config.untrusted import Shape

__all__ = ["CallConfig", "LayerConfig", "ModelConfig", "Ref", "is_kerass"]


def is_kerass(module: str) -> bool:
    """Whether a module is Keras's own; Keras 2 often doesn't say, and has lived under three names."""
    return not module or module.partition(".")[0] in ("keras", "tf_keras", "tensorflow")


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
    anything : bool
        Whether it may read tensors that aren't among these.
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
    anything: bool = False
    line: int = 0

    def refs(self) -> Iterator[Ref]:
        """Every tensor that is read."""
        yield from (ref for ref in (*self.first, *self.masks) if ref)
        yield from self.rest

    def renamed(self, rename: Callable[[Ref], Ref]) -> CallConfig:
        """The same call with every tensor renamed."""
        first, masks = (tuple(ref and rename(ref) for ref in refs) for refs in (self.first, self.masks))
        return dataclasses.replace(self, first=first, masks=masks, rest=tuple(map(rename, self.rest)))


@dataclass(frozen=True, slots=True)
class LayerConfig:
    """One layer and its calls.

    Parameters
    ----------
    name, class_name, module : str
        `module` is empty where the config doesn't say (Keras 2 never does).
    registered_name : str
        Set where the class is somebody's own.
    config : mapping
        The layer's own arguments.
    built_for : mapping of argument name to shape
        What its weights were made for: {"input_shape": (None, 20, 8)}, or a shape for each of several arguments.
    calls : tuple of CallConfig
    model : ModelConfig or None
        The layers inside, where the layer is a model.
    shared_id : int or None
        Equal for two entries of a file that are one and the same layer object.
    unread : bool
        Whether it isn't known what the layer does with what it reads, because its code isn't there.
    wrapped : ModelConfig or None
        The model that the layer calls at each step: `TimeDistributed(model)`.
    """

    name: str
    class_name: str
    module: str
    registered_name: str
    config: Mapping[str, Any]
    built_for: Mapping[str, Shape]
    calls: tuple[CallConfig, ...]
    model: ModelConfig | None
    shared_id: int | None
    unread: bool = False
    wrapped: ModelConfig | None = None

    @property
    def own_class(self) -> bool:
        """Whether the class is somebody's own. Keras 2 names no modules, but writes "Package>Name" for those it was told of."""
        return bool(self.registered_name) or ">" in self.class_name or not is_kerass(self.module)


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """A model: its layers, and which tensors go in and come out.

    Parameters
    ----------
    name : str
    layers : mapping of layer name to LayerConfig
        In the file's order.
    inputs, outputs : tuple of Ref
        Empty for a sequential model.
    input_keys, output_keys : tuple of str or None
        Their keys where the model takes or gives a flat dict.
    shapes : mapping of Ref to shape
        The shapes that the file mentions.
    sequential : bool
    aliases : mapping of str to str
        Layers that stand for an output of another layer, with that one's name.
    own_class : str
        Its class, if that is none of Keras's.
    built_for : shape or None
        What a sequential model was made for, if it has no input layer.
    trainable : bool
        Whether the model as a whole is.
    loss_weights : tuple of float, or mapping of str to float
        What each loss weighs in the sum that is minimised, by the outputs' order or names; empty where that isn't said.
    """

    name: str
    layers: Mapping[str, LayerConfig]
    inputs: tuple[Ref, ...] = ()
    outputs: tuple[Ref, ...] = ()
    input_keys: tuple[str, ...] | None = None
    output_keys: tuple[str, ...] | None = None
    shapes: Mapping[Ref, Shape] = field(default_factory=dict)
    sequential: bool = False
    aliases: Mapping[str, str] = field(default_factory=dict)
    own_class: str = ""
    built_for: Shape | None = None
    trainable: bool = True
    loss_weights: tuple[float, ...] | Mapping[str, float] = ()
