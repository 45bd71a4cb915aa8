"""What was wanted is read back by the next process, whatever else lies in the folder."""

import os
import time
from pathlib import Path

import pytest

from mtl_core.jobs.tasks import Rank
from mtl_core.jobs.wanted import Wanted
from mtl_core.spec import ExperimentSpec

SPEC = ExperimentSpec().replace(lstm_units=7, epochs=3)


def test_what_is_wanted_is_taken_over_once_by_the_next_process(tmp_path: Path) -> None:
    first = Wanted(str(tmp_path))
    first.put("a", SPEC, Rank.OWN)
    first.put("b", SPEC.other_case, Rank.SERIES)
    first.put("c", SPEC, Rank.OWN)
    first.drop("c")
    assert first.take_over() == []
    assert Wanted(str(tmp_path)).take_over() == [(SPEC, Rank.OWN), (SPEC.other_case, Rank.SERIES)]
    assert Wanted(str(tmp_path)).take_over() == []


def test_a_process_strikes_out_what_it_wanted_and_not_what_another_wants(tmp_path: Path) -> None:
    one, two = Wanted(str(tmp_path)), Wanted(str(tmp_path))
    one.put("a", SPEC, Rank.OWN)
    two.put("a", SPEC, Rank.OWN)
    one.drop("a")
    assert Wanted(str(tmp_path)).take_over() == [(SPEC, Rank.OWN)]


def test_what_was_wanted_long_ago_is_not_taken_over(tmp_path: Path) -> None:
    Wanted(str(tmp_path)).put("a", SPEC, Rank.OWN)
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
        '{"link": {}, "background": 7}',
        "1" * 9999,
    ],
)
def test_a_damaged_file_is_removed_and_nothing_else_is_lost(tmp_path: Path, content: str) -> None:
    Wanted(str(tmp_path)).put("b", SPEC, Rank.OWN)
    (tmp_path / "wanted" / "a.another.wanted").write_text(content)
    (tmp_path / "wanted" / "not ours.txt").write_text("x")
    assert Wanted(str(tmp_path)).take_over() == [(SPEC, Rank.OWN)]
    assert [file.name for file in (tmp_path / "wanted").iterdir()] == ["not ours.txt"]


def test_an_entry_that_cannot_be_read_costs_no_other(tmp_path: Path) -> None:
    for key in ("a", "c"):
        Wanted(str(tmp_path)).put(key, SPEC, Rank.OWN)
    (tmp_path / "wanted" / "b.another.wanted").mkdir()
    assert Wanted(str(tmp_path)).take_over() == [(SPEC, Rank.OWN)] * 2


def test_an_entry_that_another_process_takes_at_the_same_moment_costs_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("a", "b", "c"):
        Wanted(str(tmp_path)).put(key, SPEC, Rank.OWN)
    open_file = Path.open

    def too_late_for_b(file: Path, *how: str) -> object:
        if file.name.startswith("b."):
            file.unlink()
        return open_file(file, *how)

    monkeypatch.setattr(Path, "open", too_late_for_b)
    assert Wanted(str(tmp_path)).take_over() == [(SPEC, Rank.OWN)] * 2


def test_what_a_former_version_of_the_app_wanted_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "wanted").mkdir()
    for name, background in (("a", "false"), ("b", "true")):
        (tmp_path / "wanted" / f"{name}.former.wanted").write_text(f'{{"link": {{}}, "background": {background}}}')
    assert Wanted(str(tmp_path)).take_over() == [(ExperimentSpec(), Rank.OWN), (ExperimentSpec(), Rank.BESIDE)]


def test_without_a_folder_nothing_is_remembered_and_nothing_is_raised(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    for folder in ("", str(tmp_path / "a file")):
        wanted = Wanted(folder)
        wanted.put("a", SPEC, Rank.OWN)
        wanted.drop("a")
        assert Wanted(folder).take_over() == []
