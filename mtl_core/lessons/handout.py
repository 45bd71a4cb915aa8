"""The walkthrough on paper: a step with its answers, a packet of all steps for learners, and the teacher's copy.

A learner's sheet has bare drawings: those on screen say at each head what it reads, which is what most questions ask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import segno

from mtl_core.figures import html, names
from mtl_core.graph import CallGraph
from mtl_core.graph import words as graph_words
from mtl_core.graph.draw.plain import arrows_in_words, plain_dot
from mtl_core.graph.draw.svg import as_image
from mtl_core.graph.draw.training import training_dot
from mtl_core.graph.training_words import training_alt
from mtl_core.inspect.examples import EXAMPLES, load_example
from mtl_core.language import _
from mtl_core.lessons.parts import Picture, Step

__all__ = ["PAPERS", "Paper", "handout", "packet"]

Paper = Literal["A4", "Letter"]

Image = Callable[[str], str]

PAPERS: tuple[Paper, ...] = ("A4", "Letter")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing on paper: `image` is the address of an image, empty where there is none; then the words stand for it."""

    title: str
    image: str
    words: str


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code: the address, and its picture as a data address."""

    address: str
    image: str


@dataclass(frozen=True, slots=True)
class Table:
    """Heads by inputs, to be filled in: each row is a head and for each input whether a path leads from it."""

    title: str
    inputs: tuple[str, ...]
    rows: tuple[tuple[str, tuple[bool, ...]], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A step as the template has it."""

    title: str
    step: Step
    drawings: tuple[Drawing, ...]
    solved: tuple[Drawing, ...]
    tables: tuple[Table, ...]
    code: Code | None


def handout(step: Step, *, address: str = "", paper: Paper = "A4", image: Image = as_image) -> str:
    """The two sheets of a step as an HTML document with print rules: to fill in, and the answers.

    Parameters
    ----------
    step : Step
    address : str
        Link to the step, printed with its QR code; empty for none.
    paper : {"A4", "Letter"}
    image : callable
        From a drawing's DOT source to the address of an image of it; "" where there is none.
    """
    return html.render(
        "handout.html",
        title=_(step.title),
        pages=[_page(step, _(step.title), address, image)],
        parts=("sheet", "answers"),
        paper=paper,
        with_name=True,
        later=None,
    )


def packet(
    steps: Sequence[Step],
    *,
    address: Callable[[Step], str],
    later: str,
    solutions: bool,
    paper: Paper = "A4",
    image: Image = as_image,
) -> str:
    """All steps in one document: the learners' sheets, or the teacher's copy with all answers.

    Parameters
    ----------
    steps : sequence of Step
    address : callable
        From a step to its link.
    later : str
        Link to the test's third form, for a week later.
    solutions : bool
        Whether it is the teacher's copy.
    paper : {"A4", "Letter"}
    image : callable
        As of `handout`.
    """
    title = _("The walkthrough on paper, with answers") if solutions else _("The walkthrough on paper")
    return html.render(
        "handout.html",
        title=title,
        pages=[_page(step, f"{n}. {_(step.title)}", address(step), image) for n, step in enumerate(steps, start=1)],
        parts=("answers",) if solutions else ("sheet",),
        paper=paper,
        with_name=not solutions,
        later=_code(later),
    )


def _page(step: Step, title: str, address: str, image: Image) -> Page:
    examples = [question.example for question in step.questions if question.example]
    graphs = {name: CallGraph.from_json(load_example(name)) for name in examples}
    bare = [
        _bare(image, _title(picture), _graph(picture), layers=picture.view == "layers") for picture in step.pictures
    ]
    bare += [_bare(image, _(EXAMPLES[name].title), graph, layers=True) for name, graph in graphs.items()]
    solved = [_solved(image, picture) for picture in step.revealed or step.pictures]
    solved += [_coloured(image, _(EXAMPLES[name].title), graph, layers=False) for name, graph in graphs.items()]
    tables = [_table(_(EXAMPLES[name].title), graph) for name, graph in graphs.items()]
    return Page(title, step, tuple(bare), tuple(solved), tuple(tables), _code(address) if address else None)


def _graph(picture: Picture) -> CallGraph:
    return CallGraph.from_spec(picture.model, picture.data)


def _title(picture: Picture) -> str:
    case = names.case(picture.model)
    if picture.view == "training":
        return _("{case}: what each loss changes").format(case=case)
    return _("{case}, as `plot_model` draws it").format(case=case) if picture.view == "layers" else case


def _bare(image: Image, title: str, graph: CallGraph, *, layers: bool) -> Drawing:
    dot = graph.to_dot("layers") if layers else plain_dot(graph)
    return Drawing(title, image(dot), arrows_in_words(graph.layer_edges if layers else graph.edges))


def _solved(image: Image, picture: Picture) -> Drawing:
    title, graph = _title(picture), _graph(picture)
    if picture.view == "training":
        return Drawing(title, image(training_dot(graph)), training_alt(graph))
    return _coloured(image, title, graph, layers=picture.view == "layers")


def _coloured(image: Image, title: str, graph: CallGraph, *, layers: bool) -> Drawing:
    dot = graph.to_dot("layers" if layers else "calls", explain=layers)
    return Drawing(title, image(dot), graph_words.alt(graph))


def _table(title: str, graph: CallGraph) -> Table:
    rows = ((head, tuple(graph.reaches(name, head) for name in graph.inputs)) for head in graph.outputs)
    return Table(title, graph.inputs, tuple(rows))


def _code(address: str) -> Code:
    return Code(address, segno.make(address, error="m", micro=False).svg_data_uri(border=2, light="#ffffff"))
