"""Tables as CSV that any spreadsheet opens, and in which no cell is taken for a formula.

A layer may be named `=HYPERLINK(...)`. Spreadsheets run a cell that begins like a formula, also one from a CSV file; an
apostrophe before it makes it text (OWASP, "CSV Injection"). Every cell is in quotes, so that no semicolon or tab in a name
begins another cell where a spreadsheet cuts there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

__all__ = ["as_csv", "as_grid"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(rows: Iterable[Sequence[object]]) -> str:
    """Rows of cells, the header first, each cell in quotes (RFC 4180)."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def as_grid(rows: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Rows for a grid on a page, whose own button writes a CSV file of the cells as they are, headings and all."""
    return [{str(_harmless(name)): _harmless(cell) for name, cell in row.items()} for row in rows]


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
