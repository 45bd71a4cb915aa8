"""What a class predicted: the first vote, and beside it the second, after the class has talked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mtl_core.figures.exhibit import Exhibit, Figure, Row
from mtl_core.figures.panel import FONT
from mtl_core.language import _, ngettext
from mtl_core.palette import Theme, with_alpha

__all__ = ["exhibit", "percent"]

_BAR = 34  # pixels: a bar and the space around it
_TITLE, _BOTTOM, _LEFT, _RIGHT = 30, 8, 28, 90

Counts = Sequence[int]


def exhibit(choices: Sequence[str], first: Counts | None, second: Counts | None, *, right: int | None) -> Exhibit:
    """A chart for each round, with a bar for each choice.

    Parameters
    ----------
    choices : sequence of str
        Each with its letter: "A. Yes".
    first, second : sequence of int or None
        Votes by choice; None where there was no such round, or too few voted to show it.
    right : int or None
        Which choice is right, counted from 0; None as long as that is not shown.
    """
    rounds = {_("First vote"): first, _("Second vote"): second}
    held = {name: counts for name, counts in rounds.items() if counts is not None}
    return Exhibit(
        heading=_heading([*held.values()], right),
        draw=lambda colours: {name: _figure(name, counts, choices, right, colours) for name, counts in held.items()},
        reading=" ".join(_reading(name, counts, choices) for name, counts in held.items()),
        rows=lambda: _rows(choices, held),
    )


def percent(counts: Counts, choice: int) -> int:
    """Of all votes, those for one choice, as a whole percentage."""
    return round(100 * counts[choice] / max(1, sum(counts)))


def _heading(held: Sequence[Counts], right: int | None) -> str:
    if right is None or not held:
        return _("What the class predicts")
    shares = [percent(counts, right) for counts in held]
    if len(shares) == 1:
        return _("Of the class, {share} % predicted what is right").format(share=shares[0])
    return _("Of the class, {first} % predicted what is right, and {second} % after talking").format(
        first=shares[0], second=shares[1]
    )


def _reading(name: str, counts: Counts, choices: Sequence[str]) -> str:
    parts = ", ".join(f"{choice[0]} {percent(counts, i)} %" for i, choice in enumerate(choices))
    total = sum(counts)
    sentence = ngettext("{name} of {n} person: {parts}.", "{name} of {n} people: {parts}.", total)
    return sentence.format(name=name, n=total, parts=parts)


def _rows(choices: Sequence[str], held: Mapping[str, Counts]) -> Sequence[Row]:
    """A row for each choice: votes in each round."""
    return [
        {_("choice"): choice} | {name: counts[i] for name, counts in held.items()} for i, choice in enumerate(choices)
    ]


def _figure(name: str, counts: Counts, choices: Sequence[str], right: int | None, colours: Theme) -> Figure:
    letters = [choice[0] for choice in choices]
    axis = {"showgrid": False, "zeroline": False, "fixedrange": True, "showline": False}
    written = [
        _("{n} ({share} %){right}").format(n=n, share=percent(counts, i), right=_(", right") if i == right else "")
        for i, n in enumerate(counts)
    ]
    # No hue: colours say whose information a thing carries, and a vote carries none.
    fills = [colours.ink if i == right else with_alpha(colours.muted, 0.55) for i in range(len(counts))]
    bars = {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": list(counts),
        "y": letters,
        "marker": {"color": fills},
        "text": written,
        "textposition": "outside",
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
    title = {"text": name, "showarrow": False, "font": {"color": colours.ink, "size": 14, "family": FONT}}
    place = {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "yshift": 3}
    return {
        "data": [bars],
        "layout": {
            "height": _TITLE + _BOTTOM + _BAR * len(counts),
            "margin": {"l": _LEFT, "r": _RIGHT, "t": _TITLE, "b": _BOTTOM, "pad": 4},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "size": 13, "color": colours.ink},
            "hovermode": "closest",
            "dragmode": False,
            "uirevision": "constant",
            "showlegend": False,
            "bargap": 0.3,
            "xaxis": axis | {"range": [0, max(1, *counts)], "visible": False},
            "yaxis": axis | {"autorange": "reversed", "tickfont": {"size": 13, "color": colours.ink}},
            "annotations": [title | place],
            "shapes": [],
        },
    }
