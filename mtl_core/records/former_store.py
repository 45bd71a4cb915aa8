"""Runs of the SQLite file that earlier versions of the app kept, read over once into a folder with one file a run.

The table was `runs (key text, head blob, body blob, size integer, used real)`, its head and body those of the archive
format. What is damaged is left out and counted; the rest is read.
"""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from mtl_core.records.archive import decode_head
from mtl_core.records.room import DAMAGED
from mtl_core.records.run_folder import RunFolder

__all__ = ["FORMER_FILE", "read_over"]

log = logging.getLogger(__name__)

FORMER_FILE = "runs.sqlite"
"""Its name."""

_KEY = re.compile(r"[0-9a-f]{32}(-[\w.+]+)*")
_ROW = "select key, head, body, used from runs where rowid = ?"
_WAYS = (
    "select rowid from runs order by used",
    "select rowid from runs order by key",  # through the index alone
    "select rowid from runs order by rowid",
)


def read_over(runs: RunFolder, *, patience: float = 10.0) -> int:
    """Read the former file in a folder over into files, and remove it; a damaged one is put aside as `.damaged`.

    Parameters
    ----------
    runs : RunFolder
    patience : float
        Seconds to wait for another process that holds the file.

    Returns
    -------
    int
        Runs that could not be read, at least 1 if the file itself is damaged.

    Raises
    ------
    OSError
        If there is no room, or the files cannot be written. The former file is left for the next time.
    """
    file = runs.folder / FORMER_FILE
    if not file.is_file():
        return 0
    there, lost = runs.names(), 0
    try:
        for row in _rows(file, patience):
            if row is None or not _is_good(*row):
                lost += 1
            elif row[0] not in there:
                key, head, body, used = row
                runs.put(key, head, body, used=used)
    except sqlite3.Error as error:
        raise OSError(f"{FORMER_FILE} cannot be read: {error}") from error
    log.info("The runs of %s were read over; %d could not be read.", file, lost)
    # Another process may have done the same.
    with suppress(FileNotFoundError):
        if lost:
            file.replace(file.with_name(FORMER_FILE + DAMAGED))
            runs.trim()
        else:
            file.unlink()
    for suffix in ("-wal", "-shm"):
        file.with_name(FORMER_FILE + suffix).unlink(missing_ok=True)
    return lost


def _rows(file: Path, patience: float) -> Iterator[tuple[Any, ...] | None]:
    """Every row, the longest unused first; None where one or more cannot be read."""
    # Not `sqlite3.connect(file)`: that would make the file again which another process has just removed.
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=patience)) as database:
        numbers, complete = _row_numbers(database)
        for number in numbers:
            try:
                yield database.execute(_ROW, (number,)).fetchone()
            except sqlite3.Error as error:
                _must_be_damage(error)
                yield None
        if not complete:
            yield None


def _row_numbers(database: sqlite3.Connection) -> tuple[list[int], bool]:
    """Numbers of the rows, and whether all were found: a damaged page ends one way through the table, not each."""
    numbers: dict[int, None] = {}
    for way in _WAYS:
        try:
            for (number,) in database.execute(way):
                numbers[number] = None
        except sqlite3.Error as error:
            _must_be_damage(error)
        else:
            if way == _WAYS[0]:
                return list(numbers), True
    return list(numbers), False


def _must_be_damage(error: sqlite3.Error) -> None:
    """Anything else, such as a lock or a full disk, may be over the next time."""
    if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR):
        raise error


def _is_good(key: Any, head: Any, body: Any, used: Any) -> bool:
    if not (isinstance(key, str) and isinstance(head, bytes) and isinstance(body, bytes) and isinstance(used, float)):
        return False
    try:
        run = decode_head(head)
    except ValueError as error:
        log.warning("The former run %s cannot be read: %s", key, error)
        return False
    return bool(_KEY.fullmatch(key)) and run.is_named(key) and len(body) == run.body_bytes
