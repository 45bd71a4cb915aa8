"""The walkthrough: ten steps, each a question, a prediction to commit to, the experiment that answers, and what to notice.

The steps are data (`steps`, one file each); a page interprets them. Nothing is kept on the server: which choices
a learner has committed to is one character a question in the link (`ViewSpec.answers`).
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

__all__ = ["STEPS", "chosen", "commit", "experiments", "finished", "questions", "restart", "revise", "spec_of"]

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
    """The choice that `ViewSpec.answers` holds for a question, or None if there is none.

    Parameters
    ----------
    answers : str
        One character a question: a digit, or "-".
    number : int
        As `questions` counts.
    """
    text = answers[number : number + 1]
    choices = len(_ALL[number].choices)
    return int(text) if text.isdigit() and int(text) < choices else None


def commit(answers: str, number: int, choice: int) -> str:
    """`answers` with a choice entered; a question that has one keeps it, because a prediction is made once."""
    return answers if chosen(answers, number) is not None else revise(answers, number, choice)


def revise(answers: str, number: int, choice: int) -> str:
    """`answers` with a choice entered, whatever was there: while a class votes, the latest vote counts."""
    padded = answers.ljust(len(_ALL), _OPEN)
    return (padded[:number] + str(choice) + padded[number + 1 :]).rstrip(_OPEN)


def restart(answers: str, step: Step) -> str:
    """`answers` without those of a step, as a reset link has them."""
    numbers = {number for number, _question in questions(step)}
    return "".join(_OPEN if i in numbers else text for i, text in enumerate(answers)).rstrip(_OPEN)


_ALL = tuple(question for step in STEPS for question in step.questions)
