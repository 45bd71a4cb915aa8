"""The end of the walkthrough: the answer to its first question, and what the learner had predicted on the way.

All texts are untranslated: pass them through `_` where they are shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mtl_core.language import N_
from mtl_core.lessons.walkthrough import STEPS, chosen, questions

__all__ = ["ANSWER", "Prediction", "predictions"]

ANSWER: tuple[str, ...] = (
    N_(
        "**Both models are multi-task.** Each has two outputs with a [loss](glossary#loss) each, and learns both tasks together. "
        "[Concatenate](glossary#concatenate) has nothing to do with it."
    ),
    N_(
        "**Concatenate decides what a [head](glossary#head) can read.** In case 1 each head may use both tweets. In case 2 head 1 "
        "never sees tweet_b, bit for bit, and answers without it. The same holds for head 2 and tweet_a."
    ),
    N_(
        "**The shared LSTM ties the tasks while they learn.** Both losses change its weights, in case 1 and in case 2. When the "
        "model predicts, that tie carries nothing from one tweet to the other head."
    ),
)
"""What step 1 asked and the steps found: three sentences that belong together."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a learner had predicted, and what was seen.

    Parameters
    ----------
    step : int
        Counted from 1.
    question, seen : str
        As it was asked; the right choice.
    predicted : str
        The choice committed to first; empty if there is none.
    right : bool
    """

    step: int
    question: str
    predicted: str
    seen: str
    right: bool


def predictions(answers: str) -> Iterator[Prediction]:
    """All questions of the walkthrough in their order, with what `ViewSpec.answers` holds for them."""
    for place, step in enumerate(STEPS, start=1):
        for number, question in questions(step):
            choice = chosen(answers, number)
            predicted = "" if choice is None else question.choices[choice].text
            seen = question.choices[question.right].text
            yield Prediction(place, question.text, predicted, seen, choice == question.right)
