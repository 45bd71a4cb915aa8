"""A step of the walkthrough on paper: one page with the questions and a task, and a second with the answers.

A self-contained HTML page with print rules: every browser prints it, or saves it as PDF, without another library.
"""

from __future__ import annotations

import html
import re

from mtl_core.language import _
from mtl_core.lessons.parts import Question, Step

__all__ = ["handout"]

_STYLE = """
@page { size: A4; margin: 20mm }
body { font: 12pt/1.5 Georgia, serif; color: #1b1f24; max-width: 170mm; margin: 0 auto }
h1 { font-size: 20pt; line-height: 1.2 } h2 { font-size: 14pt; margin-top: 1.6em } li { margin: .35em 0 }
.answers { break-before: page } .lines { border-bottom: 1px solid #8a929a; height: 2.2em }
ul.choices { list-style: "\\2610\\00a0\\00a0" } code { font-size: 90% }
"""

_LINES = 6


def handout(step: Step, *, address: str = "") -> str:
    """The two pages of a step as an HTML document.

    Parameters
    ----------
    step : Step
    address : str
        Link to the step, printed at the foot of its first page; empty for none.
    """
    first = [
        f"<h1>{_text(step.title)}</h1>",
        f"<p>{_text(step.setup)}</p>",
        *(_asked(question) for question in step.questions),
        f"<h2>{_text(_('Task'))}</h2><p>{_text(step.handout.task)}</p>",
        '<div class="lines"></div>' * _LINES,
        f"<p><small>{html.escape(address)}</small></p>" if address else "",
    ]
    second = [
        f"<h1>{_text(_('{title}: answers').format(title=_(step.title)))}</h1>",
        *(_answered(question) for question in step.questions),
        f"<h2>{_text(_('Task'))}</h2><p>{_text(step.handout.solution)}</p>",
    ]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{_text(step.title)}</title>'
        f"<style>{_STYLE}</style></head><body><section>{''.join(first)}</section>"
        f'<section class="answers">{"".join(second)}</section></body></html>'
    )


def _asked(question: Question) -> str:
    choices = "".join(f"<li>{_text(choice.text)}</li>" for choice in question.choices)
    return f'<h2>{_text(question.text)}</h2><ul class="choices">{choices}</ul>'


def _answered(question: Question) -> str:
    choices = "".join(
        f"<li><b>{_text(choice.text)}</b> ({_text(_('right') if choice.right else _('not right'))})<br>"
        f"{_text(choice.why)}</li>"
        for choice in question.choices
    )
    return f"<h2>{_text(question.text)}</h2><ul>{choices}</ul>"


def _text(message: str) -> str:
    """Translated and escaped, with `code` in its own type."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(_(message)))
