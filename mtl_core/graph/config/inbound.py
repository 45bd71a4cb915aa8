"""One call of a layer, as Keras 2 or Keras 3 writes it: which tensors does it read?

A tensor is named by three things: (layer, which call of that layer, which output of that call). Keras 3 writes a call as
`{"args": ..., "kwargs": ...}` with `__keras_tensor__` objects anywhere inside. Keras 2 writes
`[["layer", 0, 0, {kwargs}], ...]`, the same kwargs beside each tensor, and further tensors in them as `["layer", 0, 0]`.
(`serialize_node` in keras/src/models/functional.py; `Node.serialize` in Keras 2's engine/node.py.)

Everything here is read and nothing is trusted: what does not fit raises `ModelFileError` with a sentence for the visitor.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from mtl_core.graph.config.parts import CallConfig, Ref
from mtl_core.graph.config.untrusted import MAX_ENDS, Budget, ModelFileError, Shape, as_shape, is_index
from mtl_core.language import _

__all__ = ["flat_keys", "read_call", "read_ends"]


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

    call = _call(read(arguments[0]), flat_keys(arguments[0], _is_keras_3), read(mask), read([arguments[1:], named]))
    return dataclasses.replace(call, index=_index(arguments[1])) if len(arguments) == 2 and not named else call


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
        found = _leaves(value, budget, _is_keras_2) if value not in ((), {}) else ()
        return [_old_tensor(leaf) if _is_keras_2(leaf) else None for leaf in found]

    call = _call([_old_tensor(leaf) for leaf in leaves], flat_keys(node, _is_keras_2), read(mask), read(named))
    constants = [leaf[2] for leaf in leaves if leaf[0] == _CONSTANT]
    constants += [value for value in named.values() if not _is_keras_2(value)]
    arrays = any(isinstance(value, (list, tuple, Mapping)) for value in constants)
    index = _index(named["slice_spec"]) if "slice_spec" in named else None
    return dataclasses.replace(call, arrays=arrays, index=index) if arrays or index else call


def _index(value: Any) -> tuple[object, ...] | None:
    """What a slice takes along each axis; None where that is no number or depends on a tensor."""
    parts = value if isinstance(value, (list, tuple)) else [value]
    if len(parts) > 16:
        return None
    index: list[object] = []
    for part in parts:
        kind = part.get("class_name", "__slice__") if isinstance(part, Mapping) else ""
        ends = part.get("config", part) if isinstance(part, Mapping) else {}
        if part is None or (isinstance(part, int) and not isinstance(part, bool)):
            index.append(part)
        elif kind == "__ellipsis__":
            index.append(...)
        elif kind == "__slice__" and isinstance(ends, Mapping) and {"start", "stop", "step"} <= set(ends):
            index.append(slice(ends["start"], ends["stop"], ends["step"]))
        else:
            return None
    return tuple(index) if index.count(...) < 2 else None


def _old_tensor(leaf: Sequence[Any]) -> Ref | None:
    return Ref(*leaf[:3]) if leaf[0] != _CONSTANT else None


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
