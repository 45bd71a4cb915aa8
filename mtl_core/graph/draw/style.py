"""The pens and brushes of `mtl_core.dot`: which colours say whose information, and how text gets safely into DOT.

A model's first six inputs get a hue each, after Okabe and Ito's colour-blind safe palette (Color Universal Design, 2008).
A model with more inputs is drawn in neutral ink, because six colours are about as many as a reader can look up.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import graphviz

from mtl_core.palette import DARK, LIGHT, Theme
from mtl_core.spec import INPUTS

__all__ = ["HUES", "WARNING", "Brush", "Hue", "label", "node_name", "plain", "svg_id"]


class Hue(NamedTuple):
    """Colours of one input: for lines, and for filling boxes."""

    line: str
    tint: str


def _hues(theme: Theme, *others: tuple[str, str]) -> tuple[Hue, ...]:
    return (*(Hue(theme.line[name], theme.tint[name]) for name in INPUTS), *(Hue(*other) for other in others))


HUES: Mapping[bool, tuple[Hue, ...]] = {
    False: _hues(LIGHT, ("#00805D", "#C9EBDF"), ("#A64D83", "#F1D9E7"), ("#7A6E00", "#F3EFB5"), ("#C2410C", "#FAD5C5")),
    True: _hues(DARK, ("#2EC4A0", "#0B4A3B"), ("#D991BC", "#55304A"), ("#E5DA4F", "#4A450B"), ("#FF8A4C", "#5E2A12")),
}
"""Hues by whether the page is dark: the palette's blue and orange, then green, purple, yellow and vermilion."""

WARNING: Mapping[bool, str] = {False: "#A3180E", True: "#FF9A8B"}
"""What marks a path that doesn't exist, in words and lines."""

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./# -]{0,79}")


_UNFIT_FOR_ID = re.compile(r"[^A-Za-z0-9_]")


class Brush:
    """Colours and strokes of one drawing.

    Parameters
    ----------
    inputs : sequence of str
        Names of the model's inputs.
    dark : bool
    """

    def __init__(self, inputs: Sequence[str], dark: bool) -> None:
        self.theme = DARK if dark else LIGHT
        self.warning = WARNING[dark]
        many = len(inputs) > len(HUES[dark])
        self._hue = {} if many else dict(zip(inputs, HUES[dark], strict=False))

    @property
    def coloured(self) -> bool:
        """Whether inputs have hues: there are no more of them than hues."""
        return bool(self._hue)

    def _hues(self, seen: Sequence[str]) -> list[Hue]:
        return [self._hue[name] for name in seen if name in self._hue]

    def box(self, seen: Sequence[str], lit: bool) -> dict[str, str]:
        """Attributes of a box that sees these inputs. An unlit one is an empty dashed outline."""
        if not lit:
            return {"style": "rounded,dashed", "color": self.theme.muted, "penwidth": "0.8"}
        hues = self._hues(seen)
        if not hues:
            return {"fillcolor": self.theme.grid, "color": self.theme.muted}
        if len(hues) == 1:
            return {"fillcolor": hues[0].tint, "color": hues[0].line, "penwidth": "1.6"}
        fill = f"{hues[0].tint};0.5:{hues[1].tint}" if len(hues) == 2 else self.theme.grid
        return {"fillcolor": fill, "color": self.theme.muted, "penwidth": "1.6"}

    def strip(self, seen: Sequence[str], lit: bool) -> tuple[str, ...]:
        """Colours of the strip below a box's text, which stands in for a fill that can't be split in more than two."""
        hues = self._hues(seen)
        return tuple(hue.line for hue in hues) if lit and len(hues) > 2 else ()

    def arrow(self, seen: Sequence[str], lit: bool) -> dict[str, str]:
        """Attributes of an arrow that carries these inputs: a strand each, up to three."""
        if not lit:
            return {"style": "dashed", "penwidth": "0.8"}
        lines = [hue.line for hue in self._hues(seen)]
        return {"color": ":".join(lines)} if 0 < len(lines) <= 3 else {}

    def sheet(self) -> graphviz.Digraph:
        """An empty drawing."""
        font = {"fontname": "Helvetica,Arial,sans-serif", "fontsize": "11", "fontcolor": self.theme.ink}
        return graphviz.Digraph(
            graph_attr={"bgcolor": "transparent", "pad": "0.05", "nodesep": "0.25", "ranksep": "0.3"} | font,
            node_attr={"shape": "box", "style": "rounded,filled", "margin": "0.1,0.06", "height": "0.3"} | font,
            edge_attr={"color": self.theme.muted, "penwidth": "1.8", "arrowsize": "0.7"} | font,
        )


def label(
    lines: Iterable[str], colour: str, warnings: Iterable[str] = (), warning: str = "", strip: Sequence[str] = ()
) -> str:
    """An HTML-like label: the first line bold, the others smaller; nothing in a line is read as markup.

    `warnings` are further lines, in a colour of their own; `strip` are colours to show side by side below the text.
    """
    first, *others = (_literal(line) for line in lines if line)
    smaller = [f'<font point-size="10">{line}</font>' for line in others]
    smaller += [f'<font point-size="10" color="{warning}">{_literal(line)}</font>' for line in warnings]
    text = f'<font color="{colour}">{"<br/>".join([f"<b>{first}</b>", *smaller])}</font>'
    if not strip:
        return f"<{text}>"
    cells = "".join(f'<td bgcolor="{one}" width="14" height="4" fixedsize="true"></td>' for one in strip)
    table = '<table border="0" cellborder="0" cellspacing="0" cellpadding="0">'
    return f"<{table}<tr><td>{text}</td></tr><tr><td>{table}<tr>{cells}</tr></table></td></tr></table>>"


def _literal(line: str) -> str:
    """A line in which neither markup is read nor Graphviz's escapes, such as "\\N" for the name of the node."""
    # Graphviz 2.43 takes a bracket in front of a tag for the end of something else, and draws nothing.
    return html.escape(line).replace("\\", "\\\\").replace("]", "&#93;")


def plain(text: str) -> str:
    """Text for an attribute that takes no markup, such as a tooltip."""
    escaped: str = graphviz.escape(text)  # a subclass of str that is never read as markup
    return escaped


def svg_id(prefix: str, name: str) -> str:
    """An id that can stand in a link and in CSS; a split fill is found by it ("url(#id_l_0)")."""
    return f"{prefix}-{_UNFIT_FOR_ID.sub(lambda c: f'-{ord(c[0]):x}-', name)}"


def node_name(wanted: str, number: int) -> str:
    """A node's name in DOT: as wanted, unless DOT would read something else into it. No plain name begins with "-"."""
    return wanted if _PLAIN_NAME.fullmatch(wanted) else f"-{number}"
