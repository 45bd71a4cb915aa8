"""Train and record the runs that a first screen shows before any training.

    python assets/gallery/make_gallery.py

It trains what is missing or was made by other versions, and with `--all` everything; it removes what is not wanted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from mtl_core.jobs.compute import finish
from mtl_core.lessons.questions import QUESTIONS
from mtl_core.lessons.walkthrough import experiments
from mtl_core.records import PACKAGES, Gallery, Head, decode_head, encode, pack, versions
from mtl_core.records.gallery import FOLDER
from mtl_core.spec import PRESETS, ExperimentSpec

__all__ = ["main", "recorded_specs", "write"]

_SNAPSHOT_BYTES = 1_400_000
"""Most bytes of a recorded run's weights; of larger ones fewer epochs are kept, evenly between first and last."""

_SNAPSHOTS = 25
"""Most epochs of a recorded run whose weights are kept."""


def recorded_specs() -> tuple[ExperimentSpec, ...]:
    """The experiments that are recorded, each once: every preset in both cases, and all that lessons and answers show."""
    presets = [spec for preset in PRESETS.values() for spec in (preset.spec, preset.spec.other_case)]
    answers = [question.experiment for question in QUESTIONS if question.experiment is not None]
    return tuple(dict.fromkeys((*presets, *experiments(), *answers)))


def write(spec: ExperimentSpec, folder: Path = FOLDER) -> Path:
    """Train an experiment in this process, and record it."""
    outcome = finish(spec, "recorded", tell=lambda event: None, should_stop=lambda: False)
    head = decode_head(outcome.head)
    body = outcome.body.tobytes()
    weights = {e: head.weights(e, body[head.offset(e) : head.offset(e) + head.epoch_bytes]) for e in _thinned(head)}
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{spec.digest()}.run"
    file.write_bytes(encode(*pack(head.run, weights, "recorded")))
    return file


def _thinned(head: Head) -> tuple[int, ...]:
    """Which of a run's kept epochs are recorded."""
    kept = head.run.kept
    room = min(len(kept), _SNAPSHOTS, max(2, _SNAPSHOT_BYTES // head.epoch_bytes))
    return tuple(kept[round(i * (len(kept) - 1) / (room - 1))] for i in range(room))


def _is_current(head: Head | None) -> bool:
    made_by = versions()
    if head is None or head.run.response is None or head.run.response.changed is None:
        return False
    if any(epoch.gradients is None for epoch in head.run.epochs):
        return False
    return all(head.run.versions.get(name) == made_by[name] for name in PACKAGES)


def main(arguments: Sequence[str], folder: Path = FOLDER) -> None:
    """Record what is wanted and remove what is not."""
    specs, recorded = recorded_specs(), Gallery(folder)
    for number, spec in enumerate(specs, start=1):
        if "--all" in arguments or not _is_current(recorded.head(spec)):
            sys.stdout.write(f"{number} of {len(specs)}: {spec.to_query()}\n")
            write(spec, folder)
    for file in {*folder.glob("*.run")} - {folder / f"{spec.digest()}.run" for spec in specs}:
        file.unlink()
    size = sum(file.stat().st_size for file in folder.glob("*.run"))
    sys.stdout.write(f"{len(specs)} recorded runs, {size / 1e6:.2f} MB\n")


if __name__ == "__main__":
    main(sys.argv[1:])
