"""What finished runs say of a grid: means with intervals at each place, and differences taken seed by seed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from mtl_core.records import Estimate, Score
from mtl_core.spec import MEASURES, OUTPUTS, ExperimentSpec, knobs
from mtl_core.study.sweep import Cell, Contrast

__all__ = ["Scores", "as_csv", "differences", "estimates"]

Scores = Mapping[ExperimentSpec, Score]
"""Of the runs that are finished."""


def estimates(cells: Iterable[Cell], scores: Scores, measure: str, output: str) -> dict[Cell, Estimate]:
    """The mean of each place over the seeds that are there; places without any are left out.

    Parameters
    ----------
    cells : iterable of Cell
    scores : Scores
    measure : str
        One of `MEASURES`; nats, or a share in 0..1 for "right".
    output : str
        Whose.
    """
    values = {cell: [scores[spec].value(measure, output) for spec in cell.specs if spec in scores] for cell in cells}
    return {cell: Estimate.of(samples) for cell, samples in values.items() if samples}


def differences(contrasts: Iterable[Contrast], scores: Scores, measure: str, output: str) -> dict[Contrast, Estimate]:
    """Changed minus reference, over the seeds for which both are there; contrasts without any are left out.

    Units are those of `estimates`. The interval is Student's, over seeds: it holds the mean difference over all seeds 95 times in
    100, if differences are about normal.
    """
    answers = {}
    for contrast in contrasts:
        pairs = zip(contrast.changed.specs, contrast.reference.specs, strict=True)
        samples = [
            scores[changed].value(measure, output) - scores[reference].value(measure, output)
            for changed, reference in pairs
            if changed in scores and reference in scores
        ]
        if samples:
            answers[contrast] = Estimate.of(samples)
    return answers


def as_csv(specs: Iterable[ExperimentSpec], scores: Scores) -> str:
    """A row for each finished run: every setting by the name that the link's specs have for it, the seed among them, and both
    heads' numbers in full precision; losses, costs of shuffling and distances in nats, right answers in 0..1.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    measured = [f"{output}_{measure}" for output in OUTPUTS for measure in MEASURES]
    writer.writerow([*_settings(ExperimentSpec()), *measured, "source"])
    for spec in specs:
        if (score := scores.get(spec)) is not None:
            numbers = [score.value(measure, output) for output in OUTPUTS for measure in MEASURES]
            writer.writerow([*_settings(spec).values(), *numbers, score.source])
    return out.getvalue()


def _settings(spec: ExperimentSpec) -> dict[str, str]:
    return {
        name: knob.write(getattr(part, name))
        for part in (spec.model, spec.data, spec.train)
        for name, knob in knobs(part).items()
    }
