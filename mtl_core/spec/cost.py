"""What a run costs: one model for the limits, for its memory and its expected time, and for how often it can be stopped.

A run is slow for one of three reasons, whichever is most: its arithmetic, its steps in time, or its updates. With T steps, D
features, u units and both tweets encoded (a shared LSTM runs twice as well), an epoch over n rows multiplies
n · T · 4u(D+u) · 2 pairs of numbers forwards. Rates were measured on two cores.

Its memory is that of the data, that of one batch, and what any run needs beside them. Of the data half are there twice while they
are turned over as the graph wants them, and a worker keeps the last run's test rows for questions. Of a batch, backpropagation
through time keeps the gates and states of every step, some 13 numbers for each row, step and unit.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

from mtl_core.language import _
from mtl_core.spec.fields import knob
from mtl_core.spec.parts import DataSpec, ModelSpec, TrainSpec

__all__ = [
    "DATA_BYTES_LIMIT",
    "MEMORY_LIMIT",
    "STEP_LIMIT",
    "UPDATE_LIMIT",
    "WORK_LIMIT",
    "Cost",
    "cost",
    "gates",
    "lowered",
    "too_much",
]

WORK_LIMIT = 1e12
"""Most multiplications of a run's forward passes: about a minute on two cores."""

STEP_LIMIT = 600_000
"""Most steps in time of a run, updates x T: about a minute, because a step costs 0.1 ms however small the LSTM is."""

UPDATE_LIMIT = 60_000
"""Most weight updates of a run: about a minute, because an update costs 1 ms however short the sequence is."""

DATA_BYTES_LIMIT = 300_000_000
"""Most bytes of both splits: two float32 inputs of (n, T, D) each."""

MEMORY_LIMIT = 910_000_000
"""Most bytes that a run may add to a worker, which holds 0.75 to 1.1 GB of its 2 before."""

_ENCODERS = 2
_FLOAT = 4
_COPIES = 2.2
_ANY_RUN_BYTES = 60_000_000
"""Of a graph that is compiled, and of the rows that are encoded at once."""

_NUMBERS_A_UNIT, _NUMBERS_A_FEATURE, _NUMBERS_A_STEP = 13.0, 3.5, 8.0
"""Of a batch, kept for each row and step; from above, held to measured peaks by a test."""

_WORK_A_SECOND, _STEP_SECONDS, _UPDATE_SECONDS, _BEGIN_SECONDS = 16e9, 1e-4, 1e-3, 1.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run costs.

    Parameters
    ----------
    work : float
        Multiplications of all forward passes over the training rows.
    updates : int
        Changes of the weights.
    steps : int
        Steps in time of all updates: updates x T.
    data_bytes : int
        Both splits in memory.
    activation_bytes : float
        What one batch keeps of both tweets until its update is made.
    """

    work: float
    updates: int
    steps: int
    data_bytes: int
    activation_bytes: float

    @property
    def seconds(self) -> float:
        """Expected time of the whole run on two cores, to a factor of two."""
        slowest = max(self.work / _WORK_A_SECOND, self.steps * _STEP_SECONDS, self.updates * _UPDATE_SECONDS)
        return _BEGIN_SECONDS + slowest

    @property
    def update_seconds(self) -> float:
        """Expected time of one update."""
        return (self.seconds - _BEGIN_SECONDS) / self.updates

    @property
    def too_long(self) -> str:
        """Which limit of time the run exceeds, in words; empty if it exceeds none."""
        return _over(
            (_("the arithmetic of the run (epochs · rows · T · 4u(D+u) · 2)"), self.work, WORK_LIMIT),
            (_("the LSTM steps of the run (updates · T)"), self.steps, STEP_LIMIT),
            (_("the weight updates of the run"), self.updates, UPDATE_LIMIT),
        )

    @property
    def memory(self) -> float:
        """Bytes that the run adds to its worker at most, with data within their own limit."""
        return _ANY_RUN_BYTES + _COPIES * min(self.data_bytes, DATA_BYTES_LIMIT) + self.activation_bytes

    @property
    def too_large(self) -> str:
        """By how much the data are too large, in words; empty if they are not."""
        return _over((_("the data, in bytes,"), self.data_bytes, DATA_BYTES_LIMIT))

    @property
    def too_wide(self) -> str:
        """By how much a batch is too large beside the data, in words; empty if it is not."""
        return _over((_("the memory of a batch and the data, in bytes,"), self.memory, MEMORY_LIMIT))


def cost(model: ModelSpec, data: DataSpec, train: TrainSpec) -> Cost:
    """What the run of an experiment with these parts costs."""
    updates = train.epochs * math.ceil(data.n_train / train.batch_size)
    timesteps, features = data.shape
    rows = min(train.batch_size, data.n_train)
    return Cost(
        work=float(train.epochs) * data.n_train * timesteps * gates(model.lstm_units, features) * _ENCODERS,
        updates=updates,
        steps=updates * timesteps,
        data_bytes=2 * _FLOAT * timesteps * features * (data.n_train + data.n_test),
        activation_bytes=2 * _FLOAT * rows * timesteps * _kept(model.lstm_units, features),
    )


def gates(units: int, features: int) -> int:
    """Multiplications of one LSTM's step in time for one row: four gates read D features and u units, 4u(D+u)."""
    return 4 * units * (features + units)


def _kept(units: int, features: int) -> float:
    """Numbers that a batch keeps of one row at one step in time."""
    return _NUMBERS_A_UNIT * units + _NUMBERS_A_FEATURE * features + _NUMBERS_A_STEP


def too_much(model: ModelSpec, data: DataSpec, train: TrainSpec) -> str:
    """What is too much about a combination, in words; empty if nothing is."""
    amount = cost(model, data, train)
    return amount.too_long or amount.too_large or amount.too_wide


def lowered(parts: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    """Parts within the limits: a smaller batch, fewer epochs, training rows, test rows, in this order, each as little as needed.

    Parameters
    ----------
    parts : dict
        The parts of an experiment by name: "model", "data", "train".
    notes : list of str
        Gets one more sentence if anything was lowered.
    """
    amount = cost(**parts)
    problem = (
        (_("the run would take too long") if amount.too_long else "")
        or (_("the data would need too much memory") if amount.too_large else "")
        or _("a batch would need too much memory")
    )
    used = []
    for part, name, exceeds in (
        ("train", "batch_size", _too_wide),  # more updates, if need be of fewer epochs
        ("train", "epochs", _too_long),  # which don't make the data smaller
        ("data", "n_train", too_much),
        ("data", "n_test", too_much),
    ):
        row = knob(parts[part], name)
        low, high = int(row.low), getattr(parts[part], name)
        least = {**parts, part: dataclasses.replace(parts[part], **{name: low})}
        if not exceeds(**parts):
            continue
        while high - low > 1 and not exceeds(**least):
            middle = (low + high) // 2
            trial = {**parts, part: dataclasses.replace(parts[part], **{name: middle})}
            low, high = (low, middle) if exceeds(**trial) else (middle, high)
        parts = {**parts, part: dataclasses.replace(parts[part], **{name: low})}
        used.append(f"{_(row.label)} = {low}")
    if used:
        sentence = _("These settings are too much together: {problem}. Used instead: {used}.")
        notes.append(sentence.format(problem=problem, used=", ".join(used)))
    return parts


def _too_long(model: ModelSpec, data: DataSpec, train: TrainSpec) -> str:
    return cost(model, data, train).too_long


def _too_wide(model: ModelSpec, data: DataSpec, train: TrainSpec) -> str:
    return cost(model, data, train).too_wide


def _over(*amounts: tuple[str, float, float]) -> str:
    for what, amount, limit in amounts:
        if amount > limit:
            return _("{what} would be {amount:.3g}; the limit is {limit:.3g}").format(
                what=what, amount=amount, limit=limit
            )
    return ""
