"""One box a call: what is computed, with frames around calls that share weights and around nested models."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence

import graphviz

from mtl_core.graph.config.untrusted import each, shown
from mtl_core.graph.draw.boxes import Box, Highlight, levels, lit_calls, model_of, shared_boxes
from mtl_core.graph.draw.style import Brush, label, node_name, plain, svg_id
from mtl_core.graph.wiring import Wiring
from mtl_core.graph.words import in_words, layer_in_words, parameters_in_words, shape_in_words, sight
from mtl_core.language import _

__all__ = ["Calls"]

MOST_SIDE_BY_SIDE = 6
"""Most calls of a layer that are framed in one row; more would make the drawing too wide."""


class Calls:
    """Draws one box a call, frames around calls that share weights, and frames around nested models."""

    coloured = True
    """Whether boxes that see more than two inputs get a strip of their colours."""

    text_margin = "0.02"
    """Room around text without a box; inches, as Graphviz writes it."""

    def __init__(self, graph: Wiring, brush: Brush, highlight: Highlight, prefix: str) -> None:
        self.graph, self.brush, self.prefix = graph, brush, prefix
        self.lit, self.inputs = lit_calls(graph, highlight), frozenset(graph.inputs)
        self.names: dict[str, str] = {}
        self.shared: dict[str, list[Box]] = {}
        self.rows: set[str] = set()
        self.heads = {head.call: head.name for head in reversed(graph.heads)}
        self.times = Counter(map(model_of, {group for call in graph.calls for group in call.groups}))
        self.numbered: set[str] = set()
        self.text_colour = brush.theme.muted

    def draw(self, boxes: Sequence[Box]) -> str:
        """The whole picture."""
        for number, box in enumerate(boxes):
            self.names[box.id] = node_name(box.id, number)
        self.shared = shared_boxes(boxes)
        level = levels(boxes)
        for layer, several in self.shared.items():
            if len({box.groups for box in several}) > 1:
                continue  # they are in several calls of one model, which is what gets numbers
            self.numbered.add(layer)
            if len({level[box.id] for box in several}) == 1 and len(several) <= MOST_SIDE_BY_SIDE:
                self.rows.add(layer)
        sheet = self.brush.sheet()
        self._inside((), boxes, sheet)
        for layer, several in self.shared.items():
            if layer not in self.rows:
                self._tie(several, sheet)
        self._arrows(boxes, sheet)
        return str(sheet.source)

    def _arrows(self, boxes: Sequence[Box], sheet: graphviz.Digraph) -> None:
        for box in each(boxes):
            for source, calls in box.reads.items():
                lit = not self.lit.isdisjoint(calls) and not self.lit.isdisjoint(box.calls)
                sheet.edge(self.names[source], self.names[box.id], **self.brush.arrow(self._colours(calls), lit))

    def _inside(self, groups: tuple[str, ...], boxes: Sequence[Box], sheet: graphviz.Digraph) -> None:
        """The boxes of one call of a nested model, or of the whole model, and the frames in it."""
        framed: dict[str, list[Box]] = {}
        for box in each(boxes):
            if box.groups != groups:
                framed.setdefault(f"group {box.groups[len(groups)]}", []).append(box)
            elif box.layer in self.rows:
                framed.setdefault(f"row {box.layer}", []).append(box)
            else:
                self._box(box, sheet)
        for key, several in framed.items():
            sources = [source for box in several for source in box.reads]
            # In a frame, Graphviz gives up the order of calls that read the same: there the tie alone has to do.
            loose = key.startswith("row") and len(set(sources)) < len(sources)
            name = f"{'loose' if loose else 'cluster'} {self.names[several[0].id]} {len(groups)} {key[0]}"
            with sheet.subgraph(name=name) as frame:
                frame.attr(style="rounded,dashed", color=self.brush.theme.muted, margin="8")
                if key.startswith("row"):
                    self._row(several, frame)
                else:
                    inner = several[0].groups[len(groups)]
                    self._inside((*groups, inner), several, frame)
                    self._caption(inner, len(groups), several[0], frame)

    def _row(self, boxes: Sequence[Box], frame: graphviz.Digraph) -> None:
        """Calls of one layer side by side, tied to what they share, which is named between the first two."""
        weights = f"-weights of {self.names[boxes[0].id]}"
        with frame.subgraph() as row:
            row.attr(rank="same")
            self._box(boxes[0], row)
            self._text(weights, self._row_lines(boxes), row)
            for box in boxes[1:]:
                self._box(box, row)
            self._tied(boxes[0], weights, row, before=True)
            self._tied(boxes[1], weights, row, before=False)
            for one, other in itertools.pairwise(self.names[box.id] for box in boxes[1:]):
                self._dotted(one, other, row)

    def _row_lines(self, boxes: Sequence[Box]) -> tuple[str, ...]:
        """What is said of the weights that calls side by side share."""
        count = _count(self.graph, boxes[0])
        return shown(boxes[0].layer), _("same weights"), "" if count is None else f"({count:,})"

    def _tied(self, box: Box, weights: str, row: graphviz.Digraph, *, before: bool) -> None:
        """Tie a call to the weights that it shares, which are named before or after it."""
        one, other = (self.names[box.id], weights) if before else (weights, self.names[box.id])
        self._dotted(one, other, row)

    def _caption(self, group: str, depth: int, first: Box, frame: graphviz.Digraph) -> None:
        """Name a call of a nested model; what no arrow leads to is put on the frame's first row."""
        model, _hash, number = group.rpartition("#")
        times = self.times[model]
        lines = [shown(model)]
        if times > 1:
            lines += [_("call {n} of {times}").format(n=number, times=times), _("same weights")]
        self._text(f"-name {depth} of {self.names[first.id]}", lines, frame)

    def _text(self, name: str, lines: Iterable[str], sheet: graphviz.Digraph) -> None:
        text = label(lines, self.text_colour)
        sheet.node(name, text, shape="plaintext", style="", margin=self.text_margin, height="0", tooltip=" ")

    def _dotted(self, one: str, other: str, sheet: graphviz.Digraph, constraint: bool = True) -> None:
        stroke = {"dir": "none", "style": "dotted", "color": self.brush.theme.muted, "penwidth": "2"}
        sheet.edge(one, other, tooltip=plain(_("same weights")), constraint=str(constraint).lower(), **stroke)

    def _tie(self, boxes: Sequence[Box], sheet: graphviz.Digraph) -> None:
        """Tie calls that can't stand in a row; where they are in several calls of one model, its frame says so."""
        for one, other in itertools.pairwise(boxes):
            if one.groups == other.groups:
                self._dotted(self.names[one.id], self.names[other.id], sheet, constraint=False)

    def _box(self, box: Box, sheet: graphviz.Digraph) -> None:
        lit = not self.lit.isdisjoint(box.calls)
        name = self.names[box.id]
        style, colour = self._look(box)
        style |= {"peripheries": "2"} if box.folded or box.run else {}
        sheet.node(
            name,
            label(self._lines(box), colour, strip=self.brush.strip(self._colours(box.calls), lit and self.coloured)),
            id=svg_id(self.prefix, name),
            tooltip=plain(self._tooltip(box, self._seen(box.calls))),
            **{"class": self._kind(box)} | style,
        )

    def _look(self, box: Box) -> tuple[dict[str, str], str]:
        """Attributes of a box, and the colour of its text."""
        lit = not self.lit.isdisjoint(box.calls)
        return self.brush.box(self._colours(box.calls), lit), self.brush.theme.ink if lit else self.brush.theme.muted

    def _kind(self, box: Box) -> str:
        if box.folded or box.run:
            return "run" if box.run else "nested"
        return "head" if box.id in self.heads else "input" if box.id in self.inputs else "call"

    def _lines(self, box: Box) -> tuple[str, ...]:
        """What a box says."""
        if box.folded:
            title = _("call {n}").format(n=box.index) if box.layer in self.rows else _group_in_words(box.id)
            size = _("nested model of {n} calls").format(n=len(box.calls))
            return title, size, "" if box.through else _("not every way in leads to every way out")
        if box.run:
            first, last = (self.graph[call] for call in (box.calls[0], box.calls[-1]))
            size = _("{n} calls in a row").format(n=len(box.calls))
            return f"{shown(first.name)} … {shown(last.name)}", size, _sum_in_words(_count(self.graph, box))
        call = self.graph[box.id]
        if box.layer in self.rows:
            title = _("call {n}").format(n=call.index)
        elif box.layer in self.numbered:
            title = _("{layer} · call {n}").format(layer=shown(call.name), n=call.index)
        else:
            title = shown(call.name)
        if box.id in self.inputs:
            return title, shape_in_words(call.shape)
        weights = "" if box.layer in self.rows else _sum_in_words(call.parameters)
        unread = _("not known what it does") if call.unread else ""
        if box.id in self.heads:
            return title, weights or layer_in_words(call), unread, sight(self.graph, self.heads[box.id])
        return title, layer_in_words(call), weights, unread

    def _tooltip(self, box: Box, seen: Sequence[str]) -> str:
        sure = set(self.graph.surely_seen_by(*box.calls))
        if self.graph.own_class or len(sure) < len(seen):
            unsure = [name for name in seen if name not in sure] or self.graph.inputs
            sees = _("Not known whether it depends on {names}.").format(names=in_words(unsure))
        else:
            sees = _("May depend on {names}.").format(names=in_words(seen)) if seen else _("Depends on no input.")
        if box.folded or box.run:
            return f"{shown(box.id)}. {sees}"
        call = self.graph[box.id]
        return f"{shown(call.layer)}: {layer_in_words(call)}, {parameters_in_words(call.parameters)}. {sees}"

    def _seen(self, calls: Iterable[str]) -> tuple[str, ...]:
        return self.graph.seen_by(*calls)

    def _colours(self, calls: Iterable[str]) -> tuple[str, ...]:
        """The inputs in whose colours calls are drawn: those that they see, where inputs have colours."""
        return self._seen(calls) if self.brush.coloured else ()


def _group_in_words(group: str) -> str:
    model, _hash, number = group.rpartition("#")
    return _("{layer} · call {n}").format(layer=shown(model), n=number)


def _sum_in_words(count: int | None) -> str:
    """A number of parameters; empty if there are none, or if it is not known."""
    return parameters_in_words(count) if count else ""


def _count(graph: Wiring, box: Box) -> int | None:
    counts = {graph[call].layer: graph[call].parameters for call in box.calls}.values()
    return None if None in counts else sum(count or 0 for count in counts)
