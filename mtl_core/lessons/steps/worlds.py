"""The experiments that steps share: a world is a data rule and a recipe, in which models differ in one thing each.

All are told in words but `UNLIKE`. There the two tweets carry what counts in unrelated features, and two sentences of one
vocabulary cannot: a word means the same in both.
"""

from __future__ import annotations

from mtl_core.spec import ExperimentSpec

__all__ = ["ALIKE", "CASE1", "CASE2", "MATCH", "OTHER", "OWN", "UNLIKE"]

CASE1 = ExperimentSpec()
CASE2 = CASE1.other_case

OWN, OTHER = CASE1.replace(mixing_deg=0.0), CASE1.replace(mixing_deg=90.0)
"""Case 1 where only a head's own tweet counts, and where only the other one does."""

MATCH = CASE1.replace(rule="match", mixing_deg=90.0, epochs=6)
"""Case 1 where only it counts whether the two tweets agree."""

ALIKE = CASE2.replace(mixing_deg=0.0, n_train=128, epochs=40)
"""Case 2 where each task needs its own tweet only, both need the same of it, and there are few pairs to learn from."""

UNLIKE = CASE2.replace(
    tweets="numbers", mixing_deg=0.0, feature_angle_deg=90.0, lstm_units=1, learning_rate=0.02, n_train=1024
)
"""Case 2 where each task needs its own tweet only, the tweets carry it in unrelated features, and one LSTM unit has to do."""
