"""The one palette: a colour says *whose information* a line, box or arrow carries.

tweet_a is blue and tweet_b is orange, from the colours that Okabe and Ito chose for colour-blind readers (Color Universal
Design, 2008); everything that carries both, or neither, is neutral ink. Nothing is told by colour alone: a label, a dash
or a panel always says it too.

Text must stand out from its background by 4.5 : 1, lines and edges by 3 : 1 (WCAG 2.2, criteria 1.4.3 and 1.4.11).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["DARK", "LIGHT", "Theme", "contrast", "theme", "with_alpha"]


def theme(dark: bool) -> Theme:
    """The colours of the dark or the light theme."""
    return DARK if dark else LIGHT


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Theme:
    """Colours of one theme, each "#RRGGBB"; there are two.

    Parameters
    ----------
    paper : str
        What the page's background is; figures are transparent and never paint it.
    ink, muted : str
        Text, and text or lines that step back.
    grid : str
        Grid lines, which may be fainter than 3 : 1 because nothing is read off them alone.
    line, tint, text : mapping of input name to str
        An input's lines and edges, the fill of its boxes, and words in its colour (on paper or on its tint).
    """

    paper: str
    ink: str
    muted: str
    grid: str
    line: Mapping[str, str]
    tint: Mapping[str, str]
    text: Mapping[str, str]


LIGHT = Theme(
    paper="#FFFFFF",
    ink="#12161B",
    muted="#57606A",
    grid="#E3E7EB",
    line={"tweet_a": "#0072B2", "tweet_b": "#C77700"},
    tint={"tweet_a": "#CCE3F3", "tweet_b": "#FBE3BF"},
    text={"tweet_a": "#005A8F", "tweet_b": "#8A4F00"},
)

DARK = Theme(
    paper="#14181D",
    ink="#E8ECF0",
    muted="#A8B2BC",
    grid="#2C343C",
    line={"tweet_a": "#56B4E9", "tweet_b": "#E69F00"},
    tint={"tweet_a": "#123E5C", "tweet_b": "#57380A"},
    text={"tweet_a": "#8CC8F2", "tweet_b": "#F5B453"},
)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1..21, as WCAG 2.2 defines it: (L1 + 0.05) / (L2 + 0.05)."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def with_alpha(colour: str, alpha: float) -> str:
    """`colour` at an opacity of 0..1, as CSS writes it: "rgba(0, 114, 178, 0.2)"."""
    red, green, blue = _channels(colour)
    return f"rgba({red}, {green}, {blue}, {alpha:g})"


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2, glossary)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (n / 255 for n in _channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
