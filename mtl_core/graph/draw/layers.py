"""One box a layer, as `keras.utils.plot_model` draws it; and which of its paths do not exist."""

from __future__ import annotations

import itertools

from mtl_core.graph.config.untrusted import each, shown
from mtl_core.graph.draw.boxes import Highlight
from mtl_core.graph.draw.style import Brush, label, node_name, plain, svg_id
from mtl_core.graph.wiring import Wiring
from mtl_core.graph.words import in_words
from mtl_core.language import _

__all__ = ["draw_layers"]


def draw_layers(graph: Wiring, brush: Brush, highlight: Highlight, explain: bool, prefix: str) -> str:
    """DOT of the layers view; the parameters are those of `mtl_core.graph.draw.dot.to_dot`."""
    false = graph.false_paths() if explain else ()
    chosen = next((pair for pair in false if highlight in (None, pair, *pair)), None)
    sheet = brush.sheet()
    names = {layer.name: node_name(layer.name, i) for i, layer in enumerate(graph.layers)}
    box_of = {head.name: head.layer for head in graph.heads}
    blind: dict[str, dict[str, None]] = {layer.name: {} for layer in graph.layers}
    for name, head in false:
        blind[box_of[head]][name] = None
    for layer in each(graph.layers):
        unseen = list(blind[layer.name])
        warnings = [_("no such path from {names}").format(names=in_words(unseen))] if unseen else []
        sheet.node(
            names[layer.name],
            label((shown(layer.name), shown(layer.class_name)), brush.theme.ink, warnings, brush.warning),
            id=svg_id(prefix, names[layer.name]),
            tooltip=plain(f"{shown(layer.name)}: {shown(layer.class_name)}"),
            **{"class": "layer"} | brush.box((), lit=True),
        )
    for source, target in each(graph.layer_edges):
        sheet.edge(names[source], names[target])
    if chosen:
        for source, target in itertools.pairwise(graph.drawn_route(*chosen)):
            stroke = {"style": "dashed", "color": brush.warning, "penwidth": "1.4"}
            sheet.edge(names[source], names[target], constraint="false", tooltip=plain(_("no such path")), **stroke)
    return str(sheet.source)
