"""What is wanted, written down, so that a run under way when the app ends is asked for again when it starts.

One small file a run in a folder beside the finished ones: what is trained, as its link has it, and not for whom. Several app
processes may share the folder: each has files of its own, and one that starts takes over all that it finds.
"""

from __future__ import annotations

import json
import logging
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from mtl_core.jobs.tasks import Rank
from mtl_core.spec import ExperimentSpec

__all__ = ["Wanted"]

log = logging.getLogger(__name__)

_SUFFIX = ".wanted"
_MOST = 64
"""Runs that are taken over; more than that were not under way."""

_MOST_BYTES = 10_000
_OLDEST_SECONDS = 3600.0
"""A run takes minutes. Who wanted it longer ago is gone."""


class Wanted:
    """A list of runs on disk, for any number of threads. Nothing here raises: what cannot be written is not remembered.

    Parameters
    ----------
    folder : str
        Where the list is kept; empty for nowhere.
    """

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder) / "wanted" if folder else None
        self._process = uuid.uuid4().hex
        self._lock = threading.Lock()

    def put(self, key: str, spec: ExperimentSpec, rank: Rank) -> None:
        """Write down that a run is wanted, and before and behind which others."""
        if self._folder is None:
            return
        text = json.dumps({"link": spec.to_query(), "background": rank})
        try:
            with self._lock:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._file(key).write_text(text)
        except OSError as error:
            log.info("A run under way cannot be written down: %s", error)

    def drop(self, key: str) -> None:
        """Strike a run out."""
        with self._lock, suppress(OSError):
            if self._folder is not None:
                self._file(key).unlink(missing_ok=True)

    def take_over(self) -> list[tuple[ExperimentSpec, Rank]]:
        """What other processes wanted a short while ago, and its rank; their files are removed."""
        with self._lock:
            return list(self._taken_over())

    def _taken_over(self) -> Iterator[tuple[ExperimentSpec, Rank]]:
        if self._folder is None:
            return
        others: list[Path] = []
        with suppress(OSError):
            others = [file for file in self._folder.glob(f"*{_SUFFIX}") if self._process not in file.name]
        for file in sorted(others)[:_MOST]:
            # Each for itself: another process that starts may have taken this one, or it may be no file.
            with suppress(OSError):
                age = time.time() - file.stat().st_mtime
                with file.open("rb") as opened:
                    wanted = _read(opened.read(_MOST_BYTES)) if age < _OLDEST_SECONDS else None
                file.unlink(missing_ok=True)
                if wanted is not None:
                    yield wanted

    def _file(self, key: str) -> Path:
        assert self._folder is not None
        return self._folder / f"{key}.{self._process}{_SUFFIX}"


def _read(data: bytes) -> tuple[ExperimentSpec, Rank] | None:
    """What a file says, or None if it is damaged or of a version whose settings mean something else here."""
    try:
        content = json.loads(data)
        spec, notes = ExperimentSpec.from_query(content["link"])
        return None if notes else (spec, Rank(content["background"]))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
