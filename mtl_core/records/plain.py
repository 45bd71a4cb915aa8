"""Epochs and responses as nested lists, for JSON and for progress events; and what is checked when they are read again.

What is read may come from a stranger: each value is of its kind and in its range, or `ValueError` says in words what is not.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from mtl_core.records.measures import Epoch, HeadMetrics, Pull, Response
from mtl_core.spec import INPUTS, OUTPUTS, TrainSpec, knob

__all__ = [
    "as_text",
    "as_text_or_none",
    "as_whole",
    "epoch_from_plain",
    "epoch_to_plain",
    "response_from_plain",
    "response_to_plain",
]

_LAST_EPOCH = int(knob(TrainSpec, "epochs").high)
_PAIRS = tuple((output, seen) for output in OUTPUTS for seen in INPUTS)
_CURVES = ("loss", "low", "high", "accuracy")
_COSINES = 3
"""Of a `Pull`, after its two norms."""

_PERTURBATIONS = ("permute", "noise", "fade")


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
        index=as_whole(index, _LAST_EPOCH),
        seconds=_numbers([seconds], 1, low=0.0)[0],
        train=_metrics(train),
        test=_metrics(test),
        reliance=dict(zip(_PAIRS, _numbers(reliance, len(_PAIRS)), strict=True)),
        gradients=_gradients_from_plain(*gradients) if gradients else None,
    )


def _gradients_to_plain(gradients: Mapping[tuple[str, str], Pull | None]) -> list[list[Any]]:
    return [[*name, *(dataclasses.astuple(pull) if pull else ())] for name, pull in gradients.items()]


def _gradients_from_plain(plain: Any) -> dict[tuple[str, str], Pull | None]:
    return {(as_text(layer), as_text(variable)): _pull(*pull) if pull else None for layer, variable, *pull in plain}


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


def response_to_plain(response: Response | None) -> dict[str, Any] | None:
    """A response by its fields' names; None stays None."""
    if response is None:
        return None
    plain = {field.name: getattr(response, field.name) for field in dataclasses.fields(response)}
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in plain.items()}


def response_from_plain(plain: Any) -> Response | None:
    """The inverse of `response_to_plain`; `ValueError` if anything is out of range."""
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


def _numbers(values: Any, count: int, low: float = -math.inf) -> list[float]:
    numbers = [float(value) for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)]
    if len(values) != count or len(numbers) != count or not all(low <= n and math.isfinite(n) for n in numbers):
        raise ValueError(f"it has {str(values)[:60]} where {count} finite numbers belong")
    return numbers


def as_whole(value: Any, high: int) -> int:
    """`value`, if it is a whole number from 0 to `high`; else `ValueError`."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= high:
        raise ValueError(f"it has {value!r} where a whole number from 0 to {high} belongs")
    return value


def as_text(value: Any) -> str:
    """`value`, if it is text; else `ValueError`."""
    if not isinstance(value, str):
        raise ValueError(f"it has {value!r} where text belongs")
    return value


def as_text_or_none(value: Any) -> str | None:
    """`value`, if it is text or None; else `ValueError`."""
    return None if value is None else as_text(value)
