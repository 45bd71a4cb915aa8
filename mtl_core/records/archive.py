"""A finished run as plain bytes.

An archive is a *head*, zlib-compressed JSON that holds everything a page shows at once, and a *body*, one little-endian
float32 buffer with the weights of the kept epochs one after the other. Nothing in it is code and nothing is unpickled, so
a file that a stranger wrote can at worst be refused: reading checks every field and raises `ValueError` in words. Head
and body are apart because a page needs the head at every look and one epoch of the body once in a while; each epoch
carries its own checksum, so that it can be read alone.

    file = magic | length of the head (4 bytes) | head | body
"""

from __future__ import annotations

import dataclasses
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
from mtl_core.records.measures import Epoch, HeadMetrics, Pull, Response
from mtl_core.records.run import Run
from mtl_core.spec import INPUTS, OUTPUTS, ExperimentSpec, Float32, TrainSpec, knob

__all__ = [
    "START_BYTES",
    "Head",
    "OtherVersion",
    "decode_head",
    "encode",
    "epoch_from_plain",
    "epoch_to_plain",
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

_LAST_EPOCH = int(knob(TrainSpec, "epochs").high)
_PAIRS = tuple((output, seen) for output in OUTPUTS for seen in INPUTS)
_CURVES = ("loss", "low", "high", "accuracy")
_COSINES = 3
"""Of a `Pull`, after its two norms."""

_PERTURBATIONS = ("permute", "noise", "fade")


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
        "response": _response_to_plain(run.response),
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


def epoch_to_plain(epoch: Epoch) -> list[Any]:
    """An epoch's metrics as nested lists, for JSON and for progress events; weights are left out."""
    heads = [[[m[name].loss, m[name].accuracy] for name in OUTPUTS] for m in (epoch.train, epoch.test)]
    plain = [epoch.index, epoch.seconds, *heads, [epoch.reliance[pair] for pair in _PAIRS]]
    return plain if epoch.gradients is None else [*plain, _gradients_to_plain(epoch.gradients)]


def epoch_from_plain(plain: Any) -> Epoch:
    """The inverse of `epoch_to_plain`; `ValueError` if anything is out of range."""
    # Runs recorded before gradients were measured lack them.
    index, seconds, train, test, reliance, *gradients = plain
    return Epoch(
        index=_whole(index, _LAST_EPOCH),
        seconds=_numbers([seconds], 1, low=0.0)[0],
        train=_metrics(train),
        test=_metrics(test),
        reliance=dict(zip(_PAIRS, _numbers(reliance, len(_PAIRS)), strict=True)),
        gradients=_gradients_from_plain(*gradients) if gradients else None,
    )


def _gradients_to_plain(gradients: Mapping[tuple[str, str], Pull | None]) -> list[list[Any]]:
    return [[*name, *(dataclasses.astuple(pull) if pull else ())] for name, pull in gradients.items()]


def _gradients_from_plain(plain: Any) -> dict[tuple[str, str], Pull | None]:
    return {(_text(layer), _text(variable)): _pull(*pull) if pull else None for layer, variable, *pull in plain}


def _pull(norm1: Any, norm2: Any, *cosines: Any) -> Pull:
    if len(cosines) != _COSINES:
        raise ValueError(f"it has {len(cosines)} cosines where {_COSINES} belong")
    return Pull(*_numbers([norm1, norm2], 2, low=0.0), *map(_cosine, cosines))


def _cosine(value: Any) -> float | None:
    if value is None:
        return None
    (cosine,) = _numbers([value], 1, low=-1.0)
    if cosine > 1:
        raise ValueError(f"a cosine is {cosine}")
    return cosine


def _metrics(plain: Any) -> dict[str, HeadMetrics]:
    heads = zip(OUTPUTS, plain, strict=True)
    by_head = {name: HeadMetrics(*_numbers(pair, 2, low=0.0)) for name, pair in heads}
    if any(metrics.accuracy > 1 for metrics in by_head.values()):
        raise ValueError("an accuracy is above 1")
    return by_head


def _response_to_plain(response: Response | None) -> dict[str, Any] | None:
    if response is None:
        return None
    plain = {field.name: getattr(response, field.name) for field in dataclasses.fields(response)}
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in plain.items()}


def _response_from_plain(plain: Any) -> Response | None:
    if plain is None:
        return None
    if plain["perturbation"] not in _PERTURBATIONS:
        raise ValueError(f"the response's perturbation is {plain['perturbation']!r}")
    levels = np.array(_numbers(plain["levels"], len(plain["levels"]), low=0.0))
    # Runs recorded before answers were counted lack "changed".
    names = [*_CURVES, *(["changed"] if plain.get("changed") is not None else [])]
    curves = {name: np.array(plain[name], np.float64) for name in names}
    shape = (len(OUTPUTS), len(INPUTS), len(levels))
    if any(curve.shape != shape or not np.isfinite(curve).all() for curve in curves.values()):
        raise ValueError(f"a curve of the response is not finite or not of shape {shape}")
    if "changed" in curves and not ((curves["changed"] >= 0) & (curves["changed"] <= 1)).all():
        raise ValueError("a share of changed answers is not between 0 and 1")
    repeats, rows = int(plain["repeats"]), int(plain["rows"])
    return Response(plain["perturbation"], levels, repeats=repeats, rows=rows, **curves)


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
    kept = tuple(_whole(epoch, spec.train.epochs) for epoch in plain["kept"])
    if list(kept) != sorted(set(kept)) or len(kept) > MAX_SNAPSHOTS:
        raise ValueError("its kept epochs are not in order, or too many")
    shapes = tuple(tuple(_whole(length, 2**31) for length in shape) for shape in plain["shapes"])
    checksums = tuple(_whole(sum_, 2**32 - 1) for sum_ in plain["checksums"])
    if len(checksums) != len(kept):
        raise ValueError("it has not one checksum for each kept epoch")
    run = Run(
        spec=spec,
        state="finished",
        source="stored",
        epochs=epochs,
        kept=kept,
        response=_response_from_plain(plain["response"]),
        config=_text_or_none(plain["config"]),
        versions={_text(name): _text(value) for name, value in plain["versions"].items()},
    )
    head = Head(run, _text(plain["attempt"]), shapes, checksums)
    # Two epochs are always kept, however large the model: see `kept_epochs`.
    if head.body_bytes > max(MAX_SNAPSHOT_BYTES, 2 * head.epoch_bytes):
        raise ValueError(f"its weights are over the limit of {MAX_SNAPSHOT_BYTES} bytes")
    return head


def _spec(plain: dict[str, Any]) -> ExperimentSpec:
    query = {_text(key): _text(value) for key, value in plain["spec"].items()}
    spec, notes = ExperimentSpec.from_query(query)
    if notes or spec.digest() != plain["digest"]:
        raise ValueError("its settings are not those it was recorded with. " + " ".join(notes))
    return spec


def _numbers(values: Any, count: int, low: float = -math.inf) -> list[float]:
    numbers = [float(value) for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)]
    if len(values) != count or len(numbers) != count or not all(low <= n and math.isfinite(n) for n in numbers):
        raise ValueError(f"it has {str(values)[:60]} where {count} finite numbers belong")
    return numbers


def _whole(value: Any, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= high:
        raise ValueError(f"it has {value!r} where a whole number from 0 to {high} belongs")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"it has {value!r} where text belongs")
    return value


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)
