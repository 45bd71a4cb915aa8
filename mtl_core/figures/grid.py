"""A comparison over seeds in small multiples: a mean with its interval at each place, and what is still waited for."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mtl_core.figures.differences import Change, finding, measure, scale, sentences
from mtl_core.figures.exhibit import Exhibit, Figure, Row
from mtl_core.figures.panel import Axis, Panel
from mtl_core.language import _, ngettext
from mtl_core.palette import Theme
from mtl_core.records import Estimate

__all__ = ["Curve", "Place", "exhibit"]

_APART = 0.05
"""Of two curves at a place, so that their intervals do not hide each other; places are 1 apart."""

_LETTERS = 16
"""Of a curve's name in a line of the margin."""

_FROM_ZERO = 0.35
"""Where the least is a smaller part of the most than this, an axis begins at 0."""

_LEAST_ROOM = 0.02
"""Height of a panel, in the unit shown, where all means are equal."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point of a curve.

    Parameters
    ----------
    estimate : Estimate or None
        Over the seeds that are there; None before the first.
    wanted : int
        Seeds that were asked for.
    difference : Estimate or None
        To what it is compared with, seed by seed; None for what is compared with nothing.
    """

    estimate: Estimate | None
    wanted: int
    difference: Estimate | None = None

    @property
    def count(self) -> int:
        """Seeds that are there."""
        return self.estimate.count if self.estimate else 0


@dataclass(frozen=True, slots=True)
class Curve:
    """The places along the axis for one setting; `dash` and `width` tell it from the others, and its name where it ends."""

    name: str
    places: tuple[Place, ...]
    dash: str = "solid"
    width: float = 2


def exhibit(
    panels: Mapping[str, Sequence[Curve]],
    along: str,
    names: Sequence[str],
    changes: Sequence[Change],
    *,
    measured: str,
    output: str,
    heading: str = "",
    reading: str = "",
    y_title: str = "",
) -> Exhibit:
    """A panel for each value of one setting, along the axis those of another, and a curve for each of a third.

    Parameters
    ----------
    panels : mapping of str to sequence of Curve
        By title; each curve has a place for each of `names`.
    along, names : str, sequence of str
        Title of the axis, and its values.
    changes : sequence of Change
        Paired differences, to be put into words.
    measured : str
        One of `mtl_core.spec.MEASURES`; estimates are in nats, or shares of 0..1 for "right".
    output : str
        Which head is measured.
    heading, reading : str
        What it shows, and the same in sentences; by default what the differences say.
    y_title : str
        By default that of the measure.
    """
    waiting = sum(place.wanted - place.count for curves in panels.values() for each in curves for place in each.places)
    room = _room(panels, measured)
    told = [reading] if reading else sentences(changes, measured, output)
    if waiting:
        sentence = ngettext(
            "The picture is not complete: {n} result is missing.",
            "The picture is not complete: {n} results are missing.",
            waiting,
        )
        told.append(sentence.format(n=waiting))
    return Exhibit(
        heading=heading or finding(changes, measured, output),
        draw=lambda colours: {
            title or along: _figure(
                curves,
                Axis(title=along, low=-0.4, high=len(names) - 0.6, names=tuple(names)),
                Axis(title=y_title or measure(measured), low=room[0], high=room[1]),
                title,
                scale(measured),
                colours,
            )
            for title, curves in panels.items()
        },
        reading="\n\n".join(told) or _("Nothing is compared here: one setting has one value."),
        rows=lambda: [*_rows(panels, along, names, measured)],
    )


def _room(panels: Mapping[str, Sequence[Curve]], measured: str) -> tuple[float, float]:
    """The range of all panels' axes: room for every interval, in round numbers."""
    known = [place.estimate for each in panels.values() for curve in each for place in curve.places if place.estimate]
    by = scale(measured)
    if measured == "right":
        least = min([90.0, *(by * estimate.low for estimate in known)])
        return max(0.0, 10 * math.floor(least / 10)), 100.0
    high = max([_LEAST_ROOM, *(by * estimate.high for estimate in known)])
    least = min((by * estimate.low for estimate in known), default=0.0)
    # From zero also where all is one number, as after the first run: an axis has to have a length.
    low = 0.0 if 0 <= least < _FROM_ZERO * high or least == high else least
    margin = 0.08 * (high - low)
    return (low - margin if low else low), high + margin


def _figure(curves: Sequence[Curve], x: Axis, y: Axis, title: str, by: float, colours: Theme) -> Figure:
    panel = Panel(title=title, x=x, y=y, colours=colours)
    if y.low < 0:
        panel.level(0, colours.muted)
    for n, curve in enumerate(curves):
        shift = _APART * (n - (len(curves) - 1) / 2)
        known = [(k + shift, place.estimate) for k, place in enumerate(curve.places) if place.estimate]
        if not known:
            continue
        at = [place for place, _estimate in known]
        means = [by * estimate.mean for _place, estimate in known]
        panel.curve(at, means, curve.name or y.title, colours.ink, dash=curve.dash, width=curve.width)
        for place, estimate in known:
            if estimate.half:
                ends = [by * estimate.low, by * estimate.high]
                panel.curve([place, place], ends, _("95 % interval over seeds"), colours.muted, width=1.5)
            panel.point(place, by * estimate.mean, colours.ink)
        panel.label(means[-1], *_lines(curve.name), colour=colours.ink)
    for k in range(len(x.names)):
        there = min(curve.places[k].count for curve in curves)
        wanted = max(curve.places[k].wanted for curve in curves)
        if there < wanted:
            note = _("{n} of {all}").format(n=there, all=wanted) if there else _("waiting")
            panel.note(k, y.low, note, colours.muted, yanchor="bottom")
    return panel.figure()


def _lines(name: str) -> list[str]:
    """A name in the narrow margin."""
    return textwrap.wrap(name, _LETTERS)


def _rows(panels: Mapping[str, Sequence[Curve]], along: str, names: Sequence[str], measured: str) -> Iterator[Row]:
    by = scale(measured)
    for title, curves in panels.items():
        for k, name in enumerate(names):
            for curve in curves:
                place = curve.places[k]
                where: dict[str, str | int | float] = {_("panel"): title} if len(panels) > 1 else {}
                where[along] = name
                if len(curves) > 1:
                    where[_("curve")] = curve.name
                where[_("seeds")] = _("{n} of {all}").format(n=place.count, all=place.wanted)
                columns = _columns(place.estimate, by, measure(measured), _("95 % from"), _("to"))
                change = _columns(place.difference, by, _("difference"), _("difference from"), _("difference to"))
                yield where | columns | change


def _columns(estimate: Estimate | None, by: float, mean: str, low: str, high: str) -> dict[str, str | int | float]:
    if estimate is None:
        return {mean: "–", low: "–", high: "–"}
    return {mean: by * estimate.mean, low: by * estimate.low, high: by * estimate.high}
