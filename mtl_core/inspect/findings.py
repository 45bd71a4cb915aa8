"""What a stranger's call graph shows, in Markdown: each finding as a heading and as sentences.

Three words carry the truth. *May depend*: a path of calls leads there, though its weights can still be zero. *Cannot depend*:
no path does, so whatever happens to that input, not one bit of that head's prediction changes. *Not known*: something on the
way was not read. All are about predicting; while training, heads also influence one another through every weight that both
losses change.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from mtl_core.graph import CallGraph
from mtl_core.graph.config.untrusted import each, shown, step
from mtl_core.graph.training_words import loss
from mtl_core.graph.words import (
    in_words,
    parameters_in_words,
    reached_in_words,
    seen_in_words,
    unread_in_words,
)
from mtl_core.inspect.markdown import code
from mtl_core.language import _, ngettext

__all__ = [
    "between",
    "drawn",
    "false_paths",
    "headline",
    "matrix",
    "shared",
    "shared_rows",
    "size",
    "who_sees_what",
]


@step()
def headline(graph: CallGraph) -> str:
    """The answer to "which inputs can each head see?", in one line."""
    if not graph.inputs:
        return _("There is no input on which a head could depend")
    cannot, pairs = graph.pairs("cannot"), len(graph.inputs) * len(graph.outputs)
    if unknown := graph.pairs("unknown"):
        return _headline_in_doubt(cannot, unknown, pairs)
    if not cannot and len(graph.outputs) == 1:
        return (
            _("The head may depend on the input") if len(graph.inputs) == 1 else _("The head may depend on every input")
        )
    if not cannot:
        return _("Every head may depend on every input")
    blind = {head: names for head in each(graph.outputs) if (names := graph.with_status(head, "cannot"))}
    if cannot == 1:
        ((head, (name,)),) = blind.items()
        return _("{head} cannot depend on {name}").format(head=code(head), name=code(name))
    if all(len(blind.get(head, ())) == len(graph.inputs) - 1 for head in graph.outputs):
        return _("Each head reads one input and cannot depend on any other")
    return _("{n:,} of {all:,} pairs of a head and an input have no path").format(n=cannot, all=pairs)


def _headline_in_doubt(cannot: int, unknown: int, pairs: int) -> str:
    if unknown == pairs:
        return _("Not known which inputs a head depends on: something on every way could not be read")
    if cannot:
        sentence = _("{n:,} of {all:,} pairs of a head and an input have no path; {unknown:,} are not known")
    else:
        sentence = _("{unknown:,} of {all:,} pairs of a head and an input are not known; the others may depend")
    return sentence.format(n=cannot, all=pairs, unknown=unknown)


@step()
def size(graph: CallGraph) -> str:
    """How large the model is: inputs, heads, calls, layers, weights."""
    layers = len({call.layer for call in graph.calls})
    parts = [
        ngettext("{n} input", "{n} inputs", len(graph.inputs)).format(n=len(graph.inputs)),
        ngettext("{n} head", "{n} heads", len(graph.outputs)).format(n=len(graph.outputs)),
        _("{calls:,} calls of {layers:,} layers").format(calls=len(graph.calls), layers=layers),
        parameters_in_words(graph.parameters),
    ]
    if models := len(graph.nested_models):
        parts.insert(3, ngettext("{n} nested model", "{n} nested models", models).format(n=models))
    return " · ".join(parts)


@step()
def matrix(graph: CallGraph) -> list[list[str]]:
    """A row a head: its name, then "may depend", "cannot" or "not known" for each input, in the model's order."""
    words = {"may": _("may depend"), "cannot": _("cannot"), "unknown": _("not known")}
    return [[head, *map(words.__getitem__, graph.row(head))] for head in each(graph.outputs)]


def who_sees_what(graph: CallGraph) -> Iterator[str]:
    """Heads that may depend on everything, and inputs that nothing depends on."""
    everything = graph.sees_everything()
    if everything and len(graph.inputs) > 1:
        yield ngettext(
            "{heads} may depend on every input.", "{heads} may depend on every input.", len(everything)
        ).format(heads=in_words(everything, code))
    elif len(graph.inputs) > 1 and all(graph.with_status(head, "cannot") for head in each(graph.outputs)):
        yield _("No head can depend on every input.")
    nothing = graph.reaches_nothing()
    if nothing:
        yield ngettext(
            "**{names} reaches no head.** The model asks for this input and never uses it.",
            "**{names} reach no head.** The model asks for these inputs and never uses them.",
            len(nothing),
        ).format(names=in_words(nothing, code))
    elif len({name for head in graph.outputs for name in graph.with_status(head, "may")}) == len(graph.inputs) > 0:
        yield _("Every input reaches a head.")


@step()
def between(graph: CallGraph, name: str, head: str) -> str:
    """What lies between an input and a head, and where the input first meets another."""
    ends = {"name": code(name), "head": code(head)}
    status = graph.status(head, name)
    if status == "unknown":
        return _in_doubt(graph, name, head)
    if status == "cannot":
        sentence = _(
            "**{head} cannot depend on {name}.** No path of calls leads there: whatever you put into {name}, not one bit "
            "of {head} changes."
        ).format(**ends)
        return f"{sentence} {_route(graph, name, head)}".strip()
    if unread := graph.unread_between([name], head):
        return _(
            "**{head} may depend on {name}**: a path of calls that were all read leads there. Other paths lead through what "
            "could not be read: {calls}."
        ).format(calls=unread_in_words(unread, code), **ends)
    calls = graph.calls_between(name, head)
    if calls:
        sentence = ngettext(
            "**{head} may depend on {name}**, through {n} call: {calls}.",
            "**{head} may depend on {name}**, through {n} calls: {calls}.",
            len(calls),
        ).format(n=len(calls), calls=in_words([call.id for call in calls], code), **ends)
    else:
        sentence = _("**{head} may depend on {name}**, directly.").format(**ends)
    return f"{sentence} {_meeting(graph, name, head)}"


def _in_doubt(graph: CallGraph, name: str, head: str) -> str:
    """That it isn't known, and what was not read."""
    sentence = _("**It is not known whether {head} depends on {name}.**").format(name=code(name), head=code(head))
    if graph.own_class:
        why = _("The model's class, {own}, may do what the file doesn't tell.").format(own=code(graph.own_class))
    else:
        calls = unread_in_words(graph.unread_between([name], head), code)
        why = _("Every path between them leads through what could not be read: {calls}.").format(calls=calls)
    return f"{sentence} {why}"


def _meeting(graph: CallGraph, name: str, head: str) -> str:
    merges = graph.first_merges(head, name)
    if not merges:
        return _("On the way, {name} meets no other input.").format(name=code(name))
    return _("On the way, {name} first meets another input in {merges}.").format(
        name=code(name), merges=in_words([call.id for call in merges], code)
    )


@step()
def drawn(graph: CallGraph) -> str:
    """The finding about plot_model's drawing."""
    false = graph.count_false_paths()
    if not false and graph.pairs("unknown"):
        return _("No path that plot_model draws is known to be false")
    if not false:
        return _("Here, every path that plot_model draws exists")
    return ngettext(
        "plot_model draws a path that does not exist", "plot_model draws {n:,} paths that do not exist", false
    ).format(n=false)


@step()
def false_paths(graph: CallGraph, most: int = 12) -> list[str]:
    """Each path that plot_model draws and that does not exist, by the boxes it leads through."""
    lines = [
        _("{route}: {head} cannot depend on {name}.").format(
            route=" → ".join(map(code, _short(graph.drawn_route(name, head)))), head=code(head), name=code(name)
        )
        for name, head in graph.false_paths(most)
    ]
    if (more := graph.count_false_paths() - most) > 0:
        lines.append(_("And {n:,} more; the JSON file below lists all.").format(n=more))
    return lines


def _route(graph: CallGraph, name: str, head: str) -> str:
    """That plot_model draws a path all the same, if it does."""
    route = graph.drawn_route(name, head)
    if not route:
        return ""
    return _("plot_model draws one all the same: {route}.").format(route=" → ".join(map(code, _short(route))))


def _short(route: tuple[str, ...], most: int = 7) -> tuple[str, ...]:
    return route if len(route) <= most else (*route[: most - 3], "…", *route[-2:])


def shared(graph: CallGraph) -> str:
    """The finding about shared layers."""
    n = len(graph.shared_layers)
    if not n:
        return _("No layer is called twice")
    return ngettext("{n:,} layer is called more than once", "{n:,} layers are called more than once", n).format(n=n)


@step()
def shared_rows(graph: CallGraph, most: int = 500) -> list[dict[str, str]]:
    """One row a call of a shared layer, `most` rows at most: what it reads, which inputs it sees, which heads it reaches."""
    calls = ((layer, call) for layer, several in graph.shared_layers.items() for call in several)
    return [
        {
            _("layer"): shown(layer),
            _("weights"): _("no weights") if call.parameters == 0 else parameters_in_words(call.parameters),
            _("call"): shown(call.id),
            _("reads"): in_words(call.reads),
            _("may depend on"): seen_in_words(graph, call.id) or _("no input"),
            _("reaches"): reached_in_words(graph, call.id) or _("no head"),
            _("changed by"): in_words(graph.trained_by(layer), lambda head: loss(graph, head)) or _("no loss"),
        }
        for layer, call in each(itertools.islice(calls, most))
    ]
