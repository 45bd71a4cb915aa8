"""One call of a layer, as Keras 2 or Keras 3 writes it: which tensors does it read?

A tensor is named by three things: (layer, which call of that layer, which output of that call). Keras 3 writes a call as
`{"args": ..., "kwargs": ...}` with `__keras_tensor__` objects anywhere inside. Keras 2 writes
`[["layer", 0, 0, {kwargs}], ...]`, the same kwargs beside each tensor, and further tensors in them as `["layer", 0, 0]`.
(`serialize_node` in keras/src/models/functional.py; `Node.serialize` in Keras 2's engine/node.py.)

Everything here is read and nothing is trusted: what does not fit raises `ModelFileError` with a sentence for the visitor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeGuard

from mtl_core.words import _

__all__ = [
    "MAX_CALLS",
    "MAX_ENDS",
    "MAX_NAME",
    "MAX_VALUES",
    "Budget",
    "CallConfig",
    "ModelFileError",
    "Ref",
    "Shape",
    "as_shape",
    "flat_keys",
    "is_index",
    "read_call",
    "read_ends",
    "shown",
]

Shape = tuple[int | None, ...]

MAX_CALLS = 10_000
"""Most calls of a model, counted before and again after its nested models are expanded."""

MAX_VALUES = 300_000
"""Most values that are looked at in the arguments of all calls together, and again when nested models are expanded."""

MAX_NAME = 200
"""Most characters of a layer's name."""

MAX_ENDS = 500
"""Most inputs of a model, and most outputs."""


class ModelFileError(ValueError):
    """A file or config that is not a Keras model this app can read; says why in a sentence."""


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
    """

    first: tuple[Ref | None, ...] = ()
    keys: tuple[str, ...] | None = None
    masks: tuple[Ref | None, ...] = ()
    rest: tuple[Ref, ...] = ()

    def refs(self) -> Iterator[Ref]:
        """Every tensor that is read."""
        yield from (ref for ref in (*self.first, *self.masks) if ref)
        yield from self.rest

    def renamed(self, rename: Callable[[Ref], Ref]) -> CallConfig:
        """The same call with every tensor renamed."""
        first, masks = (tuple(ref and rename(ref) for ref in refs) for refs in (self.first, self.masks))
        return CallConfig(first, self.keys, masks, tuple(map(rename, self.rest)))


class Budget:
    """Counts what was looked at, so that no file can keep the reader busy."""

    def __init__(self) -> None:
        self.layers = self.calls = self.values = 0

    def layer(self) -> None:
        """Count a layer; raise `ModelFileError` past `MAX_CALLS`."""
        self.layers += 1
        if self.layers > MAX_CALLS:
            raise ModelFileError(_("The model has more than {most:,} layers.").format(most=MAX_CALLS))

    def call(self) -> None:
        """Count a call; raise `ModelFileError` past `MAX_CALLS`."""
        self.calls += 1
        if self.calls > MAX_CALLS:
            raise ModelFileError(_("The model has more than {most:,} calls of layers.").format(most=MAX_CALLS))

    def value(self, number: int = 1) -> None:
        """Count arguments or parts of them; raise `ModelFileError` past `MAX_VALUES`."""
        self.values += number
        if self.values > MAX_VALUES:
            raise ModelFileError(_("The calls of the model have more arguments than this app can read."))


def read_call(node: Any, budget: Budget, shapes: dict[Ref, Shape]) -> CallConfig:
    """Read one entry of `inbound_nodes`, and note the shapes it mentions in `shapes`.

    Raises
    ------
    ModelFileError
        If it is in neither dialect.
    """
    budget.call()
    if isinstance(node, Mapping) and "args" in node:
        return _read_keras_3(node, budget, shapes)
    return _read_keras_2(node, budget)


def read_ends(ends: Any, budget: Budget) -> tuple[tuple[Ref, ...], tuple[str, ...] | None]:
    """Read `input_layers` or `output_layers`: tensors in Keras's order, and their keys if they are a flat dict."""
    leaves = [_ref(leaf[:3]) if _is_keras_2(leaf) else _ref(leaf) for leaf in _leaves(ends, budget, _is_keras_2)]
    if len(leaves) > MAX_ENDS:
        raise ModelFileError(_("The model has more than {most} inputs or outputs.").format(most=MAX_ENDS))
    return tuple(leaves), flat_keys(ends, _is_keras_2)


def shown(name: object) -> str:
    """A name from a file as it may stand in a sentence: printable and not too long."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(name)[:200])
    return text if len(text) <= 60 else f"{text[:40]}…{text[-15:]}"


def as_shape(value: Any) -> Shape | None:
    """`value` as a shape, or None if it isn't one."""
    if not isinstance(value, (list, tuple)) or len(value) > 16:
        return None
    fits = all(size is None or (is_index(size) and size < 2**40) for size in value)
    return tuple(value) if fits else None


def is_index(value: Any) -> TypeGuard[int]:
    """Whether `value` is a whole number from 0 on."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def flat_keys(value: Any, is_leaf: Callable[[Any], bool]) -> tuple[str, ...] | None:
    """The sorted keys of a dict whose values are single tensors; None for anything else."""
    if isinstance(value, Mapping) and value and not is_leaf(value) and all(map(is_leaf, value.values())):
        return tuple(sorted(map(str, value)))
    return None


def _read_keras_3(node: Mapping[str, Any], budget: Budget, shapes: dict[Ref, Shape]) -> CallConfig:
    args, kwargs = node["args"], node.get("kwargs") or {}
    if not isinstance(args, (list, tuple)) or not isinstance(kwargs, Mapping):
        raise ModelFileError(_("The arguments of a call are not a list and a table."))
    named = dict(kwargs)
    arguments = list(args) or [named.pop("inputs", ())]
    mask = named.pop("mask", ())

    def read(value: Any) -> list[Ref | None]:
        return [_tensor(leaf, shapes) for leaf in _leaves(value, budget, _is_keras_3)]

    return _call(read(arguments[0]), flat_keys(arguments[0], _is_keras_3), read(mask), read([arguments[1:], named]))


def _call(
    first: list[Ref | None], keys: tuple[str, ...] | None, masks: list[Ref | None], rest: list[Ref | None]
) -> CallConfig:
    if len(masks) != len(first):
        masks, rest = [], rest + masks
    return CallConfig(tuple(first), keys, tuple(masks), tuple(ref for ref in rest if ref))


def _is_keras_3(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get("class_name") == "__keras_tensor__"


def _tensor(leaf: Any, shapes: dict[Ref, Shape]) -> Ref | None:
    if not _is_keras_3(leaf):
        return None
    config = leaf.get("config")
    config = config if isinstance(config, Mapping) else {}
    ref = _ref(config.get("keras_history"))
    shape = as_shape(config.get("shape"))
    if shape is not None:
        shapes.setdefault(ref, shape)
    return ref


def _read_keras_2(node: Any, budget: Budget) -> CallConfig:
    leaves = [leaf for leaf in _leaves(node, budget, _is_keras_2) if _is_keras_2(leaf)]
    named = next((leaf[3] for leaf in leaves if len(leaf) > 3), None)
    named = dict(named) if isinstance(named, Mapping) else {}
    mask = named.pop("mask", ())

    def read(value: Any) -> list[Ref | None]:
        return [_old_tensor(leaf) for leaf in _leaves(value, budget, _is_keras_2)]

    return _call([_old_tensor(leaf) for leaf in leaves], flat_keys(node, _is_keras_2), read(mask), read(named))


def _old_tensor(leaf: Any) -> Ref | None:
    return _ref(leaf[:3]) if _is_keras_2(leaf) and leaf[0] != _CONSTANT else None


_CONSTANT = "_CONSTANT_VALUE"


def _is_keras_2(value: Any) -> bool:
    return (
        isinstance(value, (list, tuple))
        and len(value) in (3, 4)
        and isinstance(value[0], str)
        and (value[0] == _CONSTANT or (is_index(value[1]) and is_index(value[2])))
    )


def _ref(history: Any) -> Ref:
    fits = isinstance(history, (list, tuple)) and len(history) == 3 and isinstance(history[0], str)
    if not fits or not all(map(is_index, history[1:])):
        raise ModelFileError(_("A tensor is not named by its layer, its call and its output."))
    return Ref(*history)


def _leaves(value: Any, budget: Budget, is_tensor: Callable[[Any], bool]) -> Iterator[Any]:
    """Leaves of nested lists and dicts in the order of `keras.tree.flatten`, which takes dicts by sorted key."""
    stack = [value]
    while stack:
        budget.value()
        top = stack.pop()
        if is_tensor(top):
            yield top
        elif isinstance(top, (list, tuple)):
            stack.extend(reversed(top))
        elif isinstance(top, Mapping):
            if top.get("class_name") == "__tuple__":
                stack.append(top.get("items"))
            else:
                stack.extend(top[key] for key in sorted(top, key=str, reverse=True))
        else:
            yield top
