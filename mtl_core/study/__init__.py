"""Comparisons over seeds: grids of experiments, what finished runs say of them, and paired differences with intervals."""

from mtl_core.study.recorded import recorded
from mtl_core.study.results import Scores, as_csv, differences, estimates
from mtl_core.study.sweep import MOST_ALONG, MOST_PANELS, Axis, Cell, Contrast, Sweep

__all__ = [
    "MOST_ALONG",
    "MOST_PANELS",
    "Axis",
    "Cell",
    "Contrast",
    "Scores",
    "Sweep",
    "as_csv",
    "differences",
    "estimates",
    "recorded",
]
