"""One head's answer while the evidence of the other tweet slides and that of its own stays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mtl_core.figures import names
from mtl_core.figures.curves import ceiling, head_colour, head_dash, no_path
from mtl_core.figures.exhibit import Exhibit, Figure, Row
from mtl_core.figures.numbers import capital, nats, number, setting, share
from mtl_core.figures.panel import Axis, Numbers, Panel
from mtl_core.language import _
from mtl_core.palette import Theme
from mtl_core.records import WhatIf
from mtl_core.spec import OUTPUTS, OWN_INPUT, other_input

__all__ = ["exhibit", "heading"]


def exhibit(
    answer: WhatIf, other_evidence: Numbers, *, output: str, at: float, connected: bool, plain: bool = False
) -> Exhibit:
    """One head's probability, and its expected loss (nats), over the other tweet's evidence.

    Parameters
    ----------
    answer : WhatIf
        Arrays (K,) over `other_evidence`.
    other_evidence : array (K,)
        Standard deviations, increasing.
    output : str
        The head that is asked.
    at : float
        Where the slider is; standard deviations.
    connected : bool
        Whether a path leads from the other tweet to this head.
    plain : bool
        Say chances in 100, and leave out the expected loss.
    """
    evidence = np.asarray(other_evidence, dtype=float)
    return Exhibit(
        heading=heading(),
        draw=lambda colours: (
            {"probability": _probability(answer, evidence, output, at, connected, plain, colours)}
            | ({} if plain else {"loss": _loss(answer, evidence, output, at, connected, colours)})
        ),
        reading=_reading(answer, evidence, output, at, connected, plain),
        rows=lambda: _rows(answer, evidence),
    )


def heading() -> str:
    """The exhibit's heading, which is known before anything is measured."""
    return _("What if the other tweet said something else?")


def _probability(
    answer: WhatIf, evidence: Numbers, output: str, at: float, connected: bool, plain: bool, colours: Theme
) -> Figure:
    label = "y" + str(OUTPUTS.index(output) + 1)
    title = _("chance of yes, in 100") if plain else _("probability of {label} = 1").format(label=label)
    truth, most = _("the truth") if plain else _("the data rule"), 100 if plain else 1
    y = Axis(title=title, low=0, high=most)
    panel = _panel(_("{head} says").format(head=capital(names.head(output))), evidence, output, y, colours)
    panel.curve(evidence, most * answer.ideal_probability, truth, colours.muted, dash="dot", width=2)
    panel.label(most * float(answer.ideal_probability[-1]), truth, colour=colours.muted)
    _answer_curve(panel, evidence, most * answer.probability, output, at, connected)
    if not connected:
        no_path(panel, panel.x.low, most * float(answer.probability[0]), side="left")
    return panel.figure()


def _loss(answer: WhatIf, evidence: Numbers, output: str, at: float, connected: bool, colours: Theme) -> Figure:
    y = Axis(title=_("expected loss (nats)"), low=0, high=ceiling(answer.expected_loss, 0.75))
    panel = _panel(_("what that costs"), evidence, output, y, colours)
    _answer_curve(panel, evidence, answer.expected_loss, output, at, connected)
    return panel.figure()


def _panel(title: str, evidence: Numbers, output: str, y: Axis, colours: Theme) -> Panel:
    name = _("evidence in {name} (sd)").format(name=other_input(output))
    return Panel(
        title=title, x=Axis(title=name, low=float(evidence[0]), high=float(evidence[-1])), y=y, colours=colours
    )


def _answer_curve(panel: Panel, x: Numbers, y: Numbers, output: str, at: float, connected: bool) -> None:
    """A head's line has the colour of what it reads, and the stroke of its case."""
    colours = panel.colours
    line, text = head_colour(output, connected, colours), colours.ink if connected else colours.text[OWN_INPUT[output]]
    panel.curve(x, y, names.head(output), line, dash=head_dash(connected), width=3)
    panel.label(float(y[-1]), names.head(output), colour=text)
    panel.point(at, float(np.interp(at, x, y)), line, size=11)


def _reading(answer: WhatIf, evidence: Numbers, output: str, at: float, connected: bool, plain: bool) -> str:
    """The head's answer at the slider, against the data rule's; with its loss unless plain."""
    other = other_input(output)
    probability, ideal, expected = (
        float(np.interp(at, evidence, values))
        for values in (answer.probability, answer.ideal_probability, answer.expected_loss)
    )
    if plain:
        told = _("With evidence of {at} in {other}, {head} gives yes a chance of {probability}. The truth is {ideal}.")
    else:
        told = _(
            "With evidence of {at} in {other}, {head} gives a label of 1 a probability of {probability}; by the data rule it is "
            "{ideal}."
        )
    shown = share if plain else number
    sentence = told.format(
        at=setting(at), other=other, head=names.head(output), probability=shown(probability), ideal=shown(ideal)
    )
    if not plain:
        sentence += " " + _("Its expected loss there is {expected}.").format(expected=nats(expected))
    if connected:
        return sentence
    flat = _("Its answer is the same wherever you slide {other}: no path exists. Only what is right changes.")
    return f"{sentence} {flat.format(other=other)}"


def _rows(answer: WhatIf, evidence: Numbers) -> Sequence[Row]:
    """A row for each evidence (sd) of the other tweet: two probabilities, and the expected loss (nats)."""
    return [
        {
            _("evidence in the other tweet (sd)"): setting(sd),
            _("probability"): float(answer.probability[k]),
            _("by the data rule"): float(answer.ideal_probability[k]),
            _("expected loss (nats)"): float(answer.expected_loss[k]),
        }
        for k, sd in enumerate(evidence)
    ]
