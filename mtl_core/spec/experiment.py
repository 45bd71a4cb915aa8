"""What an experiment *is*, and how it travels in a link.

An experiment is three small frozen records: a model (how the two tweets meet), a data rule (which tweet knows what) and
a training recipe. `ViewSpec`, in `view`, is the fourth: what the visitor is looking at. Together they are the state of a screen.

Two doors lead in. Code uses the constructors, which raise `ValueError`. A link uses `from_query`, which never raises: it
takes the nearest legal value and says so.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from mtl_core.spec.cost import Cost, cost, lowered, too_much
from mtl_core.spec.fields import VERSION, canonical, former_defaults, knobs, read_fields, write_fields
from mtl_core.spec.parts import DataSpec, ModelSpec, TrainSpec, left_out_of_words

__all__ = ["ExperimentSpec"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentSpec:
    """A model, the data it learns and how: everything that decides a run's numbers.

    Raises
    ------
    ValueError
        If the combination costs more than `WORK_LIMIT`, `STEP_LIMIT`, `UPDATE_LIMIT` or `DATA_BYTES_LIMIT`.
    """

    model: ModelSpec = field(default_factory=ModelSpec)
    data: DataSpec = field(default_factory=DataSpec)
    train: TrainSpec = field(default_factory=TrainSpec)

    def __post_init__(self) -> None:
        if problem := too_much(self.model, self.data, self.train):
            raise ValueError(problem)

    @classmethod
    def question(cls, concatenate: bool = True) -> Self:
        """The learner's own model: 280 x 256 inputs, 64 units, rmsprop at Keras defaults, 256 + 256 rows.

        It shows size, graph and cost; 256 rows are too few for a good score.
        """
        return cls(
            model=ModelSpec(merge="concatenate" if concatenate else "none", lstm_units=64),
            data=DataSpec(tweets="numbers", timesteps=280, features=256, n_train=256, n_test=256),
            train=TrainSpec(learning_rate=0.001),
        )

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed, whichever part they belong to: `spec.replace(merge="none", epochs=3)`.

        Raises
        ------
        ValueError
            If a value or the combination is not legal.
        TypeError
            If no part has such a field.
        """
        parts: dict[str, Any] = {}
        for name, part in self._parts().items():
            mine = {field: changes.pop(field) for field in knobs(part) if field in changes}
            parts[name] = dataclasses.replace(part, **mine)
        if changes:
            raise TypeError(f"an experiment has no field {', '.join(changes)}")
        return type(self)(**parts)

    @property
    def other_case(self) -> ExperimentSpec:
        """The same experiment without its merge, or with `concatenate` if it had none."""
        return _other_case(self)

    @property
    def cost(self) -> Cost:
        """What its run costs."""
        return cost(self.model, self.data, self.train)

    def digest(self) -> str:
        """32 hex digits that name this experiment on every machine: equal specs, equal digests."""
        return _digest(self)

    def to_query(self) -> dict[str, str]:
        """What differs from the defaults, by short key; `from_query` is its inverse."""
        query = {"v": str(VERSION)}
        for part in self._parts().values():
            query |= write_fields(part)
        return query

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """The experiment a link names, and a sentence for every value that was not taken as written.

        Never raises. A bad or out-of-range value becomes the nearest legal one or the default. A combination over a
        limit gets a smaller batch, fewer epochs, fewer training rows, fewer test rows, in this order.
        """
        former, notes = former_defaults(query)
        parts: dict[str, Any] = {}
        for name, part in (("model", ModelSpec), ("data", DataSpec), ("train", TrainSpec)):
            values, problems = read_fields(part, query, former)
            notes += problems
            if part is DataSpec:
                notes += left_out_of_words(values)
            parts[name] = part(**values)
        return cls(**lowered(parts, notes)), notes

    def _parts(self) -> dict[str, ModelSpec | DataSpec | TrainSpec]:
        return {"model": self.model, "data": self.data, "train": self.train}


@functools.lru_cache(maxsize=4096)
def _digest(spec: ExperimentSpec) -> str:
    # Every look at a run asks for it: 110 µs made anew, 0.6 remembered.
    parts = {name: canonical(part) for name, part in spec._parts().items()}
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@functools.lru_cache(maxsize=4096)
def _other_case(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.replace(merge="concatenate" if spec.model.merge == "none" else "none")
