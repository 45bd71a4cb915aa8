"""A grid of experiments as small multiples: names for its axes, panels and curves, and its differences by what is changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mtl_core.figures import settings
from mtl_core.figures.differences import Change
from mtl_core.figures.exhibit import Exhibit
from mtl_core.figures.grid import Curve, Place, exhibit
from mtl_core.records import Estimate
from mtl_core.spec import FACTORS
from mtl_core.study import Axis, Cell, Contrast, Scores, Sweep, differences, estimates

__all__ = ["exhibit_of"]

_DASHES = {"none": "dash", "concatenate": "solid", "add": "dot", "multiply": "dashdot"}
"""A model whose encodings are not merged is dashed, here as everywhere."""


def exhibit_of(sweep: Sweep, scores: Scores, measure: str, output: str) -> Exhibit:
    """The comparison, as far as its runs are finished.

    Parameters
    ----------
    sweep : Sweep
    scores : Scores
    measure : str
        One of `mtl_core.spec.MEASURES`.
    output : str
        Which head.
    """
    means = estimates(sweep.cells, scores, measure, output)
    gaps = differences(sweep.contrasts, scores, measure, output)
    to = {contrast.changed: gap for contrast, gap in gaps.items()}
    panels = {_whole(sweep.panels, value): _curves(sweep, value, means, to) for value in sweep.panels.values}
    return exhibit(
        panels,
        FACTORS[sweep.along.name].title if sweep.along.name else "",
        [settings.on_axis(sweep.along.name, value) if sweep.along.name else "" for value in sweep.along.values],
        _changes(sweep, gaps),
        measured=measure,
        output=output,
    )


def _curves(sweep: Sweep, panel: Any, means: dict[Cell, Estimate], to: dict[Cell, Estimate]) -> Sequence[Curve]:
    curves = []
    for value in sweep.curves.values:
        cells = [sweep.cell(along, panel, value) for along in sweep.along.values]
        places = tuple(Place(means.get(cell), len(cell.specs), to.get(cell)) for cell in cells)
        name = settings.on_axis(sweep.curves.name, value) if sweep.curves.name else ""
        curves.append(Curve(name, places, _DASHES.get(value, "solid")))
    return curves


def _changes(sweep: Sweep, gaps: dict[Contrast, Estimate]) -> Sequence[Change]:
    groups: dict[tuple[Any, Any], dict[str, Estimate]] = {}
    for contrast, gap in gaps.items():
        groups.setdefault(contrast.values, {})[_place(sweep, contrast)] = gap
    name = sweep.curves.name or sweep.along.name
    return [Change(settings.change(name, before, after), at) for (before, after), at in groups.items()]


def _place(sweep: Sweep, contrast: Contrast) -> str:
    """Where a comparison stands, by all that is varied besides."""
    cell = contrast.changed
    axes = [(sweep.panels, cell.panel)] + ([(sweep.along, cell.along)] if sweep.curves.name else [])
    return " ".join(settings.where(axis.name, value) for axis, value in reversed(axes) if len(axis.values) > 1)


def _whole(axis: Axis, value: Any) -> str:
    return settings.in_words(axis.name, value) if axis.name else ""
