"""From what people paste to Python: prompts, fences, prose, tabs and notebooks are taken off, line numbers stay.

A paste is seldom a program. Lines that are no Python become empty ones, so that every remark's line is the paste's own.
A line that looks like code and can't be read keeps what it assigns to: `x = ...`, which means "not known" to the reader.

Text is parsed, with `ast.parse`, and never compiled to code that could run.
"""

from __future__ import annotations

import ast
import json
import re
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mtl_core.graph.config.untrusted import whole

__all__ = ["MAX_CHARACTERS", "Source", "code_of", "parsed"]

MAX_CHARACTERS = 300_000
"""Most characters of code that are read."""

_MAX_PARSED = 40_000
"""Most lines that are parsed while looking for the code in a text, each time that a line is parsed."""

_MAX_SECONDS = 0.3
"""Longest time for it, for lines that are long."""

_MAX_LINE = 10_000
"""Most characters of a line that is looked at again: Python's parser takes 0.9 s to refuse one of 300,000."""

_MAX_STATEMENT = 1_000
"""Most lines of one statement in a text that is not all Python."""


_STRANGERS = "<a stranger's program>"
warnings.filterwarnings("ignore", module=re.escape(_STRANGERS))
"""What Python thinks of `1is 1` in a paste is nothing for the log: a paste could have 50,000 of it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Python, taken out of a text.

    Parameters
    ----------
    text : str
        The text with its lines as they are counted: a notebook's cells one after another.
    tree : ast.Module
    unreadable : tuple of int
        Lines, from 1, that look like code and could not be read.
    """

    text: str
    tree: ast.Module
    unreadable: tuple[int, ...]


def code_of(text: str) -> Source:
    """The Python in a text; empty if there is none. Never raises."""
    text = whole(_of_notebook(text)[:MAX_CHARACTERS]).replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")
    text = text.replace("\f", " ").replace("\v", " ").removeprefix("\ufeff")
    lines = _without_prompts(_fenced([_plain(line) for line in text.split("\n")]))
    tree = parsed("\n".join(lines))
    if tree is not None:
        return Source(text, tree, ())
    return _pieces(text, [line if len(line) <= _MAX_LINE else _stand_in(line) for line in lines])


def _of_notebook(text: str) -> str:
    """The code cells of a Jupyter notebook, one after another; any other text as it is."""
    if not text.lstrip().startswith("{"):
        return text
    try:
        book = json.loads(text)
    except (ValueError, RecursionError):
        return text
    cells = book.get("cells") if isinstance(book, Mapping) else None
    if cells is None and isinstance(book, Mapping):  # before version 4
        sheets = book.get("worksheets")
        cells = (
            sheets[0].get("cells") if isinstance(sheets, list) and sheets and isinstance(sheets[0], Mapping) else None
        )
    if not isinstance(cells, list):
        return text
    codes = []
    for cell in cells:
        if isinstance(cell, Mapping) and cell.get("cell_type") == "code":
            code = cell.get("source", cell.get("input", ""))
            codes.append("".join(map(str, code)) if isinstance(code, list) else str(code))
    return "\n".join(codes)


_TYPOGRAPHIC = str.maketrans(
    {
        **dict.fromkeys("“”„‟＂", '"'), **dict.fromkeys("‘’‚‛", "'"), **dict.fromkeys("\xa0\u3000\u2009\u202f", " "),
        **dict.fromkeys("\u200b\u200c\u200d\ufeff\u2028\u2029", ""), "（": "(", "）": ")", "，": ",", "：": ":", "＝": "=",
        "−": "-", "–": "-", "\x0c": " ",
    }
)  # fmt: skip


def _plain(line: str) -> str:
    """A line as Python can read it: comments stay as they are, magics go, quotes that a word processor bent are straight."""
    if re.match(r"\s*(%|!|\?|In \[\d*\]:\s*$|Out\[\d+\])", line):
        return ""
    return line if line.isascii() else line.translate(_TYPOGRAPHIC)


def _fenced(lines: list[str]) -> list[str]:
    """Only the lines between Markdown's fences, if there are any."""
    fences = [i for i, line in enumerate(lines) if re.match(r"\s*(```|~~~)", line)]
    if not fences:
        return lines
    inside = [""] * len(lines)
    for start, end in zip(fences[::2], [*fences[1::2], len(lines)], strict=False):
        inside[start + 1 : end] = lines[start + 1 : end]
    return inside


_PROMPT = re.compile(r"\s*(>>>|\.\.\.|In \[\d*\]:|(?<=\s{3})\.{3,}:)( |$)")


def _without_prompts(lines: list[str]) -> list[str]:
    """Lines without their prompts; where some have one, those that have none are what was printed."""
    if not any(re.match(r"\s*(>>>|In \[\d*\]:) ", line) for line in lines):
        return lines
    matches = [_PROMPT.match(line) for line in lines]
    return [line[match.end() :] if match else "" for line, match in zip(lines, matches, strict=True)]


def parsed(code: str, first: int = 0) -> ast.Module | None:
    """Code, parsed, whose lines are counted from line number `first`; None where it is none."""
    for attempt in (code, code.expandtabs(4)) if "\t" in code else (code,):
        try:
            return _shifted(ast.parse(attempt, _STRANGERS), first)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def _shifted(tree: ast.Module, lines: int) -> ast.Module:
    return ast.increment_lineno(tree, lines) if lines else tree


def _pieces(text: str, lines: list[str]) -> Source:
    """Read a text statement by statement, and leave out what is none."""
    body: list[ast.stmt] = []
    unreadable: list[int] = []
    effort = _Effort()
    at = 0
    while at < len(lines) and effort.spend():
        if not lines[at].strip() or lines[at].lstrip().startswith("#"):
            at += 1
            continue
        for end in _ends(lines, at):
            tree = parsed(_dedented(lines, at, end), at) if effort.spend(end - at) else None
            if tree is None:
                tree = _mended(lines, at, end, effort, unreadable)
            if tree is not None:
                body += tree.body
                at = end
                break
        else:
            block = _block_end(lines, at)
            if block > at + 1:
                unreadable.append(at + 1)
                names = dict.fromkeys(name for line in lines[at:block] for name in _assigned(line))
                tree = parsed("\n".join(f"{name} = ..." for name in names), at)
                body += tree.body if tree else []
                at = block
                continue
            stand_in = parsed(_stand_in(lines[at]).strip(), at)
            if stand_in and stand_in.body:
                unreadable.append(at + 1)
                body += stand_in.body
            at += 1
    if at < len(lines):
        unreadable.append(at + 1)
    return Source(text, ast.Module(body, []), tuple(unreadable))


class _Effort:
    """How much is parsed while looking for the code in a text: so many lines, for so long."""

    def __init__(self) -> None:
        self._lines = _MAX_PARSED
        self._end = time.thread_time() + _MAX_SECONDS

    def spend(self, lines: int = 1) -> bool:
        """Count lines; False if they are too many, or the time is over."""
        self._lines -= lines
        return self._lines >= 0 and time.thread_time() < self._end


_GOES_ON = re.compile(r"(elif|else|except|finally|[)\]}])\b|[)\]}]")


def _ends(lines: list[str], start: int) -> Iterator[int]:
    """Where the statement that begins on a line may end: with its block and its brackets, else with its line."""
    margin = _indent(lines[start])
    depth, end = 0, start
    decorated = True
    for i in range(start, min(len(lines), start + _MAX_STATEMENT)):
        line = lines[i]
        if line.strip() and depth <= 0 and i > start and not decorated:
            inner = _indent(line)
            if inner < margin or (inner == margin and not _GOES_ON.match(line.lstrip())):
                break
        depth += _brackets(line)
        if line.strip():
            end = i
            decorated = line.lstrip().startswith("@")
    yield end + 1
    if end > start:
        yield start + 1


def _brackets(line: str) -> int:
    """How many brackets a line opens and doesn't close, its strings and its comment left out."""
    code = _NO_CODE.sub("", line)
    return sum(map(code.count, "([{")) - sum(map(code.count, ")]}"))


_NO_CODE = re.compile(r"""'(\\.|[^'\\])*+('|\\?$)|"(\\.|[^"\\])*+("|\\?$)|#.*""")
"""A string or a comment. A string that nothing ends goes to the end of the line, where looking for its end begins but once."""


def _indent(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())


def _dedented(lines: list[str], start: int, end: int) -> str:
    """The lines of a statement, at the margin."""
    margin = _indent(lines[start])
    block = [line.expandtabs(4) for line in lines[start:end]]
    return "\n".join(line[min(margin, _indent(line)) :] for line in block)


def _mended(lines: list[str], start: int, end: int, effort: _Effort, unreadable: list[int]) -> ast.Module | None:
    """A block without the lines in it that are no Python."""
    if end - start < 2 or not lines[start].rstrip().endswith((":", "(", ",", "[", "{")):
        return None
    block = list(lines)
    mended: list[int] = []
    for _attempt in range(20):
        if not effort.spend(end - start):
            break
        try:
            tree = _shifted(ast.parse(_dedented(block, start, end), _STRANGERS), start)
        except SyntaxError as error:
            at = start + (error.lineno or 0) - 1
            if not start < at < end or at + 1 in mended:
                return None
            mended.append(at + 1)
            block[at] = " " * _indent(block[at]) + (_stand_in(block[at]).strip() or "pass")
        except (ValueError, RecursionError, MemoryError):
            return None
        else:
            unreadable += mended
            return tree
    return None


_HEADER = re.compile(
    r"(?:async\s+)?(?:def\s+(\w+)\s*\(|class\s+(\w+)\s*[(:]|(?:for\s+[\w, ()]+\s+in|with|while|if)\s+\S.*:\s*$)"
)


def _block_end(lines: list[str], start: int) -> int:
    """Where the block of a line ends that looks like the head of one but can't be read; the line itself if it has none."""
    end = start + 1
    if not _HEADER.match(lines[start].lstrip()) or end >= len(lines) or not lines[end].strip():
        return start
    while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > _indent(lines[start])):
        end += 1
    return end


def _assigned(line: str) -> list[str]:
    """The names that a line of a block may assign, or defines."""
    header = _HEADER.match(line.lstrip())
    if header:
        return [name for name in header.groups() if name]
    assigned = re.match(r"\s*([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*)\s*[-+*/]?=(?!=)", line)
    return re.findall(r"\w+", assigned[1]) if assigned else []


_CHANGES = re.compile(r"(\s*)([A-Za-z_]\w*)\.(?:append|extend|insert|add|update|pop|remove|setdefault)\s*\(")
"""A line that changes a list, a dict or a model."""


def _stand_in(line: str) -> str:
    """What stands for a line that can't be read: the names it assigns, or nothing if it doesn't look like code."""
    assigned = re.match(r"\s*([A-Za-z_][\w.]*(?:\s*,\s*[A-Za-z_][\w.]*)*)\s*[-+*/]?=(?!=)", line)
    if assigned:
        return f"{' ' * _indent(line)}{assigned[1]} = ..."
    changed = _CHANGES.match(line)
    if changed:
        return f"{changed[1]}{changed[2]} = ..."
    return f"{' ' * _indent(line)}..." if re.match(r"\s*[\w.]+\([^)]*=", line) else ""
