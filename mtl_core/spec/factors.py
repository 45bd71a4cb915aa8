"""The settings that can be varied in a comparison: which field of an experiment each is, and the values offered first."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mtl_core.language import N_, _
from mtl_core.spec.experiment import ExperimentSpec
from mtl_core.spec.fields import Knob, knob
from mtl_core.spec.parts import DataSpec, ModelSpec, TrainSpec

__all__ = ["FACTORS", "Factor"]


@dataclass(frozen=True, slots=True)
class Factor:
    """A setting that can be varied.

    Parameters
    ----------
    part : type
        The part of an experiment that has its field.
    field : str
    offered : tuple
        Values to begin with, in the order in which they are drawn.
    label : str
        What it is called where that is not the field's own label; untranslated.
    place : int or None
        Which number of a pair it is: 0 for task 1, 1 for task 2; None for a field that is no pair.
    """

    part: type
    field: str
    offered: tuple[Any, ...]
    label: str = ""
    place: int | None = None

    @property
    def knob(self) -> Knob:
        """What is legal for a value."""
        whole = knob(self.part, self.field)
        return whole if self.place is None else dataclasses.replace(whole, kind="float")

    @property
    def title(self) -> str:
        """What it is called on the page."""
        return _(self.label or knob(self.part, self.field).label)

    @property
    def numbers_only(self) -> bool:
        """Whether it says something about tweets that are numbers only."""
        return self.field == "feature_angle_deg"

    def put(self, spec: ExperimentSpec, value: Any) -> ExperimentSpec:
        """The experiment with this value.

        Raises
        ------
        ValueError
            If the value is not legal in this experiment.
        """
        if self.place is not None:
            pair = list(getattr(spec.train, self.field))
            pair[self.place] = value
            value = tuple(pair)
        return spec.replace(**{self.field: value})

    def of(self, spec: ExperimentSpec) -> Any:
        """The value that an experiment has."""
        for part in (spec.model, spec.data, spec.train):
            if isinstance(part, self.part):
                value = getattr(part, self.field)
                return value if self.place is None else value[self.place]
        raise TypeError(self.part)


FACTORS: Mapping[str, Factor] = {
    "angle": Factor(DataSpec, "mixing_deg", (0.0, 45.0, 90.0)),
    "units": Factor(ModelSpec, "lstm_units", (1, 4, 16)),
    "hidden": Factor(ModelSpec, "hidden_units", (0, 16)),
    "merge": Factor(ModelSpec, "merge", ("none", "concatenate", "add", "multiply")),
    "encoder": Factor(ModelSpec, "encoder", ("separate", "shared")),
    "rule": Factor(DataSpec, "rule", ("additive", "match")),
    "rows": Factor(DataSpec, "n_train", (128, 512, 2048)),
    "feature_angle": Factor(DataSpec, "feature_angle_deg", (0.0, 45.0, 90.0)),
    "detach": Factor(TrainSpec, "detach", ("none", "predictions1", "predictions2", "both")),
    "schedule": Factor(TrainSpec, "schedule", ("together", "alternate")),
    "shuffled": Factor(DataSpec, "shuffled_labels", ("none", "y1", "y2")),
    "labels1": Factor(TrainSpec, "labelled", (0.03, 0.1, 1.0), N_("Share of rows with a label for task 1"), 0),
    "labels2": Factor(TrainSpec, "labelled", (0.03, 0.1, 1.0), N_("Share of rows with a label for task 2"), 1),
    "weight1": Factor(TrainSpec, "loss_weights", (0.1, 1.0, 10.0), N_("Loss weight of task 1"), 0),
    "weight2": Factor(TrainSpec, "loss_weights", (0.0, 1.0, 10.0), N_("Loss weight of task 2"), 1),
    "rate": Factor(TrainSpec, "learning_rate", (0.001, 0.003, 0.01)),
    "epochs": Factor(TrainSpec, "epochs", (3, 12, 40)),
}
"""By name, as a link writes it."""
