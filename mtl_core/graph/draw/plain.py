"""A call graph as a bare drawing, for questions and paper: no colours and no words on what a call sees."""

from __future__ import annotations

import graphviz

from mtl_core.graph.draw.style import node_name
from mtl_core.graph.wiring import Wiring
from mtl_core.language import _
from mtl_core.palette import theme

__all__ = ["arrows_in_words", "plain_dot"]


def plain_dot(graph: Wiring, *, dark: bool = False) -> str:
    """The calls and their arrows as DOT source; where a layer is called more than once, each box says which call it is.

    `to_dot` says at each head what it reads, which is the answer to most questions that are asked of a drawing.
    """
    ink = theme(dark).ink
    drawing = graphviz.Digraph(
        graph_attr={"bgcolor": "transparent", "nodesep": "0.25", "ranksep": "0.3"},
        node_attr={"shape": "box", "style": "rounded", "fontname": "Helvetica,Arial,sans-serif", "fontsize": "11"}
        | {"color": ink, "fontcolor": ink, "height": "0.3"},
        edge_attr={"color": ink, "arrowsize": "0.7"},
    )
    names = {call.id: node_name(call.id, number) for number, call in enumerate(graph.calls)}
    for call in graph.calls:
        text = _("{layer}, call {n}").format(layer=call.name, n=call.index)
        drawing.node(names[call.id], graphviz.escape(text if call.layer in graph.shared_layers else call.name))
    drawing.edges((names[source], names[target]) for source, target in graph.edges)
    return str(drawing.source)


def arrows_in_words(arrows: tuple[tuple[str, str], ...]) -> str:
    """A drawing for those who cannot see it: its arrows one after another."""
    return _("Arrows: {arrows}").format(arrows=", ".join(f"{source} → {target}" for source, target in arrows))
