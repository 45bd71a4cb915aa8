"""Models to look at before you have one of your own: what Keras wrote of them, or programs that make them, and what to look for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mtl_core.language import N_

__all__ = ["EXAMPLES", "PROGRAMS", "Example", "load_example", "load_program"]

_FOLDER = Path(__file__).parents[2] / "assets" / "examples"


@dataclass(frozen=True, slots=True)
class Example:
    """A model's title and what it shows; untranslated: pass through `_` where shown."""

    title: str
    about: str


EXAMPLES: Mapping[str, Example] = {
    "case1": Example(
        N_("The question, case 1: concatenated"),
        N_("Both encodings meet in merged_vector, so each head may depend on both tweets."),
    ),
    "case2": Example(
        N_("The question, case 2: not connected"),
        N_("One LSTM, called twice, and nothing meets: no path leads from a tweet to the other tweet's head."),
    ),
    "three_heads": Example(
        N_("Three heads on two tweets"),
        N_("Two heads read their own tweet; only the third, which compares the two, is given both."),
    ),
    "image_text": Example(
        N_("A picture and its caption"),
        N_("One head needs both inputs, the other reads the caption alone. No layer is shared."),
    ),
    "siamese": Example(
        N_("A siamese network"),
        N_("One nested model encodes both pictures; they meet in a subtraction. Fold the nested model up to see it."),
    ),
    "tickets": Example(
        N_("Support tickets, from Keras's guide"),
        N_("Three inputs of different kinds are concatenated, and both heads read all of them."),
    ),
    "experts": Example(
        N_("A multi-gate mixture of experts"),
        N_("Each task mixes the same three experts its own way: everything is shared, and both heads see both inputs."),
    ),
    "unet": Example(
        N_("A U-Net"),
        N_("Concatenation inside one path: what was seen early is put beside what was understood late."),
    ),
}

PROGRAMS: Mapping[str, Example] = {
    "program_case1": Example(
        N_("A program of 2019: case 1"),
        N_(
            "The question's case 1 as it is pasted. It no longer runs in Keras 3; it is read and not run, so that is no matter."
        ),
    ),
    "program_case2": Example(
        N_("A program of 2019: case 2"),
        N_("The question's case 2 as it is pasted: the same layers without the concatenation."),
    ),
    "program_edit": Example(
        N_("A program before and after an edit"),
        N_(
            "Two models in one program. One line can't be followed, and one Keras would refuse: see what is said of them."
        ),
    ),
}


def load_program(name: str) -> str:
    """A program that makes an example; `KeyError` if there is none of that name."""
    if name not in PROGRAMS:
        raise KeyError(name)
    return (_FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def load_example(name: str) -> str:
    """What `model.to_json()` says of an example; `KeyError` if there is none of that name."""
    if name not in EXAMPLES:
        raise KeyError(name)
    return (_FOLDER / f"{name}.json").read_text(encoding="utf-8")
