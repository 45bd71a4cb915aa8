"""Three forms of one test, A, B and C: the same kinds of item in the same order, about different models.

Form A and form B come before and after the lesson, in either order, so that a form which is easier by chance does not
look like learning: the link says which comes first. Form C is for a week later.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from random import Random
from typing import Literal

from mtl_core.lessons.quiz.items import KINDS, Item, make_item
from mtl_core.lessons.quiz.sketch import SURFACES

__all__ = ["FORMS", "MOMENTS", "Form", "form", "form_at", "mistakes", "replies_to", "score", "with_reply"]

Form = Literal["A", "B", "C"]

FORMS: tuple[Form, ...] = ("A", "B", "C")

MOMENTS = ("before", "after", "later")
"""When the test is taken, as `ViewSpec.moment` has it."""

_OPEN = "-"


@functools.cache
def form(name: Form) -> tuple[Item, ...]:
    """The items of a form, one of each kind; always the same ones."""
    random = Random(f"form {name}")
    first = FORMS.index(name) * 3
    surfaces = SURFACES[first:] + SURFACES[:first]
    return tuple(make_item(kind, random, surface) for kind, surface in zip(KINDS, surfaces, strict=False))


def form_at(moment: str, order: str) -> Form:
    """Which form is asked at a moment.

    Parameters
    ----------
    moment : {"before", "after", "later"}
    order : {"ab", "ba"}
        Which form comes before the lesson and which after it.
    """
    if moment == "later":
        return "C"
    return "A" if (moment == "before") == (order == "ab") else "B"


def replies_to(replies: str, moment: str) -> tuple[int | None, ...]:
    """What was chosen for each item of a moment, counted from 0; None where nothing is.

    Parameters
    ----------
    replies : str
        `ViewSpec.replies`: a character an item, all moments one after another; a digit, or "-".
    moment : {"before", "after", "later"}
    """
    first = MOMENTS.index(moment) * len(KINDS)
    own = replies[first : first + len(KINDS)].ljust(len(KINDS), _OPEN)
    return tuple(int(text) if text in "0123" else None for text in own)


def with_reply(replies: str, moment: str, number: int, choice: int) -> str:
    """`replies` with one choice entered."""
    place = MOMENTS.index(moment) * len(KINDS) + number
    padded = replies.ljust(len(MOMENTS) * len(KINDS), _OPEN)
    return (padded[:place] + str(choice) + padded[place + 1 :]).rstrip(_OPEN)


def score(replies: tuple[int | None, ...], name: Form) -> int | None:
    """How many of a form's items were answered rightly; None while some are open."""
    if None in replies:
        return None
    return sum(reply == item.right for reply, item in zip(replies, form(name), strict=True))


def mistakes(replies: tuple[int | None, ...], name: Form) -> Mapping[str, int]:
    """The misconceptions that the wrong choices stand for, each with how often, most often first."""
    counts: dict[str, int] = {}
    for reply, item in zip(replies, form(name), strict=True):
        if reply is not None and reply != item.right:
            key = item.options[reply].misconception
            counts[key] = counts.get(key, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: -pair[1]))
