"""The kinds of item: each asks about a model at random, and the call graph of the model is the answer key.

A wrong choice stands for a misconception that the lesson names. Which one it stands for is worked out from the graph as
well: what somebody would choose who reads plot_model's drawing as if its paths existed, for example.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Literal

from mtl_core.graph import CallGraph
from mtl_core.inspect.examples import load_example
from mtl_core.language import N_, _
from mtl_core.lessons.quiz.sketch import Head, Sketch, Surface, draw_sketch, structure
from mtl_core.lessons.walkthrough import STEPS
from mtl_core.spec import DataSpec

__all__ = ["KINDS", "MISCONCEPTIONS", "Item", "Kind", "Misconception", "Option", "Picture", "make_item"]

Kind = Literal["forward", "drawn", "edit", "trains", "frozen", "picture", "prose"]
Picture = Literal["code", "calls", "layers", "words"]


@dataclass(frozen=True, slots=True)
class Misconception:
    """What learners often think; untranslated.

    Parameters
    ----------
    name : str
        In a few words.
    remedy : str
        What is the case instead.
    step : int
        The step of the walkthrough that takes it up, from 1.
    """

    name: str
    remedy: str
    step: int


MISCONCEPTIONS: Mapping[str, Misconception] = {
    "shared_is_merged": Misconception(
        N_("“A shared layer mixes its inputs.”"),
        N_("A shared layer is called once for each input. What enters one call does not leave the other."),
        2,
    ),
    "trained_together": Misconception(
        N_("“Trained together means connected.”"),
        N_("Training ties weights. When the model predicts, only the calls before a head count."),
        8,
    ),
    "merge_overlooked": Misconception(
        N_("“A head reads only its own input.”"),
        N_("A head reads everything that its merge reads, whatever the merge is called."),
        4,
    ),
    "inputs_only_train": Misconception(
        N_("“A trained model no longer depends on its inputs.”"),
        N_("At every prediction a head computes its answer from the inputs that reach it."),
        3,
    ),
    "direction": Misconception(
        N_("“Information flows both ways along an arrow.”"),
        N_("Follow the arrows backwards from the head that is asked about, not from the other one."),
        10,
    ),
    "more_layers": Misconception(
        N_("“A larger head sees more.”"),
        N_("A hidden layer reads what the head read before. It adds no path from another input."),
        7,
    ),
    "no_merge_no_tie": Misconception(
        N_("“Without a merge the tasks do not touch.”"),
        N_("Both losses change a layer that is called for both heads, with a merge or without one."),
        8,
    ),
    "loss_everywhere": Misconception(
        N_("“Every loss changes every layer.”"),
        N_("A loss changes the layers from which a path leads to its own head, and no others."),
        9,
    ),
    "frozen_learns": Misconception(
        N_("“A layer on the path always learns.”"),
        N_("A layer that is not trainable keeps its weights, whatever the losses are."),
        9,
    ),
    "freezing_spreads": Misconception(
        N_("“Where one layer is not trainable, nothing is trained.”"),
        N_("trainable=False holds for that one layer. The layers before and after it still learn."),
        9,
    ),
    "losses_stop_at_heads": Misconception(
        N_("“A loss changes only its own head.”"),
        N_("Gradients go back along the arrows. Every trainable layer on the way changes."),
        8,
    ),
    "drawing_is_true": Misconception(
        N_("“What plot_model draws is what the model does.”"),
        N_("plot_model draws one box a layer. The calls of a shared layer look like one place there."),
        2,
    ),
    "drawing_is_false": Misconception(
        N_("“plot_model’s drawing is always wrong.”"),
        N_("It draws false paths only where a layer is called more than once."),
        2,
    ),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of an item.

    Parameters
    ----------
    text : str
        Translated where it is shown; holds names of the model in braces.
    right : bool
    misconception : str
        Key in `MISCONCEPTIONS` of what a wrong choice stands for; empty for the right one.
    """

    text: str
    right: bool
    misconception: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One question about one model.

    Parameters
    ----------
    kind : Kind
    sketch : Sketch
    shown : tuple of Picture
        What is shown of the model.
    question : str
        With names in braces, as in the options.
    names : mapping of str to str
        What stands for them.
    options : tuple of four Option
        Exactly one is right.
    """

    kind: Kind
    sketch: Sketch
    shown: tuple[Picture, ...]
    question: str
    names: Mapping[str, str]
    options: tuple[Option, Option, Option, Option]

    @property
    def right(self) -> int:
        """Which option is right, counted from 0."""
        return next(number for number, option in enumerate(self.options) if option.right)

    def text(self, template: str) -> str:
        """The question or an option, translated, with the model's names as code."""
        return _(template).format(**{key: f"`{name}`" for key, name in self.names.items()})

    @property
    def prose(self) -> str:
        """The model in sentences, for the item that shows neither code nor drawing."""
        return " ".join(
            (*_encoders_in_words(self.sketch), *(_head_in_words(self.sketch, h) for h in self.sketch.heads))
        )


def make_item(kind: Kind, random: Random, surface: Surface) -> Item:
    """An item about a model at random; models that the lesson has, or that make the question trivial, are drawn again."""
    while True:
        item = KINDS[kind](random, surface)
        if item is not None and structure(item.sketch.graph) not in lesson_structures():
            return item


@functools.cache
def lesson_structures() -> frozenset[tuple[str, ...]]:
    """The structure of every model that the walkthrough draws or asks about."""
    pictures = [picture for step in STEPS for picture in (*step.pictures, *step.revealed)]
    graphs = [CallGraph.from_spec(picture.model, DataSpec()) for picture in pictures]
    examples = [question.example for step in STEPS for question in step.questions if question.example]
    graphs += [CallGraph.from_json(load_example(name)) for name in examples]
    return frozenset(structure(graph) for graph in graphs)


def _forward(random: Random, surface: Surface) -> Item | None:
    """Code and plot_model's drawing: the learner must think in calls, for the drawing has a path that does not exist."""
    sketch = draw_sketch(random, surface)
    name = random.choice(sketch.inputs)
    if not any(source == name for source, _head in sketch.graph.false_paths()):
        return None
    return _which_heads("forward", sketch, name, ("code", "layers"))


def _drawn(random: Random, surface: Surface) -> Item | None:
    """A drawing of calls alone: the learner must follow arrows backwards from the heads."""
    sketch = draw_sketch(random, surface)
    name = random.choice(sketch.inputs)
    heads = {head for head in sketch.names if sketch.graph.reaches(name, head)}
    if len(heads) != 1 or not any(len(head.reads) > 1 for head in sketch.heads):
        return None
    return _which_heads("drawn", sketch, name, ("calls",))


def _prose(random: Random, surface: Surface) -> Item | None:
    """Sentences alone, and three inputs: the same idea on another surface."""
    sketch = draw_sketch(random, surface, inputs=3)
    name = random.choice(sketch.inputs)
    if not any(source == name for source, _head in sketch.graph.false_paths()):
        return None
    if not any(len(head.reads) > 1 for head in sketch.heads):
        return None
    return _which_heads("prose", sketch, name, ("words",))


def _which_heads(kind: Kind, sketch: Sketch, name: str, shown: tuple[Picture, ...]) -> Item:
    """“Only this input changes: which heads can change?” One option for each set of heads."""
    graph, (one, other) = sketch.graph, sketch.names
    right = {head for head in (one, other) if graph.reaches(name, head)}
    drawn = right | {head for source, head in graph.false_paths() if source == name}
    sets: tuple[tuple[str, set[str]], ...] = (
        (N_("Only {one}"), {one}),
        (N_("Only {other}"), {other}),
        (N_("Both heads"), {one, other}),
        (N_("Neither head"), set()),
    )
    options = tuple(
        Option(text, heads == right, "" if heads == right else _why_wrong(heads, right, drawn)) for text, heads in sets
    )
    question = N_(
        "The model is trained. Now only {input} is exchanged for another. Which heads can change their answer?"
    )
    return Item(kind, sketch, shown, question, {"input": name, "one": one, "other": other}, _four(options))


def _why_wrong(heads: set[str], right: set[str], drawn: set[str]) -> str:
    if heads == drawn:
        return "shared_is_merged"
    if heads > right:
        return "trained_together"
    if not heads:
        return "inputs_only_train"
    return "merge_overlooked" if heads < right else "direction"


def _edit(random: Random, surface: Surface) -> Item | None:
    """“Which one edit lets this head see that input?” Each edit is made, and the graph of the result says if it does."""
    sketch = draw_sketch(random, surface)
    graph = sketch.graph
    blind = [
        (head, n) for head in sketch.heads for n, name in enumerate(sketch.inputs) if not graph.reaches(name, head.name)
    ]
    if len(blind) == 0 or len(set(sketch.encoders)) > 1 or sketch.heads[0].hidden or sketch.heads[1].hidden:
        return None
    head, number = random.choice(blind)
    other = next(h for h in sketch.heads if h.name != head.name)
    both = tuple(range(len(sketch.inputs)))
    edits: list[tuple[str, Sketch, str]] = [
        (
            N_("Concatenate {first} and {second} and give {head} the result"),
            sketch.with_head(Head(head.name, both)),
            "merge_overlooked",
        ),
        (
            N_("Concatenate {first} and {second} and give {other} the result"),
            sketch.with_head(Head(other.name, both)),
            "direction",
        ),
        (
            N_("Put a hidden Dense layer before {head}"),
            sketch.with_head(dataclasses.replace(head, hidden=True)),
            "more_layers",
        ),
        (N_("Train longer, with a larger loss weight for {other}"), sketch, "trained_together"),
    ]
    random.shuffle(edits)
    name = sketch.inputs[number]
    works = [edited.graph.reaches(name, head.name) for _text, edited, _wrong in edits]
    options = tuple(
        Option(text, true, "" if true else wrong) for (text, _edited, wrong), true in zip(edits, works, strict=True)
    )
    first, second = (f"code_{own}" for own in sketch.inputs)
    names = {"input": name, "head": head.name, "other": other.name, "first": first, "second": second}
    question = N_("As it stands, {head} cannot see {input}. Which one change lets it see it?")
    return Item("edit", sketch, ("code",), question, names, _four(options))


def _trains(random: Random, surface: Surface) -> Item | None:
    """“Whose loss changes the weights of this layer?”"""
    sketch = draw_sketch(random, surface)
    if len(sketch.heads[0].reads) + len(sketch.heads[1].reads) > 3:
        return None
    return _whose_loss("trains", sketch, random.choice(sketch.encoders))


def _frozen(random: Random, surface: Surface) -> Item | None:
    """The same, with a layer that is not trainable in the model; asked about this one or the other."""
    sketch = draw_sketch(random, surface)
    if len(set(sketch.encoders)) < 2:
        return None
    sketch = dataclasses.replace(sketch, frozen=random.choice(sketch.encoders))
    return _whose_loss("frozen", sketch, random.choice(sketch.encoders))


def _whose_loss(kind: Kind, sketch: Sketch, layer: str) -> Item:
    one, other = sketch.names
    training = sketch.graph.training()
    right = {head for head in (one, other) if training[head, layer]}
    sets: tuple[tuple[str, set[str]], ...] = (
        (N_("Only the loss of {one}"), {one}),
        (N_("Only the loss of {other}"), {other}),
        (N_("Both losses"), {one, other}),
        (N_("Neither loss"), set()),
    )
    options = tuple(
        Option(text, losses == right, "" if losses == right else _why_not_trained(losses, right, sketch, layer))
        for text, losses in sets
    )
    question = N_(
        "The model is compiled with a loss for each head, and trained. Whose loss changes the weights of {layer}?"
    )
    return Item(kind, sketch, ("code",), question, {"layer": layer, "one": one, "other": other}, _four(options))


def _why_not_trained(losses: set[str], right: set[str], sketch: Sketch, layer: str) -> str:
    if losses > right:
        return "frozen_learns" if layer == sketch.frozen else "loss_everywhere"
    if not losses:
        return "freezing_spreads" if sketch.frozen else "losses_stop_at_heads"
    return "no_merge_no_tie" if losses < right else "direction"


def _picture(random: Random, surface: Surface) -> Item | None:
    """“Which drawing shows a path that does not exist?” Calls on one side, plot_model's boxes on the other."""
    sketch = draw_sketch(random, surface)
    graph, layers_first = sketch.graph, random.random() < 0.5
    pairs = [(name, head) for name in sketch.inputs for head in sketch.names if not graph.reaches(name, head)]
    if not pairs:
        return None
    name, head = random.choice(pairs)
    false = (name, head) in graph.false_paths()
    shown: tuple[Picture, ...] = ("code", "layers", "calls") if layers_first else ("code", "calls", "layers")
    options = (
        Option(
            N_("Drawing 1"), false and layers_first, "" if false and layers_first else _misread(layers=layers_first)
        ),
        Option(
            N_("Drawing 2"),
            false and not layers_first,
            "" if false and not layers_first else _misread(layers=not layers_first),
        ),
        Option(N_("Both"), False, "shared_is_merged" if false else "drawing_is_false"),
        Option(N_("Neither"), not false, "drawing_is_true" if false else ""),
    )
    question = N_(
        "Both drawings are of the model in the code. Which of them has a path from {input} to {head} that the model does not have?"
    )
    return Item("picture", sketch, shown, question, {"input": name, "head": head}, options)


def _misread(*, layers: bool) -> str:
    """What somebody thinks who calls a drawing false that is not."""
    return "drawing_is_false" if layers else "direction"


def _four(options: tuple[Option, ...]) -> tuple[Option, Option, Option, Option]:
    one, two, three, four = options
    return one, two, three, four


def _encoders_in_words(sketch: Sketch) -> list[str]:
    sentences = []
    for encoder in dict.fromkeys(sketch.encoders):
        names = [f"`{name}`" for name, own in zip(sketch.inputs, sketch.encoders, strict=True) if own == encoder]
        if len(names) > 1:
            text = _("One layer, `{encoder}`, is called {n} times: on {names}.")
        else:
            text = _("A layer of its own, `{encoder}`, is called on {names}.")
        sentences.append(text.format(encoder=encoder, n=len(names), names=", ".join(names)))
    return sentences


def _head_in_words(sketch: Sketch, head: Head) -> str:
    codes = ", ".join(f"`{sketch.inputs[number]}`" for number in head.reads)
    if len(head.reads) == 1:
        return _("`{head}` reads what came out for {codes}.").format(head=head.name, codes=codes)
    return _("`{head}` reads what the layer `{merge}` makes of what came out for {codes}.").format(
        head=head.name, merge=head.merge, codes=codes
    )


KINDS: Mapping[Kind, Callable[[Random, Surface], Item | None]] = {
    "forward": _forward,
    "drawn": _drawn,
    "edit": _edit,
    "trains": _trains,
    "frozen": _frozen,
    "picture": _picture,
    "prose": _prose,
}
"""In the order of a form; each makes an item, or None where the model that came up makes the question trivial."""
