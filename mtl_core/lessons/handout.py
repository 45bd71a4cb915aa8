"""A step of the walkthrough on paper: one page with the questions and a task, and a second with the answers."""

from __future__ import annotations

from mtl_core.figures import html
from mtl_core.lessons.parts import Step

__all__ = ["handout"]


def handout(step: Step, *, address: str = "") -> str:
    """The two pages of a step as an HTML document with print rules.

    Parameters
    ----------
    step : Step
    address : str
        Link to the step, printed at the foot of its first page; empty for none.
    """
    return html.render("handout.html", step=step, address=address)
