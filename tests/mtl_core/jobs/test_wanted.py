"""What was wanted is read back by the next process, whatever else lies in the folder."""

import os
import time
from pathlib import Path

import pytest

from mtl_core.jobs.wanted import Wanted
from mtl_core.spec import ExperimentSpec

SPEC = ExperimentSpec().replace(lstm_units=7, epochs=3)


def test_what_is_wanted_is_taken_over_once_by_the_next_process(tmp_path: Path) -> None:
    first = Wanted(str(tmp_path))
    first.put("a", SPEC, background=False)
    first.put("b", SPEC.other_case, background=True)
    first.put("c", SPEC, background=False)
    first.drop("c")
    assert first.take_over() == []
    assert Wanted(str(tmp_path)).take_over() == [(SPEC, False), (SPEC.other_case, True)]
    assert Wanted(str(tmp_path)).take_over() == []


def test_a_process_strikes_out_what_it_wanted_and_not_what_another_wants(tmp_path: Path) -> None:
    one, two = Wanted(str(tmp_path)), Wanted(str(tmp_path))
    one.put("a", SPEC, background=False)
    two.put("a", SPEC, background=False)
    one.drop("a")
    assert Wanted(str(tmp_path)).take_over() == [(SPEC, False)]


def test_what_was_wanted_long_ago_is_not_taken_over(tmp_path: Path) -> None:
    Wanted(str(tmp_path)).put("a", SPEC, background=False)
    (file,) = (tmp_path / "wanted").iterdir()
    os.utime(file, (time.time() - 7200,) * 2)
    assert Wanted(str(tmp_path)).take_over() == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "null",
        "{",
        '{"link": 3, "background": false}',
        '{"link": {"u": "9999"}, "background": false}',
        "1" * 9999,
    ],
)
def test_a_damaged_file_is_removed_and_nothing_else_is_lost(tmp_path: Path, content: str) -> None:
    Wanted(str(tmp_path)).put("b", SPEC, background=False)
    (tmp_path / "wanted" / "a.another.wanted").write_text(content)
    (tmp_path / "wanted" / "not ours.txt").write_text("x")
    assert Wanted(str(tmp_path)).take_over() == [(SPEC, False)]
    assert [file.name for file in (tmp_path / "wanted").iterdir()] == ["not ours.txt"]


def test_without_a_folder_nothing_is_remembered_and_nothing_is_raised(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    for folder in ("", str(tmp_path / "a file")):
        wanted = Wanted(folder)
        wanted.put("a", SPEC, background=False)
        wanted.drop("a")
        assert Wanted(folder).take_over() == []
