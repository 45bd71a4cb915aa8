"""A run that killed its worker is known to every process on the same store, for a day."""

import os
import time
from pathlib import Path

import pytest

from mtl_core.jobs.deadly import Deadly

DAY = 86_400


def test_what_killed_its_worker_is_known_to_every_process_on_the_same_store(tmp_path: Path) -> None:
    one, two = Deadly(str(tmp_path)), Deadly(str(tmp_path))
    one.put("a", 4)
    assert [each.losses(key) for each in (one, two, Deadly(str(tmp_path))) for key in "ab"] == [4, 0, 4, 0, 4, 0]


@pytest.mark.parametrize("on_disk", [True, False])
def test_it_may_be_tried_again_after_a_day(tmp_path: Path, *, on_disk: bool) -> None:
    began = now = time.time()
    deadly = Deadly(str(tmp_path) if on_disk else "", lambda: now)
    deadly.put("a", 4)
    now = began + DAY - 60
    assert deadly.losses("a") == 4
    now = began + DAY + 60
    assert deadly.losses("a") == 0


def test_what_may_only_have_waited_behind_another_is_not_held_against_it_by_other_processes(tmp_path: Path) -> None:
    one, two = Deadly(str(tmp_path)), Deadly(str(tmp_path))
    one.put("a", 4, surely=False)
    assert (one.losses("a"), two.losses("a")) == (4, 0)


def test_without_a_folder_it_is_kept_in_memory_and_nothing_is_raised(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    for folder in ("", str(tmp_path / "a file")):
        deadly = Deadly(folder)
        deadly.put("a", 4)
        assert (deadly.losses("a"), deadly.losses("b")) == (4, 0)


@pytest.mark.parametrize("content", [b"", b"many", b"\xff", b"4" * 9999])
def test_a_damaged_file_raises_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "deadly").mkdir()
    (tmp_path / "deadly" / "a").write_bytes(content)
    assert Deadly(str(tmp_path)).losses("a") in (0, 444_444_444)


def test_only_the_newest_thousand_are_kept(tmp_path: Path) -> None:
    (tmp_path / "deadly").mkdir()
    for number in range(1005):
        file = tmp_path / "deadly" / f"{number}"
        file.write_text("4")
        os.utime(file, (time.time() - DAY / 2 + number,) * 2)
    deadly = Deadly(str(tmp_path))
    deadly.put("new", 4)
    assert [deadly.losses(key) for key in ("0", "5", "6", "1004", "new")] == [0, 0, 4, 4, 4]
    assert len(list((tmp_path / "deadly").iterdir())) == 1000
