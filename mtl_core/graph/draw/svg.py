"""DOT source as a picture, where Graphviz is installed."""

from __future__ import annotations

import graphviz

__all__ = ["svg"]


def svg(dot: str) -> str:
    """The drawing as SVG; empty where Graphviz's own `dot` is not installed or cannot draw it."""
    try:
        return str(graphviz.Source(dot).pipe(format="svg", encoding="utf-8"))
    except (graphviz.ExecutableNotFound, graphviz.CalledProcessError):
        return ""
