"""The model on screen as a picture whose places never move: boxes for calls, and arrows for what reads what.

A box is split between the colours of the tweets that it may depend on; an arrow has one strand for each. Strands into a head are
as wide as that head's loss rises when that tweet is swapped for another pair's, at the epoch shown. Where no path leads there is
no strand. What reads what comes from the call graph; this file knows where each call has its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mtl_core.graph import Call, CallGraph
from mtl_core.graph.words import layer_in_words, sight
from mtl_core.language import _
from mtl_core.spec import HIDDEN, INPUTS, MERGED, OUTPUTS

__all__ = ["MOST", "Box", "Picture", "Wire", "picture"]

MOST = 1.0
"""Nats: an arrow is widest where swapping the tweet costs this much or more."""

_THIN, _WIDE, _PLAIN = 1.5, 13.0, 3.0
_WIDTH = 480
_COLUMN = {0: 125, 1: 355}
_MIDDLE = 240
_TWEETS, _CALLS, _MERGE, _HIDDEN, _TALL = 4, 84, 182, 268, 44
_HEADS, _HEADS_BELOW_HIDDEN = 284, 358

Reliance = Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A call: its name in the graph, its place in pixels, what it says, and which tweets it may depend on.

    `act` says what a click on it does: "" nothing, "merge" connects or cuts, "head" lights up what reaches it.
    """

    name: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    sees: tuple[str, ...]
    act: str = ""
    lit: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A strand of an arrow from (x0, y0) down to (x1, y1): whose information it carries, and how wide it is, in pixels.

    `cuts` says whether a click on it cuts the connection.
    """

    source: str
    target: str
    tweet: str
    x0: float
    y0: float
    x1: float
    y1: float
    width: float = _PLAIN
    cuts: bool = False
    lit: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Boxes and wires, the frame around calls that share weights, and the empty place where a merge would be."""

    height: float
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    between: tuple[str, ...]
    """Lines between the two encoders."""
    shared: bool
    empty: Box | None = field(default=None)
    width: float = _WIDTH


def picture(graph: CallGraph, *, reliance: Reliance | None = None, head: str = "both") -> Picture:
    """Lay out one of the question's models.

    Parameters
    ----------
    graph : CallGraph
        `CallGraph.from_spec(model, data)`.
    reliance : mapping of (output, input) to float, optional
        Rise of a head's test loss when that input is shuffled; nats.
    head : {"both", "predictions1", "predictions2"}
        Light up only what reaches this head.
    """
    hidden = any(call.id in HIDDEN for call in graph.calls)
    lit = {call.id for call in graph.calls} if head == "both" else graph.upstream(head)
    boxes = {call.id: _box(graph, call, hidden, call.id in lit) for call in graph.calls}
    merged = MERGED in boxes
    encoders = [call for call in graph.calls if call.class_name == "LSTM"]
    shared = encoders[0].layer == encoders[1].layer
    return Picture(
        height=(_HEADS_BELOW_HIDDEN if hidden else _HEADS) + _TALL + 8,
        boxes=tuple(boxes.values()),
        wires=tuple(_wires(graph, boxes, lit, reliance)),
        between=_between(encoders, shared),
        shared=shared,
        empty=None if merged else _empty(),
    )


def _between(encoders: list[Call], shared: bool) -> tuple[str, ...]:
    count = encoders[0].parameters
    if shared:
        return encoders[0].layer, "" if count is None else _("{n:,} weights").format(n=count)
    return _("own weights"), _("for each tweet")


def _box(graph: CallGraph, call: Call, hidden: bool, lit: bool) -> Box:
    sees = graph.seen_by(call.id)
    if call.id in INPUTS:
        column = INPUTS.index(call.id)
        size = (_COLUMN[column], _TWEETS, 120)
        return _at(call, *size, (call.id,), sees, lit=lit)
    if call.class_name == "LSTM":
        column = INPUTS.index(sees[0])
        title = _("call {n}").format(n=call.index) if len(graph.shared_layers.get(call.layer, ())) > 1 else call.layer
        return _at(call, _COLUMN[column], _CALLS, 110, (title, layer_in_words(call)), sees, lit=lit)
    if call.id == MERGED:
        return _at(call, _MIDDLE, _MERGE, 164, (call.id, layer_in_words(call)), sees, act="merge", lit=lit)
    if call.id in HIDDEN:
        column = HIDDEN.index(call.id)
        return _at(call, _COLUMN[column], _HIDDEN, 150, (call.id, layer_in_words(call)), sees, lit=lit)
    column = OUTPUTS.index(call.id)
    y = _HEADS_BELOW_HIDDEN if hidden else _HEADS
    lines = (call.id, sight(graph, call.id))
    return _at(call, _COLUMN[column], y, 206, lines, sees, act="head", lit=lit)


def _at(
    call: Call,
    x: float,
    y: float,
    width: float,
    lines: tuple[str, ...],
    sees: tuple[str, ...],
    *,
    act: str = "",
    lit: bool,
) -> Box:
    """A box whose top is centred at (x, y)."""
    place = {"x": x - width / 2, "y": y, "width": width, "height": _TALL}
    return Box(name=call.id, lines=lines, sees=sees, act=act, lit=lit, **place)


def _empty() -> Box:
    """The place where a merge would be."""
    lines = ("concatenate?", _("click to connect"))
    return Box(name=MERGED, x=_MIDDLE - 82, y=_MERGE, width=164, height=_TALL, lines=lines, sees=(), act="merge")


def _wires(
    graph: CallGraph, boxes: Mapping[str, Box], lit: set[str] | frozenset[str], reliance: Reliance | None
) -> Iterator[Wire]:
    merged = MERGED in boxes
    for source, target in graph.edges:
        start, end, carried = boxes[source], boxes[target], graph.seen_by(source)
        for i, tweet in enumerate(carried):
            x0, x1 = _ends(start, end, i, len(carried))
            head = OUTPUTS[HIDDEN.index(target)] if target in HIDDEN else target
            relied = reliance.get((head, tweet)) if reliance and head in OUTPUTS else None
            yield Wire(
                source=source,
                target=target,
                tweet=tweet,
                x0=x0,
                y0=start.y + start.height,
                x1=x1,
                y1=end.y,
                width=_PLAIN if relied is None else _width(relied),
                cuts=merged and (source == MERGED or target == MERGED),
                lit=source in lit and target in lit,
            )


def _width(relied: float) -> float:
    """Pixels, growing evenly from the thinnest at 0."""
    return _THIN + (_WIDE - _THIN) * min(max(relied, 0.0) / MOST, 1.0)


def _ends(start: Box, end: Box, strand: int, strands: int) -> tuple[float, float]:
    """Where a strand begins and ends, so that strands neither cross nor touch."""
    middle, target = start.x + start.width / 2, end.x + end.width / 2
    if end.name == MERGED:
        return middle, target + (-41 if middle < target else 41)
    apart = (2 * strand - 1) * 50 if strands > 1 else 0
    if start.name == MERGED:
        return middle + (-41 if target < middle else 41) + (2 * strand - 1) * 17, target + apart
    return middle + apart, target + apart
