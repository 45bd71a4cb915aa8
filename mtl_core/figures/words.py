"""Which words each head listens to: what each word of a pair of tweets does to what a head says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mtl_core.figures import names
from mtl_core.figures.exhibit import Exhibit, Figure, Row
from mtl_core.figures.numbers import capital
from mtl_core.figures.panel import Axis, Panel
from mtl_core.language import _
from mtl_core.palette import Theme
from mtl_core.spec import INPUTS, OUTPUTS, Float64, ModelSpec, other_input

__all__ = ["exhibit"]

_SLOPE = 45  # pixels that slanted words need below the panel

Words = Mapping[str, Sequence[str]]


def exhibit(effects: Float64, words: Words, model: ModelSpec) -> Exhibit:
    """How far each word moves a head's answer toward yes, in points of 100.

    Parameters
    ----------
    effects : array (2 heads, 2 tweets, T)
        `mtl_core.forward.word_effects`: P(y = 1) without the word minus P(y = 1) with it.
    words : mapping of tweet to sequence of str
        The words of each tweet; they stand at its end.
    model : ModelSpec
        Whose heads listen.
    """
    # Adding 0.0 turns -0.0, which is what a word without a path would get, into 0.0.
    pulls = {
        (head, name): 0.0 - 100 * effects[k, i, effects.shape[2] - len(words[name]) :]
        for k, head in enumerate(OUTPUTS)
        for i, name in enumerate(INPUTS)
    }
    return Exhibit(
        heading=_heading(pulls, model),
        draw=lambda colours: {head: _figure(pulls, words, model, head, colours) for head in OUTPUTS},
        reading=" ".join(_of(pulls, words, model, head) for head in OUTPUTS),
        rows=lambda: _rows(pulls, words),
    )


def _heading(pulls: Mapping[tuple[str, str], Float64], model: ModelSpec) -> str:
    """What each head can hear; and where words of the other tweet move both heads by a point, that it listens."""
    if not names.reads(model, OUTPUTS[0], "tweet_b"):
        return _("Each head can hear the words of its own tweet only")
    if all(np.abs(pulls[head, other_input(head)]).max(initial=0) >= 1 for head in OUTPUTS):
        return _("Each head listens to words of the other tweet too")
    return _("Each head can hear the words of both tweets")


def _figure(
    pulls: Mapping[tuple[str, str], Float64], words: Words, model: ModelSpec, head: str, colours: Theme
) -> Figure:
    most = max([10.0, *(float(np.abs(pull).max(initial=0)) for pull in pulls.values())])
    count = sum(len(words[name]) for name in INPUTS)
    panel = Panel(
        title=_("{head}: what each word adds").format(head=capital(names.head(head))),
        x=Axis(title="", low=-0.7, high=max(count, 1) - 0.3),
        y=Axis(title=_("toward yes, points of 100"), low=-1.1 * most, high=1.1 * most),
        colours=colours,
    )
    panel.level(0, colours.muted)
    bars, ticks, begin = [], [], 0
    for name in INPUTS:
        places = [*range(begin, begin + len(words[name]))]
        begin += len(words[name])
        heights = [float(pull) for pull in pulls[head, name]]
        bars.append(_bars(places, heights, list(words[name]), name, colours))
        ticks += [f'<span style="color:{colours.text[name]}">{word}</span>' for word in words[name]]
        if not names.reads(model, head, name) and places:
            middle = (places[0] + places[-1]) / 2
            panel.note(middle, 0.5 * most, _("0: no path exists"), colours.ink, xanchor="center")
    figure = panel.figure()
    layout = figure["layout"]
    layout["height"] += _SLOPE
    layout["margin"] = {**layout["margin"], "b": layout["margin"]["b"] + _SLOPE, "r": 16}
    layout["xaxis"] |= {"tickvals": [*range(count)], "ticktext": ticks, "tickangle": -50}
    return {"data": bars, "layout": layout}


def _bars(x: list[int], y: list[float], words: list[str], name: str, colours: Theme) -> dict[str, object]:
    hover = f"%{{customdata}}: %{{y:.3g}}<extra>{name}</extra>"
    fill = {"marker": {"color": colours.line[name]}, "showlegend": False}
    return {"type": "bar", "x": x, "y": y, "customdata": words, "name": name, "hovertemplate": hover, **fill}


def _of(pulls: Mapping[tuple[str, str], Float64], words: Words, model: ModelSpec, head: str) -> str:
    """The word that moves a head most, and what its other tweet can do."""
    best = max(
        (
            (abs(float(pull)), word, name, float(pull))
            for name in INPUTS
            for word, pull in zip(words[name], pulls[head, name], strict=True)
        ),
        default=None,
    )
    if best is None or best[0] == 0:
        return _("{head} hears no word here.").format(head=capital(names.head(head)))
    _size, word, name, pull = best
    sentence = _("{head} listens most to “{word}” in {name}, which moves it by {points} points.").format(
        head=capital(names.head(head)), word=word, name=name, points=f"{pull:+.0f}".replace("-", "−")
    )
    if names.reads(model, head, other_input(head)):
        return sentence
    flat = _("No word of {other} moves it at all: no path exists.").format(other=other_input(head))
    return f"{sentence} {flat}"


def _rows(pulls: Mapping[tuple[str, str], Float64], words: Words) -> Sequence[Row]:
    """A row a word: how far it moves each head toward yes, in points of 100."""
    title = _("{head}: toward yes, points of 100")
    return [
        {_("tweet"): name, _("word"): word}
        | {title.format(head=names.head(head)): float(pulls[head, name][place]) for head in OUTPUTS}
        for name in INPUTS
        for place, word in enumerate(words[name])
    ]
