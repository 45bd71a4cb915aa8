"""What the other tweet is worth to a head that has its own, over the angle of the data rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mtl_core.figures import names
from mtl_core.figures.exhibit import Exhibit, Figure, Row
from mtl_core.figures.numbers import nats, number, setting
from mtl_core.figures.panel import Axis, Numbers, Panel
from mtl_core.language import N_, _
from mtl_core.palette import Theme

__all__ = ["exhibit"]

_DASHES = {"additive": "solid", "match": "dash"}
_COLUMN = {"additive": N_("additive rule (nats)"), "match": N_("match rule (nats)")}


def exhibit(angles: Numbers, values: Mapping[str, Numbers], *, angle: float, rule: str) -> Exhibit:
    """The value of the other tweet (own - both) over the angle, under both rules.

    Parameters
    ----------
    angles : array (K,)
        Degrees, increasing.
    values : mapping of rule to array (K,)
        `bayes_risk(...).value_of_other` of a head at each angle; nats.
    angle, rule
        The place to mark.
    """
    # An integral is exact to 1e-4; the dust below that is 0.
    clean = {name: [round(float(value), 5) for value in line] for name, line in values.items()}
    return Exhibit(
        heading=_heading(clean),
        draw=lambda colours: {"value": _figure(angles, clean, angle, rule, colours)},
        reading=_reading(angles, clean, angle, rule),
        rows=lambda: _rows(angles, clean),
    )


def _heading(values: Mapping[str, Sequence[float]]) -> str:
    if all(list(line) == sorted(line) for line in values.values()):
        return _("The larger the angle, the more the other tweet is worth")
    return _("What the other tweet is worth depends on the angle")


def _figure(angles: Numbers, values: Mapping[str, Sequence[float]], angle: float, rule: str, colours: Theme) -> Figure:
    panel = Panel(
        title=_("Worth of the other tweet"),
        x=Axis(title=_("angle (degrees)"), low=0, high=90),
        y=Axis(title=_("own − both (nats)"), low=0, high=0.55),
        colours=colours,
    )
    for name, line in values.items():
        width = 3 if name == rule else 1.5
        panel.curve(angles, line, names.rule(name), colours.ink, dash=_DASHES[name], width=width)
        panel.label(line[-1], names.rule(name), colour=colours.ink)
    panel.point(angle, float(np.interp(angle, angles, values[rule])), colours.ink, size=11)
    return panel.figure()


def _reading(angles: Numbers, values: Mapping[str, Sequence[float]], angle: float, rule: str) -> str:
    """What the other tweet is worth at this angle, and over all angles."""
    now = _("At {angle}° the other tweet is worth {nats} to a head that has its own.").format(
        angle=setting(angle), nats=nats(float(np.interp(angle, angles, values[rule])))
    )
    ends = _("Under the {rule} it goes from {low} at {first}° to {high} at {last}°.")
    first, last = setting(angles[0]), setting(angles[-1])
    rules = [
        ends.format(rule=names.rule(name), low=number(line[0]), first=first, high=number(line[-1]), last=last)
        for name, line in values.items()
    ]
    return " ".join([now, *rules])


def _rows(angles: Numbers, values: Mapping[str, Sequence[float]]) -> Sequence[Row]:
    """A row for each angle: what the other tweet is worth under each rule; nats."""
    return [
        {_("angle (degrees)"): setting(angle)} | {_(_COLUMN[rule]): line[k] for rule, line in values.items()}
        for k, angle in enumerate(angles)
    ]
