"""The program beside what is said of its lines: what Keras would refuse, what could not be followed, what to know."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from mtl_core.graph.program import Program, Remark
from mtl_core.inspect.markdown import code, plain
from mtl_core.language import _, ngettext

__all__ = ["heading", "refusals", "show"]

MOST_WARNED = 3
"""Most refused lines that are said above the answer; the list beside the code has all."""

MOST_WITHOUT_A_BOX = 6
"""Most remarks that stand beside the code without scrolling in a box of their own."""

HEIGHT = 430
"""Of the code and of the list beside it, in pixels."""


def refusals(program: Program) -> None:
    """Above the answer: the lines that Keras would refuse, since there the program ends."""
    refused = [remark for remark in program.remarks if remark.kind == "refused"]
    for remark in refused[:MOST_WARNED]:
        st.warning(_("**Keras would refuse line {line}.** {text}").format(line=remark.line, text=plain(remark.text)))


def heading(program: Program) -> str:
    """The finding about the program."""
    refused = sum(remark.kind == "refused" for remark in program.remarks)
    unknown = sum(remark.kind == "unknown" for remark in program.remarks)
    if refused:
        return ngettext("Keras would refuse {n} line", "Keras would refuse {n} lines", refused).format(n=refused)
    if unknown:
        return ngettext("{n} thing could not be followed", "{n} things could not be followed", unknown).format(
            n=unknown
        )
    return _("Every line could be followed")


def show(program: Program) -> None:
    """The code with its line numbers, and beside it what there is to say of its lines."""
    st.markdown(
        _(
            "The program was read line by line, as you would read it. **Nothing of it was executed**, imported or compiled."
        )
    )
    if not program.remarks:
        st.code(program.text, language="python", line_numbers=True, height=_height(program))
        return
    left, right = st.columns([3, 2], gap="medium")
    left.code(program.text, language="python", line_numbers=True, height=_height(program))
    many = len(program.remarks) > MOST_WITHOUT_A_BOX
    with right.container(height=HEIGHT if many else "content", border=False):
        for kind, title in (
            ("refused", _("Keras would refuse")),
            ("unknown", _("Could not be followed")),
            ("note", _("Good to know")),
        ):
            remarks = [remark for remark in program.remarks if remark.kind == kind]
            if remarks:
                lines = program.text.splitlines()
                st.markdown("\n\n".join([f"**{title}**", *(_entry(remark, lines) for remark in remarks)]))


def _entry(remark: Remark, lines: list[str]) -> str:
    """A remark below the line that it is about."""
    text = plain(remark.text)
    if not 1 <= remark.line <= len(lines):
        return text
    line = _("Line {line}").format(line=remark.line)
    return f"{line} · {code(lines[remark.line - 1])}  \n{text}"


def _height(program: Program) -> int | Literal["content"]:
    return HEIGHT if program.text.count("\n") > 18 else "content"
