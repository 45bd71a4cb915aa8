import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from mtl_core.records import PACKAGES, RunFolder, run_key, versions
from tests.mtl_core.records.made import ROOM, a_file, a_key, a_spec, put, size_of

MEGABYTE = 1_000_000


@pytest.fixture
def runs(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path, ROOM)


def there(runs: RunFolder, numbers: range) -> list[int]:
    return [number for number in numbers if runs.head(a_key(number))]


def damage(file: Path, position: int) -> None:
    data = bytearray(file.read_bytes())
    data[position] ^= 0xFF
    file.write_bytes(data)


def test_a_run_comes_back_with_its_weights_in_another_process(tmp_path: Path, runs: RunFolder) -> None:
    put(runs)
    again = RunFolder(tmp_path, ROOM)
    head = again.head(a_key())
    assert head is not None
    assert (head.run.spec, head.run.kept, head.attempt) == (a_spec(), (0, 1, 2, 3), "first")
    weights = again.weights(a_key(), 2)
    assert weights is not None
    np.testing.assert_array_equal(weights[0], np.full((2, 3), 2, np.float32))
    np.testing.assert_array_equal(weights[1], np.ones(3, np.float32))


def test_what_was_never_put_is_none(tmp_path: Path, runs: RunFolder) -> None:
    assert runs.head(a_key()) is None
    assert runs.weights(a_key(), 0) is None
    put(runs)
    assert runs.weights(a_key(), 99) is None
    assert RunFolder(tmp_path / "missing").head(a_key()) is None
    assert RunFolder(tmp_path / "missing").names() == set()


def test_a_run_that_is_trained_again_takes_the_place_of_the_former(tmp_path: Path, runs: RunFolder) -> None:
    put(runs)
    assert runs.head(a_key()) is not None
    put(RunFolder(tmp_path, ROOM), attempt="second")
    head = runs.head(a_key())
    assert head is not None
    assert head.attempt == "second"


def test_a_look_reads_the_head_alone_and_only_once(
    tmp_path: Path, runs: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(runs)
    damage(a_file(tmp_path), -1)
    assert runs.head(a_key()) is not None, "it read the body, which is damaged"

    def cannot_open(*arguments: object) -> None:
        raise PermissionError("opened again")

    monkeypatch.setattr(Path, "open", cannot_open)
    assert runs.head(a_key()) is not None


# Damage.


def test_a_damaged_head_is_put_aside_and_the_others_stay(tmp_path: Path, runs: RunFolder) -> None:
    put(runs, 0)
    put(runs, 1)
    damage(a_file(tmp_path, 0), 30)
    assert runs.head(a_key(0)) is None
    assert runs.damaged == {a_key(0)}
    assert not a_file(tmp_path, 0).exists()
    assert a_file(tmp_path, 0).with_suffix(".run.damaged").exists()
    assert runs.weights(a_key(1), 2) is not None
    put(runs, 0)
    assert runs.head(a_key(0)) is not None
    assert runs.damaged == set()


def test_damage_is_over_when_another_process_has_put_a_good_run(tmp_path: Path, runs: RunFolder) -> None:
    put(runs)
    damage(a_file(tmp_path), 30)
    assert runs.head(a_key()) is None
    put(RunFolder(tmp_path, ROOM))
    assert runs.head(a_key()) is not None
    assert runs.damaged == set()


def test_damaged_weights_are_put_aside_when_they_are_read(tmp_path: Path, runs: RunFolder) -> None:
    put(runs)
    assert runs.head(a_key()) is not None
    damage(a_file(tmp_path), -1)
    assert runs.weights(a_key(), 0) is not None
    assert runs.weights(a_key(), 3) is None
    assert runs.head(a_key()) is None
    assert runs.damaged == {a_key()}


@pytest.mark.parametrize("left", [0, 5, 12, 100, -1])
def test_a_file_that_is_cut_off_is_put_aside(tmp_path: Path, runs: RunFolder, left: int) -> None:
    put(runs)
    a_file(tmp_path).write_bytes(a_file(tmp_path).read_bytes()[:left])
    assert runs.head(a_key()) is None
    assert runs.damaged == {a_key()}


def test_a_file_is_damaged_at_any_byte_and_nothing_is_raised(tmp_path: Path, runs: RunFolder) -> None:
    put(runs)
    good = a_file(tmp_path).read_bytes()
    for position in range(0, len(good), 7):
        a_file(tmp_path).write_bytes(good)
        damage(a_file(tmp_path), position)
        head = runs.head(a_key())
        assert head is None or any(runs.weights(a_key(), epoch) is None for epoch in head.run.kept)


def test_a_run_is_not_shown_as_anothers(tmp_path: Path, runs: RunFolder) -> None:
    put(runs, 0)
    shutil.copy(a_file(tmp_path, 0), a_file(tmp_path, 1))
    assert runs.head(a_key(1)) is None
    assert runs.weights(a_key(1), 0) is None
    assert runs.damaged == {a_key(1)}
    assert runs.head(a_key(0)) is not None


@pytest.mark.parametrize("package", PACKAGES)
def test_a_run_is_not_shown_as_that_of_other_versions(tmp_path: Path, runs: RunFolder, package: str) -> None:
    theirs = run_key(a_spec(), {**versions(), package: "0.0.1"})
    put(runs)
    shutil.copy(a_file(tmp_path), tmp_path / f"{theirs}.run")
    assert runs.head(theirs) is None
    assert runs.weights(theirs, 0) is None
    assert runs.damaged == {theirs}
    assert runs.head(a_key()) is not None


def test_a_file_of_another_version_is_left_and_put_aside_only_for_a_new_run(tmp_path: Path, runs: RunFolder) -> None:
    theirs = b"MTL run 2\nwhatever comes then"
    a_file(tmp_path).write_bytes(theirs)
    assert runs.head(a_key()) is None
    assert a_file(tmp_path).read_bytes() == theirs
    assert runs.damaged == set()
    put(runs)
    assert runs.head(a_key()) is not None
    assert a_file(tmp_path).with_suffix(".run.other-version").read_bytes() == theirs


def test_a_folder_that_is_only_read_is_left_as_it_is(tmp_path: Path) -> None:
    put(RunFolder(tmp_path, ROOM), age=1e6)
    a_file(tmp_path, 1).write_bytes(b"damaged")
    before = {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    gallery = RunFolder(tmp_path)
    assert gallery.head(a_key(0)) is not None
    assert gallery.head(a_key(1)) is None
    with pytest.raises(OSError, match="only read"):
        put(gallery, 2)
    assert {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == before


def test_a_folder_that_is_removed_is_made_again_and_says_so(tmp_path: Path) -> None:
    runs = RunFolder(tmp_path / "runs", ROOM)
    put(runs, 0)
    assert not runs.made_again
    shutil.rmtree(tmp_path / "runs")
    put(runs, 1)
    assert runs.made_again
    assert runs.head(a_key(0)) is None
    assert RunFolder(tmp_path / "runs", ROOM).head(a_key(1)) is not None


def test_a_look_notices_that_the_folder_was_removed(tmp_path: Path) -> None:
    runs = RunFolder(tmp_path / "runs", ROOM)
    put(runs)
    shutil.rmtree(tmp_path / "runs")
    assert runs.head(a_key()) is None
    assert runs.made_again


_FULL_DISK = """
import resource, sys
from pathlib import Path
from mtl_core.records import RunFolder
from tests.mtl_core.records.made import ROOM, a_key, put
runs = RunFolder(Path(sys.argv[1]), ROOM)
put(runs, 0)
put(runs, 1)
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))
try:
    put(runs, 1, "second", megabytes=4)
except OSError as error:
    print(error)
else:
    raise SystemExit("it did not say that the disk is full")
assert runs.head(a_key(0)) and runs.head(a_key(1)).attempt == "first"
assert len(list(Path(sys.argv[1]).iterdir())) == 2, "a half written file was left"
"""


def run_script(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="no such limit here")
def test_a_full_disk_raises_and_leaves_what_was_there(tmp_path: Path) -> None:
    done = run_script(_FULL_DISK, str(tmp_path))
    assert done.returncode == 0, done.stderr


# Threads and processes.


def test_a_look_does_not_wait_for_a_large_run_that_is_being_put(
    runs: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(runs, 0)
    writing, looked = threading.Event(), threading.Event()

    def slow(file: int) -> None:
        writing.set()
        assert looked.wait(30), "the look waited for the disk"

    monkeypatch.setattr("os.fsync", slow)
    thread = threading.Thread(target=put, args=(runs, 1))
    thread.start()
    assert writing.wait(30)
    assert runs.head(a_key(0)) is not None
    assert runs.weights(a_key(0), 1) is not None
    assert runs.head(a_key(1)) is None
    looked.set()
    thread.join()
    assert runs.head(a_key(1)) is not None


def test_a_reader_sees_the_former_run_or_the_new_one_and_never_half_of_one(tmp_path: Path, runs: RunFolder) -> None:
    put(runs)
    ended = threading.Event()

    def replacing() -> None:
        other = RunFolder(tmp_path, ROOM)
        for number in range(100):
            put(other, 0, f"attempt {number}", megabytes=number % 2)
        ended.set()

    thread = threading.Thread(target=replacing)
    thread.start()
    while not ended.is_set():
        assert runs.head(a_key()) is not None
        assert runs.weights(a_key(), 0) is not None
    thread.join()
    assert runs.damaged == set()


_THEIRS = """
import sys
from pathlib import Path
from mtl_core.records import RunFolder
from tests.mtl_core.records.made import put
runs = RunFolder(Path(sys.argv[1]), int(sys.argv[2]))
for number in range(100, 120):
    put(runs, number, megabytes=int(sys.argv[3]))
"""


@pytest.mark.parametrize(("limit", "megabytes"), [(ROOM, 0), (6 * MEGABYTE, 1)])
def test_two_processes_share_a_folder_and_its_limit(tmp_path: Path, limit: int, megabytes: int) -> None:
    runs = RunFolder(tmp_path, limit)
    results: list[subprocess.CompletedProcess[str]] = []
    other = threading.Thread(
        target=lambda: results.append(run_script(_THEIRS, str(tmp_path), str(limit), str(megabytes)))
    )
    other.start()
    for number in range(20):
        put(runs, number, megabytes=megabytes)
    other.join()
    assert results[0].returncode == 0, results[0].stderr
    kept = there(runs, range(200))
    assert size_of(tmp_path) <= limit
    if megabytes:
        # Both may have made room for the same run.
        assert 3 <= len(kept) <= 5
    else:
        assert kept == [*range(20), *range(100, 120)]


# The limit.


def test_runs_that_were_not_used_for_longest_go_first(tmp_path: Path) -> None:
    runs = RunFolder(tmp_path, 3 * MEGABYTE + 100_000)
    for number in range(3):
        put(runs, number, megabytes=1, age=1000 - number)
    assert runs.head(a_key(0)) is not None
    put(runs, 3, megabytes=1)
    assert there(runs, range(4)) == [0, 2, 3]


def test_a_look_by_another_process_counts_as_use(tmp_path: Path) -> None:
    runs = RunFolder(tmp_path, 3 * MEGABYTE + 100_000)
    for number in range(3):
        put(runs, number, megabytes=1, age=1000 - number)
    assert RunFolder(tmp_path, ROOM).head(a_key(0)) is not None
    put(runs, 3, megabytes=1)
    assert there(runs, range(4)) == [0, 2, 3]


def test_the_folder_never_holds_more_than_its_limit_not_even_for_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = RunFolder(tmp_path, 5 * MEGABYTE)
    sizes: list[int] = []
    monkeypatch.setattr("os.fsync", lambda file: sizes.append(size_of(tmp_path)))
    for number in range(12):
        put(runs, number, megabytes=1 + number % 3)
        sizes.append(size_of(tmp_path))
    assert len(sizes) == 24
    assert max(sizes) <= 5 * MEGABYTE


def test_a_run_larger_than_the_limit_is_refused_and_removes_nothing(tmp_path: Path) -> None:
    runs = RunFolder(tmp_path, 1 * MEGABYTE)
    put(runs, 0)
    with pytest.raises(OSError, match="more than the 1,000,000"):
        put(runs, 1, megabytes=1)
    assert there(runs, range(2)) == [0]


def test_ten_large_runs_of_one_visitor_leave_everybodys_small_ones(tmp_path: Path) -> None:
    runs = RunFolder(tmp_path, 100 * MEGABYTE)
    for number in range(40):
        put(runs, number, owner=f"visitor {number}", age=86_400 + number)
    for number in range(40, 50):
        put(runs, number, megabytes=29, owner="the one")
        assert size_of(tmp_path) <= 100 * MEGABYTE
    assert there(runs, range(40)) == [*range(40)]
    assert there(runs, range(40, 50)) == [47, 48, 49]


def test_a_visitor_with_more_than_a_quarter_makes_room_with_their_own(tmp_path: Path) -> None:
    runs = RunFolder(tmp_path, 8 * MEGABYTE + 100_000)
    for number in range(4):
        put(runs, number, megabytes=1, owner=f"visitor {number}", age=1000)
    for number in range(4, 20):
        put(runs, number, megabytes=1, owner="the one", age=20 - number)
    assert there(runs, range(4)) == [*range(4)]
    assert there(runs, range(4, 20)) == [16, 17, 18, 19]


def test_what_was_put_aside_goes_before_any_run(tmp_path: Path) -> None:
    runs = RunFolder(tmp_path, 3 * MEGABYTE + 100_000)
    put(runs, 0, megabytes=1, age=5000)
    put(runs, 1, megabytes=1)
    damage(a_file(tmp_path, 1), 30)
    assert runs.head(a_key(1)) is None
    for number in (2, 3):
        put(runs, number, megabytes=1)
    assert there(runs, range(4)) == [0, 2, 3]
    assert not list(tmp_path.glob("*.damaged"))


def test_what_a_process_left_that_died_while_writing_goes_and_what_is_being_written_stays(tmp_path: Path) -> None:
    runs = RunFolder(tmp_path, 3 * MEGABYTE + 100_000)
    dead, alive = (tmp_path / f"{a_key(9)}.run.{name}.tmp" for name in ("dead", "alive"))
    for file in (dead, alive):
        file.write_bytes(bytes(MEGABYTE))
    os.utime(dead, (time.time() - 7200,) * 2)
    for number in (0, 1):
        put(runs, number, megabytes=1)
    assert there(runs, range(2)) == [0, 1]
    assert (dead.exists(), alive.exists()) == (False, True)


def test_a_folder_without_room_refuses_a_run_rather_than_exceed_its_limit(tmp_path: Path) -> None:
    runs = RunFolder(tmp_path, 2 * MEGABYTE)
    (tmp_path / f"{a_key(9)}.run.alive.tmp").write_bytes(bytes(MEGABYTE + 500_000))
    with pytest.raises(OSError, match="cannot be removed"):
        put(runs, 0, megabytes=1)
    assert size_of(tmp_path) <= 2 * MEGABYTE


def test_files_that_are_no_runs_are_never_removed(tmp_path: Path) -> None:
    names = ("notes.txt", "other.tmp", "mine.run", "mine.run.damaged")
    for name in names:
        (tmp_path / name).write_bytes(bytes(MEGABYTE))
        os.utime(tmp_path / name, (0, 0))
    runs = RunFolder(tmp_path, 2 * MEGABYTE)
    for number in range(4):
        put(runs, number, megabytes=1)
    assert all((tmp_path / name).exists() for name in names)
