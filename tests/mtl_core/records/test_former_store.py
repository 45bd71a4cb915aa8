import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mtl_core.records import RunFolder, read_over
from tests.mtl_core.records.made import ROOM, a_key, an_outcome, size_of

SCHEMA = """
create table if not exists runs (
    key text primary key, head blob not null, body blob not null, size integer not null, used real not null
)"""


def a_row(number: int, *, megabytes: int = 0) -> tuple[str, bytes, bytes, int, float]:
    outcome = an_outcome(number, megabytes=megabytes)
    head, body = outcome.head, outcome.body.tobytes()
    return a_key(number), head, body, len(head) + len(body), 1.7e9 + number


def write(folder: Path, rows: list[tuple[object, ...]]) -> Path:
    file = folder / "runs.sqlite"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("pragma journal_mode = wal")
        database.execute(SCHEMA)
        database.execute("pragma user_version = 1")
        database.executemany("insert or replace into runs values (?, ?, ?, ?, ?)", rows)
    return file


def there(runs: RunFolder, count: int) -> list[int]:
    return [number for number in range(count) if runs.weights(a_key(number), 0) is not None]


def test_runs_of_an_earlier_version_are_read_over_once_and_its_file_goes(tmp_path: Path) -> None:
    write(tmp_path, [a_row(number) for number in range(12)])
    runs = RunFolder(tmp_path, ROOM)
    assert read_over(runs) == 0
    assert there(runs, 12) == [*range(12)]
    assert not list(tmp_path.glob("runs.sqlite*"))
    assert read_over(runs) == 0
    assert len(list(tmp_path.iterdir())) == 12


def test_what_was_used_last_is_kept_if_there_is_not_room_for_all(tmp_path: Path) -> None:
    write(tmp_path, [a_row(number, megabytes=1) for number in range(6)])
    runs = RunFolder(tmp_path, 3_100_000)
    assert read_over(runs) == 0
    assert there(runs, 6) == [3, 4, 5]
    assert size_of(tmp_path) <= 3_100_000


def test_a_run_that_was_trained_again_since_is_not_replaced(tmp_path: Path) -> None:
    write(tmp_path, [a_row(0)])
    runs = RunFolder(tmp_path, ROOM)
    newer = an_outcome(0, "newer")
    runs.put(a_key(0), newer.head, newer.body.tobytes())
    read_over(runs)
    head = runs.head(a_key(0))
    assert head is not None
    assert head.attempt == "newer"


def test_bad_rows_are_counted_and_the_good_ones_read(tmp_path: Path) -> None:
    good, other = a_row(0), a_row(1)
    rows = [
        good,
        (a_key(2), b"no head", b"", 0, 1.0),
        (a_key(3), *other[1:]),
        (a_key(1), other[1], other[2][:-1], 0, 1.0),
        (f"{a_key(4)[:32]}/../../x", *a_row(4)[1:]),
        (a_key(5), "text", 7, 0, "never"),
    ]
    file = write(tmp_path, rows)
    runs = RunFolder(tmp_path, ROOM)
    assert read_over(runs) == 5
    assert there(runs, 6) == [0]
    assert not file.exists()
    assert file.with_suffix(".sqlite.damaged").exists()


def test_a_damaged_page_costs_its_own_runs(tmp_path: Path) -> None:
    file = write(tmp_path, [a_row(number) for number in range(60)])
    raw = bytearray(file.read_bytes())
    position = raw.index(a_row(30)[1]) // 4096 * 4096
    raw[position : position + 4096] = os.urandom(4096)
    file.write_bytes(raw)
    runs = RunFolder(tmp_path, ROOM)
    lost = read_over(runs)
    kept = there(runs, 60)
    assert lost >= 1
    assert 45 <= len(kept) < 60
    assert file.with_suffix(".sqlite.damaged").exists()


@pytest.mark.parametrize(
    "garbage",
    [b"", b"this is no database at all" * 100, b"SQLite format 3\x00" + bytes(range(256)) * 20],
    ids=["empty", "no database", "noise after the first line"],
)
def test_a_file_that_is_no_database_is_put_aside_and_said(tmp_path: Path, garbage: bytes) -> None:
    file = tmp_path / "runs.sqlite"
    file.write_bytes(garbage)
    assert read_over(RunFolder(tmp_path, ROOM)) == 1
    assert not file.exists()
    assert file.with_suffix(".sqlite.damaged").read_bytes() == garbage


def test_a_file_that_another_process_holds_is_left_for_the_next_time(tmp_path: Path) -> None:
    file = write(tmp_path, [a_row(0)])
    runs = RunFolder(tmp_path, ROOM)
    with closing(sqlite3.connect(file)) as other:
        other.execute("pragma locking_mode = exclusive")
        other.execute("begin immediate")
        other.execute("insert or replace into runs values (?, ?, ?, ?, ?)", a_row(1))
        with pytest.raises(OSError, match="locked"):
            read_over(runs, patience=0.1)
        other.rollback()
    assert read_over(runs) == 0
    assert there(runs, 2) == [0]


def test_a_full_disk_leaves_the_file_for_the_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path, [a_row(0)])

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            read_over(RunFolder(tmp_path, ROOM))
    assert file.exists()
    runs = RunFolder(tmp_path, ROOM)
    assert read_over(runs) == 0
    assert there(runs, 1) == [0]
