"""What is asked: a model's parts and the rows that it is asked about, encoded once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Self

from mtl_core.data import Split
from mtl_core.forward import Readout
from mtl_core.model import encode_rows, encoder_weights
from mtl_core.spec import Float32

__all__ = ["Pair", "Perturbation", "Subject", "affordable", "time_major"]

Perturbation = Literal["permute", "noise", "fade"]


Pair = tuple[Float32, Float32]

_SECONDS = {"permute": 0.6, "fade": 0.6, "noise": 2.5}
"""Aim for an answer. A larger shape gets fewer repeats (of noise), then fewer rows; see `affordable`."""

_FEWEST_REPEATS, _FEWEST_ROWS = 2, 64


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A trained model and the rows it is questioned on; tweets are time-major, (T, n, D)."""

    readout: Readout
    weights: tuple[Any, Any]
    tweets: Pair
    labels: Pair

    @classmethod
    def of(cls, model: Any, split: Split, rows: int) -> Self:
        """The model as it is now, and the first `rows` rows of a split."""
        return cls(
            readout=Readout.of(model),
            weights=encoder_weights(model),
            tweets=(time_major(split.a[:rows]), time_major(split.b[:rows])),
            labels=(split.y1[:rows, 0], split.y2[:rows, 0]),
        )

    def encode(self, a: Any, b: Any) -> Pair:
        """Encodings (n, u) of both tweets, from tweets (T, n, D): arrays, or what gives one for each slice of rows."""
        return encode_rows((a, b), self.weights)


def affordable(model: Any, split: Split, perturbation: Perturbation, levels: int, repeats: int) -> tuple[int, int]:
    """Rows and repeats that take about `_SECONDS`, from shapes alone: nothing is timed, so the answer repeats.

    Parameters
    ----------
    model : keras.Model
    split : Split
        Rows (n, T, D) that could be asked about.
    perturbation : {"permute", "noise", "fade"}
    levels, repeats : int
        Doses, and disturbances averaged at each.

    Returns
    -------
    rows, repeats : int
        At most those asked for.
    """
    timesteps, features = split.a.shape[1:]
    units = len(encoder_weights(model)[0][1])
    readout = Readout.of(model)
    hidden = len(readout.hidden[0][1]) if readout.hidden else 1
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


def time_major(x: Float32) -> Float32:
    """Tweets (n, T, D) as (T, n, D), in the same memory."""
    return x.transpose(1, 0, 2)
