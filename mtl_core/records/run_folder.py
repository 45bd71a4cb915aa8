"""A folder with one file a run, in the archive format: the gallery, and the store of finished runs.

A run's file is `<name>.run`: its key, or its spec's digest alone where it is shown whatever versions made it. A look reads
the head only, once for each version of a file; a question about weights reads one epoch's bytes. A file is written under a
temporary name and then renamed, so that any number of processes share a folder: a reader sees the former run or the new
one, never half of one. A damaged file costs its own run and no other.

A folder that is only read (the gallery) is left as it is. One that is written has a cap; `mtl_core.records.room` says what
goes when it is full.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from cachetools import LRUCache

from mtl_core.records.archive import START_BYTES, Head, OtherVersion, decode_head, encode, head_bytes
from mtl_core.records.room import DAMAGED, OTHER_VERSION, RUN, SUFFIXES, TEMPORARY, RunFile, in_order_of_leaving
from mtl_core.records.run import RunSource
from mtl_core.spec import Float32

__all__ = ["RunFolder"]

log = logging.getLogger(__name__)

_REMEMBERED = 256
"""Heads that are kept in memory."""

_TOUCH_SECONDS = 60.0
"""The use time on disk may be older than the last use by this much, so that a look seldom writes."""

_OURS = re.compile(r"([0-9a-f]{32}.*\.run|runs\.sqlite)(\..+)?")
"""Names of files that may be removed: the folder is chosen by the operator and may hold other files too."""

_Mark = tuple[int, ...]


class RunFolder:
    """Runs by name, for any number of threads and processes.

    Reading never raises: a run that is missing, damaged or out of reach is None, and the log says why.

    Parameters
    ----------
    folder : Path
        A folder that is missing has no runs; the first `put` makes it.
    limit : int, optional
        Most bytes of all files in it. None: the folder is only read; nothing in it is renamed, touched or removed.
    source : {"stored", "recorded"}
        What its runs are called.

    Examples
    --------
    >>> RunFolder(Path("no such folder")).head("0a8718612c60af0a1ad014292593b215") is None
    True
    """

    def __init__(self, folder: Path, limit: int | None = None, *, source: RunSource = "stored") -> None:
        self.folder = folder
        self._source = source
        self.damaged: frozenset[str] = frozenset()
        """Names of runs whose file was found damaged, until a good one is there again."""
        self.made_again = False
        """Whether the folder vanished after its first use and had to be made again."""
        self._writable = limit is not None
        self._limit = limit or 0
        self._there = folder.is_dir()
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._heads: LRUCache[str, tuple[_Mark, Head | None]] = LRUCache(_REMEMBERED)
        self._owners: dict[str, str] = {}
        self._complaints: set[str] = set()

    def head(self, name: str) -> Head | None:
        """What a file says about its run, or None. Where nothing changed this costs one `stat` of the file."""
        try:
            state = self._file(name).stat()
            known, head = self._remembered(name, _mark(state))
            if not known:
                with self._file(name).open("rb") as opened:
                    state = os.fstat(opened.fileno())
                    head = self._read_head(name, opened, state)
        except OSError as error:
            self._note_absence(name, error)
            return None
        except ValueError as error:
            self._refuse(name, state, error)
            return None
        if head is not None:
            self._touch(name, state)
        return head

    def weights(self, name: str, epoch: int) -> tuple[Float32, ...] | None:
        """Weights of one kept epoch in `model.weights` order, or None if they were not kept or are damaged."""
        try:
            # All from one opened file: another process may replace the run at any moment.
            with self._file(name).open("rb") as opened:
                state = os.fstat(opened.fileno())
                known, head = self._remembered(name, _mark(state))
                if not known:
                    head = self._read_head(name, opened, state)
                if head is None or epoch not in head.run.kept:
                    return None
                opened.seek(state.st_size - head.body_bytes + head.offset(epoch))
                return head.weights(epoch, opened.read(head.epoch_bytes))
        except OSError as error:
            self._note_absence(name, error)
        except ValueError as error:
            self._refuse(name, state, error)
        return None

    def put(self, name: str, head: bytes, body: bytes, *, owner: str = "", used: float | None = None) -> None:
        """Write a run's file, in place of an earlier one.

        Parameters
        ----------
        name : str
            The run's key, or its spec's digest: under another name it would not be read.
        head, body : bytes
            As in `archive.encode`.
        owner : str
            The visitor for whom it was trained, if it is one visitor's; remembered as long as this process lives, as visitors are.
        used : float, optional
            When it was last used, in seconds since 1970. Default: now.

        Raises
        ------
        OSError
            If it cannot be written. What was there before is there still.
        """
        if not self._writable:
            raise OSError(errno.EROFS, "this folder is only read")
        size = START_BYTES + len(head) + len(body)
        if size > self._limit:
            raise OSError(errno.EFBIG, f"a run of {size:,} bytes is more than the {self._limit:,} that may be kept")
        with self._writing:
            self._make_folder()
            temporary = self._reserved(name, size)
            try:
                total = self._make_room(self._file(name).name, {owner: size})
                if total - self._size(name) > self._limit:
                    raise OSError(errno.ENOSPC, "the folder is full of files that cannot be removed")
                self._set_other_version_aside(name)
                _write(temporary, encode(head, body))
                if used is not None:
                    os.utime(temporary, (used, used))
                temporary.replace(self._file(name))
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            self._owners[self._file(name).name] = owner
        self._forget_damage(name)

    def trim(self) -> None:
        """Remove what goes first until the files keep to the limit; `OSError` if the folder cannot be read."""
        with self._writing:
            self._make_room()

    def names(self) -> set[str]:
        """Names of all runs; empty if the folder cannot be read."""
        with suppress(OSError):
            return {file.stem for file in self.folder.iterdir() if file.suffix == RUN}
        return set()

    # Reading.

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}{RUN}"

    def _read_head(self, name: str, opened: BinaryIO, state: os.stat_result) -> Head:
        """The head of a file that was just opened; `ValueError` if the file is no good, which is remembered as well."""
        head = None
        try:
            head = _checked_head(name, opened, state.st_size)
            head = replace(head, run=replace(head.run, source=self._source))
        finally:
            self._remember(name, _mark(state), head)
        self._forget_damage(name)
        return head

    def _forget_damage(self, name: str) -> None:
        with self._lock:
            self.damaged -= {name}

    def _remember(self, name: str, mark: _Mark, head: Head | None) -> None:
        with self._lock:
            self._heads[name] = (mark, head)

    def _remembered(self, name: str, mark: _Mark) -> tuple[bool, Head | None]:
        """Whether this version of the file was read before, and its head if it was good."""
        with self._lock:
            former, head = self._heads.get(name, (None, None))
            if former != mark:
                return False, None
            return True, head

    def _refuse(self, name: str, state: os.stat_result, error: ValueError) -> None:
        """Put a damaged file aside. That of another version stays, because that version may still run."""
        self._complain(f"The run {name} cannot be used: {error}")
        if not self._writable or isinstance(error, OtherVersion):
            return
        with self._lock:
            self.damaged |= {name}
        with self._writing, suppress(OSError):
            # Only the very file that was read: another process may have put a good one since.
            if os.path.samestat(self._file(name).stat(), state):
                self._set_aside(name, DAMAGED)

    def _touch(self, name: str, state: os.stat_result) -> None:
        """Remember on disk that a run was used."""
        if not self._writable or time.time() - state.st_mtime < _TOUCH_SECONDS:
            return
        with suppress(OSError):
            os.utime(self._file(name))
            touched = self._file(name).stat()
            known, head = self._remembered(name, _mark(state))
            # The bytes are the same, so the head need not be read again.
            if known and os.path.samestat(touched, state) and touched.st_size == state.st_size:
                self._remember(name, _mark(touched), head)

    def _note_absence(self, name: str, error: OSError) -> None:
        with self._lock:
            self._heads.pop(name, None)
        if not isinstance(error, FileNotFoundError):
            self._complain(f"The run {name} cannot be read: {error}")
        elif self._writable and self._there and not self.folder.is_dir():
            with suppress(OSError), self._writing:
                self._make_folder()

    def _complain(self, text: str) -> None:
        """Say it in the log once: pages look several times a second."""
        with self._lock:
            new = text not in self._complaints
            if len(self._complaints) < 1000:
                self._complaints.add(text)
        if new:
            log.warning("%s", text)

    # Writing; one thread at a time.

    def _make_folder(self) -> None:
        if self.folder.is_dir():
            self._there = True
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._there:
            self.made_again = True
            log.warning("The folder %s was removed, and was made again.", self.folder)
        self._there = True

    def _reserved(self, name: str, size: int) -> Path:
        """A temporary file of this size without content yet.

        Other processes that are about to write count it. So of two writers at least one counts the other, and together they keep
        to the limit.
        """
        number, path = tempfile.mkstemp(dir=self.folder, prefix=f"{name}{RUN}.", suffix=TEMPORARY)
        try:
            os.ftruncate(number, size)
        except BaseException:
            Path(path).unlink(missing_ok=True)
            raise
        finally:
            os.close(number)
        return Path(path)

    def _size(self, name: str) -> int:
        """Bytes of the run's present file."""
        with suppress(FileNotFoundError):
            return self._file(name).stat().st_size
        return 0

    def _set_other_version_aside(self, name: str) -> None:
        with suppress(FileNotFoundError):
            with self._file(name).open("rb") as opened:
                start = opened.read(START_BYTES)
            try:
                head_bytes(start)
            except OtherVersion:
                self._set_aside(name, OTHER_VERSION)
            except ValueError:
                self._set_aside(name, DAMAGED)

    def _set_aside(self, name: str, why: str) -> None:
        file = self._file(name)
        file.replace(file.with_name(file.name + why))

    def _make_room(self, kept: str = "", coming: Mapping[str, int] | None = None) -> int:
        """Remove files until the rest keeps to the limit; the file `kept` is no candidate. Returns the bytes of the rest."""
        files = self._files()
        total = sum(file.size for file in files)
        if total <= self._limit:
            return total
        others = [file for file in files if file.name != kept]
        for file in in_order_of_leaving(others, self._limit, time.time(), coming):
            if total <= self._limit:
                break
            with suppress(OSError):
                (self.folder / file.name).unlink(missing_ok=True)
                total -= file.size
        return total

    def _files(self) -> list[RunFile]:
        """Everything here that counts against the limit."""
        files, owners = [], {}
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name.endswith(SUFFIXES) and _OURS.fullmatch(entry.name):
                    with suppress(FileNotFoundError):
                        state = entry.stat()
                        owner = self._owners.get(entry.name, "")
                        owners[entry.name] = owner
                        files.append(RunFile(entry.name, state.st_size, state.st_mtime, owner))
        self._owners = owners
        return files


def _mark(state: os.stat_result) -> _Mark:
    """Tells one version of a file from the next."""
    return state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns


def _write(file: Path, data: bytes) -> None:
    """Fill a file, and return when the disk has it."""
    with file.open("r+b") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())


def _checked_head(name: str, opened: BinaryIO, size: int) -> Head:
    """The head of an opened file of `size` bytes; `ValueError` if it is damaged or another run's."""
    length = head_bytes(opened.read(START_BYTES))
    if START_BYTES + length > size:
        raise ValueError("it is cut off")
    head = decode_head(opened.read(length))
    if START_BYTES + length + head.body_bytes != size:
        raise ValueError("it is cut off or has bytes too many")
    if not head.is_named(name):
        raise ValueError("it is another run's, or was made by other versions")
    return head
