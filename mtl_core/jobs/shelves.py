"""Two places for finished runs with one manner: a SQLite file, and memory for what no disk would take."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import OrderedDict
from contextlib import closing
from pathlib import Path
from typing import Protocol

__all__ = ["FAULTS", "Disk", "Memory", "Shelf", "is_damage"]

FAULTS = (sqlite3.Error, OSError, MemoryError)
"""What a shelf may raise."""

_SCHEMA = """
create table if not exists runs (
    key text primary key, head blob not null, body blob not null, size integer not null, used real not null
)"""


class Shelf(Protocol):
    """A place for runs. Every method may raise one of `FAULTS`."""

    def head(self, key: str) -> bytes | None:
        """The head of a run, or None."""

    def piece(self, key: str, offset: int, size: int) -> bytes | None:
        """`size` bytes of a run's body from `offset` on, or None."""

    def put(self, key: str, head: bytes, body: bytes) -> None:
        """Put a run in its place, in place of an earlier one."""

    def drop(self, key: str) -> None:
        """Remove a run, if it is there."""

    def close(self) -> None:
        """Let go of the file."""


def is_damage(error: BaseException) -> bool:
    """Whether the file itself is broken, and not only out of reach or room."""
    return type(error) is sqlite3.DatabaseError


class Disk:
    """One SQLite file. Reader and writer have a connection each, so that a look never waits for a large run to be put."""

    def __init__(self, file: Path, limit: int) -> None:
        self._limit = limit
        self._touched: dict[str, float] = {}
        self._reading, self._writing = threading.Lock(), threading.Lock()
        self._writer = _connected(file)
        try:
            self._writer.execute("pragma journal_mode = wal")
            self._writer.execute("pragma synchronous = normal")
            self._writer.execute(_SCHEMA)
            self._writer.execute("pragma user_version = 1")
            self._writer.commit()
            self._reader = _connected(file)
        except BaseException:
            self._writer.close()
            raise

    def head(self, key: str) -> bytes | None:
        """The head of a run, or None."""
        with self._reading:
            row = self._reader.execute("select head from runs where key = ?", (key,)).fetchone()
            if row is None:
                return None
            self._touched[key] = time.time()
        return bytes(row[0])

    def piece(self, key: str, offset: int, size: int) -> bytes | None:
        """`size` bytes of a run's body from `offset` on, or None."""
        with self._reading:
            # One transaction: another process may replace the run between finding it and reading it.
            self._reader.execute("begin")
            try:
                row = self._reader.execute("select rowid from runs where key = ?", (key,)).fetchone()
                return None if row is None else self._slice(row[0], offset, size)
            finally:
                self._reader.rollback()

    def put(self, key: str, head: bytes, body: bytes) -> None:
        """Put a run in its place, in place of an earlier one."""
        with self._reading:
            touched, self._touched = self._touched, {}
        row = (key, head, body, len(head) + len(body), time.time())
        with self._writing, self._writer:
            self._writer.executemany("update runs set used = ? where key = ?", [(t, k) for k, t in touched.items()])
            self._writer.execute("insert or replace into runs values (?, ?, ?, ?, ?)", row)
            self._evict(key)

    def drop(self, key: str) -> None:
        """Remove a run, if it is there."""
        with self._writing, self._writer:
            self._writer.execute("delete from runs where key = ?", (key,))

    def close(self) -> None:
        """Let go of the file."""
        with self._reading, self._writing:
            self._reader.close()
            self._writer.close()

    def _slice(self, rowid: int, offset: int, size: int) -> bytes:
        with closing(self._reader.blobopen("runs", "body", rowid, readonly=True)) as blob:
            blob.seek(min(offset, len(blob)))
            return blob.read(size)

    def _evict(self, kept: str) -> None:
        """Least recently used first; the run that was just put stays."""
        (total,) = self._writer.execute("select coalesce(sum(size), 0) from runs").fetchone()
        for key, size in self._writer.execute("select key, size from runs order by used").fetchall():
            if total <= self._limit:
                break
            if key != kept:
                self._writer.execute("delete from runs where key = ?", (key,))
                total -= size


def _connected(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=2.0, check_same_thread=False)


class Memory:
    """The same, for what no disk would take."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._runs: OrderedDict[str, tuple[bytes, bytes]] = OrderedDict()

    def head(self, key: str) -> bytes | None:
        """The head of a run, or None."""
        with self._lock:
            if key not in self._runs:
                return None
            self._runs.move_to_end(key)
            return self._runs[key][0]

    def piece(self, key: str, offset: int, size: int) -> bytes | None:
        """`size` bytes of a run's body from `offset` on, or None."""
        with self._lock:
            return self._runs[key][1][offset : offset + size] if key in self._runs else None

    def put(self, key: str, head: bytes, body: bytes) -> None:
        """Put a run in its place, in place of an earlier one."""
        with self._lock:
            self._runs[key] = (head, body)
            self._runs.move_to_end(key)
            total = sum(len(head) + len(body) for head, body in self._runs.values())
            while total > self._limit and len(self._runs) > 1:
                _key, (its_head, its_body) = self._runs.popitem(last=False)
                total -= len(its_head) + len(its_body)

    def drop(self, key: str) -> None:
        """Remove a run, if it is there."""
        with self._lock:
            self._runs.pop(key, None)

    def items(self) -> list[tuple[str, bytes, bytes]]:
        """Key, head and body of everything here."""
        with self._lock:
            return [(key, *run) for key, run in self._runs.items()]

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._runs.clear()
