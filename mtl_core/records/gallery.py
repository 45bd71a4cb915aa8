"""Recorded runs that ship with the app, so that the first screen has curves before any worker has started.

One archive a run (see `mtl_core.archive`) in `assets/gallery/`, named by its spec's digest and read when it is first
asked for. A recorded run was really trained, on the machine and with the versions that it names; it is shown as recorded,
never as live. `assets/gallery/make_gallery.py` records them.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from mtl_core.records.archive import Head, decode_head, split
from mtl_core.spec import ExperimentSpec, Float32

__all__ = ["FOLDER", "Gallery"]

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parents[2] / "assets" / "gallery"


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
