"""Recorded runs that ship with the app, so that the first screen has curves before any worker has started.

One archive a run in `assets/gallery/`, named by its spec's digest. A recorded run was really trained, on the machine and
with the versions that it names; it is shown as recorded, never as live. `assets/gallery/make_gallery.py` records them.
"""

from __future__ import annotations

from pathlib import Path

from mtl_core.records.archive import Head
from mtl_core.records.run_folder import RunFolder
from mtl_core.spec import ExperimentSpec, Float32

__all__ = ["FOLDER", "Gallery"]

FOLDER = Path(__file__).parents[2] / "assets" / "gallery"


class Gallery:
    """Recorded runs by experiment.

    Parameters
    ----------
    folder : Path
        Where the archives are; a folder that is missing has none.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._runs = RunFolder(folder, source="recorded")

    def head(self, spec: ExperimentSpec) -> Head | None:
        """What was recorded of an experiment, or None."""
        return self._runs.head(spec.digest())

    def weights(self, spec: ExperimentSpec, epoch: int) -> tuple[Float32, ...] | None:
        """Recorded weights of one epoch in `model.weights` order, or None if they were not kept."""
        return self._runs.weights(spec.digest(), epoch)
