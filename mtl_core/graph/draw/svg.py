"""DOT source as a picture, where Graphviz is installed."""

from __future__ import annotations

import base64
import shutil

import graphviz

__all__ = ["as_image", "installed", "svg"]


def installed() -> bool:
    """Whether Graphviz's own `dot` can be run here."""
    return shutil.which("dot") is not None


def svg(dot: str) -> str:
    """The drawing as SVG; empty where Graphviz's own `dot` is not installed or cannot draw it."""
    try:
        return str(graphviz.Source(dot).pipe(format="svg", encoding="utf-8"))
    except (graphviz.ExecutableNotFound, graphviz.CalledProcessError):
        return ""


def as_image(dot: str) -> str:
    """The drawing as the address of an image that holds it; empty where there is none. In an image no script runs."""
    drawing = svg(dot)
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}" if drawing else ""
