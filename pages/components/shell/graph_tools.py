"""Zoom, pan, find and save for a drawing: buttons and listeners in the browser, around what `st.graphviz_chart` drew.

`graph_tools.js` finds the drawing by the key of its container. Everything it offers by mouse has a twin by keyboard: the
buttons, +, - and 0 on the focused drawing, arrow keys that scroll it, and the page's own boxes to choose from.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from mtl_core.language import _
from mtl_core.palette import theme
from pages.components.shell import chart

__all__ = ["show"]

_HERE = Path(__file__).parent
_BUTTONS = ("out", "in", "all", "save")

_TOOLS = st.components.v2.component(
    "graph_tools",
    html='<div class="graph-tools">\n{}<output></output></div>'.format(
        "".join(f'<button type="button" name="{name}"></button>\n' for name in _BUTTONS)
    ),
    css=(_HERE / "graph_tools.css").read_text(encoding="utf-8"),
    js=(_HERE / "graph_tools.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # its style sheet also makes the drawing, which is outside, a window that scrolls
)


def show(
    drawing: str,
    *,
    model: str,
    target: str = "",
    file: str = "graph.svg",
    picked: Callable[[str], None],
) -> None:
    """The buttons for the one drawing of a page.

    Parameters
    ----------
    drawing : str
        Key of the container that the drawing is in; begins with "call_graph". It may change, the tools go along.
    model : str
        Changes when another model is drawn: then the zoom begins anew.
    target : str
        The node, by its name in DOT, to mark and to bring into view; empty for none.
    file : str
        Name of the SVG to save.
    picked : callable
        Called with the name in DOT of a box that was clicked.
    """
    key = "graph_tools"
    labels = {
        "out": ("−", _("Zoom out")),
        "in": ("+", _("Zoom in")),
        "all": (_("Whole graph"), _("Make the whole graph visible")),
        "save": (_("Save SVG"), _("Save SVG of the drawing on screen")),
    }
    _TOOLS(
        key=key,
        width="content",
        data={
            "drawing": drawing,
            "model": model,
            "target": target,
            "file": file,
            "paper": theme(chart.dark()).paper,
            "labels": {name: {"text": text, "title": title} for name, (text, title) in labels.items()},
        },
        on_picked_change=lambda: picked(str(st.session_state[key].picked)),
    )
