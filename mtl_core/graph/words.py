"""A call graph in words and as a table: for labels, for screen readers, and for a terminal."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from mtl_core.graph.calls import Call
from mtl_core.graph.config.untrusted import Shape, each, shown, step
from mtl_core.graph.reach import marks
from mtl_core.graph.wiring import Status, Wiring
from mtl_core.language import _, ngettext
from mtl_core.spec import INPUTS, OWN_INPUT

__all__ = [
    "Quote",
    "alt",
    "caveats",
    "findings",
    "heads",
    "in_words",
    "labels",
    "layer_in_words",
    "parameters_in_words",
    "reached_in_words",
    "seen_in_words",
    "shape_in_words",
    "sight",
    "table",
    "unread_in_words",
]

T = TypeVar("T")

MOST_FALSE = 100
"""Most paths that plot_model makes up and that are named one by one."""

Quote = Callable[[str], str]
"""How a name from a file is put into a sentence: `shown` for plain text, `mtl_core.markdown.code` for a page."""


def sight(graph: Wiring, output_name: str) -> str:
    """What a head reads, as a few words: "reads both tweets", "reads its own tweet only"."""
    seen = graph.seen_by_head(output_name)
    if unsure := graph.with_status(output_name, "unknown"):
        sure = graph.with_status(output_name, "may")
        first = [_("reads {names}").format(names=in_words(sure))] if sure else []
        return " · ".join([*first, _("not known: {names}").format(names=in_words(unsure))])
    if graph.inputs == INPUTS and output_name in OWN_INPUT:
        if seen == INPUTS:
            return _("reads both tweets")
        own = seen == (OWN_INPUT[output_name],)
        return _("reads its own tweet only") if own else _("reads {names} only").format(names=in_words(seen))
    if not seen:
        return _("reads no input")
    if len(graph.inputs) == 1:
        return _("reads the input")
    if seen == graph.inputs:
        return _("reads both inputs") if len(seen) == 2 else _("reads all {n} inputs").format(n=len(seen))
    if len(seen) <= 2:
        return _("reads {names} only").format(names=in_words(seen))
    return _("reads {n} of {all} inputs").format(n=len(seen), all=len(graph.inputs))


def in_words(names: Sequence[T], quote: Callable[[T], str] = shown) -> str:
    """Names, or what `quote` makes names of, as a list in a sentence: "tweet_a and tweet_b"; long lists end in a count."""
    texts = [quote(name) for name in names[:8]]
    if len(names) > 8:
        texts[7:] = [_("{n:,} more").format(n=len(names) - 7)]
    if len(texts) < 2:
        return "".join(texts)
    return _("{first} and {last}").format(first=", ".join(texts[:-1]), last=texts[-1])


def labels(names: tuple[str, ...]) -> dict[str, str]:
    """A readable label for each name; long names that look alike when cut are numbered."""
    wanted = {name: shown(name) for name in names}
    taken = set(wanted.values())
    first = dict(reversed([(label, name) for name, label in wanted.items()]))
    numbers = {label: itertools.count(2) for label in taken}

    def numbered(label: str) -> str:
        return next(text for n in numbers[label] if (text := f"{label} ({n})") not in taken)

    return {name: label if first[label] == name else numbered(label) for name, label in wanted.items()}


def shape_in_words(shape: Shape | None) -> str:
    """A shape without its batch axis: "20 × 8"; "any" for an axis of any length; empty if unknown."""
    if shape is None:
        return ""
    return " × ".join(_("any") if size is None else str(size) for size in shape[1:]) or "1"


def layer_in_words(call: Call) -> str:
    """Class and output of a call: "LSTM → 16"."""
    shape = shape_in_words(call.shape)
    return f"{shown(call.class_name)} → {shape}" if shape else shown(call.class_name)


def parameters_in_words(count: int | None) -> str:
    """A count with its unit: "1,600 parameters"."""
    if count is None:
        return _("parameters not known")
    return ngettext("{n:,} parameter", "{n:,} parameters", count).format(n=count)


@step()
def alt(graph: Wiring) -> str:
    """The graph in a few sentences, as its alternative text."""
    first = _("Call graph of {calls} calls, from {inputs} to {outputs}.").format(
        calls=len(graph.calls), inputs=in_words(graph.inputs), outputs=in_words(graph.outputs)
    )
    return " ".join([first, *itertools.islice(heads(graph), 8), *itertools.islice(_shared(graph), 4)])


@step()
def findings(graph: Wiring) -> list[str]:
    """What a graph shows, a sentence each: what each head sees, where inputs meet, what is shared, what is unused."""
    return [*heads(graph), *_shared(graph), *_unused(graph), *_false_paths(graph), *caveats(graph)]


def heads(graph: Wiring, quote: Quote = shown) -> Iterator[str]:
    """What each head may and cannot depend on, what isn't known of it, and where its inputs first meet."""
    statuses: tuple[Status, ...] = ("may", "cannot", "unknown")
    for head in each(graph.heads):
        seen, blind, unknown = (graph.with_status(head.name, status) for status in statuses)
        sentences = [_("{head} may depend on {seen}.")] if seen else []
        if not graph.inputs:
            sentences.append(_("{head} depends on no input: there is none."))
        if unknown:
            sentences.append(_("It is not known whether {head} depends on {unknown}{why}."))
        if blind and (seen or unknown):
            sentences.append(_("It cannot depend on {blind}: no path exists."))
        elif blind:
            sentences.append(_("{head} cannot depend on any input: no path exists."))
        merges = () if unknown else graph.first_merges(head.name)
        if merges:
            sentences.append(_("Its inputs first meet in {merges}."))
        names = {"seen": seen, "blind": blind, "unknown": unknown, "merges": tuple(call.id for call in merges)}
        texts = {key: in_words(several, quote) for key, several in names.items()}
        yield " ".join(sentences).format(head=quote(head.name), why=_why(graph, head.name, unknown, quote), **texts)


def _why(graph: Wiring, head: str, unknown: Sequence[str], quote: Quote) -> str:
    """What was not read on the way from these inputs to a head, as the end of a sentence; empty for an own class."""
    calls = graph.unread_between(unknown, head)
    return _(": {calls} could not be read").format(calls=unread_in_words(calls, quote)) if calls else ""


def unread_in_words(calls: Sequence[Call], quote: Quote = shown) -> str:
    """Calls as a list in a sentence, each with its line where it is of a program: "mystery (line 6)"."""

    def with_line(call: Call) -> str:
        if not call.line:
            return quote(call.id)
        return _("{call} (line {line})").format(call=quote(call.id), line=call.line)

    return in_words(calls, with_line)


def seen_in_words(graph: Wiring, *call_ids: str, quote: Quote = shown) -> str:
    """The inputs that calls may depend on, and those of which that isn't known: "a (not known: b)"; empty if none."""
    return _with_doubts(graph, graph.surely_seen_by(*call_ids), graph.seen_by(*call_ids), quote)


def reached_in_words(graph: Wiring, call_id: str, quote: Quote = shown) -> str:
    """The heads that a call may reach, and those of which that isn't known; empty if none."""
    return _with_doubts(graph, graph.surely_reached_from(call_id), graph.reached_from(call_id), quote)


def _with_doubts(graph: Wiring, sure: Sequence[str], both: Sequence[str], quote: Quote) -> str:
    if graph.own_class:
        return _("not known")
    if len(sure) == len(both):
        return in_words(sure, quote)
    surely = set(sure)
    unsure = [name for name in both if name not in surely]
    if not sure:
        return _("not known: {names}").format(names=in_words(unsure, quote))
    return _("{names} (not known: {unsure})").format(names=in_words(sure, quote), unsure=in_words(unsure, quote))


def caveats(graph: Wiring, quote: Quote = shown) -> Iterator[str]:
    """What a config can't tell about this model, and what is surely not meant by it."""
    if graph.own_class:
        yield _(
            "The model's class, {name}, is none of Keras's. What is said here holds for its layers as they were "
            "connected; a call() of its own may do more."
        ).format(name=quote(graph.own_class))
    if unread := [call for call in each(graph.calls) if call.unread]:
        yield ngettext(
            "What {calls} does with what it reads is not known. A pair of an input and a head that is connected through it "
            "alone is “not known”.",
            "What {calls} do with what they read is not known. A pair of an input and a head that is connected through them "
            "alone is “not known”.",
            len(unread),
        ).format(calls=unread_in_words(unread, quote))
    constant = [call.id for call in graph.calls if call.constant]
    if constant:
        yield ngettext(
            "{calls} is a softmax over one unit, so it is always 1, whatever it reads and whatever it has learned. A path "
            "through it exists and carries nothing.",
            "{calls} are softmaxes over one unit, so they are always 1, whatever they read and whatever they have learned. "
            "A path through them exists and carries nothing.",
            len(constant),
        ).format(calls=in_words(constant, quote))
    if fixed := _fixed_heads(graph) if constant and not graph.own_class else []:
        yield ngettext(
            "Every path to {heads} leads through it: no input changes what this head predicts, whatever its loss does to "
            "the weights in front of the softmax. For a yes-or-no answer use a sigmoid.",
            "Every path to {heads} leads through one: no input changes what these heads predict, whatever their losses do to "
            "the weights in front of the softmax. For a yes-or-no answer use a sigmoid.",
            len(fixed),
        ).format(heads=in_words(fixed, quote))


def _fixed_heads(graph: Wiring) -> list[str]:
    """Heads that inputs reach through constant calls only; none behind a layer that remembers other calls."""
    number = {call.id: i for i, call in enumerate(graph.calls)}
    open_ends = {*graph.inputs, *(call.id for call in graph.calls if call.stateful)}
    after: list[list[int]] = [[] for _call in graph.calls]
    for call in each(graph.calls):
        for source in () if call.constant else call.reads:
            after[number[source]].append(number[call.id])
    changed = marks(after, [int(call in open_ends) for call in number])
    return [head.name for head in graph.heads if graph.seen_by_head(head.name) and not changed[number[head.call]]]


def _shared(graph: Wiring) -> Iterator[str]:
    for layer, calls in each(graph.shared_layers.items()):
        yield _("{layer} is called {n} times with one set of weights ({count}).").format(
            layer=shown(layer), n=len(calls), count=parameters_in_words(calls[0].parameters)
        )


def _unused(graph: Wiring) -> Iterator[str]:
    if unused := graph.reaches_nothing():
        yield _("No head depends on {names}.").format(names=in_words(unused))


def _false_paths(graph: Wiring) -> Iterator[str]:
    for name, head in graph.false_paths(MOST_FALSE):
        yield _("plot_model draws a path from {name} to {head}; no such path exists.").format(
            name=shown(name), head=shown(head)
        )
    if (more := graph.count_false_paths() - MOST_FALSE) > 0:
        yield ngettext(
            "plot_model draws {n:,} more path that does not exist.",
            "plot_model draws {n:,} more paths that do not exist.",
            more,
        ).format(n=more)


@step()
def table(graph: Wiring, calls: Sequence[Call] = ()) -> list[dict[str, str]]:
    """One row a call, or each of these calls: its name, class, shape, parameters, what it reads and which inputs it sees."""
    headings = (_("call"), _("class"), _("shape"), _("parameters"), _("reads"), _("sees"))
    return [dict(zip(headings, _row(graph, call), strict=True)) for call in each(calls or graph.calls)]


def _row(graph: Wiring, call: Call) -> Iterator[str]:
    yield shown(call.id)
    yield shown(call.class_name) + (f" ({_('not read')})" if call.unread else "")
    yield shape_in_words(call.shape) or _("not known")
    yield _("not known") if call.parameters is None else f"{call.parameters:,}"
    yield in_words(call.reads)
    yield seen_in_words(graph, call.id)
