"""A stranger's words in Markdown: shown letter by letter, never read as markup.

A layer may be named `<img src=...>`, `![](http://...)` or `**bold**`. Inside a code span CommonMark reads no markup at all;
the span only has to be fenced by more backticks than its content has in a row (CommonMark 0.31, section 6.1).
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Sequence

from mtl_core.graph.config.untrusted import shown
from mtl_core.language import _

__all__ = ["code", "plain", "table"]


def code(name: object) -> str:
    """A name from a file as a code span."""
    text = shown(name).strip()
    if not text:
        return _("(no name)")
    return _span(text)


def plain(sentence: str) -> str:
    """A sentence that quotes a file, its marks escaped; what a page would read in the text itself stands as code."""
    parts = _READ_IN_TEXT.split(sentence)
    return "".join(_span(part) if i % 2 else part.translate(_ESCAPED) for i, part in enumerate(parts))


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown themselves."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _span(text: str) -> str:
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    space = " " if len(fence) > 1 else ""
    return f"{fence}{space}{text}{space}{fence}"


_ESCAPED = str.maketrans({mark: f"\\{mark}" for mark in string.punctuation})

_READ_IN_TEXT = re.compile(r"((?:https?://|www\.|(?<![-.\w+])[-.\w+]++@|:[\w+-]+:)[^\s“”]*)", re.IGNORECASE)
"""Addresses, and names of icons: GitHub's Markdown and Streamlit look for them after the escapes are gone."""
