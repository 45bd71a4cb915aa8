"""What is asked: a model's parts and the rows that it is asked about, encoded once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from mtl_core.data import Split
from mtl_core.forward import Readout
from mtl_core.model import encode_rows, encoder_weights
from mtl_core.response.disturb import _FEWEST_REPEATS, _FEWEST_ROWS, _SECONDS, Perturbation
from mtl_core.spec import Float32

__all__ = ["Pair"]

Pair = tuple[Float32, Float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Subject:
    """A trained model and the rows it is questioned on; tweets are time-major, (T, n, D)."""

    readout: Readout
    weights: tuple[Any, Any]
    tweets: Pair
    labels: Pair

    @classmethod
    def of(cls, model: Any, split: Split, rows: int) -> Self:
        return cls(
            readout=Readout.of(model),
            weights=encoder_weights(model),
            tweets=(_time_major(split.a[:rows]), _time_major(split.b[:rows])),
            labels=(split.y1[:rows, 0], split.y2[:rows, 0]),
        )

    def encode(self, a: Float32, b: Float32) -> Pair:
        return encode_rows((a, b), self.weights)


def _affordable(model: Any, split: Split, perturbation: Perturbation, levels: int, repeats: int) -> tuple[int, int]:
    """Rows and repeats that take about `_SECONDS`, from shapes alone: nothing is timed, so the answer repeats."""
    timesteps, features = split.a.shape[1:]
    units = len(encoder_weights(model)[0][1])
    its_hidden = Readout.of(model).hidden
    hidden = len(its_hidden[0][1]) if its_hidden else 1
    encode: float = timesteps * units * (8 * (features + units) / 3e10 + 8e-9)
    read: float = 1e-7 + 16 * units * hidden / 4e10
    budget = _SECONDS[perturbation]

    def row_seconds(times: int) -> float:
        return (1 if perturbation == "permute" else levels * times) * encode + levels * times * read

    if perturbation == "noise":
        while repeats > _FEWEST_REPEATS and row_seconds(repeats) * len(split.a) > budget:
            repeats -= 1
    rows = max(_FEWEST_ROWS, int(budget / row_seconds(repeats)))
    return min(rows, len(split.a)), repeats


def _time_major(x: Float32) -> Float32:
    return np.ascontiguousarray(x.transpose(1, 0, 2))
