"""The three figures of the page on sharing, from the scores of its study."""

from __future__ import annotations

from mtl_core.figures import sharing as figures
from mtl_core.figures.exhibit import Exhibit
from mtl_core.figures.grid import Place
from mtl_core.language import _
from mtl_core.records import Estimate
from mtl_core.spec import OUTPUTS
from mtl_core.study import Cell, Contrast, Scores, differences, estimates, sharing

__all__ = ["capacity", "interventions", "ties"]

_ENCODERS = ("separate", "shared")
_MERGES = ("none", "concatenate")


def ties(scores: Scores, seeds: range) -> Exhibit:
    """Head 1's loss in the four arrangements, and as a single task."""
    levels = {
        encoder: [
            _level(scores, sharing.single_task(encoder, seeds)),
            *(_level(scores, sharing.cell(encoder, merge, seeds=seeds)) for merge in _MERGES),
        ]
        for encoder in _ENCODERS
    }
    return figures.ties(
        levels,
        {
            merge: _gap(
                scores, sharing.cell("shared", merge, seeds=seeds), sharing.cell("separate", merge, seeds=seeds)
            )
            for merge in _MERGES
        },
        {
            encoder: _gap(
                scores, sharing.cell(encoder, "concatenate", seeds=seeds), sharing.cell(encoder, "none", seeds=seeds)
            )
            for encoder in _ENCODERS
        },
        _gap(scores, sharing.cell("separate", "none", seeds=seeds), sharing.single_task(seeds=seeds)),
    )


def interventions(scores: Scores, encoder: str, seeds: range) -> Exhibit:
    """What is done to task 2 alone, and what head 1 notices, with one kind of encoder."""
    names = [name for name in sharing.INTERVENTIONS if name != "untouched"]
    labels = {name: (_(sharing.INTERVENTIONS[name].label), _(sharing.INTERVENTIONS[name].what)) for name in names}
    effects = {}
    for merge in _MERGES:
        pairs = sharing.contrasts(encoder, merge, seeds)
        gaps = differences(pairs.values(), scores, "loss", OUTPUTS[0])
        effects[merge] = {name: Place(gaps.get(pair), len(seeds)) for name, pair in pairs.items()}
    return figures.interventions(encoder, labels, effects)


def capacity(scores: Scores, seeds: range) -> Exhibit:
    """Both heads over the loss weight of task 2, at 1, 2 and 4 units."""
    grid = sharing.capacity(seeds)
    weights, units = grid.along.values, grid.panels.values
    levels = {
        output: {unit: [_level(scores, grid.cell(weight, unit, None), output) for weight in weights] for unit in units}
        for output in OUTPUTS
    }
    gaps = {
        f"{output} {unit}": _gap(scores, grid.cell(weights[-1], unit, None), grid.cell(weights[0], unit, None), output)
        for output in OUTPUTS
        for unit in units
    }
    return figures.capacity(levels, weights, gaps)


def _level(scores: Scores, cell: Cell, output: str = OUTPUTS[0]) -> Place:
    return Place(estimates([cell], scores, "loss", output).get(cell), len(cell.specs))


def _gap(scores: Scores, changed: Cell, reference: Cell, output: str = OUTPUTS[0]) -> Estimate | None:
    pair = Contrast("", changed, reference)
    return differences([pair], scores, "loss", output).get(pair)
