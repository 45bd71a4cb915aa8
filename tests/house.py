"""The map of the house: one line a module, which is the first line of its own docstring.

`python tests/house.py` writes it into the README; a test holds the README to the tree.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BEGIN, END = "<!-- map:begin -->\n", "<!-- map:end -->"


def modules() -> Iterator[Path]:
    """Every module of the app, in reading order; empty ones have nothing to say."""
    yield ROOT / "app.py"
    for folder in ("pages", "mtl_core"):
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if path.read_text().strip())


def tree(path: Path) -> ast.Module:
    """A module, parsed."""
    return ast.parse(path.read_text(), str(path))


def map_of_the_house() -> str:
    """The table between the README's marks."""
    lines = ["| module | what it is |", "|---|---|"]
    for path in modules():
        first = (ast.get_docstring(tree(path)) or "").split("\n")[0].replace("|", "&#124;")
        lines.append(f"| `{path.relative_to(ROOT)}` | {first} |")
    return "\n".join(lines) + "\n"


def write() -> None:
    """Put the map into the README."""
    before, rest = README.read_text().split(BEGIN)
    README.write_text(before + BEGIN + map_of_the_house() + END + rest.split(END)[1])


if __name__ == "__main__":
    write()
