"""The tables of programs in `docs/limits.md`: what was tried, and what of Python is followed.

`python -m tests.mtl_core.graph.program.limits` writes them; a test holds them to the corpus, the cases and the reader.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from mtl_core.graph.config import flow
from mtl_core.graph.interpreter import budget, evaluate, follow
from mtl_core.graph.program import Program, read_program
from tests.mtl_core.graph.program import test_doubt, test_untrusted
from tests.mtl_core.graph.program.texts import PROGRAMS

__all__ = ["DOCUMENT", "PYTHON", "TABLES", "Row", "between", "is_followed"]

ROOT = Path(__file__).parents[4]
DOCUMENT = ROOT / "docs" / "limits.md"


class Row(NamedTuple):
    """A part of Python: what it is called, its classes in `ast`, and what is done with it."""

    name: str
    classes: str
    done: str


PYTHON = (
    Row(
        "names and assignments",
        "Name Assign AnnAssign AugAssign NamedExpr Starred Delete Global Nonlocal",
        "Also to several targets, attributes and items; a list or an object under two names is one.",
    ),
    Row(
        "numbers, texts, lists, tuples, sets, dicts",
        "Constant List Tuple Set Dict JoinedStr FormattedValue Subscript Slice Attribute",
        f"Worked out as long as they stay small: {budget.MAX_ITEMS:,} items, {budget.MAX_TEXT:,} characters.",
    ),
    Row(
        "operators and comparisons",
        "BinOp UnaryOp BoolOp Compare",
        "On tensors they are calls; on numbers they are worked out.",
    ),
    Row(
        "branches",
        "If IfExp Match",
        "Where the condition isn't known, both ways are followed, a remark says so, and what differs is unknown.",
    ),
    Row(
        "loops",
        "For AsyncFor While Break Continue ListComp SetComp DictComp GeneratorExp",
        f"Round by round, at most {budget.MAX_ROUNDS:,}; a loop of unknown length is followed once, and what it carries over is unknown.",
    ),
    Row(
        "functions and classes",
        "FunctionDef AsyncFunctionDef Lambda ClassDef Return Call Await",
        f"Called as Python would, at most {budget.MAX_DEPTH} deep; metaclasses and methods such as `__getattr__` are not followed.",
    ),
    Row(
        "generators",
        "Yield YieldFrom",
        f"At most {budget.MAX_YIELDS} items, taken at once; what is sent to one isn't known.",
    ),
    Row(
        "errors and contexts",
        "Try TryStar Raise With AsyncWith",
        "What is caught is followed too where an error can't be ruled out; `__enter__` is not called.",
    ),
    Row("imports", "Import ImportFrom", "Nothing is imported: a name stands for its dotted path."),
    Row(
        "lines that make nothing",
        "Expr Pass Assert TypeAlias",
        "An expression is looked at; the others are passed over.",
    ),
    Row("newer texts", "TemplateStr Interpolation", "Not followed."),
)
"""Python's grammar; each class of statements and expressions in one row."""

_PASSED_OVER = {"Pass", "Assert", "TypeAlias"}
_NOT_FOLLOWED = {"TemplateStr", "Interpolation"}


def is_followed(name: str) -> bool:
    """Whether the reader follows a class of `ast`."""
    return name not in _PASSED_OVER | _NOT_FOLLOWED


def handled() -> set[str]:
    """The classes of `ast` for which the reader has a function."""
    return {cls.__name__ for table in (follow._STATEMENTS, evaluate._HANDLERS) for cls in table}


def python_table() -> str:
    """What of Python is followed."""
    lines = ["| Python | followed | how far |", "|---|---|---|"]
    for row in PYTHON:
        classes = [name for name in row.classes.split() if name not in _NOT_FOLLOWED]
        lines.append(f"| {row.name} | {'yes' if any(map(is_followed, classes)) else 'no'} | {row.done} |")
    whole = (
        f"At most {budget.MAX_STEPS:,} steps and {budget.MAX_SECONDS:g} seconds, and {budget.SECONDS_FOR_MODELS:g} more for its "
        "models; what comes after that is not read, and a remark says so."
    )
    return "\n".join([*lines, f"| a whole program | | {whole} |"]) + "\n"


def corpus_table() -> str:
    """The programs of the corpus: where each is from, and what is read of it."""
    lines = ["| program | from | models | calls | cannot | may |", "|---|---|---|---|---|---|"]
    total: Counter[str] = Counter()
    for path in PROGRAMS:
        text = path.read_text()
        program = read_program(text)
        count = counted(program)
        total += count
        source = re.sub(r"; written anew\b", "", text.split("\n")[0].removeprefix("# Source: ")).rstrip(".")
        cells = [count[key] for key in ("models", "calls", "cannot", "may")]
        lines.append(f"| `{path.stem}` | {source.replace('|', '/')} | {' | '.join(map(str, cells))} |")
    cells = [f"**{total[key]:,}**" for key in ("models", "calls", "cannot", "may")]
    lines.append(f"| **all {len(PROGRAMS)}** | | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def counted(program: Program) -> Counter[str]:
    """Models, calls, and pairs of a head and an input by their status."""
    graphs = program.models.values()
    pairs = Counter(graph.status(head, name) for graph in graphs for head in graph.outputs for name in graph.inputs)
    return Counter(models=len(graphs), calls=sum(len(graph.calls) for graph in graphs)) + pairs


def trials_table() -> str:
    """What else was tried, and how often."""
    rows = [
        (
            "programs written at random together with what they mean",
            "150 new ones in every run",
            "the pairs are those it was written with",
        ),
        (
            "programs that leave something open on purpose",
            len(test_doubt.UNSURE),
            "unknown, with a remark; the other head of the same program stays known",
        ),
        ("programs that reach a head in a roundabout way", len(test_doubt.REACHED), "may, without a remark"),
        ("programs that look unsure and are not", len(test_doubt.SURE), "cannot stays cannot"),
        (
            "programs of the corpus, changed at random",
            f"{test_untrusted.MUTATED:,}; {test_untrusted.MANY_MORE:,} in the long version",
            "an answer, never an error",
        ),
        ("texts at random", "200 new ones in every run", "an answer, never an error"),
        ("programs made to keep the reader busy", len(test_untrusted.BOMBS), "an answer within the limits below"),
    ]
    lines = ["| what | how many | what must come out |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {what} | {number} | {wanted} |" for what, number, wanted in rows)]) + "\n"


def slices_table() -> str:
    """Which classes keep the parts of a concatenation apart."""

    def names(classes: frozenset[str]) -> str:
        return ", ".join(f"`{name}`" for name in sorted(classes))

    exact = {"Concatenate", "Split", "GetItem", "SlicingOpLambda"}
    lines = [
        "| what is done with the parts of a concatenation | classes | a head that reads one part |",
        "|---|---|---|",
    ]
    lines += [
        f"| put together, taken apart | {names(frozenset(exact))} | exact |",
        f"| each number made of those at its place | {names(flow._ALIKE)}; `Activation` with {names(flow._POINTWISE)} | exact, where all shapes are known and alike |",
        f"| mixed along the last axis only | {names(flow._LAST_AXIS)} | exact along the other axes |",
        "| mixed | every other class of Keras's | may depend on every part |",
        "| not read | own classes, a `Lambda` without its code, `TFSMLayer`, `JaxLayer`, `FlaxLayer`, `TorchModuleWrapper`, what comes from another file | unknown |",
    ]
    return "\n".join(lines) + "\n"


TABLES = {
    "corpus": corpus_table,
    "trials": trials_table,
    "python": python_table,
    "slices": slices_table,
}
"""Each table of the document by the name between its marks."""


def between(text: str, name: str) -> str:
    """What stands in a document between the marks of a table."""
    return text.split(f"<!-- {name}:begin -->\n")[1].split(f"<!-- {name}:end -->")[0]


def write() -> None:
    """Put the tables into the document."""
    text = DOCUMENT.read_text()
    for name, table in TABLES.items():
        begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->"
        before, rest = text.split(begin)
        text = before + begin + table() + end + rest.split(end)[1]
    DOCUMENT.write_text(text)


if __name__ == "__main__":
    write()
