"""The files of `deploy/` as their readers understand them: a Dockerfile as instructions, a Caddyfile as directives."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import NamedTuple

from tests.deploy.topology import DEPLOY, ROOT

__all__ = ["Directive", "directives", "environment", "image_files", "instructions"]


class Directive(NamedTuple):
    """A line of a Caddyfile: its words, and the lines in its braces."""

    words: tuple[str, ...]
    inner: tuple[Directive, ...] = ()


def directives(file: Path) -> tuple[Directive, ...]:
    """What a Caddyfile says, without its comments."""
    lines = [line for line in map(str.strip, file.read_text().splitlines()) if line and not line.startswith("#")]

    def block(end: str) -> tuple[Directive, ...]:
        read = []
        while lines and (line := lines.pop(0)) != end:
            *words, last = shlex.split(line)
            read.append(Directive(tuple(words), block("}")) if last == "{" else Directive((*words, last)))
        return tuple(read)

    return block("")


def instructions(kind: str) -> list[str]:
    """What follows each instruction of a kind in the Dockerfile, from top to bottom."""
    lines = [line for line in (DEPLOY / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [line.removeprefix(f"{kind} ") for line in joined.splitlines() if line.startswith(f"{kind} ")]


def environment() -> dict[str, str]:
    """What the Dockerfile sets."""
    return dict(pair.split("=", 1) for line in instructions("ENV") for pair in shlex.split(line))


def image_files(folder: Path) -> Path:
    """Fill a folder with what the image gets of this repository, as `docker build` would."""
    allowed = [line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line[:1] == "!"]
    copied = [shlex.split(line) for line in instructions("COPY") if not line.startswith("--from")]
    for source, target in copied:
        for name in allowed:
            if name == source or Path(source) in Path(name).parents:
                inside = Path(name).relative_to(source) if (ROOT / source).is_dir() else Path(name).name
                _copy(ROOT / name, folder / target / inside)
    return folder


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)
