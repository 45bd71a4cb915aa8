"""A day of classes is judged by what grew, what was lost and what stayed behind."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from subprocess import Popen

import psutil
import pytest

from mtl_core.spec import ExperimentSpec
from tests.browser.server import Server
from tests.load.day import Day, Sample, verdicts

HELD = Sample(ui=200.0, worker=900.0, files=60, processes=6)


@pytest.fixture
def day(tmp_path: Path) -> Day:
    return Day(Server(tmp_path), tmp_path / "store", samples=[HELD] * 9)


def test_a_day_without_trouble_is_well(day: Day) -> None:
    assert all(verdicts(day).values())


@pytest.mark.parametrize("field", ["ui", "worker", "files", "processes"])
def test_what_grew_by_a_quarter_since_the_morning_is_named(day: Day, field: str) -> None:
    day.samples[-1] = replace(HELD, **{field: 1.25 * getattr(HELD, field)})
    assert [said for said, holds in verdicts(day).items() if not holds] == [
        next(said for said in verdicts(day) if said.startswith(f"{field}:"))
    ]


def test_an_error_a_lost_run_and_a_process_left_behind_are_named(day: Day) -> None:
    day.errors["ValueError: no"] += 1
    day.missing = day.lost = [ExperimentSpec()]
    day.orphans = ["worker"]
    assert list(verdicts(day).values())[:4] == [False] * 4


def test_a_process_without_a_parent_is_found_by_its_folder_and_is_left_behind(day: Day, monkeypatch) -> None:
    monkeypatch.setattr(psutil, "wait_procs", lambda processes, timeout: ([], processes))
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    with Popen(sleep, env=os.environ | {"TMPDIR": str(day.folder.parent)}) as stray:
        monkeypatch.setattr(Server, "pid", stray.pid)
        day.end(lambda process: None)
        assert stray.wait() != 0
    assert len(day.orphans) == 1
