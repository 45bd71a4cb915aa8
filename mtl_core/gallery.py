"""Recorded runs that ship with the app, so that the first screen has curves before any worker has started.

One archive a run (see `mtl_core.archive`) in `assets/gallery/`, named by its spec's digest and read when it is first
asked for. A recorded run was really trained, on the machine and with the versions that it names; it is shown as recorded,
never as live. `python -m mtl_core.gallery` trains what is missing or was made by other versions, and with `--all`
everything.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from mtl_core.archive import Head, decode_head, encode, pack, split
from mtl_core.engine_version import PACKAGES, versions
from mtl_core.presets import PRESETS
from mtl_core.records import Float32
from mtl_core.spec import ExperimentSpec

__all__ = ["FOLDER", "Gallery", "recorded_specs", "write"]

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parent.parent / "assets" / "gallery"

_SNAPSHOT_BYTES = 1_400_000
"""Most bytes of a recorded run's weights; of larger ones fewer epochs are kept, evenly between first and last."""


class Gallery:
    """Recorded runs by digest.

    Parameters
    ----------
    folder : Path
        Where the archives are; a folder that is missing has none.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._heads: dict[str, Head | None] = {}

    def head(self, spec: ExperimentSpec) -> Head | None:
        """What was recorded of an experiment, or None."""
        digest = spec.digest()
        with self._lock:
            if digest not in self._heads:
                data = self._read(digest)
                self._heads[digest] = decode_head(data[0]) if data else None
            return self._heads[digest]

    def weights(self, spec: ExperimentSpec, epoch: int) -> tuple[Float32, ...] | None:
        """Recorded weights of one epoch in `model.weights` order, or None if they were not kept."""
        head = self.head(spec)
        data = self._read(spec.digest()) if head and epoch in head.run.kept else None
        if head is None or data is None:
            return None
        offset = head.offset(epoch)
        return head.weights(epoch, data[1][offset : offset + head.epoch_bytes])

    def _read(self, digest: str) -> tuple[bytes, bytes] | None:
        try:
            return split((self._folder / f"{digest}.run").read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            log.warning("The recorded run %s cannot be read: %s", digest, error)
            return None


def recorded_specs() -> tuple[ExperimentSpec, ...]:
    """The experiments that are recorded, each once: every preset in both cases, and all that the lessons run."""
    # Only who records needs these, and no first screen should wait for them.
    from mtl_core.lessons import experiments

    presets = [spec for preset in PRESETS.values() for spec in (preset.spec, preset.spec.other_case)]
    return tuple(dict.fromkeys((*presets, *experiments())))


def write(spec: ExperimentSpec, folder: Path = FOLDER) -> Path:
    """Train an experiment in this process, which loads Keras, and record it."""
    from mtl_core.jobs.tasks import finish

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
    room = min(len(kept), max(2, _SNAPSHOT_BYTES // head.epoch_bytes))
    return tuple(kept[round(i * (len(kept) - 1) / (room - 1))] for i in range(room))


def _is_current(head: Head | None) -> bool:
    made_by = versions()
    return head is not None and all(head.run.versions.get(name) == made_by[name] for name in PACKAGES)


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
