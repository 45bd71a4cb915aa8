"""What the test of learning tells of a class, from counts only: how hard an item was, how well it tells learners apart, and the gain.

Nobody's papers are linked: the gain is that of averages, over whoever answered before and whoever answered after.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import cast

import numpy as np

from mtl_core.inspect.spreadsheet import as_csv
from mtl_core.language import _
from mtl_core.lessons.quiz.forms import FORMS, MOMENTS, Form, form
from mtl_core.lessons.quiz.items import KINDS
from mtl_core.records import Estimate, difference_of_means
from mtl_core.rooms import Papers, Room
from mtl_core.spec import Float64

__all__ = ["PAPERS", "discrimination", "facility", "gain", "paper_name", "rows", "rows_csv"]


def paper_name(moment: str, name: Form) -> str:
    """How a room calls a form at a moment: "before A"."""
    return f"{moment} {name}"


PAPERS: Mapping[str, int] = {paper_name(moment, name): len(KINDS) for moment in MOMENTS for name in FORMS}
"""All that can be handed in, with how many items each has."""


def facility(papers: Papers) -> tuple[float, ...]:
    """For each item the share of people who had it right, 0..1."""
    return tuple(sum(row) / sum(papers.people) for row in papers.right)


def discrimination(papers: Papers) -> tuple[float | None, ...]:
    """For each item how well it tells learners apart: its correlation with how many of the other items people had right.

    Returns
    -------
    tuple of float or None
        -1..1 (corrected item-total correlation, Henrysson, Psychometrika 28, 1963); None where an item or the rest is the same for all.
    """
    return tuple(_correlation(papers, row) for row in papers.right)


def gain(room: Room) -> Estimate | None:
    """By how many items the average after the lesson is higher than before it; None while either is not known."""
    before, after = (_totals(room, moment) for moment in ("before", "after"))
    return difference_of_means(before, after) if min(len(before), len(after)) > 1 else None


def rows(room: Room) -> list[dict[str, str | int | float]]:
    """A row for each item of each form that enough people have handed in."""
    table: list[dict[str, str | int | float]] = []
    for name, papers in room.papers.items():
        moment, which = name.split(" ")
        items = form(cast("Form", which))
        for number, (item, right, tells) in enumerate(
            zip(items, facility(papers), discrimination(papers), strict=True)
        ):
            table.append(
                {
                    _("when"): {"before": _("before"), "after": _("after"), "later": _("in a week")}[moment],
                    _("form"): which,
                    _("item"): number + 1,
                    _("question"): item.text(item.question),
                    _("people"): sum(papers.people),
                    _("right (share)"): right,
                    _("tells learners apart (−1 to 1)"): "" if tells is None else tells,
                }
            )
    return table


def rows_csv(room: Room) -> str:
    """`rows` as CSV."""
    table = rows(room)
    return as_csv([tuple(table[0]), *(tuple(row.values()) for row in table)]) if table else ""


def _totals(room: Room, moment: str) -> Float64:
    """How many items each person had right, in no order."""
    papers = [room.papers[name] for name in PAPERS if name.startswith(f"{moment} ") and name in room.papers]
    return np.concatenate([np.zeros(0), *(np.repeat(np.arange(len(p.people), dtype=float), p.people) for p in papers)])


def _correlation(papers: Papers, right: tuple[int, ...]) -> float | None:
    """Of an item's marks with the rest: who had it right had one item fewer of the others right than in all."""
    count = sum(papers.people)
    marks = rest = squares = products = 0.0
    for total, (people, had) in enumerate(zip(papers.people, right, strict=True)):
        marks += had
        rest += people * total - had
        squares += had * (total - 1) ** 2 + (people - had) * total**2
        products += had * (total - 1)
    spread_of_marks = marks / count * (1 - marks / count)
    spread_of_rest = squares / count - (rest / count) ** 2
    if spread_of_marks <= 0 or spread_of_rest <= 1e-12:
        return None
    return (products / count - marks / count * rest / count) / math.sqrt(spread_of_marks * spread_of_rest)
