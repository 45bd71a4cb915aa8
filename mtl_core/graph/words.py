"""A call graph in words and as a table: for labels, for screen readers, and for a terminal."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

from mtl_core.graph.calls import Call
from mtl_core.graph.config.untrusted import Shape, shown
from mtl_core.graph.wiring import Wiring
from mtl_core.language import _, ngettext
from mtl_core.spec import INPUTS, OWN_INPUT

__all__ = [
    "Quote",
    "alt",
    "caveats",
    "findings",
    "heads",
    "in_words",
    "layer_in_words",
    "parameters_in_words",
    "shape_in_words",
    "sight",
    "table",
]

Quote = Callable[[str], str]
"""How a name from a file is put into a sentence: `shown` for plain text, `mtl_core.markdown.code` for a page."""


def sight(graph: Wiring, output_name: str) -> str:
    """What a head reads, as a few words: "reads both tweets", "reads its own tweet only"."""
    seen = graph.seen_by_head(output_name)
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


def in_words(names: Sequence[str], quote: Quote = shown) -> str:
    """Names as a list in a sentence: "tweet_a and tweet_b"; long lists end in a count."""
    texts = [quote(name) for name in names[:8]]
    if len(names) > 8:
        texts[7:] = [_("{n} more").format(n=len(names) - 7)]
    if len(texts) < 2:
        return "".join(texts)
    return _("{first} and {last}").format(first=", ".join(texts[:-1]), last=texts[-1])


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
        return _("parameters not in the file")
    return ngettext("{n:,} parameter", "{n:,} parameters", count).format(n=count)


def alt(graph: Wiring) -> str:
    """The graph in a few sentences, for somebody who can't see it."""
    first = _("Call graph of {calls} calls, from {inputs} to {outputs}.").format(
        calls=len(graph.calls), inputs=in_words(graph.inputs), outputs=in_words(graph.outputs)
    )
    return " ".join([first, *itertools.islice(heads(graph), 8), *itertools.islice(_shared(graph), 4)])


def findings(graph: Wiring) -> list[str]:
    """What a graph shows, a sentence each: what each head sees, where inputs meet, what is shared, what is unused."""
    return [*heads(graph), *_shared(graph), *_unused(graph), *_false_paths(graph), *caveats(graph)]


def heads(graph: Wiring, quote: Quote = shown) -> Iterator[str]:
    """What each head may and cannot depend on, and where its inputs first meet."""
    for head in graph.heads:
        seen = graph.seen_by_head(head.name)
        blind = [name for name in graph.inputs if name not in seen]
        if not blind:
            sentence = _("{head} may depend on {seen}.")
        elif seen:
            sentence = _("{head} may depend on {seen}. It cannot depend on {blind}: no path exists.")
        else:
            sentence = _("{head} cannot depend on any input: no path exists.")
        merges = graph.first_merges(head.name)
        if merges:
            sentence += " " + _("Its inputs first meet in {merges}.")
        ids = [call.id for call in merges]
        names = {"seen": seen, "blind": blind, "merges": ids}
        yield sentence.format(head=quote(head.name), **{key: in_words(its, quote) for key, its in names.items()})


def caveats(graph: Wiring, quote: Quote = shown) -> Iterator[str]:
    """What a config can't tell about this model, and what is surely not meant by it."""
    if graph.own_class:
        yield _(
            "The model's class, {name}, is none of Keras's. What is said here holds for its layers as they were "
            "connected; a call() of its own may do more."
        ).format(name=quote(graph.own_class))
    if constant := [call.id for call in graph.calls if call.constant]:
        yield ngettext(
            "{calls} is a softmax over one unit, so it is always 1, whatever it reads and whatever it has learned. A path "
            "through it exists and carries nothing.",
            "{calls} are softmaxes over one unit, so they are always 1, whatever they read and whatever they have learned. "
            "A path through them exists and carries nothing.",
            len(constant),
        ).format(calls=in_words(constant, quote))
    if fixed := _fixed_heads(graph):
        yield ngettext(
            "Every path to {heads} leads through it: no input changes what this head predicts, and its loss teaches "
            "nothing in front of the softmax. For a yes-or-no answer use a sigmoid.",
            "Every path to {heads} leads through one: no input changes what these heads predict, and their losses teach "
            "nothing in front of the softmax. For a yes-or-no answer use a sigmoid.",
            len(fixed),
        ).format(heads=in_words(fixed, quote))


def _fixed_heads(graph: Wiring) -> list[str]:
    """Heads that inputs reach through constant calls only; none behind a layer that remembers other calls."""
    reads = {call.id: () if call.constant else call.reads for call in graph.calls}
    open_ends = {*graph.inputs, *(call.id for call in graph.calls if call.stateful)}
    fixed = []
    for head in graph.heads:
        reached, left = {head.call}, [head.call]
        while left:
            new = set(reads[left.pop()]) - reached
            reached |= new
            left.extend(new)
        if graph.seen_by_head(head.name) and not reached & open_ends:
            fixed.append(head.name)
    return fixed


def _shared(graph: Wiring) -> Iterator[str]:
    for layer, calls in graph.shared_layers.items():
        yield _("{layer} is called {n} times with one set of weights ({count}).").format(
            layer=shown(layer), n=len(calls), count=parameters_in_words(calls[0].parameters)
        )


def _unused(graph: Wiring) -> Iterator[str]:
    if unused := graph.reaches_nothing():
        yield _("No head depends on {names}.").format(names=in_words(unused))


def _false_paths(graph: Wiring) -> Iterator[str]:
    for name, head in graph.false_paths():
        yield _("plot_model draws a path from {name} to {head}; no such path exists.").format(
            name=shown(name), head=shown(head)
        )


def table(graph: Wiring) -> list[dict[str, str]]:
    """One row a call: its name, class, shape, parameters, what it reads and which inputs it sees."""
    return [
        {
            _("call"): shown(call.id),
            _("class"): shown(call.class_name),
            _("shape"): shape_in_words(call.shape) or _("not in the file"),
            _("parameters"): _("not in the file") if call.parameters is None else f"{call.parameters:,}",
            _("reads"): in_words(call.reads),
            _("sees"): in_words(graph.seen_by(call.id)),
        }
        for call in graph.calls
    ]
