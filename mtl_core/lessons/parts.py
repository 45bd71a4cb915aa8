"""What the walkthrough is made of, as data: a page only interprets it.

A step follows *predict, observe, explain* (White and Gunstone, Probing Understanding, 1992): it asks, the learner commits
to a choice, the experiment that answers is run, and three sentences say what to notice. Each of these sentences carries
the check that it holds, so a test can run the experiment over many seeds, and a page can tell a learner whose own run came
out otherwise.

All texts are untranslated: pass them through `_` where they are shown. A term links to its place among the Words where a step
uses it first: `[head](glossary#head)`, by its key in `glossary.GLOSSARY`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from mtl_core.language import _
from mtl_core.lessons.results import Results
from mtl_core.spec import DataSpec, ExperimentSpec, ModelSpec

__all__ = [
    "Choice",
    "Example",
    "Experiment",
    "Handout",
    "Notice",
    "Picture",
    "Question",
    "Show",
    "Step",
    "TeacherNotes",
]

Show = Literal["losses", "drawing", "shuffle", "scale", "worth", "match", "coupling", "transfer"]
"""What a step's runs are looked at through: learning curves; the drawing alone; the response to shuffling; `block_scale` with
the trained case 2 beside it; several worlds beside what the other tweet is worth there; the match rule; what one task's
training does to the other; other models' call graphs."""

Example = Literal["siamese", "image_text", "three_heads"]
"""A model in `assets/examples/`."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to commit to.

    Parameters
    ----------
    text : str
    why : str
        Why it is right or wrong; shown once the learner has committed, whatever they chose.
    right : bool
    paths : mapping of (output, input) to bool
        In questions about an example: which paths this answer says its call graph has. It is right exactly if the graph
        agrees.
    meets : str
        Or the layer in which it says that inputs first come together.
    """

    text: str
    why: str
    right: bool = False
    paths: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    meets: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A prediction to commit to, with three or four choices of which one is right.

    Parameters
    ----------
    text : str
    choices : tuple of Choice
    example : Example or None
        The other model that it asks about.
    """

    text: str
    choices: tuple[Choice, ...]
    example: Example | None = None

    @property
    def right(self) -> int:
        """Which choice is right, counted from 0."""
        return next(i for i, choice in enumerate(self.choices) if choice.right)


@dataclass(frozen=True, slots=True)
class Experiment:
    """A run that a step needs.

    Parameters
    ----------
    name : str
        How the step's sentences and checks call it.
    curve : str
        How it is called on screen, among those of its world.
    spec : ExperimentSpec
        With seed 0, which the gallery has recorded; a learner's own run takes another seed.
    world : str
        What it has in common with those that it is drawn among; empty where a step has one world.
    """

    name: str
    curve: str
    spec: ExperimentSpec
    world: str = ""

    @property
    def label(self) -> str:
        """How it is called where others stand beside it, translated."""
        return _("{world}: {curve}").format(world=_(self.world), curve=_(self.curve)) if self.world else _(self.curve)


@dataclass(frozen=True, slots=True)
class Picture:
    """The part of a graph to look at.

    By calls or by layers it shows what a head reads; the view "training" shows what each loss changes.

    Parameters
    ----------
    model : ModelSpec
    view : {"calls", "layers", "training"}
    highlight : str
        The input or output whose calls are lit; empty for all.
    data : DataSpec
        Whose tweets it reads.
    """

    model: ModelSpec
    view: Literal["calls", "layers", "training"] = "calls"
    highlight: str = ""
    data: DataSpec = field(default_factory=DataSpec)


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence about what was seen, and the check that it was.

    Parameters
    ----------
    text : str
        With fields such as `{case1.head1.right}`, see `results`.
    holds : callable
        Whether the sentence is true of these results.
    """

    text: str
    holds: Callable[[Results], bool]

    def sentence(self, results: Results) -> str:
        """The sentence, translated, with the numbers of these results."""
        return _(self.text).format(**results.fields)


@dataclass(frozen=True, slots=True)
class TeacherNotes:
    """For the teacher.

    Parameters
    ----------
    purpose : str
        What the step is for.
    misconceptions : tuple of str
        What learners often think, and what helps.
    timing : str
        How to spend the minutes.
    """

    purpose: str
    misconceptions: tuple[str, ...]
    timing: str


@dataclass(frozen=True, slots=True)
class Handout:
    """A task for paper, beside the questions themselves, and its solution for the teacher's copy."""

    task: str
    solution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the walkthrough.

    Parameters
    ----------
    id : str
        Stable name, for links and tests.
    title : str
    minutes : int
    setup : str
        What to know before the question.
    table : tuple of tuples of str
        The same laid out, where a setup compares worlds: a row of titles first, and each row's name in front.
    pictures : tuple of Picture
        What is drawn beside the question. It must not show the answer.
    revealed : tuple of Picture
        What is drawn instead once the learner has committed; empty: the same.
    questions : tuple of Question
    experiments : tuple of Experiment
        To be run, or shown as recorded, once the learner has committed.
    show : Show
        How the results are shown.
    notice : tuple of three Notice
    teacher : TeacherNotes
    handout : Handout
    """

    id: str
    title: str
    minutes: int
    setup: str
    table: tuple[tuple[str, ...], ...] = ()
    pictures: tuple[Picture, ...] = ()
    revealed: tuple[Picture, ...] = ()
    questions: tuple[Question, ...]
    experiments: tuple[Experiment, ...] = ()
    show: Show
    notice: tuple[Notice, Notice, Notice]
    teacher: TeacherNotes
    handout: Handout
