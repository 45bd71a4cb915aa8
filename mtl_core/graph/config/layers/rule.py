"""What a rule is: how many weights one class of Keras's layers has, and the shapes it makes, from its arguments alone.

A rule never guesses. Where the arguments or the shapes don't settle a number it raises `Unknown`, which a page shows as
"not known". Arguments come from a stranger's file: each is read through a function below that checks its kind and
its size, so that no rule can raise anything else or count for long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from mtl_core.graph.config.untrusted import Shape, as_list, is_index

__all__ = [
    "MAX_SIZE",
    "MODULES",
    "Config",
    "Count",
    "Outputs",
    "Rule",
    "Shapes",
    "Unknown",
    "channels",
    "first",
    "flag",
    "inner",
    "integers",
    "one_output",
    "pairs",
    "same_shape",
    "size",
    "sizes",
    "spatial",
    "weightless",
    "whole",
]

Config = Mapping[str, Any]
Shapes = Sequence[Shape | None]
Count = Callable[[Config, Shapes], int]
Outputs = Callable[[Config, Shapes], tuple[Shape | None, ...]]

MODULES = ("", "keras.layers", "keras.layers.experimental", "keras.layers.experimental.preprocessing")
"""Where files say that Keras's own layers live; old files don't say."""

MAX_SIZE = 2**40
"""Largest argument that counts as a number of units, steps or tokens."""


class Unknown(Exception):
    """The arguments and the shapes don't say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is known of one class of layer.

    Parameters
    ----------
    count : function of (arguments, shapes) to int
        Number of all weights, trainable or not, as in `layer.count_params()`.
    outputs : function of (arguments, shapes) to shapes
        The shape of each output, batch axis included, as far as they are known.
    needs : tuple of str
        Arguments that Keras always writes. A class that has the name and lacks them is somebody's own.

    Shapes are those of the tensors in the first argument, batch axis included; for a count, of the first call.
    """

    count: Count
    outputs: Outputs
    needs: tuple[str, ...] = ()


def weightless(_config: Config, _shapes: Shapes) -> int:
    """The count of a layer that has no weights."""
    return 0


def one_output(shape: Callable[[Config, Shape], Shape]) -> Outputs:
    """The shapes of a layer that reads one tensor and makes one."""
    return lambda config, shapes: (shape(config, first(shapes)),)


def same_shape(_config: Config, shapes: Shapes) -> tuple[Shape | None, ...]:
    """The shape of a layer that changes numbers and no shape."""
    return (first(shapes),)


def first(shapes: Shapes) -> Shape:
    """The first shape; raises `Unknown` if there is none."""
    if not shapes or not shapes[0]:
        raise Unknown
    return shapes[0]


def size(shape: Shape, axis: int = -1) -> int:
    """The length of an axis; raises `Unknown` if it is not fixed."""
    length = shape[axis] if -len(shape) <= axis < len(shape) else None
    if length is None:
        raise Unknown
    return length


def whole(config: Config, key: str) -> int:
    """An argument that must be a whole number from 0 on; raises `Unknown`."""
    value = config.get(key)
    if not _is_size(value):
        raise Unknown
    return value


def flag(config: Config, key: str, default: bool) -> bool:
    """An argument that must be true or false; raises `Unknown`."""
    value = config.get(key, default)
    if not isinstance(value, bool):
        raise Unknown
    return value


def sizes(config: Config, key: str, rank: int) -> tuple[int, ...]:
    """An argument that must be whole numbers, one for each of `rank` axes, or one for all; raises `Unknown`."""
    value = config.get(key)
    if _is_size(value):
        return (value,) * rank
    lengths = as_list(value)
    if lengths is None or len(lengths) != rank or not all(map(_is_size, lengths)):
        raise Unknown
    return tuple(lengths)


def pairs(config: Config, key: str, rank: int) -> tuple[tuple[int, int], ...]:
    """An argument that must be two whole numbers, before and behind, for each of `rank` axes; raises `Unknown`."""
    value = as_list(config.get(key))
    if rank == 1 and value is not None and all(map(_is_size, value)):
        value = [value]
    if value is None or len(value) != rank:
        raise Unknown
    pairs = [sizes({key: pair}, key, 2) for pair in value]
    return tuple((before, behind) for before, behind in pairs)


def integers(value: Any) -> tuple[int, ...]:
    """A whole number or a list of at most 16, which may be negative; raises `Unknown`."""
    listed = as_list(value)
    values = [value] if listed is None else listed
    if len(values) > 16 or not all(isinstance(one, int) and not isinstance(one, bool) for one in values):
        raise Unknown
    return tuple(values)


def channels(config: Config) -> int:
    """The axis of the channels, -1 or 1; raises `Unknown`."""
    try:
        return {"channels_last": -1, "channels_first": 1}[str(config.get("data_format") or "channels_last")]
    except KeyError:
        raise Unknown from None


def spatial(config: Config, shape: Shape, rank: int) -> slice:
    """Where the axes of a picture stand that are neither batch nor channels; raises `Unknown` if they are not `rank`."""
    if len(shape) != rank + 2:
        raise Unknown
    return slice(1, -1) if channels(config) == -1 else slice(2, None)


def inner(entry: Any) -> tuple[str, Config]:
    """Class and arguments of a layer that is an argument of another; raises `Unknown` if it may not be Keras's."""
    config = entry.get("config") if isinstance(entry, Mapping) else None
    if not isinstance(entry, Mapping) or not isinstance(config, Mapping):
        raise Unknown
    class_name, module = entry.get("class_name"), entry.get("module")
    if not isinstance(class_name, str) or (module or "") not in MODULES or entry.get("registered_name"):
        raise Unknown
    return class_name, config


def _is_size(value: Any) -> TypeGuard[int]:
    return is_index(value) and value <= MAX_SIZE
