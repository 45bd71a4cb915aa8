"""Finished runs, wherever they are: on disk, in memory for want of a disk, or shipped with the app.

The folder is the environment variable MTL_STORE, else one in the user's cache folder, else a temporary one. What no disk
would take stays in memory and is tried again every few seconds, and once more when the app ends. `problem` says so in a
sentence, because a visitor who is promised that a run is kept must be told when it isn't. A stored run goes before a
recorded one.
"""

from __future__ import annotations

import functools
import logging
import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs

from mtl_core.jobs.leases import browser_of
from mtl_core.jobs.settings import number
from mtl_core.language import N_, _
from mtl_core.records import FORMER_FILE, Gallery, Head, Outcome, Run, RunFolder, decode_head, read_over, run_key
from mtl_core.spec import ExperimentSpec, Float32

__all__ = ["Finished"]

log = logging.getLogger(__name__)

_LIMIT = 500_000_000
"""Most bytes on disk. The largest run has 32 MB of weights, an ordinary one 0.1 MB."""

_MEMORY_LIMIT = 100_000_000
_RETRY_SECONDS = 10.0
_APP = "concatenate-explained"

_RECORDED = "recorded"

_MEMORY_ONLY = N_("Some finished runs are kept in memory only and are lost when the server restarts: {reason}.")
_OTHER_VERSIONS = N_(
    "Runs of a worker that computes with other versions than this app are kept in memory only and are lost when the server restarts."
)
_NO_ROOM = N_("Some finished runs found room neither on disk nor in memory; they have to be trained again.")
_ELSEWHERE = N_("Finished runs are kept in a temporary folder that the system may empty: {reason}.")
_MADE_AGAIN = N_("The folder of finished runs was removed and made again; earlier runs have to be trained again.")
_DAMAGED = N_("Some files of finished runs are damaged and are not used; those runs have to be trained again.")
_FORMER_READING = N_("Runs that an earlier version of this app stored are being read and will be there in a moment.")
_FORMER_DAMAGED = N_("Some runs that an earlier version of this app stored are damaged and have to be trained again.")
_FORMER_LEFT = N_("Runs that an earlier version of this app stored cannot be read yet: {reason}.")

Weights = Callable[[], tuple[Float32, ...] | None]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A run that no disk would take yet: head and body as in the archive."""

    archive: tuple[bytes, bytes]
    head: Head
    owner: str

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(map(len, self.archive))


class Finished:
    """Finished runs by key, for any number of threads. Nothing here raises, unless a method says so.

    Parameters
    ----------
    folder : Path, optional
        Where to keep them. Default: as the module says.
    gallery : Gallery, optional
        Default: the recorded runs that ship with the app.
    limit : int, optional
        Most bytes on disk. Default: the environment variable MTL_STORE_BYTES, else 500 MB.
    retry_seconds : float
        Between two trials to write what no disk would take.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        gallery: Gallery | None = None,
        limit: int | None = None,
        retry_seconds: float = _RETRY_SECONDS,
    ) -> None:
        self._chosen = folder
        self._gallery = gallery or Gallery()
        self._limit = int(number("MTL_STORE_BYTES", _LIMIT)) if limit is None else limit
        self._retry_seconds = retry_seconds
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._waiting: OrderedDict[str, _Waiting] = OrderedDict()
        self._disk: RunFolder | None = None
        self._place = self._former = ("", "")
        self._reason = ""
        """Why runs are in memory only, if they are and it is not only for the moment of writing."""
        self._dropped = False
        self._retrying = False
        self._closing = threading.Event()
        self._open()

    @property
    def where(self) -> str:
        """The folder, or empty: in memory."""
        return str(self._disk.folder) if self._disk else ""

    @property
    def problem(self) -> str:
        """What a visitor should know about where runs are kept; empty if all is well. Asks no disk."""
        with self._lock:
            problems = [
                (_MEMORY_ONLY if self._reason else "", self._reason),
                (_OTHER_VERSIONS if any(not run.head.is_named(key) for key, run in self._waiting.items()) else "", ""),
                (_NO_ROOM if self._dropped else "", ""),
                self._place,
                (_MADE_AGAIN if self._disk and self._disk.made_again else "", ""),
                (_DAMAGED if self._disk and self._disk.damaged else "", ""),
                self._former,
            ]
        return " ".join(_(sentence).format(reason=reason) for sentence, reason in problems if sentence)

    def stored(self, key: str) -> Head | None:
        """What is stored about a run; where nothing changed it costs one `stat` of a file."""
        # Memory first: what is there is what the disk would not take, so it is newer.
        with self._lock:
            waiting, disk = self._waiting.get(key), self._disk
        if waiting:
            return waiting.head
        return disk.head(key) if disk else None

    def found(self, spec: ExperimentSpec) -> tuple[str, Head] | None:
        """The run of an experiment whose weights there are, and a name for it that no later one has; a stored run goes before a
        recorded one, as it does on screen."""
        key = run_key(spec)
        if stored := self.stored(key):
            return f"{key} {stored.attempt}", stored
        recorded = self._gallery.head(spec)
        return (_RECORDED, recorded) if recorded else None

    def recorded(self, spec: ExperimentSpec) -> Run | None:
        """The run that ships with the app."""
        head = self._gallery.head(spec)
        return head.run if head else None

    def weights(self, spec: ExperimentSpec, epoch: int) -> tuple[str, Weights] | None:
        """A name for the run that has this epoch's weights, and how to read them; None if they are not kept."""
        found = self.found(spec)
        if found is None or epoch not in found[1].run.kept:
            return None
        name = found[0]
        if name == _RECORDED:
            return name, functools.partial(self._gallery.weights, spec, epoch)
        return name, functools.partial(self._stored_weights, run_key(spec), epoch)

    def keep(self, key: str, outcome: Outcome, visitors: Collection[str] = ()) -> Run:
        """Store what a worker sent. It may write to the disk, so call it outside of locks.

        What other versions than the key's have made stays in memory.

        Parameters
        ----------
        key : str
        outcome : Outcome
            Of a finished training.
        visitors : collection of str
            Who followed it: a run of one browser's visitors counts against that browser's share of the folder.

        Raises
        ------
        ValueError
            If it cannot be read, or is another run's.
        """
        head, body = decode_head(outcome.head), outcome.body.tobytes()
        if not key.startswith(head.run.spec.digest()) or len(body) != head.body_bytes:
            raise ValueError("what the worker sent is another run, or incomplete")
        for epoch in head.run.kept:
            head.weights(epoch, _piece(head, body, epoch))
        browsers = {browser_of(visitor) for visitor in visitors}
        owner = browsers.pop() if len(browsers) == 1 else ""
        with self._lock:
            self._waiting[key] = _Waiting((outcome.head, body), head, owner)
            self._waiting.move_to_end(key)
        self._write()
        self._forget_the_oldest()
        self._retry_soon()
        return replace(head.run, source="live")

    def close(self) -> None:
        """Write what is still in memory, if the disk takes it now, and forget it."""
        self._closing.set()
        self._write()
        with self._lock:
            if self._waiting:
                log.error("%d finished runs could not be written and are lost: %s", len(self._waiting), self._reason)
            self._waiting.clear()

    def _stored_weights(self, key: str, epoch: int) -> tuple[Float32, ...] | None:
        with self._lock:
            waiting, disk = self._waiting.get(key), self._disk
        if waiting is None:
            return disk.weights(key, epoch) if disk else None
        return waiting.head.weights(epoch, _piece(waiting.head, waiting.archive[1], epoch))

    def _write(self) -> None:
        """Write what is in memory, each run that the disk takes."""
        with self._writing:
            if self._disk is None:
                self._open()
            if self._disk is None:
                return
            reason = ""
            with self._lock:
                waiting = [(key, run) for key, run in self._waiting.items() if run.head.is_named(key)]
            for key, run in waiting:
                try:
                    self._disk.put(key, *run.archive, owner=run.owner)
                except (OSError, MemoryError) as error:
                    reason = _in_words(error)
                    continue
                with self._lock:
                    # Another outcome of the same run may have come meanwhile.
                    if self._waiting.get(key) is run:
                        del self._waiting[key]
            if reason and reason != self._reason:
                log.warning("Finished runs cannot be written: %s", reason)
            with self._lock:
                self._reason = reason

    def _forget_the_oldest(self) -> None:
        """Keep what no disk took to what memory has room for."""
        with self._lock:
            while sum(each.size for each in self._waiting.values()) > _MEMORY_LIMIT and len(self._waiting) > 1:
                key, _run = self._waiting.popitem(last=False)
                self._dropped = True
                log.error("The finished run %s found room neither on disk nor in memory.", key)

    def _retry_soon(self) -> None:
        with self._lock:
            if not self._waiting or self._retrying or self._closing.is_set():
                return
            self._retrying = True
        threading.Thread(target=self._retry, name="finished runs", daemon=True).start()

    def _retry(self) -> None:
        while not self._closing.wait(self._retry_seconds):
            self._write()
            with self._lock:
                if not self._waiting:
                    self._retrying = False
                    return

    def _open(self) -> None:
        """Take the first folder that can be written."""
        reason = ""
        for rank, folder in enumerate(_places(self._chosen)):
            try:
                disk = _opened(folder, self._limit)
            except OSError as error:
                reason = reason or _in_words(error)
                continue
            with self._lock:
                self._disk = disk
                self._place = (_ELSEWHERE, reason) if rank else ("", "")
            if (folder / FORMER_FILE).exists():
                # 500 MB take ten seconds, which nobody should have to wait for.
                self._former = (_FORMER_READING, "")
                threading.Thread(target=self._read_over, args=(disk,), name="former runs", daemon=True).start()
            return
        with self._lock:
            self._reason = reason

    def _read_over(self, disk: RunFolder) -> None:
        try:
            outcome = (_FORMER_DAMAGED if read_over(disk) else "", "")
        except (OSError, MemoryError) as error:
            log.warning("Runs of an earlier version: %s", error)
            outcome = (_FORMER_LEFT, _in_words(error))
        with self._lock:
            self._former = outcome


def _places(folder: Path | None) -> Iterator[Path]:
    chosen = folder or (Path(os.environ["MTL_STORE"]) if os.environ.get("MTL_STORE") else None)
    yield chosen or platformdirs.user_cache_path(_APP)
    # Anybody may make a folder in the temporary one, so this name is only good if the folder is ours. Windows gives each
    # user a temporary folder of their own, and has no user numbers.
    user = os.getuid() if hasattr(os, "getuid") else 0
    mine = Path(tempfile.gettempdir()) / f"{_APP}-{user}"
    if not mine.exists() or mine.stat().st_uid == user:
        yield mine


def _opened(folder: Path, limit: int) -> RunFolder:
    """A folder that was tried; `OSError` if nothing can be written there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        return RunFolder(folder, limit)


def _piece(head: Head, body: bytes, epoch: int) -> memoryview:
    start = head.offset(epoch)
    return memoryview(body)[start : start + head.epoch_bytes]


def _in_words(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or error)
