"""A document with drawings to take home, also where Graphviz is not installed: there the visitor's browser draws them.

Streamlit draws graphs in the browser. So the drawings are put where nobody sees them, and a button takes them from there into
the document that it saves.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from mtl_core.graph.draw.svg import as_image, installed
from mtl_core.language import _
from pages.components.shell.file import file

__all__ = ["Image", "drawn_file"]

Image = Callable[[str], str]
"""From a drawing's DOT source to the address of an image of it."""

_HERE = Path(__file__).parent

_BUTTON = st.components.v2.component(
    "drawn_file",
    html='<button type="button"></button>',
    css=(_HERE / "drawn_file.css").read_text(encoding="utf-8"),
    js=(_HERE / "drawn_file.js").read_text(encoding="utf-8"),
)

_UNSEEN = "<style>.st-key-{key} {{ position: absolute; left: -9999px; width: 1200px; }}</style>"


def drawn_file(label: str, name: str, make: Callable[[Image], str]) -> None:
    """A button that saves an HTML document with drawings.

    Parameters
    ----------
    label : str
    name : str
        Of the file.
    make : callable
        Makes the document; called with what makes an image of a drawing.
    """
    if installed():
        file(label, name, "text/html", lambda: make(as_image))
        return
    key = "".join(letter if letter.isalnum() else "_" for letter in name)
    # Only while somebody looks: drawings cost the browser some hundredths of a second each.
    opened = st.popover(label, key=f"drawn_{key}", on_change="rerun")
    if not opened.open:
        return
    numbers: dict[str, int] = {}
    document = make(lambda dot: f"drawing:{numbers.setdefault(dot, len(numbers))}:")
    with opened:
        st.html(_UNSEEN.format(key=f"unseen_{key}"))
        with st.container(key=f"unseen_{key}"):
            for dot, number in numbers.items():
                with st.container(key=f"unseen_{key}_{number}"):
                    st.graphviz_chart(dot, width="content")
        _BUTTON(
            key=f"save_{key}",
            data={
                "document": document,
                "drawings": [f"unseen_{key}_{number}" for number in numbers.values()],
                "file": name,
                "save": _("Save {file}").format(file=name),
                "wait": _("Your browser draws the pictures…"),
            },
        )
