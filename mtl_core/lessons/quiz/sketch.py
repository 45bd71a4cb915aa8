"""A small model with two or three inputs and two heads, drawn at random: as a program, and as the call graph of that program."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from random import Random

from mtl_core.graph import CallGraph

__all__ = ["SURFACES", "Head", "Sketch", "Surface", "draw_sketch", "structure"]

_MERGES = ("Concatenate", "Add", "Subtract", "Multiply", "Average")


@dataclass(frozen=True, slots=True)
class Surface:
    """What a model is about: names that nobody meets in the lesson.

    Parameters
    ----------
    inputs : tuple of three str
    heads : tuple of two str
    """

    inputs: tuple[str, str, str]
    heads: tuple[str, str]


SURFACES: tuple[Surface, ...] = (
    Surface(("photo", "caption", "seller"), ("price", "clicks")),
    Surface(("xray", "notes", "bloods"), ("illness", "stay")),
    Surface(("song", "lyrics", "cover"), ("mood", "genre")),
    Surface(("soil", "weather", "leaf"), ("harvest", "pest")),
    Surface(("question", "answer", "profile"), ("quality", "topic")),
    Surface(("title", "recipe", "review"), ("stars", "cuisine")),
    Surface(("route", "traffic", "driver"), ("delay", "cost")),
    Surface(("sketch", "plan", "site"), ("budget", "style")),
    Surface(("before", "after", "report"), ("change", "urgency")),
)
"""Enough for every item of three forms to speak of something else than its neighbours."""


@dataclass(frozen=True, slots=True)
class Head:
    """One head.

    Parameters
    ----------
    name : str
    reads : tuple of int
        Numbers of the inputs whose encodings it is given, in their order; several go through a merge.
    merge : str
        Class of the merge; without meaning where it reads one encoding.
    hidden : bool
        Whether a Dense layer stands between.
    """

    name: str
    reads: tuple[int, ...]
    merge: str = "Concatenate"
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Sketch:
    """A small model.

    Parameters
    ----------
    inputs : tuple of str
    encoders : tuple of str
        For each input the name of the layer that encodes it; the same name twice is one shared layer.
    heads : tuple of Head
    frozen : str
        The encoder that is not trained; empty for none.
    """

    inputs: tuple[str, ...]
    encoders: tuple[str, ...]
    heads: tuple[Head, Head]
    frozen: str = ""

    @property
    def names(self) -> tuple[str, str]:
        """Of the two heads."""
        return self.heads[0].name, self.heads[1].name

    @property
    def program(self) -> str:
        """The lines of Keras that make the model."""
        lines = [f'{name} = Input(shape=(32,), name="{name}")' for name in self.inputs]
        for encoder in dict.fromkeys(self.encoders):
            frozen = ", trainable=False" if encoder == self.frozen else ""
            lines.append(f'{encoder} = Dense(16, activation="relu"{frozen}, name="{encoder}")')
        lines += [f"code_{name} = {encoder}({name})" for name, encoder in zip(self.inputs, self.encoders, strict=True)]
        for head in self.heads:
            lines += self._head(head)
        lines.append(f"model = Model([{', '.join(self.inputs)}], [{', '.join(self.names)}])")
        return "\n".join(lines)

    @property
    def graph(self) -> CallGraph:
        """The call graph of the program, which is the answer key of every item."""
        return CallGraph.from_program(self.program)

    def with_head(self, head: Head) -> Sketch:
        """The same model with the head of this name replaced."""
        one, other = (head if head.name == old.name else old for old in self.heads)
        return dataclasses.replace(self, heads=(one, other))

    def _head(self, head: Head) -> list[str]:
        source = f"code_{self.inputs[head.reads[0]]}"
        lines = []
        if len(head.reads) > 1:
            codes = ", ".join(f"code_{self.inputs[number]}" for number in head.reads)
            source = f"joined_{head.name}"
            lines.append(f'{source} = {head.merge}(name="{source}")([{codes}])')
        if head.hidden:
            lines.append(f'hidden_{head.name} = Dense(8, activation="relu", name="hidden_{head.name}")({source})')
            source = f"hidden_{head.name}"
        return [*lines, f'{head.name} = Dense(1, activation="sigmoid", name="{head.name}")({source})']


def draw_sketch(random: Random, surface: Surface, *, inputs: int = 2) -> Sketch:
    """A model at random: encoders shared or not, each head with one encoding or several, a hidden layer or none.

    Every input is read by some head: Keras leaves out of a model what leads nowhere.

    Parameters
    ----------
    random : Random
    surface : Surface
    inputs : int
        2 or 3.
    """
    names = surface.inputs[:inputs]
    shared = random.random() < 0.6
    encoders = ("encoder",) * inputs if shared else tuple(f"encoder_{name}" for name in names)
    if shared and inputs == 3:
        alone = random.randrange(3)
        encoders = tuple(f"encoder_{name}" if n == alone else "encoder" for n, name in enumerate(names))
    while True:
        one, other = (_head(random, name, inputs) for name in surface.heads)
        if {*one.reads, *other.reads} == {*range(inputs)}:
            return Sketch(names, encoders, (one, other))


def structure(graph: CallGraph) -> tuple[str, ...]:
    """What is left of a graph without names and classes: equal for two graphs that have the same wiring.

    Each call is known by what it reads, by what reads it and by the other calls of its layer (colour refinement, Weisfeiler
    and Leman, 1968). Graphs with different wiring may have the same structure, never the other way round.
    """
    ends = {head.call for head in graph.heads}
    colours = {call.id: f"{call.id in graph.inputs} {call.id in ends}" for call in graph.calls}
    for _round in graph.calls:
        around = {
            call.id: (
                colours[call.id],
                sorted(colours[source] for source in call.reads),
                sorted(colours[target] for source, target in graph.edges if source == call.id),
                sorted(colours[other.id] for other in graph.shared_layers.get(call.layer, ())),
            )
            for call in graph.calls
        }
        colours = {name: hashlib.sha256(repr(seen).encode()).hexdigest() for name, seen in around.items()}
    return tuple(sorted(colours.values()))


def _head(random: Random, name: str, inputs: int) -> Head:
    reads = tuple(sorted(random.sample(range(inputs), random.choice((1, 1, 2, inputs)))))
    # Keras subtracts two tensors, not three.
    merge = random.choice(_MERGES) if len(reads) == 2 else "Concatenate"
    return Head(name, reads, merge, random.random() < 0.3)
