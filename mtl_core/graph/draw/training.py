"""What training changes, as a picture: from each loss, arrows run back through what its gradient passes to the weights it changes.

It has the boxes of the drawing by calls, in the same places. Arrows have the ink's colour, because hues say whose
information, and a gradient is nobody's: the first loss is a solid line, the second a dashed one, the third a dotted one. Losses
that no pattern is left for share one line. Wires that carry values and no gradient stay, thin and without heads.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import graphviz

from mtl_core.graph.config.untrusted import each, shown, step
from mtl_core.graph.draw.boxes import Box, boxes_of
from mtl_core.graph.draw.calls import Calls
from mtl_core.graph.draw.style import Brush, label, plain, svg_id
from mtl_core.graph.training import Training
from mtl_core.graph.training_words import loss
from mtl_core.graph.words import in_words
from mtl_core.language import N_, _

__all__ = ["training_dot"]

_PATTERNS = (("solid", N_("solid line")), ("dashed", N_("dashed line")), ("dotted", N_("dotted line")))


@step()
def training_dot(
    graph: Training,
    *,
    losses: Sequence[str] = (),
    dark: bool = False,
    collapsed: Collection[str] = (),
    open_runs: Collection[str] | None = None,
    prefix: str = "training",
) -> str:
    """Draw which loss changes which weights.

    Parameters
    ----------
    graph : Training
    losses : sequence of str
        The heads whose losses are drawn; all by default.
    dark, collapsed, open_runs, prefix
        As in `mtl_core.graph.draw.dot.to_dot`.

    Returns
    -------
    str
        DOT source.

    Raises
    ------
    KeyError
        If one of `losses` is no head.
    ModelFileError
        If drawing takes too long.
    """
    heads = [graph.head(name).name for name in losses or graph.outputs]
    boxes = boxes_of(graph, collapsed, open_runs=open_runs)
    return _Back(graph, Brush(graph.inputs, dark), heads, prefix).draw(boxes)


class _Back(Calls):
    """Draws gradients instead of information."""

    coloured = False
    text_margin = "0.16,0.02"  # arrows end at it

    def __init__(self, graph: Training, brush: Brush, heads: Sequence[str], prefix: str) -> None:
        super().__init__(graph, brush, None, prefix)
        self.text_colour = brush.theme.ink
        self.trained, self.chosen = graph, heads
        self.each = len(heads) <= len(_PATTERNS)

    def _called(self, head: str) -> str:
        return loss(self.trained, head)

    def _style(self, head: str) -> str:
        return _PATTERNS[self.chosen.index(head)][0] if self.each else "solid"

    def _arrows(self, boxes: Sequence[Box], sheet: graphviz.Digraph) -> None:
        sheet.graph_attr.update(
            nodesep="0.4", ranksep="0.42"
        )  # so that patterns can be told apart, and no text is touched
        home = {call: box.id for box in boxes for call in box.calls}
        carried: dict[tuple[str, str], set[str]] = {}
        for source, reader in each(self.trained.edges):
            carried.setdefault((home[source], home[reader]), set()).update(self.trained.losses_on(source, reader))
        stopped = {(home[source], home[reader]): reader for source, reader in self.trained.stops}
        for box in each(boxes):
            for source in box.reads:
                wire = (source, box.id)
                heads = [head for head in self.chosen if head in carried[wire]]
                if wire in stopped:
                    self._cut(wire, self._arriving(stopped[wire]), sheet)
                elif heads:
                    for head in heads if self.each else heads[:1]:
                        self._back(self.names[source], self.names[box.id], [head] if self.each else heads, sheet)
                else:
                    self._wire(self.names[source], self.names[box.id], sheet)
        for number, head in enumerate(self.chosen):
            self._loss(number, head, self.names[home[self.trained.head(head).call]], sheet)

    def _arriving(self, reader: str) -> list[str]:
        """The chosen losses whose gradient comes as far as this call's weights."""
        changing = self.trained.trained_by(self.trained[reader].layer)
        return [head for head in self.chosen if head in changing]

    def _back(self, source: str, reader: str, heads: Sequence[str], sheet: graphviz.Digraph) -> None:
        style = self._style(heads[0])
        sheet.edge(
            source, reader, dir="back", style=style, color=self.brush.theme.ink,
            penwidth="2.6" if style == "dotted" else "1.8",
            tooltip=plain(in_words(heads, self._called)),
        )  # fmt: skip

    def _wire(self, source: str, reader: str, sheet: graphviz.Digraph) -> None:
        """A wire that carries values and no gradient."""
        tooltip = plain(_("values, and no gradient that changes any weights"))
        sheet.edge(source, reader, dir="none", color=self.brush.theme.muted, penwidth="0.6", tooltip=tooltip)

    def _cut(self, wire: tuple[str, str], heads: Sequence[str], sheet: graphviz.Digraph) -> None:
        """A wire on which the gradient stops, with the words in a box of their own."""
        source, reader = (self.names[box] for box in wire)
        name = f"-cut {source} {reader}"
        text = label(("✕ " + _("way back cut"),), self.brush.warning)
        sheet.node(name, text, shape="plaintext", style="", margin="0.02", height="0", tooltip=" ")
        self._wire(source, name, sheet)
        for head in heads:
            self._back(name, reader, [head], sheet)
        if not heads:
            self._wire(name, reader, sheet)

    def _loss(self, number: int, head: str, box: str, sheet: graphviz.Digraph) -> None:
        """The loss of a head, below it."""
        name = f"-loss {number}"
        title = loss(self.trained, head)
        silent = self.trained.loss_weights.get(head) == 0
        pattern = _(_PATTERNS[number][1]) if self.each else ""
        lines = (title[:1].upper() + title[1:], _("weighs 0: changes nothing") if silent else pattern)
        colour = self.brush.theme.muted if silent else self.brush.theme.ink
        sheet.node(
            name, label(lines, colour), id=svg_id(self.prefix, name), tooltip=plain(title), shape="plaintext",
            style="", margin="0.03", height="0", **{"class": "loss"},
        )  # fmt: skip
        if self.trained.changes_anything(head):
            self._back(box, name, [head], sheet)
        else:
            self._wire(box, name, sheet)

    # Boxes

    def _changing(self, box: Box) -> list[str]:
        layers = {self.trained[call].layer for call in box.calls}
        changing = {head for layer in layers for head in self.trained.trained_by(layer)}
        return [head for head in self.chosen if head in changing]

    def _has_weights(self, box: Box) -> bool:
        return any(self.trained[call].weights != "none" for call in box.calls)

    def _look(self, box: Box) -> tuple[dict[str, str], str]:
        """Attributes of a box, and the colour of its text."""
        theme = self.brush.theme
        changing = self._changing(box)
        if changing:
            return {
                "fillcolor": theme.grid,
                "color": theme.ink,
                "penwidth": "2.4" if len(changing) > 1 else "1.2",
            }, theme.ink
        if self._has_weights(box):
            return {"style": "rounded,dashed", "color": theme.muted, "penwidth": "1.2"}, theme.ink
        return {"style": "rounded", "color": theme.muted, "penwidth": "0.6"}, theme.muted

    def _lines(self, box: Box) -> tuple[str, ...]:
        first, *_others = super()._lines(box)
        if box.layer in self.rows:
            return (first,)
        cut = not (box.folded or box.run) and self.trained[box.id].cut and not self._has_weights(box)
        return first, _("the way back is cut here") if cut else "", *self._weights_in_words(box)

    def _weights_in_words(self, box: Box) -> tuple[str, ...]:
        """What the losses do to a box's weights; nothing for a box that has none."""
        if not self._has_weights(box):
            return ()
        changing = self._changing(box)
        calls = [self.trained[call] for call in box.calls]
        if not changing and (not self.trained.trainable or all(call.weights in ("none", "frozen") for call in calls)):
            return (_("frozen"),)
        if not changing:
            return (_("no loss changes it"),) if len(self.chosen) > 1 else (_("not changed"),)
        layers = {call.layer for call in calls}
        sure = any(head in changing for layer in layers for head in self.trained.surely_trained_by(layer))
        if len(changing) > 2 and len(changing) == len(self.chosen):
            text = _("changed by all {n} losses").format(n=len(changing))
        else:
            text = _("changed by {losses}").format(losses=in_words(changing, self._called))
        return (text if sure else _("not known whether {text}").format(text=text),)

    def _row_lines(self, boxes: Sequence[Box]) -> tuple[str, ...]:
        return shown(boxes[0].layer), _("same weights"), *self._weights_in_words(boxes[0])

    def _tied(self, box: Box, weights: str, row: graphviz.Digraph, *, before: bool) -> None:
        """From a call to the weights that all calls share: what its gradients change."""
        call, style = self.names[box.id], {}
        heads = [head for head in self.chosen if any(self.trained.arrives(head, one) for one in box.calls)]
        changed = [head for head in heads if head in self._changing(box)]
        if not changed:
            super()._tied(box, weights, row, before=before)
        for head in changed if self.each else changed[:1]:
            style = {"style": self._style(head), "color": self.brush.theme.ink, "penwidth": "1.8"}
            one, other = (call, weights) if before else (weights, call)
            row.edge(one, other, dir="forward" if before else "back", tooltip=plain(loss(self.trained, head)), **style)
