"""The experiments worth one click: each isolates one thing that concatenation does or cannot do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mtl_core.language import N_
from mtl_core.spec.experiment import ExperimentSpec

__all__ = ["PRESETS", "Preset"]


@dataclass(frozen=True, slots=True)
class Preset:
    """A named experiment.

    Parameters
    ----------
    title, about : str
        Untranslated: pass through `_` where shown.
    spec : ExperimentSpec
    """

    title: str
    about: str
    spec: ExperimentSpec


_BASE = ExperimentSpec()

PRESETS: Mapping[str, Preset] = {
    "case1": Preset(
        N_("Case 1: concatenated"),
        N_("Both tweets matter equally, and each head reads both: expect it to come close to the best possible."),
        _BASE,
    ),
    "case2": Preset(
        N_("Case 2: not connected"),
        N_("The same tweets, but each head reads its own only: expect it to stop at what that tweet can tell."),
        _BASE.other_case,
    ),
    "own": Preset(
        N_("Only a head’s own tweet knows"),
        N_("The other tweet knows nothing about the answer: expect concatenation to gain nothing."),
        _BASE.replace(mixing_deg=0.0),
    ),
    "other": Preset(
        N_("Only the other tweet knows"),
        N_("Each head’s right answer stands in the other tweet: expect case 2 to be no better than guessing."),
        _BASE.replace(mixing_deg=90.0),
    ),
    "match": Preset(
        N_("Do the two tweets match?"),
        N_(
            "Neither tweet alone knows anything, only the pair does: expect one Dense unit on a concatenation to do no better than "
            "guessing. A hidden layer (under More) can."
        ),
        _BASE.replace(rule="match", mixing_deg=90.0),
    ),
    "numbers": Preset(
        N_("Tweets that are numbers"),
        N_(
            "Case 1 with number sequences in place of sentences: nothing about language is needed. Expect the same answer."
        ),
        _BASE.replace(tweets="numbers", learning_rate=0.001),
    ),
    "size": Preset(
        N_("The question’s own size"),
        N_(
            "Tweets of 280 × 256 numbers, 64 units. One epoch on 256 pairs takes about as long as a whole run of case 1 on 2,048, so "
            "the others are smaller. With so few pairs the score means little."
        ),
        ExperimentSpec.question(),
    ),
}
