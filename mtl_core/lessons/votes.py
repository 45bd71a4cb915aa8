"""What a class predicted in the whole lesson: both votes on each question, and which wrong choice to take up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtl_core.inspect.spreadsheet import as_csv
from mtl_core.language import _, unlinked
from mtl_core.lessons.parts import Choice, Question
from mtl_core.lessons.walkthrough import STEPS, questions
from mtl_core.rooms import Room

__all__ = ["LETTERS", "lettered", "summary", "take_up", "voted_on", "votes_csv"]

LETTERS = "ABCDEF"
"""By which a class calls out choices."""

_WORTH_IT = 0.15
"""Of a class: a choice that fewer made is no misconception to talk about with all."""


def lettered(question: Question, choice: int) -> str:
    """A choice as it is called out: "B. No, not by one bit"."""
    return f"{LETTERS[choice]}. {_(question.choices[choice].text)}"


def voted_on(room: Room) -> Iterator[tuple[int, int, Question]]:
    """Step (from 1), number (from 0) and question of everything that anybody in the room has voted on."""
    for place, step in enumerate(STEPS, start=1):
        for number, question in questions(step):
            if room.voted.get((number, 1)):
                yield place, number, question


def take_up(question: Question, counts: Sequence[int] | None) -> Choice | None:
    """The wrong choice that most have made, if that was a considerable part of the class; its `why` is what to say.

    Parameters
    ----------
    question : Question
    counts : sequence of int or None
        Votes by choice in the last round; None where they are not known.
    """
    if not counts or not sum(counts):
        return None
    votes, choice = max((votes, -i) for i, votes in enumerate(counts) if i != question.right)
    return question.choices[-choice] if votes >= _WORTH_IT * sum(counts) else None


def summary(room: Room) -> list[dict[str, str | int]]:
    """A row for each question that was voted on: right predictions in both votes, and what to take up."""
    rows: list[dict[str, str | int]] = []
    for place, number, question in voted_on(room):
        first, second = (room.counts.get((number, which)) for which in (1, 2))
        misconception = take_up(question, second or first)
        rows.append(
            {
                _("step"): place,
                _("question"): _(question.text),
                _("first vote"): _share(question, first, room.voted.get((number, 1), 0)),
                _("second vote"): _share(question, second, room.voted.get((number, 2), 0)),
                _("take up"): _(misconception.text) if misconception else "",
            }
        )
    return rows


def votes_csv(room: Room) -> str:
    """A row for each choice of each question: votes of both rounds, empty where fewer voted than may be shown."""
    header = (_("step"), _("question"), _("letter"), _("choice"), _("right"), _("first vote"), _("second vote"))
    return as_csv([(*header, _("take up")), *_rows(room)])


def _rows(room: Room) -> Iterator[tuple[object, ...]]:
    for place, number, question in voted_on(room):
        rounds = [room.counts.get((number, which)) for which in (1, 2)]
        misconception = take_up(question, rounds[1] or rounds[0])
        for i, choice in enumerate(question.choices):
            votes = ["" if counts is None else counts[i] for counts in rounds]
            right = _("yes") if choice.right else _("no")
            talk = unlinked(_(choice.why)) if choice is misconception else ""
            yield place, _(question.text), LETTERS[i], _(choice.text), right, *votes, talk


def _share(question: Question, counts: Sequence[int] | None, voted: int) -> str:
    if counts is None:
        return _("{n} voted; too few to show").format(n=voted) if voted else ""
    return _("{n} of {all} right").format(n=counts[question.right], all=sum(counts))
