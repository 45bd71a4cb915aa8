"""What the lessons' experiments came to with ten seeds, measured once and written down, so that no test need train them again.

    python -m tests.mtl_core.lessons.measured

trains what `measured.json` does not have of today's experiments: some seconds a run. `make test-full` trains all of them anew.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import math
import sys
from pathlib import Path
from typing import Any

from mtl_core.data import make_task
from mtl_core.lessons.parts import Step
from mtl_core.lessons.results import HeadPair, HeadResult, Nats, Results, RunResult, Share
from mtl_core.lessons.walkthrough import STEPS, experiments
from mtl_core.model import build_model
from mtl_core.records import Run
from mtl_core.response import block_scale, respond
from mtl_core.spec import OUTPUTS, ExperimentSpec
from mtl_core.train import train

__all__ = ["SEEDS", "heads_of", "measure", "measured", "results"]

SEEDS = range(10)

Measured = dict[str, list[Any]]
"""By digest: what each head came to, as `HeadResult` has it, and each head's loss with its block for the other tweet at 0. What
shuffled tweets leave right is counted where a step shuffles, and elsewhere is None."""

_FILE = Path(__file__).with_suffix(".json")


@functools.cache
def measured() -> Measured:
    """What was written down."""
    return dict(json.loads(_FILE.read_text()))


def results(step: Step, seed: int, found: Measured) -> Results:
    """What a step's experiments come to with a seed; `KeyError` if one of them was not measured."""
    specs = {each.name: each.spec.replace(seed=seed) for each in step.experiments}
    runs = {name: RunResult.of_heads(spec.data, *heads_of(found[spec.digest()])) for name, spec in specs.items()}
    off = next((found[spec.digest()][2] for spec in specs.values() if spec.model.merge == "concatenate"), (0.0, 0.0))
    return Results(runs, HeadPair(*map(Nats, off)))


def heads_of(row: list[Any]) -> tuple[HeadResult, HeadResult]:
    """Both heads of a row."""
    shares = ("right", "most", "other_shuffled", "own_shuffled")

    def read(head: dict[str, Any]) -> HeadResult:
        filled = {name: math.nan if value is None else value for name, value in head.items()}
        kinds = {name: bool if name == "flat" else Share if name in shares else Nats for name in filled}
        return HeadResult(**{name: kinds[name](value) for name, value in filled.items()})

    return read(row[0]), read(row[1])


@functools.cache
def measure(spec: ExperimentSpec) -> list[Any]:
    """Train an experiment, shuffle its tweets, and turn its blocks down: a row of `Measured`."""
    *epochs, last = train(spec)
    run = Run(spec=spec, state="finished", epochs=(*epochs, last))
    if spec.replace(seed=0) not in _shuffled():
        return [*map(_row, (HeadResult.of(run, output) for output in OUTPUTS)), [0.0, 0.0]]
    model, split = build_model(spec.model, spec.data, 0), make_task(spec.data, spec.train.seed).test
    model.set_weights(last.weights)
    run = dataclasses.replace(run, response=respond(model, split, repeats=2))
    off = block_scale(model, split, [0.0])[:, 0].tolist() if spec.model.merge == "concatenate" else [0.0, 0.0]
    return [*map(_row, (HeadResult.of(run, output) for output in OUTPUTS)), off]


def _shuffled() -> set[ExperimentSpec]:
    """What steps shuffle, or turn the blocks of."""
    return {each.spec for step in STEPS if step.show in ("shuffle", "scale") for each in step.experiments}


def _row(head: HeadResult) -> dict[str, Any]:
    return {name: None if math.isnan(value) else value for name, value in dataclasses.asdict(head).items()} | {
        "flat": head.flat
    }


def main() -> None:
    """Write down what is wanted and not there, and drop the rest."""
    rows: Measured = dict(measured()) if _FILE.exists() else {}
    specs = [spec.replace(seed=seed) for spec in experiments() for seed in SEEDS]
    for n, spec in enumerate(specs, start=1):
        if spec.digest() not in rows:
            rows[spec.digest()] = measure(spec)
            _write({each.digest(): rows[each.digest()] for each in specs if each.digest() in rows})
            sys.stdout.write(f"{n} of {len(specs)}\n")


def _write(rows: Measured) -> None:
    lines = ",\n".join(f"{json.dumps(digest)}: {json.dumps(row)}" for digest, row in rows.items())
    _FILE.write_text(f"{{\n{lines}\n}}\n")


if __name__ == "__main__":
    main()
