"""A Keras program as people paste it, read symbolically: what the graph of each of its models needs, and what could not be followed.

The text is parsed with `ast` and followed line by line: which layer is made, on what it is called. Nothing of it is
executed, imported or compiled, and no program can keep the reader busy. What could not be followed is said with its line,
and makes "unknown" what it touches; see `Wiring.status`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from mtl_core.graph.config.assemble import Parts, assemble
from mtl_core.graph.config.untrusted import Budget as ConfigBudget
from mtl_core.graph.config.untrusted import ModelFileError
from mtl_core.graph.interpreter import objects
from mtl_core.graph.interpreter.budget import SECONDS_FOR_MODELS, Budget, Exhausted
from mtl_core.graph.interpreter.configs import Configs
from mtl_core.graph.interpreter.follow import Follower
from mtl_core.graph.interpreter.source import Source, code_of
from mtl_core.graph.interpreter.trace import Trace
from mtl_core.graph.interpreter.values import Class, Function, Instance, Kind, Layer, Sequential, Unknown
from mtl_core.language import _

__all__ = ["Reading", "Remark", "reading_of_program"]

MAX_MODELS = 30
"""Most models of a program that are shown."""

MAX_REMARKS = 100
"""Most remarks on a program."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say about a line.

    Parameters
    ----------
    line : int
        From 1; of the text, or of the notebook's code cells one after another. 0 for the program as a whole.
    text : str
        In the visitor's language.
    kind : "unknown", "refused" or "note"
        What could not be followed; what Keras would refuse; anything else.
    """

    line: int
    text: str
    kind: Kind = "unknown"


class Reading(NamedTuple):
    """What was read of a program or a file: all that the graph of each model needs, by the model's name."""

    models: dict[str, Parts]
    remarks: tuple[Remark, ...] = ()
    text: str = ""
    """The text whose lines the remarks count."""


def reading_of_program(text: str) -> Reading:
    """The models that a Keras program makes; never raises, whatever is in the text."""
    source = code_of(text)
    trace = Trace(Budget())
    for line in source.unreadable:
        trace.note(_("This line can't be read as Python."), line)
    follower = Follower(trace)
    try:
        follower.run(source.tree)
        _try_what_nobody_calls(follower)
    except Exhausted:
        _stopped(trace)
    return Reading(_models(follower), _remarks(trace, source), source.text)


def _stopped(trace: Trace) -> None:
    """Say that the program is too long; what sequential models would have got after that isn't known."""
    why = _("From here on the program takes too many steps to be followed.")
    trace.may_have_thawed = True
    trace.note(why)
    for model in trace.models:
        if isinstance(model, Sequential):
            model.unread = model.unread or why


def _try_what_nobody_calls(follower: Follower) -> None:
    """Follow functions and classes that make models and that the program itself never uses, as in many pastes."""
    values = list(follower.module.values.items())
    for name, value in values:
        if isinstance(value, Class) and not value.made and objects.kind_of(value) == "model":
            start = objects.lookup(value, "__init__")
            number = len(start.node.args.args) - 1 - len(start.defaults) if isinstance(start, Function) else 0
            made = objects.make(follower, value, [_not_given(value.name)] * max(number, 0), {})
            if made.layer is not None:
                made.layer.wishes.append(name)
    if follower.trace.models:
        return
    for name, value in values:
        if isinstance(value, Function) and not value.called and not isinstance(value.node, ast.Lambda):
            number = len(value.node.args.args) - len(value.defaults)
            before = len(follower.trace.models)
            made = follower.call_function(value, [_not_given(name)] * number, {})
            if isinstance(made, Layer) and len(follower.trace.models) > before:
                made.wishes.append(name)


def _not_given(name: str) -> Unknown:
    return Unknown(_("“{name}” isn't called in this text, so what it is given isn't known.").format(name=name))


def _models(follower: Follower) -> dict[str, Parts]:
    """What each model's graph needs, by the model's name."""
    trace = follower.trace
    budget = ConfigBudget(SECONDS_FOR_MODELS)
    configs = Configs(trace, budget)
    models: dict[str, Parts] = {}
    for name, model in _named(follower):
        try:
            parts = assemble(configs.of(model), budget.again())
        except (ModelFileError, Exhausted, RecursionError) as problem:
            reason = str(problem) if isinstance(problem, ModelFileError) else _("This model is too large to be read.")
            trace.note(reason, model.line)
            continue
        base, number = name, 2
        while name in models and models[name] != parts:
            name, number = f"{base}#{number}", number + 1
        models[name] = parts
        if len(models) == MAX_MODELS:
            break
    if not models:
        trace.note(_("No Keras model is made in this text, as far as it can be followed."), 0 if trace.notes else 1)
    return models


def _named(follower: Follower) -> Iterator[tuple[str, Layer]]:
    """The models that are worth showing, with their names: one of an own class behind those that its `__init__` makes."""
    models = follower.trace.models
    # Following one may make others, and tells that those it calls are called.
    shown = [list(_shown(follower, model)) for model in models]
    for number in sorted(range(len(shown)), key=lambda n: (models[n].attributes.get("behind", n + 1), -n)):
        yield from shown[number]


def _shown(follower: Follower, model: Layer) -> Iterator[tuple[str, Layer]]:
    """What there is to show of a model; one of an own class is followed now."""
    name = model.wishes[0] if model.wishes else "model"
    instance = model.attributes.get("instance")
    if not isinstance(instance, Instance):
        if not (isinstance(model, Sequential) and not model.parts):
            yield name, model
        return
    made = instance.layer if instance.layer is not model else _followed(follower, model)
    if made is not None:
        yield name, made
    for inner in instance.traced.values():
        if isinstance(inner, Layer):
            yield name, inner


def _followed(follower: Follower, model: Layer) -> Layer | None:
    if follower.budget.is_spent:
        return None
    try:
        return objects.untried(follower, model)
    except Exhausted:
        _stopped(follower.trace)
        return None


def _remarks(trace: Trace, source: Source) -> tuple[Remark, ...]:
    last = source.text.count("\n") + 1
    remarks = [Remark(min(line, last), text, kind) for (line, text), kind in trace.notes.items()]
    return tuple(sorted(remarks, key=lambda remark: remark.line)[:MAX_REMARKS])
