"""A call graph as a picture, in Graphviz's language.

Colour means *whose information*: a call that sees one input has that input's colour, one that sees several is split
between their colours, and arrows are coloured alike. So one glance at the heads answers which inputs each can read. The
same is always also in words (each head says what it reads), and what a highlight leaves out is dashed, not just pale.

Text stands in boxes of its own, where no arrow can cross it. Backgrounds are transparent, so that a page's theme shows.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, TypedDict, Unpack

from mtl_core.graph.config.untrusted import step
from mtl_core.graph.draw.boxes import Box, Highlight, boxes_of
from mtl_core.graph.draw.calls import Calls
from mtl_core.graph.draw.layers import draw_layers
from mtl_core.graph.draw.style import Brush, node_name
from mtl_core.graph.wiring import Wiring

__all__ = ["Options", "View", "drawn_boxes", "to_dot"]

View = Literal["calls", "layers"]


class Options(TypedDict, total=False):
    """Options of `to_dot`."""

    highlight: Highlight
    dark: bool
    collapsed: Collection[str]
    only_lit: bool
    open_runs: Collection[str] | None
    explain: bool
    prefix: str


@step()
def to_dot(
    graph: Wiring,
    view: View = "calls",
    *,
    highlight: Highlight = None,
    dark: bool = False,
    collapsed: Collection[str] = (),
    only_lit: bool = False,
    open_runs: Collection[str] | None = None,
    explain: bool = False,
    prefix: str = "graph",
) -> str:
    """Draw a graph.

    Parameters
    ----------
    graph : Wiring
    view : {"calls", "layers"}
        One box a call, or what `keras.utils.plot_model` draws: one box a layer.
    highlight : str, or pair of str, optional
        An output: light up only what reaches it. An input: only what it reaches. An input and an output: only what lies
        between. In the layers view it chooses whose false path is traced.
    dark : bool
        For a dark page.
    collapsed : collection of str
        Nested models to draw as one box: by name, or one call of it by id ("encoder#2"). Calls view only.
    only_lit : bool
        Leave out what `highlight` doesn't light up. Calls view only.
    open_runs : collection of str, optional
        Draw each straight run of calls as one box, but for those that hold one of these calls. Calls view only.
    explain : bool
        Layers view only: say at each head which paths to it are drawn and don't exist, and trace one of them.
    prefix : str
        Beginning of all ids in the SVG; drawings on one page need different ones.

    Returns
    -------
    str
        DOT source. Nodes bear the ids of calls (or names of layers) wherever those are plain text, and a class: "input",
        "call", "head", "nested", "run" or "layer".

    Raises
    ------
    KeyError
        If `highlight` is neither an output nor an input.
    ModelFileError
        If drawing takes too long.
    """
    if view == "layers":
        return draw_layers(graph, Brush(graph.inputs, dark), highlight, explain, prefix)
    boxes = boxes_of(graph, collapsed, highlight=highlight, only_lit=only_lit, open_runs=open_runs)
    return Calls(graph, Brush(graph.inputs, dark), highlight, prefix).draw(boxes)


@step()
def drawn_boxes(graph: Wiring, **options: Unpack[Options]) -> dict[str, Box]:
    """What `to_dot` draws in the calls view with these options: its nodes' names in DOT, and their boxes."""
    boxes = boxes_of(
        graph,
        options.get("collapsed", ()),
        highlight=options.get("highlight"),
        only_lit=options.get("only_lit", False),
        open_runs=options.get("open_runs"),
    )
    return {node_name(box.id, number): box for number, box in enumerate(boxes)}
