"""A finished run as plain bytes.

An archive is a *head*, zlib-compressed JSON that holds everything a page shows at once, and a *body*, one little-endian
float32 buffer with the weights of the kept epochs one after the other. Nothing in it is code and nothing is unpickled, so
a file that a stranger wrote can at worst be refused: reading checks every field and raises `ValueError` in words. Head
and body are apart because a page needs the head at every look and one epoch of the body once in a while; each epoch
carries its own checksum, so that it can be read alone.

    file = magic | length of the head (4 bytes) | head | body
"""

from __future__ import annotations

import json
import math
import re
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mtl_core.records.kept import MAX_SNAPSHOT_BYTES, MAX_SNAPSHOTS
from mtl_core.records.plain import (
    as_text,
    as_text_or_none,
    as_whole,
    epoch_from_plain,
    epoch_to_plain,
    response_from_plain,
    response_to_plain,
)
from mtl_core.records.run import Run
from mtl_core.records.versions import run_key
from mtl_core.spec import ExperimentSpec, Float32

__all__ = [
    "START_BYTES",
    "Head",
    "OtherVersion",
    "decode_head",
    "encode",
    "head_bytes",
    "pack",
    "split",
]

_MAGIC = b"MTL run 1\n"
_ANY_VERSION = re.compile(rb"MTL run \d+\n")
START_BYTES = len(_MAGIC) + 4
"""Bytes of a file before its head."""

_HEAD_LIMIT = 8_000_000
"""Most bytes of a decompressed head: 200 epochs and a model's config are 0.1 MB."""


class OtherVersion(ValueError):
    """A recorded run in a format that another version of this app wrote: good for that version, and not damaged."""


@dataclass(frozen=True, slots=True)
class Head:
    """What an archive says about its run and about the layout of its body.

    Parameters
    ----------
    run : Run
        Finished; without weights.
    attempt : str
        Names the one execution that made these numbers.
    shapes : tuple of tuple of int
        Shapes of the weights of one epoch, in `model.weights` order.
    checksums : tuple of int
        CRC-32 of each kept epoch's bytes, in the order of `run.kept`.
    """

    run: Run
    attempt: str
    shapes: tuple[tuple[int, ...], ...]
    checksums: tuple[int, ...]

    @property
    def epoch_bytes(self) -> int:
        """Bytes of one kept epoch."""
        return 4 * sum(math.prod(shape) for shape in self.shapes)

    @property
    def body_bytes(self) -> int:
        """Bytes of the whole body."""
        return self.epoch_bytes * len(self.run.kept)

    def is_named(self, name: str) -> bool:
        """Whether a file of this name may be this run's: its key, or its spec's digest alone for a recorded one."""
        return name in (run_key(self.run.spec, self.run.versions), self.run.spec.digest())

    def offset(self, epoch: int) -> int:
        """Where a kept epoch begins in the body, in bytes; `ValueError` if its weights were not kept."""
        if epoch not in self.run.kept:
            raise ValueError(f"epoch {epoch} was not kept; kept are {self.run.kept}")
        return self.run.kept.index(epoch) * self.epoch_bytes

    def weights(self, epoch: int, piece: bytes | memoryview) -> tuple[Float32, ...]:
        """The weights of one epoch from its `epoch_bytes` of the body; `ValueError` if they are damaged."""
        position = self.offset(epoch) // max(1, self.epoch_bytes)
        if len(piece) != self.epoch_bytes or zlib.crc32(piece) != self.checksums[position]:
            raise ValueError(f"the weights of epoch {epoch} are damaged")
        flat = np.frombuffer(piece, "<f4").astype(np.float32)
        ends = np.cumsum([math.prod(shape) for shape in self.shapes])[:-1]
        return tuple(part.reshape(shape) for part, shape in zip(np.split(flat, ends), self.shapes, strict=True))


def pack(run: Run, weights: Mapping[int, Sequence[Float32]], attempt: str) -> tuple[bytes, Float32]:
    """Head and body of a finished run.

    Parameters
    ----------
    run : Run
    weights : mapping of epoch to arrays
        The kept epochs, each in `model.weights` order.
    attempt : str

    Returns
    -------
    head : bytes
    body : array of float32, one-dimensional
    """
    kept = sorted(weights)
    shapes = [list(array.shape) for array in weights[kept[0]]] if kept else []
    pieces = [np.concatenate([np.ravel(array) for array in weights[epoch]]).astype("<f4") for epoch in kept]
    plain = {
        "spec": run.spec.to_query(),
        "digest": run.spec.digest(),
        "attempt": attempt,
        "epochs": [epoch_to_plain(epoch) for epoch in run.epochs],
        "kept": kept,
        "shapes": shapes,
        "checksums": [zlib.crc32(piece.tobytes()) for piece in pieces],
        "response": response_to_plain(run.response),
        "config": run.config,
        "versions": dict(run.versions),
    }
    text = json.dumps(plain, allow_nan=False, separators=(",", ":"))
    body = np.concatenate(pieces) if pieces else np.zeros(0, "<f4")
    return zlib.compress(text.encode(), 9), body


def encode(head: bytes, body: bytes | Float32) -> bytes:
    """One file of head and body; `split` is its inverse."""
    rest = body if isinstance(body, bytes) else body.astype("<f4").tobytes()
    return _MAGIC + struct.pack("<I", len(head)) + head + rest


def head_bytes(start: bytes) -> int:
    """Length of the head in bytes, as the first `START_BYTES` of a file say.

    Raises
    ------
    OtherVersion
        If another version of this app wrote the file.
    ValueError
        If the file is no archive.
    """
    if not start.startswith(_MAGIC) and _ANY_VERSION.match(start):
        raise OtherVersion("another version of this app wrote this recorded run")
    if not start.startswith(_MAGIC) or len(start) < START_BYTES:
        raise ValueError("this is not a recorded run")
    (length,) = struct.unpack("<I", start[len(_MAGIC) : START_BYTES])
    return int(length)


def split(data: bytes) -> tuple[bytes, bytes]:
    """Head and body of a file.

    Raises
    ------
    ValueError
        If the file is no archive, or its head is bad, or its body does not have the length the head promises.
    """
    end = START_BYTES + head_bytes(data[:START_BYTES])
    head, body = data[START_BYTES:end], data[end:]
    if len(body) != decode_head(head).body_bytes:
        raise ValueError("the recorded run is cut off or has bytes too many")
    return head, body


def decode_head(data: bytes) -> Head:
    """Read a head, checking every field.

    Raises
    ------
    ValueError
        In words, if anything is missing, of the wrong type or out of range.
    """
    try:
        return _head_from_plain(_unzipped(data))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError) as error:
        raise ValueError(f"the recorded run cannot be read: {type(error).__name__}, {error}") from error


def _unzipped(data: bytes) -> dict[str, Any]:
    try:
        reader = zlib.decompressobj()
        text = reader.decompress(data, _HEAD_LIMIT)
        plain = json.loads(text, parse_constant=_refuse_constant) if reader.eof else None
    except (zlib.error, UnicodeDecodeError, RecursionError, json.JSONDecodeError) as error:
        raise ValueError(f"its head is no record: {error}") from error
    if not isinstance(plain, dict):
        raise ValueError("its head is cut off, too large, or no record")
    return plain


def _refuse_constant(name: str) -> None:
    raise ValueError(f"it has the value {name}, which is no number")


def _head_from_plain(plain: dict[str, Any]) -> Head:
    spec = _spec(plain)
    epochs = tuple(epoch_from_plain(each) for each in plain["epochs"])
    if [epoch.index for epoch in epochs] != list(range(spec.train.epochs + 1)):
        raise ValueError("its epochs are not complete or not in order")
    kept = tuple(as_whole(epoch, spec.train.epochs) for epoch in plain["kept"])
    if list(kept) != sorted(set(kept)) or len(kept) > MAX_SNAPSHOTS:
        raise ValueError("its kept epochs are not in order, or too many")
    shapes = tuple(tuple(as_whole(length, 2**31) for length in shape) for shape in plain["shapes"])
    checksums = tuple(as_whole(sum_, 2**32 - 1) for sum_ in plain["checksums"])
    if len(checksums) != len(kept):
        raise ValueError("it has not one checksum for each kept epoch")
    run = Run(
        spec=spec,
        state="finished",
        source="stored",
        epochs=epochs,
        kept=kept,
        response=response_from_plain(plain["response"]),
        config=as_text_or_none(plain["config"]),
        versions={as_text(name): as_text(value) for name, value in plain["versions"].items()},
    )
    head = Head(run, as_text(plain["attempt"]), shapes, checksums)
    # Two epochs are always kept, however large the model: see `kept_epochs`.
    if head.body_bytes > max(MAX_SNAPSHOT_BYTES, 2 * head.epoch_bytes):
        raise ValueError(f"its weights are over the limit of {MAX_SNAPSHOT_BYTES} bytes")
    return head


def _spec(plain: dict[str, Any]) -> ExperimentSpec:
    query = {as_text(key): as_text(value) for key, value in plain["spec"].items()}
    spec, notes = ExperimentSpec.from_query(query)
    if notes or spec.digest() != plain["digest"]:
        raise ValueError("its settings are not those it was recorded with. " + " ".join(notes))
    return spec
