"""The figures that only the walkthrough shows: turning the other block down, the Jacobian, the value of the other tweet.

`figures` offers them too; see there for what colour, dash and width mean.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mtl_core.figures import names
from mtl_core.figures.numbers import capital, number
from mtl_core.figures.panels import Axis, Panels
from mtl_core.language import _
from mtl_core.records import Run
from mtl_core.spec import INPUTS, OUTPUTS, Float64, other_input

__all__ = ["block_scale", "compare", "jacobian", "value_of_other"]

_COMPARED = ("solid", "dash", "dot")
"""Dashes; no world has more curves than can be told apart."""

_DASHES = {"additive": "solid", "match": "dash"}


def block_scale(
    alphas: Sequence[float] | Float64,
    losses: Float64,
    case2: tuple[float, float],
    *,
    scale: float,
    dark: bool,
    heads: Sequence[str] = OUTPUTS,
    narrow: bool = False,
) -> dict[str, Any]:
    """Loss of each head while its kernel block for the other tweet is turned from 0 to 1.

    Parameters
    ----------
    alphas : array (A,)
        Factors in [0, 1], increasing.
    losses : array (2 heads, A)
        Test losses, nats.
    case2 : pair of float
        Test loss of the *trained* case 2, which has learned to do without the other tweet.
    scale : float
        Where the slider is.
    """
    x, y = np.asarray(alphas, dtype=float), np.asarray(losses, dtype=float)
    panels = Panels(
        titles=[capital(names.head(head)) for head in heads],
        x=Axis(title=_("other tweet’s block times"), low=0, high=1),
        y=Axis(title=_("loss (nats)"), low=0, high=max(0.75, 1.06 * float(y.max()))),
        dark=dark,
        narrow=narrow,
    )
    for panel, head in enumerate(heads):
        row, name = OUTPUTS.index(head), other_input(head)
        panels.level(panel, case2[row], panels.colours.ink, width=1.5, dash="dash")
        panels.label(panel, case2[row], _("trained case 2"), number(case2[row]), colour=panels.colours.ink)
        panels.curve(panel, x, y[row], name, panels.colours.line[name], width=3)
        panels.label(panel, float(y[row, -1]), _("as trained"), colour=panels.colours.text[name])
        panels.point(panel, scale, float(np.interp(scale, x, y[row])), panels.colours.line[name], size=11)
    return panels.figure()


def jacobian(
    values: Float64,
    graph_paths: Mapping[tuple[str, str], bool],
    *,
    dark: bool,
    heads: Sequence[str] = OUTPUTS,
    narrow: bool = False,
) -> dict[str, Any]:
    """How far each head's log odds move per unit of change in each input, step by step.

    Parameters
    ----------
    values : array (2 heads, 2 inputs, T)
        Mean over rows of the norm of d(log odds)/d(input at a step).
    graph_paths : mapping of (output, input) to bool
        `CallGraph.dependence()`: a curve that is flat at 0 for want of a path says so.
    """
    steps = np.arange(1, values.shape[2] + 1)
    most = float(values.max())
    panels = Panels(
        titles=[capital(names.head(head)) for head in heads],
        x=Axis(title=_("time step"), low=1, high=max(2, len(steps))),
        y=Axis(title=_("slope of the log odds"), low=-0.04 * (most or 1), high=1.06 * (most or 1)),
        dark=dark,
        narrow=narrow,
    )
    for panel, head in enumerate(heads):
        for name in INPUTS:
            y = values[OUTPUTS.index(head), INPUTS.index(name)]
            panels.curve(
                panel, steps, y, name, panels.colours.line[name], width=3 if name == other_input(head) else 1.5
            )
            panels.label(panel, float(y[-1]), name, colour=panels.colours.text[name])
            if not graph_paths[head, name]:
                where = {"xanchor": "right", "yanchor": "bottom", "yshift": 3}
                panels.note(panel, panels.x.high, 0, _("0: no path exists"), panels.colours.ink, **where)
    return panels.figure()


def value_of_other(
    angles: Sequence[float] | Float64,
    values: Mapping[str, Sequence[float] | Float64],
    *,
    angle: float,
    rule: str,
    dark: bool,
    narrow: bool = False,
) -> dict[str, Any]:
    """What the other tweet is worth to a head that has its own (own - both), over the angle, under both rules.

    Parameters
    ----------
    angles : array (K,)
        Degrees, increasing.
    values : mapping of rule to array (K,)
        Nats: `bayes_risk(...).value_of_other` at each angle.
    angle, rule
        The place to mark.
    """
    panels = Panels(
        titles=[_("Worth of the other tweet")],
        x=Axis(title=_("angle (degrees)"), low=0, high=90),
        y=Axis(title=_("own − both (nats)"), low=0, high=0.55),
        dark=dark,
        narrow=narrow,
    )
    ink = panels.colours.ink
    for name, nats in values.items():
        panels.curve(0, angles, nats, names.rule(name), ink, dash=_DASHES[name], width=3 if name == rule else 1.5)
        panels.label(0, float(nats[-1]), names.rule(name), colour=ink)
    panels.point(0, angle, float(np.interp(angle, angles, values[rule])), ink, size=11)
    return panels.figure()


def compare(runs: Mapping[str, Run], world: str, *, dark: bool, narrow: bool = False) -> dict[str, Any]:
    """Head 1's test losses in several experiments of one world, each named where it ends, and equal ends together.

    Parameters
    ----------
    runs : mapping of str to Run
        By what tells them apart.
    world : str
        What they have in common.
    """
    output = OUTPUTS[0]
    losses = [epoch.test[output].loss for run in runs.values() for epoch in run.epochs]
    panels = Panels(
        titles=[_("{world}: {head}").format(world=world, head=names.head(output))],
        x=Axis(title=_("epoch"), low=0, high=max(run.spec.train.epochs for run in runs.values())),
        y=Axis(title=_("loss (nats)"), low=0, high=max(0.75, 1.06 * max(losses, default=0))),
        dark=dark,
        narrow=narrow,
    )
    ink, muted = panels.colours.ink, panels.colours.muted
    panels.level(0, math.log(2), muted)
    panels.label(0, math.log(2), _("chance"), colour=muted)
    ends: dict[str, list[tuple[float, str]]] = {}
    for n, (name, run) in enumerate(runs.items()):
        if run.epochs:
            curve = [epoch.test[output].loss for epoch in run.epochs]
            panels.curve(0, [epoch.index for epoch in run.epochs], curve, name, ink, dash=_COMPARED[n])
            ends.setdefault(number(curve[-1]), []).append((curve[-1], name))
    for (end, name), *others in ends.values():
        panels.label(0, end, name, *(_("= {name}").format(name=other) for _end, other in others), colour=ink)
    return panels.figure()
