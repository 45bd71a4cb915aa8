"""A test of learning: items about models at random, whose call graphs are the answer key; three forms of it.

It measures; only people can show that the lesson teaches.
"""

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
    "SURFACES",
    "Form",
    "Item",
    "Kind",
    "Option",
    "Sketch",
    "draw_sketch",
    "form",
    "form_at",
    "make_item",
    "mistakes",
    "replies_to",
    "score",
    "with_reply",
]
