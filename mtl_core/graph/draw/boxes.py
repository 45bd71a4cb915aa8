"""What a drawing shows: calls, or whole nested models and straight runs of calls where those are folded up.

Folding hides calls, never truth. A folded model is coloured by all that its inside sees, arrows that leave it by what the
very call they come from sees, and where not every way in leads to every way out, the box says so. A straight run has one
way in and one way out, so one box says all there is to say: it makes 58 boxes of the 177 of a ResNet50.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from mtl_core.graph.config.untrusted import each
from mtl_core.graph.reach import marks
from mtl_core.graph.wiring import Wiring

__all__ = ["Box", "Highlight", "boxes_of", "levels", "lit_calls", "model_of", "shared_boxes"]

Highlight = str | tuple[str, str] | None
"""An output or an input; or an input and an output, for what lies between them."""

SHORTEST_RUN = 3
"""Fewest calls that are folded into a run; a box for two would save no room."""


@dataclass(slots=True)
class Box:
    """A call, a folded call of a nested model, or a folded run of calls.

    Parameters
    ----------
    id : str
        Of the call, of the call of the nested model ("encoder#1"), or of a run's first and last call.
    layer : str
        Whose weights it has.
    index : int
        Which call of the layer it is.
    calls : list of str
        Ids of the calls it stands for.
    groups : tuple of str
        Calls of nested models around it, outermost first.
    reads : dict of box id to set of call ids
        The boxes it reads, and which of their calls.
    folded : bool
        Whether it is a call of a nested model.
    through : bool
        For a folded model: whether every way in leads to every way out.
    run : bool
        Whether it is a straight run of calls.
    """

    id: str
    layer: str
    index: int
    groups: tuple[str, ...]
    folded: bool
    calls: list[str] = field(default_factory=list)
    reads: dict[str, set[str]] = field(default_factory=dict)
    through: bool = True
    run: bool = False


def boxes_of(
    graph: Wiring,
    collapsed: Collection[str] = (),
    *,
    highlight: Highlight = None,
    only_lit: bool = False,
    open_runs: Collection[str] | None = None,
) -> list[Box]:
    """The boxes to draw, each after those that it reads (folded ones as early as their first call).

    Parameters
    ----------
    graph : Wiring
    collapsed : collection of str
        Nested models to fold up: by name, which folds all their calls, or by the id of one call ("encoder#2").
    highlight : str, or pair of str, optional
        See `lit_calls`.
    only_lit : bool
        Leave out what `highlight` doesn't light up.
    open_runs : collection of str, optional
        Fold up straight runs of calls, but for those that hold one of these calls; None folds none.
    """
    boxes = _folded_models(graph, collapsed)
    if open_runs is not None:
        boxes = _folded_runs(graph, boxes, frozenset(open_runs))
    return _kept(boxes, lit_calls(graph, highlight)) if only_lit else boxes


def lit_calls(graph: Wiring, highlight: Highlight) -> frozenset[str]:
    """Ids of the calls that a highlight lights up: all; what reaches an output; what an input reaches; or what lies between.

    Both ends of a pair are lit, also where no path leads from one to the other.
    """
    if highlight is None:
        return frozenset(call.id for call in graph.calls)
    if isinstance(highlight, tuple):
        start, head = highlight
        return (graph.upstream(head) & graph.downstream(start)) | {start, graph.head(head).call}
    return graph.upstream(highlight) if highlight in graph.outputs else graph.downstream(highlight)


def _folded_models(graph: Wiring, collapsed: Collection[str]) -> list[Box]:
    boxes: dict[str, Box] = {}
    home: dict[str, str] = {}
    for call in each(graph.calls):
        fold = next((i for i, g in enumerate(call.groups) if g in collapsed or model_of(g) in collapsed), None)
        if fold is None:
            box = boxes[call.id] = Box(call.id, call.layer, call.index, call.groups, False)
        else:
            group = call.groups[fold]
            number = int(group.rpartition("#")[2].partition("'")[0])
            box = boxes.setdefault(group, Box(group, model_of(group), number, call.groups[:fold], True))
        box.calls.append(call.id)
        home[call.id] = box.id
        for source in call.reads:
            if home[source] != box.id:
                box.reads.setdefault(home[source], set()).add(source)
    _mark_incomplete(graph, boxes, home)
    return list(boxes.values())


def shared_boxes(boxes: Iterable[Box]) -> dict[str, list[Box]]:
    """Layers, or nested models, that have several boxes."""
    calls: dict[str, list[Box]] = {}
    for box in boxes:
        calls.setdefault(box.layer, []).append(box)
    return {layer: several for layer, several in calls.items() if len(several) > 1}


def levels(boxes: Iterable[Box]) -> dict[str, int]:
    """How many boxes lie on the longest way to each; boxes of one level can't read one another."""
    level: dict[str, int] = {}
    for box in each(boxes):
        level[box.id] = max((level.get(source, 0) + 1 for source in box.reads), default=0)
    return level


def model_of(group: str) -> str:
    """The nested model that a group is a call of: "encoder#2" is one of "encoder"."""
    return group.rpartition("#")[0]


def _folded_runs(graph: Wiring, boxes: list[Box], opened: frozenset[str]) -> list[Box]:
    """The same boxes, each straight run of calls as one."""
    home = {box.id: box for box in boxes}
    for run in _runs(graph, boxes):
        calls = [box.id for box in run]
        if len(run) >= SHORTEST_RUN and opened.isdisjoint(calls):
            name = f"{calls[0]} … {calls[-1]}"
            folded = Box(name, name, 1, run[0].groups, False, calls, run[0].reads, run=True)
            home |= dict.fromkeys(calls, folded)
    drawn = list({box.id: box for box in home.values()}.values())
    for box in drawn:
        box.reads = {home[source].id: calls for source, calls in box.reads.items()}
    return drawn


def _runs(graph: Wiring, boxes: list[Box]) -> list[list[Box]]:
    """Chains in which each call is read by the next one only, which reads nothing else.

    Inputs, heads, nested models and calls of shared layers belong to none.
    """
    ends = {head.call for head in graph.heads} | set(graph.inputs) | {box.id for box in boxes if box.folded}
    ends |= {box.id for several in shared_boxes(boxes).values() for box in several}
    read_by = Counter(source for box in boxes for source in box.reads)
    runs: dict[str, list[Box]] = {}  # by the id of the last call
    for box in each(boxes):
        if box.id in ends:
            continue
        source = next(iter(box.reads), "")
        straight = len(box.reads) == 1 and read_by[source] == 1 and source in runs
        run = runs.pop(source) if straight and runs[source][-1].groups == box.groups else []
        run.append(box)
        runs[box.id] = run
    return list(runs.values())


def _kept(boxes: list[Box], lit: frozenset[str]) -> list[Box]:
    """The boxes that are lit, and what they read of one another."""
    kept = {box.id: box for box in boxes if not lit.isdisjoint(box.calls)}
    for box in kept.values():
        box.reads = {source: calls for source, calls in box.reads.items() if source in kept}
    return list(kept.values())


def _mark_incomplete(graph: Wiring, boxes: dict[str, Box], home: dict[str, str]) -> None:
    """Find the folded boxes in which some way in leads to some way out only on paper."""
    exits: dict[str, set[str]] = {box.id: set() for box in boxes.values() if box.folded}
    for call in each(graph.calls):
        for source in call.reads:
            if home[source] in exits and home[source] != home[call.id]:
                exits[home[source]].add(source)
    for head in graph.heads:
        if home[head.call] in exits:
            exits[home[head.call]].add(head.call)
    for key, leaving in each(exits.items()):
        box = boxes[key]
        number = {call: i for i, call in enumerate(box.calls)}
        arriving = [source for sources in box.reads.values() for source in sources]
        bit = {source: 1 << i for i, source in enumerate(dict.fromkeys(arriving))}
        starts = [0] * len(box.calls)
        arrows: list[list[int]] = [[] for _call in box.calls]
        for call_id in box.calls:
            for source in graph[call_id].reads:
                if source in number:
                    arrows[number[source]].append(number[call_id])
                else:
                    starts[number[call_id]] |= bit[source]
        arrived = marks(arrows, starts)
        box.through = all(arrived[number[call]] == (1 << len(bit)) - 1 for call in leaving)
