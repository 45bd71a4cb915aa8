"""`keras_metadata.pb`, which Keras 2 puts into the folder of a SavedModel: the JSON in a protocol buffer.

Its message is a list of saved objects (keras/protobuf/saved_metadata.proto in Keras 2.15); the one at the path "root" is the
model, and its `metadata` is JSON with the model's class and config. No TensorFlow is needed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from mtl_core.graph.config.formats.text import MAX_CONFIG_BYTES, config_of_json
from mtl_core.graph.config.untrusted import Budget, ModelFileError
from mtl_core.language import _

__all__ = ["config_of_metadata"]

_NODES, _PATH, _METADATA = 1, 3, 5
"""The numbers of the fields that are read: the saved objects, and of each its path and its metadata."""

_WIDTHS = {1: 8, 5: 4}
"""Bytes of a field of one of the two kinds that have a fixed number of them."""


def config_of_metadata(data: bytes) -> Any:
    """The config of the model that a `keras_metadata.pb` describes.

    Raises
    ------
    ModelFileError
        If it is another kind of protocol buffer, or the model is a subclassed one.
    """
    if len(data) > 4 * MAX_CONFIG_BYTES:
        raise ModelFileError(
            _("The model's description is larger than {most:,} bytes.").format(most=4 * MAX_CONFIG_BYTES)
        )
    root = _root(memoryview(data))
    if root is None:
        raise ModelFileError(_other_kind(data))
    return config_of_json(bytes(root.get(_METADATA, b"")))


def _root(data: memoryview) -> dict[int, memoryview] | None:
    """Path and metadata of the saved object that is the model."""
    budget = Budget()
    with contextlib.suppress(IndexError):
        for number, saved in _fields(data, budget):
            if number != _NODES:
                continue
            fields = {part: text for part, text in _fields(saved, budget) if part in (_PATH, _METADATA)}
            if bytes(fields.get(_PATH, b"")) == b"root":
                return fields
    return None


def _fields(data: memoryview, budget: Budget) -> Iterator[tuple[int, memoryview]]:
    """The fields of a message that hold texts or messages, with their numbers; raises `IndexError` if it is damaged.

    They are looked at one after another: a message of 10 MB may hold millions, and as objects they took 470 MB.
    """
    at = 0
    while at < len(data):
        budget.clock()
        key, at = _varint(data, at)
        kind = key & 7
        if kind == 0:
            _value, at = _varint(data, at)
            continue
        if kind == 2:
            size, at = _varint(data, at)
        elif kind in _WIDTHS:
            size = _WIDTHS[kind]
        else:
            raise IndexError
        if at + size > len(data):
            raise IndexError
        if kind == 2:
            yield key >> 3, data[at : at + size]
        at += size


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and where the next thing begins."""
    number = 0
    for shift in range(0, 70, 7):
        byte = data[at + shift // 7]
        number |= (byte & 127) << shift
        if byte < 128:
            return number, at + shift // 7 + 1
    raise IndexError


def _other_kind(data: bytes) -> str:
    """What a protocol buffer is that is no `keras_metadata.pb`, and what to give instead."""
    if b"onnx" in data[:4096] or b"pytorch" in data[:4096]:
        return _(
            "This is an ONNX file: it holds operations, not Keras layers. Export model.to_json() from Keras instead."
        )
    return _(
        "This is a saved_model.pb or another protocol buffer, which says nothing of Keras's layers. Give the "
        "keras_metadata.pb that lies beside it, save the model as .keras, or write model.to_json() to a .json file."
    )
