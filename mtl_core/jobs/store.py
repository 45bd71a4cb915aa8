"""Finished runs on disk, so that a restart of the server forgets none.

One SQLite file, by run key: a small head that every look reads, and a body of weights of which one epoch is read at a
time. Writing and reading never raise. What cannot be written to the user's cache folder goes to a temporary one, and what
cannot be written there stays in memory; `problem` then says so in a sentence, because a visitor who is promised that a
run is kept must be told when it isn't. When the file is larger than its cap, the runs that were not used for longest go.
"""

from __future__ import annotations

import functools
import logging
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import platformdirs

from mtl_core.jobs.settings import number
from mtl_core.jobs.shelves import FAULTS, Disk, Memory, Shelf, is_damage
from mtl_core.language import N_, _
from mtl_core.records import Head, decode_head
from mtl_core.spec import Float32

__all__ = ["Store"]

log = logging.getLogger(__name__)

_LIMIT = int(number("MTL_STORE_BYTES", 500_000_000))
"""Most bytes of stored runs. The largest run has 32 MB of weights, an ordinary one 0.1 MB."""

_MEMORY_LIMIT = 100_000_000
_APP = "concatenate-explained"

_MEMORY_ONLY = N_("Finished runs are kept in memory only and are lost when the server restarts: {reason}.")
_ELSEWHERE = N_("Finished runs are kept in a temporary folder that the system may empty: {reason}.")
_RENEWED = N_("The file of finished runs was damaged and was begun anew; earlier runs have to be trained again.")


class Store:
    """Finished runs by key.

    Parameters
    ----------
    folder : Path, optional
        Where to keep them. Default: the environment variable MTL_STORE, else the user's cache folder.
    limit : int
        Most bytes kept on disk.
    """

    def __init__(self, folder: Path | None = None, *, limit: int = _LIMIT) -> None:
        self.where = ""
        """Folder of the file, or empty: in memory."""
        self._said: tuple[str, str] | None = None
        self._memory = Memory(_MEMORY_LIMIT)
        self._disk: Shelf | None = None
        self._limit = limit
        self._open(folder)

    @property
    def problem(self) -> str:
        """What a visitor should know about where runs are kept; empty if all is well."""
        return _(self._said[0]).format(reason=self._said[1]) if self._said else ""

    def head(self, key: str) -> Head | None:
        """What is stored about a run, or None."""
        data = self._read(lambda shelf: shelf.head(key))
        if data is None:
            return None
        try:
            return decode_head(data)
        except ValueError as error:
            log.warning("A stored run is unreadable and was dropped: %s", error)
            self._write(lambda shelf: shelf.drop(key))
            return None

    def weights(self, key: str, epoch: int) -> tuple[Float32, ...] | None:
        """Weights of one kept epoch in `model.weights` order, or None if they are not stored or damaged."""
        head = self.head(key)
        if head is None or epoch not in head.run.kept:
            return None
        piece = self._read(lambda shelf: shelf.piece(key, head.offset(epoch), head.epoch_bytes))
        try:
            return None if piece is None else head.weights(epoch, piece)
        except ValueError as error:
            log.warning("A stored run is damaged and was dropped: %s", error)
            self._write(lambda shelf: shelf.drop(key))
            return None

    def put(self, key: str, head: bytes, body: bytes) -> None:
        """Store a run under its key, in place of an earlier one."""
        self._memory.put(key, head, body)
        # What the disk would not take before, it may take now.
        for each in self._memory.items():
            if not self._write(functools.partial(_put, each)):
                return
            self._memory.drop(each[0])
        if self._said and self._said[0] == _MEMORY_ONLY:
            self._said = None

    def close(self) -> None:
        """Close the file. What is in memory is forgotten."""
        if self._disk is not None:
            with suppress(*FAULTS):
                self._disk.close()
        self._disk, self._memory = None, Memory(_MEMORY_LIMIT)

    def _open(self, folder: Path | None) -> None:
        reason = ""
        for rank, place in enumerate(_places(folder)):
            try:
                self._disk, renewed = _opened(place, self._limit)
            except FAULTS as error:
                reason = reason or _in_words(error)
                continue
            self.where = str(place)
            self._said = (_ELSEWHERE, reason) if rank else (_RENEWED, "") if renewed else None
            return
        self._said = (_MEMORY_ONLY, reason)

    def _read(self, question: _Question) -> bytes | None:
        """Memory first: what is there is what the disk would not take, so it is newer."""
        found = question(self._memory)
        if found is not None or self._disk is None:
            return found
        try:
            return question(self._disk)
        except FAULTS as error:
            self._mend(error)
            return None

    def _write(self, change: _Change) -> bool:
        if self._disk is None:
            return False
        try:
            change(self._disk)
        except FAULTS as error:
            self._mend(error)
            return False
        return True

    def _mend(self, error: BaseException) -> None:
        """A damaged file is begun anew; for any other fault (a full disk) memory takes what the disk does not."""
        log.warning("The store of finished runs: %s", error)
        self._said = (_MEMORY_ONLY, _in_words(error))
        if not is_damage(error) or self._disk is None:
            return
        with suppress(*FAULTS):
            self._disk.close()
        self._disk = None
        with suppress(*FAULTS):
            self._disk, _renewed = _opened(Path(self.where), self._limit)
            self._said = (_RENEWED, "")


def _put(run: tuple[str, bytes, bytes], shelf: Shelf) -> None:
    shelf.put(*run)


class _Question(Protocol):
    def __call__(self, shelf: Shelf) -> bytes | None: ...


class _Change(Protocol):
    def __call__(self, shelf: Shelf) -> None: ...


def _places(folder: Path | None) -> Iterator[Path]:
    chosen = folder or (Path(os.environ["MTL_STORE"]) if os.environ.get("MTL_STORE") else None)
    yield chosen or platformdirs.user_cache_path(_APP)
    # Anybody may make a folder in the temporary one, so this name is only good if the folder is ours. Windows gives each
    # user a temporary folder of their own, and has no user numbers.
    number = os.getuid() if hasattr(os, "getuid") else 0
    mine = Path(tempfile.gettempdir()) / f"{_APP}-{number}"
    if not mine.exists() or mine.stat().st_uid == number:
        yield mine


def _opened(folder: Path, limit: int) -> tuple[Shelf, bool]:
    """The shelf in a folder, and whether a damaged file had to be put aside for it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "runs.sqlite"
    try:
        return Disk(file, limit), False
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    file.replace(file.with_name(file.name + ".damaged"))
    return Disk(file, limit), True


def _in_words(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or error)
