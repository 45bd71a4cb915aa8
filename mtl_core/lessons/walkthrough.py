"""The walkthrough: ten steps, each a question, a prediction to commit to, the experiment that answers, and what to notice.

The steps are data (`steps`, one file each); a page interprets them. Nothing is kept on the server: what a learner has
committed to is in the link (`ViewSpec.answers`), a character a question for the prediction and one for a further try.
"""

from __future__ import annotations

from collections.abc import Mapping

from mtl_core.lessons.parts import Question, Step
from mtl_core.lessons.steps import (
    s01_two_losses,
    s02_drawing,
    s03_shuffle_apart,
    s04_shuffle_joined,
    s05_blocks,
    s06_worth,
    s07_match,
    s08_tie,
    s09_sharing,
    s10_transfer,
)
from mtl_core.records import Run
from mtl_core.spec import ExperimentSpec

__all__ = [
    "STEPS",
    "chosen",
    "commit",
    "experiments",
    "finished",
    "latest",
    "questions",
    "restart",
    "revise",
    "settled",
    "spec_of",
]

STEPS: tuple[Step, ...] = (
    s01_two_losses.STEP,
    s02_drawing.STEP,
    s03_shuffle_apart.STEP,
    s04_shuffle_joined.STEP,
    s05_blocks.STEP,
    s06_worth.STEP,
    s07_match.STEP,
    s08_tie.STEP,
    s09_sharing.STEP,
    s10_transfer.STEP,
)

_OPEN = "-"


def experiments() -> tuple[ExperimentSpec, ...]:
    """All that the steps run, each once: what the gallery records, so that a class need not wait."""
    return tuple({experiment.spec: None for step in STEPS for experiment in step.experiments})


def spec_of(step: Step, name: str, seed: int = 0) -> ExperimentSpec:
    """A step's experiment with a learner's own seed; `KeyError` if the step has none of this name."""
    return {experiment.name: experiment.spec for experiment in step.experiments}[name].replace(seed=seed)


def finished(step: Step, runs: Mapping[str, Run]) -> bool:
    """Whether all runs that the step's sentences speak about are there to the end."""
    names = [experiment.name for experiment in step.experiments]
    return all(name in runs and runs[name].state == "finished" for name in names)


def questions(step: Step) -> tuple[tuple[int, Question], ...]:
    """A step's questions with their numbers, counted from 0 through the whole walkthrough."""
    before = sum(len(other.questions) for other in STEPS[: STEPS.index(step)])
    return tuple(enumerate(step.questions, start=before))


def chosen(answers: str, number: int) -> int | None:
    """The prediction that `ViewSpec.answers` holds for a question: the choice committed to first. None if there is none.

    Parameters
    ----------
    answers : str
        One character a question, a digit or "-"; then again one character a question, its latest further try.
    number : int
        As `questions` counts.
    """
    return _digit(answers, number, number)


def latest(answers: str, number: int) -> int | None:
    """What a question was last answered with: a further try, else the prediction. None if there is neither."""
    again = _digit(answers, len(_ALL) + number, number)
    return chosen(answers, number) if again is None else again


def settled(answers: str, number: int) -> bool:
    """Whether a question was answered rightly, at the first try or a later one."""
    return latest(answers, number) == _ALL[number].right


def commit(answers: str, number: int, choice: int) -> str:
    """`answers` with a choice entered: the first is the prediction and stays one; every later one is a further try."""
    place = number if chosen(answers, number) is None else len(_ALL) + number
    padded = answers.ljust(2 * len(_ALL), _OPEN)
    return (padded[:place] + str(choice) + padded[place + 1 :]).rstrip(_OPEN)


def revise(answers: str, number: int, choice: int) -> str:
    """`answers` with a choice entered as the prediction, whatever was there: while a class votes, the latest vote counts."""
    padded = answers.ljust(len(_ALL), _OPEN)
    return (padded[:number] + str(choice) + padded[number + 1 :]).rstrip(_OPEN)


def restart(answers: str, step: Step) -> str:
    """`answers` without those of a step, as a reset link has them."""
    numbers = {number for number, _question in questions(step)}
    return "".join(_OPEN if i % len(_ALL) in numbers else text for i, text in enumerate(answers)).rstrip(_OPEN)


def _digit(answers: str, place: int, number: int) -> int | None:
    text = answers[place : place + 1]
    return int(text) if text.isdigit() and int(text) < len(_ALL[number].choices) else None


_ALL = tuple(question for step in STEPS for question in step.questions)
