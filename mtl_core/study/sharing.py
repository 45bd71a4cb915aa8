"""The study of the page on sharing: four ways to tie two tasks, and what is done to task 2 alone, over the same seeds.

Two encoders or one, a merge or none. Task 2 is then disturbed: its labels, its loss weight, its features, its gradient. With an
encoder each and no merge nothing of task 2 can reach head 1, so not one digit of head 1's loss may change.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mtl_core.language import N_
from mtl_core.spec import ExperimentSpec, SweepSpec
from mtl_core.study.sweep import Cell, Contrast, Sweep

__all__ = [
    "ARRANGEMENTS",
    "INTERVENTIONS",
    "SEEDS",
    "Intervention",
    "capacity",
    "cell",
    "contrasts",
    "single_task",
    "specs",
]

SEEDS = range(10)
"""Those that are recorded."""

BASE = ExperimentSpec().replace(
    tweets="numbers", merge="none", encoder="separate", lstm_units=2, n_train=1024, learning_rate=0.01, epochs=10
)
"""Little room (two units) and few rows, so that what one task does to the other can be seen."""

CROWDED = BASE.replace(encoder="shared", mixing_deg=0.0, feature_angle_deg=90.0, lstm_units=1)
"""No merge, each task needs its own tweet only, the tweets carry it in unrelated features: the two compete for the units."""

ARRANGEMENTS = tuple(itertools.product(("separate", "shared"), ("none", "concatenate")))
"""Pairs of encoder and merge, in the order of a 2 x 2 table."""


@dataclass(frozen=True, slots=True)
class Intervention:
    """Something that is done to task 2 alone.

    Parameters
    ----------
    label : str
        On an axis; untranslated.
    what : str
        As a sentence's subject; untranslated.
    changes : mapping
        Fields of an experiment and their values.
    """

    label: str
    what: str
    changes: Mapping[str, Any] = field(hash=False, default_factory=dict)


INTERVENTIONS: Mapping[str, Intervention] = {
    "untouched": Intervention(N_("untouched"), N_("doing nothing")),
    "off": Intervention(N_("weight 0"), N_("giving task 2 a loss weight of 0"), {"loss_weights": (1.0, 0.0)}),
    "loud": Intervention(N_("weight 10"), N_("giving task 2 a loss weight of 10"), {"loss_weights": (1.0, 10.0)}),
    "noise": Intervention(N_("noise"), N_("shuffling the labels of task 2"), {"shuffled_labels": "y2"}),
    "loud_noise": Intervention(
        N_("loud noise"),
        N_("shuffling the labels of task 2 at a loss weight of 10"),
        {"shuffled_labels": "y2", "loss_weights": (1.0, 10.0)},
    ),
    "few_labels": Intervention(N_("5 % labels"), N_("keeping 5 in 100 labels of task 2"), {"labelled": (1.0, 0.05)}),
    "detached": Intervention(
        N_("detached"), N_("stopping the gradient of head 2 before the encoders"), {"detach": "predictions2"}
    ),
    "unrelated": Intervention(
        N_("unrelated"), N_("putting what tweet_b tells into another feature"), {"feature_angle_deg": 90.0}
    ),
}


def cell(encoder: str, merge: str, intervention: str = "untouched", seeds: range = SEEDS) -> Cell:
    """One way to tie the tasks with one intervention, over all seeds."""
    return _cell(encoder, merge, intervention, seeds)


def single_task(encoder: str = "separate", seeds: range = SEEDS) -> Cell:
    """Head 1 alone: without a merge a loss weight of 0 leaves task 2 no part in it, and a shared LSTM is head 1's own."""
    return cell(encoder, "none", "off", seeds)


def contrasts(encoder: str, merge: str, seeds: range = SEEDS) -> dict[str, Contrast]:
    """Each intervention against the untouched experiment, by its name."""
    untouched = cell(encoder, merge, seeds=seeds)
    return {
        name: Contrast("", cell(encoder, merge, name, seeds), untouched)
        for name in INTERVENTIONS
        if name != "untouched"
    }


def capacity(seeds: range = SEEDS) -> Sweep:
    """Who gets the units: the loss weight of task 2 along, and panels of 1, 2 and 4 units, where the tasks compete."""
    wanted = SweepSpec(
        vary="weight2",
        vary_values="0~1~10",
        also="units",
        also_values="1~2~4",
        seeds=len(seeds),
        first_seed=seeds.start,
        both_cases=False,
    )
    return Sweep.of(CROWDED, wanted)[0]


def specs(seeds: range = SEEDS) -> tuple[ExperimentSpec, ...]:
    """Every experiment of the study, each once, seed by seed."""
    cells = [cell(*arrangement, name, seeds) for arrangement in ARRANGEMENTS for name in INTERVENTIONS]
    cells += capacity(seeds).cells
    return tuple(dict.fromkeys(each.specs[k] for k in range(len(seeds)) for each in cells))


@functools.lru_cache(maxsize=128)
def _cell(encoder: str, merge: str, intervention: str, seeds: range) -> Cell:
    spec = BASE.replace(encoder=encoder, merge=merge, **INTERVENTIONS[intervention].changes)
    return Cell(intervention, encoder, merge, tuple(spec.replace(seed=seed) for seed in seeds))
