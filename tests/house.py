"""The map of the house: one row a room, then each room's modules. A room's or module's line is the first of its docstring.

`python tests/house.py` writes it into the README; a test holds the README to the tree. Floors are those of import-linter's
first contract in pyproject.toml.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

__all__ = ["BEGIN", "END", "README", "ROOT", "map_of_the_house", "modules", "tree"]

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BEGIN, END = "<!-- map:begin -->\n", "<!-- map:end -->"


def modules() -> Iterator[Path]:
    """Every module of the app that has something in it, in alphabetical order."""
    yield ROOT / "app.py"
    for folder in ("assets", "mtl_core", "pages"):
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if path.read_text().strip())


def tree(path: Path) -> ast.Module:
    """A module, parsed."""
    return ast.parse(path.read_text(), str(path))


def map_of_the_house() -> str:
    """What stands between the README's marks."""
    floors = _floors()
    lines = ["| floor | room | what it is for |", "|---|---|---|"]
    lines += [f"| {floor} | `{_name(room)}` | {_purpose(room)} |" for floor, rooms in floors.items() for room in rooms]
    for room in (room for rooms in floors.values() for room in rooms if room.is_dir()):
        lines += ["", f"<details><summary>Inside <code>{_name(room)}</code></summary>", ""]
        lines += [f"* `{_name(path, room)}`: {_purpose(path)}" for path in _inside(room)]
        lines += ["", "</details>"]
    return "\n".join(lines) + "\n"


def write() -> None:
    """Put the map into the README."""
    before, rest = README.read_text().split(BEGIN)
    README.write_text(before + BEGIN + map_of_the_house() + END + rest.split(END)[1])


def _floors() -> dict[int, list[Path]]:
    """The rooms of each floor, from the top: a package's folder, or a file that is a room by itself."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    layers = ["app", *contract["layers"]]
    return {
        len(layers) - place: [_room(name) for name in layer.replace(":", "|").split("|")]
        for place, layer in enumerate(layers)
    }


def _room(name: str) -> Path:
    path = ROOT.joinpath(*name.strip().split("."))
    return path if path.is_dir() else path.with_suffix(".py")


def _inside(room: Path) -> Iterator[Path]:
    """A room's modules, and its own rooms before theirs."""
    for path in sorted(path for path in modules() if path.is_relative_to(room)):
        if path.name != "__init__.py":
            yield path
        elif path.parent != room:
            yield path.parent


def _name(path: Path, within: Path = ROOT) -> str:
    return str(path.relative_to(within)) + "/" * path.is_dir()


def _purpose(path: Path) -> str:
    """First line of what a module or a package says of itself."""
    source = path / "__init__.py" if path.is_dir() else path
    return (ast.get_docstring(tree(source)) or "").split("\n")[0].replace("|", "&#124;")


if __name__ == "__main__":
    write()
