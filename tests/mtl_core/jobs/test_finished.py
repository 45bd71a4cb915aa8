import os
import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mtl_core.jobs.finished import Finished
from mtl_core.records import Gallery, Outcome, RunFolder, encode, versions
from tests.mtl_core.jobs.waiting import until
from tests.mtl_core.records.made import ROOM, a_file, a_key, a_spec, an_outcome, size_of
from tests.mtl_core.records.test_former_store import a_row, write


def keep(finished: Finished, number: int = 0, *, attempt: str = "first", megabytes: int = 0) -> None:
    finished.keep(a_key(number), an_outcome(number, attempt, megabytes=megabytes), ("me",))


def on_disk(folder: Path, number: int = 0) -> bool:
    """Whether another process would find the run."""
    return RunFolder(folder).head(a_key(number)) is not None


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder that is fallen back to."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


class Disk:
    """A disk that can be full."""

    def __init__(self) -> None:
        self.full = False

    def sync(self, file: int) -> None:
        if self.full:
            raise OSError(28, "No space left on device")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    disk = Disk()
    monkeypatch.setattr("os.fsync", disk.sync)
    return disk


@pytest.fixture
def finished(tmp_path: Path) -> Iterator[Finished]:
    finished = Finished(tmp_path, gallery=Gallery(tmp_path / "none"), limit=ROOM, retry_seconds=0.01)
    yield finished
    finished.close()


def test_a_restarted_server_still_has_the_finished_run(tmp_path: Path, finished: Finished) -> None:
    assert finished.keep(a_key(), an_outcome()).source == "live"
    finished.close()
    second = Finished(tmp_path)
    head = second.stored(a_key())
    assert head is not None
    assert (head.run.spec, head.run.kept, head.attempt, head.run.source) == (a_spec(), (0, 1, 2, 3), "first", "stored")
    weights = second.weights(a_spec(), 2)
    assert weights is not None
    np.testing.assert_array_equal((weights[1]() or ())[0], np.full((2, 3), 2, np.float32))
    assert (second.problem, second.where) == ("", str(tmp_path))


def test_a_stored_run_goes_before_a_recorded_one(tmp_path: Path) -> None:
    recorded = an_outcome(0, "recorded")
    (tmp_path / f"{a_spec().digest()}.run").write_bytes(encode(recorded.head, recorded.body))
    finished = Finished(tmp_path / "store", gallery=Gallery(tmp_path))
    assert finished.stored(a_key()) is None
    run = finished.recorded(a_spec())
    assert run is not None
    assert run.source == "recorded"
    assert (finished.weights(a_spec(), 1) or "")[0] == "recorded"
    keep(finished)
    name, read = finished.weights(a_spec(), 1) or ("", lambda: None)
    assert name.endswith(" first")
    assert read() is not None
    assert finished.weights(a_spec(), 99) is None


def test_what_a_worker_sent_is_refused_if_it_is_another_run_or_damaged(finished: Finished) -> None:
    with pytest.raises(ValueError, match="another run"):
        finished.keep(a_key(1), an_outcome(0))
    cut = an_outcome()
    with pytest.raises(ValueError, match="incomplete"):
        finished.keep(a_key(), Outcome(state="finished", attempt="x", head=cut.head, body=cut.body[:-1]))
    with pytest.raises(ValueError, match="damaged"):
        finished.keep(a_key(), replace(cut, body=cut.body + 1))
    assert finished.stored(a_key()) is None


def test_a_run_of_a_worker_with_other_versions_is_shown_and_never_stored_as_one_of_ours(tmp_path: Path) -> None:
    finished = Finished(tmp_path)
    theirs = an_outcome(made_by={**versions(), "keras": "0.0.1"})
    assert finished.keep(a_key(), theirs).versions["keras"] == "0.0.1"
    assert finished.stored(a_key()) is not None
    assert (finished.weights(a_spec(), 1) or ("", lambda: None))[1]() is not None
    assert "in memory only" in finished.problem
    assert "other versions" in finished.problem
    assert list(tmp_path.iterdir()) == []
    keep(finished)
    assert finished.problem == ""
    assert on_disk(tmp_path)


# Where.


def test_the_folder_and_its_limit_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTL_STORE", str(tmp_path / "chosen"))
    monkeypatch.setenv("MTL_STORE_BYTES", "3100000")
    finished = Finished()
    assert finished.where == str(tmp_path / "chosen")
    for number in range(4):
        keep(finished, number, megabytes=1)
    assert size_of(tmp_path / "chosen") <= 3_100_000
    assert (finished.stored(a_key(0)), finished.problem) == (None, "")


def test_a_home_that_cannot_be_written_means_the_temporary_folder_and_the_page_says_so(
    tmp_path: Path, temporary: Path
) -> None:
    (tmp_path / "file").write_text("a file where a folder should be: even root cannot write below it")
    finished = Finished(tmp_path / "file" / "cache")
    assert finished.where.startswith(str(temporary))
    assert "temporary folder" in finished.problem
    keep(finished)
    assert on_disk(Path(finished.where))


def test_with_no_folder_at_all_runs_stay_in_memory_and_the_page_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    finished = Finished(tmp_path / "file")
    keep(finished)
    assert finished.where == ""
    assert "memory only" in finished.problem
    assert finished.stored(a_key()) is not None
    weights = finished.weights(a_spec(), 3)
    assert weights is not None
    assert weights[1]() is not None


def test_a_folder_that_becomes_possible_later_takes_what_was_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    finished = Finished(tmp_path / "file", retry_seconds=0.01)
    keep(finished)
    assert finished.where == ""
    (tmp_path / "file").unlink()
    until(lambda: finished.problem == "")
    assert on_disk(tmp_path / "file")


def test_a_folder_of_a_stranger_in_the_temporary_one_is_not_used(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    stranger = temporary.stat().st_uid + 1
    (temporary / f"concatenate-explained-{stranger}").mkdir()
    monkeypatch.setattr("os.getuid", lambda: stranger)
    assert Finished(tmp_path / "file").where == ""


# Faults of the disk.


def test_a_disk_that_is_full_for_a_moment_loses_no_run_and_the_visitor_is_told(
    tmp_path: Path, finished: Finished, disk: Disk
) -> None:
    disk.full = True
    keep(finished)
    assert "memory only" in finished.problem
    assert "No space left on device" in finished.problem
    assert finished.stored(a_key()) is not None
    assert not on_disk(tmp_path)
    disk.full = False
    until(lambda: finished.problem == "")
    assert on_disk(tmp_path)


def test_a_polite_end_writes_what_the_disk_would_not_take_before(tmp_path: Path, disk: Disk) -> None:
    finished = Finished(tmp_path, retry_seconds=1e6)
    disk.full = True
    keep(finished, 0)
    keep(finished, 1)
    disk.full = False
    finished.close()
    assert on_disk(tmp_path, 0)
    assert on_disk(tmp_path, 1)


def test_an_end_with_a_full_disk_says_in_the_log_what_is_lost(
    tmp_path: Path, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    finished = Finished(tmp_path, retry_seconds=1e6)
    disk.full = True
    keep(finished)
    finished.close()
    assert "1 finished runs could not be written" in caplog.text


def test_one_run_that_is_too_large_does_not_keep_others_from_the_disk(tmp_path: Path) -> None:
    finished = Finished(tmp_path, limit=1_000_000, retry_seconds=1e6)
    keep(finished, 0, megabytes=2)
    assert "more than the 1,000,000" in finished.problem
    keep(finished, 1)
    assert on_disk(tmp_path, 1)
    assert finished.stored(a_key(0)) is not None


def test_memory_has_an_end_and_the_page_says_what_that_cost(
    tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtl_core.jobs.finished._MEMORY_LIMIT", 4_500_000)
    finished = Finished(tmp_path, retry_seconds=1e6)
    disk.full = True
    for number in range(5):
        keep(finished, number, megabytes=1)
    assert finished.stored(a_key(0)) is None
    assert finished.stored(a_key(4)) is not None
    assert "neither on disk nor in memory" in finished.problem


_FULL_DISK = """
import resource, sys
from pathlib import Path
from mtl_core.jobs.finished import Finished
from tests.mtl_core.jobs.test_finished import keep
from tests.mtl_core.records.made import a_key, a_spec
finished = Finished(Path(sys.argv[1]))
keep(finished, 0)
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))
keep(finished, 1, megabytes=4)
assert finished.stored(a_key(1)) is not None, "a finished run was lost"
assert finished.weights(a_spec(1), 0)[1]() is not None
assert "memory only" in finished.problem, finished.problem
assert finished.stored(a_key(0)) is not None
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
keep(finished, 2)
assert finished.problem == "", finished.problem
finished.close()
again = Finished(Path(sys.argv[1]))
assert all(again.stored(a_key(number)) for number in range(3))
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="no such limit here")
def test_a_full_disk_loses_no_finished_run_and_is_used_again_when_it_has_room(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, "-c", _FULL_DISK, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)
    assert done.returncode == 0, done.stderr


def test_a_folder_that_is_removed_under_a_running_server_is_made_again_and_the_page_says_so(tmp_path: Path) -> None:
    finished = Finished(tmp_path / "store")
    keep(finished, 0)
    shutil.rmtree(tmp_path / "store")
    keep(finished, 1)
    assert "removed and made again" in finished.problem
    assert finished.stored(a_key(0)) is None
    assert on_disk(tmp_path / "store", 1)


def test_a_folder_whose_place_was_taken_keeps_new_runs_in_memory_until_it_is_free(tmp_path: Path) -> None:
    finished = Finished(tmp_path / "store", retry_seconds=0.01)
    shutil.rmtree(tmp_path / "store")
    (tmp_path / "store").write_text("")
    keep(finished)
    assert "memory only" in finished.problem
    assert finished.stored(a_key()) is not None
    (tmp_path / "store").unlink()
    until(lambda: on_disk(tmp_path / "store"))


def test_a_damaged_run_is_said_until_it_was_trained_again(tmp_path: Path, finished: Finished) -> None:
    keep(finished, 0)
    keep(finished, 1)
    a_file(tmp_path, 0).write_bytes(b"MTL run 1\nand then nonsense")
    assert finished.stored(a_key(0)) is None
    assert "damaged" in finished.problem
    assert finished.stored(a_key(1)) is not None
    keep(finished, 0)
    assert (finished.stored(a_key(0)) is not None, finished.problem) == (True, "")


def test_runs_of_an_earlier_version_are_there_soon_after_the_first_start(tmp_path: Path) -> None:
    file = write(tmp_path, [a_row(number) for number in range(3)])
    finished = Finished(tmp_path)
    until(lambda: finished.problem == "")
    assert all(finished.stored(a_key(number)) for number in range(3))
    assert not file.exists()


def test_damage_in_the_store_of_an_earlier_version_is_said(tmp_path: Path) -> None:
    write(tmp_path, [a_row(0), (a_key(1), b"", b"", 0, 1.0)])
    finished = Finished(tmp_path)
    until(lambda: "are damaged and have to be trained again" in finished.problem)
    assert finished.stored(a_key(0)) is not None
    keep(finished, 1)
    assert finished.stored(a_key(1)) is not None


def test_runs_of_an_earlier_version_that_find_no_room_are_said_and_tried_at_the_next_start(
    tmp_path: Path, disk: Disk
) -> None:
    write(tmp_path, [a_row(0)])
    disk.full = True
    finished = Finished(tmp_path)
    until(lambda: "cannot be read yet: No space left on device" in finished.problem)
    disk.full = False
    second = Finished(tmp_path)
    until(lambda: second.problem == "")
    assert second.stored(a_key(0)) is not None


def test_a_look_and_the_problem_do_not_wait_for_a_run_that_is_being_written(
    finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(finished, 0)
    writing, looked = threading.Event(), threading.Event()

    def slow(file: int) -> None:
        writing.set()
        assert looked.wait(30), "the look waited for the disk"

    monkeypatch.setattr("os.fsync", slow)
    thread = threading.Thread(target=keep, args=(finished, 1))
    thread.start()
    assert writing.wait(30)
    assert finished.stored(a_key(0)) is not None
    assert finished.stored(a_key(1)) is not None, "it is in memory meanwhile"
    assert finished.recorded(a_spec(0)) is None
    assert finished.problem == "", "it is not yet known to have failed"
    looked.set()
    thread.join()
    assert finished.problem == ""


def test_one_visitor_cannot_remove_everybodys_runs(tmp_path: Path) -> None:
    finished = Finished(tmp_path, limit=30_000_000)
    for number in range(20):
        finished.keep(a_key(number), an_outcome(number), (f"visitor {number}",))
    for number in range(20, 30):
        finished.keep(a_key(number), an_outcome(number, megabytes=6), (f"the one.tab {number}", "the one.another tab"))
    assert all(finished.stored(a_key(number)) for number in range(20))
    assert size_of(tmp_path) <= 30_000_000
