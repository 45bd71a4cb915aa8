import os
import resource
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from mtl_core.jobs.store import Store
from mtl_core.records import Run, pack, run_key
from mtl_core.spec import ExperimentSpec
from tests.mtl_core.jobs.fakes import an_epoch, finish

SPEC = ExperimentSpec().replace(epochs=3, learning_rate=1e-5)
KEY = run_key(SPEC)


def put(store: Store, key: str = KEY, attempt: str = "first") -> None:
    outcome = finish(SPEC, attempt, tell=lambda event: None, should_stop=lambda: False)
    store.put(key, outcome.head, outcome.body.tobytes())


def put_large(store: Store, key: str, megabytes: int) -> None:
    outcome = finish(SPEC, "large", tell=lambda event: None, should_stop=lambda: False)
    run = Run(spec=SPEC, epochs=tuple(map(an_epoch, range(SPEC.train.epochs + 1))))
    weights = {0: [np.zeros(250_000 * megabytes, np.float32)]}
    head, body = pack(run, weights, outcome.attempt)
    store.put(key, head, body.tobytes())


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder that the store falls back to."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def test_a_restarted_server_still_has_the_finished_run(tmp_path: Path) -> None:
    first = Store(tmp_path)
    put(first)
    first.close()
    second = Store(tmp_path)
    head = second.head(KEY)
    assert head is not None
    assert (head.run.spec, head.run.kept, head.attempt) == (SPEC, (0, 1, 2, 3), "first")
    weights = second.weights(KEY, 2)
    assert weights is not None
    np.testing.assert_array_equal(weights[0], np.full((2, 3), 2, np.float32))
    assert (second.problem, second.where) == ("", str(tmp_path))


def test_what_was_never_stored_is_none(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.head("unknown") is None
    assert store.weights("unknown", 0) is None
    put(store)
    assert store.weights(KEY, 99) is None


def test_a_run_that_is_trained_again_takes_the_place_of_the_former(tmp_path: Path) -> None:
    store, other = Store(tmp_path), Store(tmp_path)
    put(store)
    put(other, attempt="second")
    head = store.head(KEY)
    assert head is not None
    assert head.attempt == "second"


def test_the_folder_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTL_STORE", str(tmp_path / "chosen"))
    assert Store().where == str(tmp_path / "chosen")


def test_runs_that_were_not_used_for_longest_go_first(tmp_path: Path) -> None:
    store = Store(tmp_path, limit=3_500_000)
    for key in ("a", "b", "c"):
        put_large(store, key, 1)
    assert store.head("a") is not None
    put_large(store, "d", 1)
    kept = [key for key in "abcd" if store.head(key)]
    assert kept == ["a", "c", "d"]


def test_a_run_larger_than_the_cap_is_kept_until_the_next(tmp_path: Path) -> None:
    store = Store(tmp_path, limit=100)
    put(store, "one")
    assert store.head("one") is not None
    put(store, "two")
    assert [key for key in ("one", "two") if store.head(key)] == ["two"]


@pytest.mark.parametrize(
    "garbage",
    [b"this is no database at all" * 100, b"SQLite format 3\x00" + os.urandom(5000)],
    ids=["no database", "noise after the first line"],
)
def test_a_corrupted_file_is_put_aside_and_the_page_told(tmp_path: Path, garbage: bytes) -> None:
    (tmp_path / "runs.sqlite").write_bytes(garbage)
    store = Store(tmp_path)
    assert store.head(KEY) is None
    assert "damaged" in store.problem
    put(store)
    assert store.head(KEY) is not None
    store.close()
    assert Store(tmp_path).head(KEY) is not None


def test_a_file_that_is_corrupted_while_the_server_runs_is_begun_anew(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for key in map(str, range(40)):
        put(store, key)
    store.close()
    store = Store(tmp_path)
    file = tmp_path / "runs.sqlite"
    with file.open("r+b") as raw:
        raw.seek(4096)
        raw.write(os.urandom(file.stat().st_size - 4096))
    assert store.head("7") is None
    put(store)
    assert store.head(KEY) is not None
    assert "damaged" in store.problem


def test_a_damaged_run_is_dropped_and_the_others_stay(tmp_path: Path) -> None:
    store = Store(tmp_path)
    put(store, "good")
    put(store, "bad head")
    put(store, "bad body")
    with sqlite3.connect(tmp_path / "runs.sqlite") as raw:
        raw.execute("update runs set head = x'00' where key = 'bad head'")
        raw.execute("update runs set body = x'00' where key = 'bad body'")
    assert store.head("bad head") is None
    assert store.weights("bad body", 2) is None
    assert store.head("bad body") is None
    assert store.weights("good", 2) is not None


def test_a_home_that_cannot_be_written_means_the_temporary_folder_and_the_page_says_so(
    tmp_path: Path, temporary: Path
) -> None:
    (tmp_path / "file").write_text("a file where a folder should be: even root cannot write below it")
    store = Store(tmp_path / "file" / "cache")
    assert store.where.startswith(str(temporary))
    assert "temporary folder" in store.problem
    put(store)
    assert store.head(KEY) is not None


def test_with_no_folder_at_all_runs_stay_in_memory_and_the_page_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    store = Store(tmp_path / "file")
    put(store)
    assert store.where == ""
    assert "memory only" in store.problem
    head = store.head(KEY)
    assert head is not None
    assert store.weights(KEY, 3) is not None


def test_a_folder_of_a_stranger_in_the_temporary_one_is_not_used(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    stranger = temporary.stat().st_uid + 1
    (temporary / f"concatenate-explained-{stranger}").mkdir()
    monkeypatch.setattr("os.getuid", lambda: stranger)
    assert Store(tmp_path / "file").where == ""


_FULL_DISK = """
import resource, sys
from pathlib import Path
sys.path[:0] = [{root!r}]
from tests.mtl_core.jobs.test_store import KEY, put, put_large
from mtl_core.jobs.store import Store
store = Store(Path({folder!r}))
put(store, "before")
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))
put_large(store, "too large", 4)
assert store.head("too large") is not None, "a finished run was lost"
assert store.weights("too large", 0) is not None
assert "memory only" in store.problem, store.problem
assert store.head("before") is not None
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
put(store, "after")
assert store.problem == "", store.problem
store.close()
again = Store(Path({folder!r}))
assert all(again.head(key) for key in ("before", "too large", "after"))
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="no such limit here")
def test_a_full_disk_loses_no_finished_run_and_is_used_again_when_it_has_room(tmp_path: Path) -> None:
    here = Path(__file__)
    script = _FULL_DISK.format(root=str(here.parents[3]), folder=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_a_look_does_not_wait_for_a_large_run_that_is_being_put(tmp_path: Path) -> None:
    store = Store(tmp_path)
    put(store)
    begun, seen = threading.Event(), []

    def looking() -> None:
        begun.set()
        while len(seen) < 50:
            seen.append(store.head(KEY))

    thread = threading.Thread(target=looking)
    thread.start()
    begun.wait()
    put_large(store, "large", 30)
    thread.join()
    assert all(seen)


def test_two_processes_share_one_file(tmp_path: Path) -> None:
    store = Store(tmp_path)
    here = Path(__file__)
    script = (
        f"import sys; sys.path[:0] = [{str(here.parents[3])!r}]\n"
        "from pathlib import Path; from tests.mtl_core.jobs.test_store import put; from mtl_core.jobs.store import Store\n"
        f"store = Store(Path({str(tmp_path)!r}))\n"
        "[put(store, f'theirs {k}') for k in range(20)]"
    )
    other = subprocess.Popen([sys.executable, "-c", script])
    for k in range(20):
        put(store, f"ours {k}")
    assert other.wait(60) == 0
    assert all(store.head(f"{whose} {k}") for whose in ("ours", "theirs") for k in range(20))
    assert store.problem == ""
