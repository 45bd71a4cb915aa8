"""Train the study of the page on sharing, and record its scores: numbers only, no weights.

    python assets/study/make_study.py

It trains what is missing or was made by other versions, and with `--all` everything: some minutes on two cores.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from mtl_core.records import PACKAGES, Run, Score, versions
from mtl_core.spec import ExperimentSpec
from mtl_core.study.recorded import FILE, made_by, plain, read, wanted
from mtl_core.theory import best_on_test
from mtl_core.train import train

__all__ = ["main", "score"]


def score(spec: ExperimentSpec) -> Score:
    """Train an experiment in this process."""
    epochs = tuple(epoch.without_weights() for epoch in train(spec))
    run = Run(spec=spec, state="finished", source="recorded", epochs=epochs)
    return Score.of(run, best_on_test(spec.data, spec.train.seed))


def main(arguments: Sequence[str], specs: Sequence[ExperimentSpec] = (), file: Path = FILE) -> None:
    """Record what is wanted and remove what is not; `specs` are by default all that is to be recorded."""
    specs = specs or wanted()
    known = {} if "--all" in arguments else _current(file)
    missing = [spec for spec in specs if spec not in known]
    file.parent.mkdir(parents=True, exist_ok=True)
    for number, spec in enumerate(missing, start=1):
        known[spec] = score(spec)
        if number % 50 == 0 or number == len(missing):
            _write(file, specs, known)
            sys.stdout.write(f"{number} of {len(missing)}\n")
    _write(file, specs, known)
    sys.stdout.write(f"{len(specs)} recorded scores, {file.stat().st_size / 1000:.0f} kB\n")


def _current(file: Path) -> dict[ExperimentSpec, Score]:
    """What is recorded already, by these versions."""
    if not file.exists():
        return {}
    made, here = made_by(file), versions()
    return read(file) if all(made[name] == here[name] for name in PACKAGES) else {}


def _write(file: Path, specs: Sequence[ExperimentSpec], known: Mapping[ExperimentSpec, Score]) -> None:
    file.write_text(plain({spec: known[spec] for spec in specs if spec in known}, versions()))


if __name__ == "__main__":
    main(sys.argv[1:])
