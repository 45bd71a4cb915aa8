"""A test of learning: items about models at random, whose call graphs are the answer key; three forms of it.

It measures; only people can show that the lesson teaches.
"""

from mtl_core.lessons.quiz.analysis import PAPERS, discrimination, facility, gain, paper_name, rows, rows_csv
from mtl_core.lessons.quiz.forms import (
    FORMS,
    MOMENTS,
    Form,
    form,
    form_at,
    mistakes,
    replies_to,
    score,
    with_reply,
)
from mtl_core.lessons.quiz.items import KINDS, MISCONCEPTIONS, Item, Kind, Option, make_item
from mtl_core.lessons.quiz.sketch import SURFACES, Sketch, draw_sketch

__all__ = [
    "FORMS",
    "KINDS",
    "MISCONCEPTIONS",
    "MOMENTS",
    "PAPERS",
    "SURFACES",
    "Form",
    "Item",
    "Kind",
    "Option",
    "Sketch",
    "discrimination",
    "draw_sketch",
    "facility",
    "form",
    "form_at",
    "gain",
    "make_item",
    "mistakes",
    "paper_name",
    "replies_to",
    "rows",
    "rows_csv",
    "score",
    "with_reply",
]
