"""A day of classes in half an hour: nothing grows, no process is left behind, and no run is lost.

    python -m tests.load.day                        24 hours of 75 seconds (`make day`)
    python -m tests.load.day --minutes 8 --hours 12

Every hour another class of a dozen follows a lesson of its own, and others open the other pages. In every third hour a worker is
killed in the middle of the lesson. After the first hour the app is ended politely, after the second with `kill -9`, both times
while somebody trains; it comes back on its port, with its folder. From then on one process serves the day, and the most that it
holds in the last third of that time is compared with the first.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from mtl_core.records import RunFolder
from mtl_core.spec import ExperimentSpec
from tests.browser.server import Server
from tests.load.client import Session, open_session
from tests.load.load import Lesson, class_visit
from tests.load.watch import role

__all__ = ["Day", "Sample", "main", "verdicts"]

GROWTH = 1.15
"""At most: the last third of the day by the first."""

SETTLED = 130.0
"""Seconds from a start that do not count: Streamlit keeps a session for two minutes after its visitor has left."""

_Signal = Callable[[psutil.Process], None]
_RESTARTS: dict[int, _Signal] = {0: psutil.Process.terminate, 1: psutil.Process.kill}
"""After which hour the app ends, and how."""

_THIRDS = 3
_VISITORS = 12
_DEATH_HOURS = 3
"""In every third hour a worker is killed."""

_PAGES = ("walkthrough", "compare", "sharing", "inspect_model", "glossary")
_FILES = ["/"]
"""All that a browser asks for which has been here before."""

_SHORT = "n=512&nt=512&ep=6"
_PATIENCE = 90.0
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Sample:
    """What the server holds.

    Parameters
    ----------
    ui, worker : float
        Memory of the UI process and of the largest worker, in MB.
    files : int
        Open files of the UI process.
    processes : int
        Of the whole family.
    """

    ui: float
    worker: float
    files: int
    processes: int

    @classmethod
    def of(cls, server: Server) -> Sample:
        """What a server holds now."""
        ui = psutil.Process(server.pid)
        worker = max(map(_megabytes, _workers(server)), default=0.0)
        return cls(_megabytes(ui), worker, ui.num_fds(), len(server.processes))


_BUDGETS = {"ui": 300.0, "worker": 1200.0, "files": 1024.0, "processes": 16.0}
"""Most of each field of a `Sample`."""


@dataclass
class Day:
    """What happens at a server.

    Parameters
    ----------
    server : Server
        Started.
    folder : Path
        Where it keeps its finished runs. Temporary files are in the folder above.
    """

    server: Server
    folder: Path
    samples: list[Sample] = field(default_factory=list)
    """At the end of each hour since the last start of the app, from when it was settled."""
    asked: set[ExperimentSpec] = field(default_factory=set)
    """What Train was pressed for."""
    stored: dict[str, ExperimentSpec] = field(default_factory=dict)
    """Every finished run that was ever seen in the folder, by the name of its file."""
    missing: list[ExperimentSpec] = field(default_factory=list)
    """What was asked for and never finished."""
    lost: list[ExperimentSpec] = field(default_factory=list)
    """What was finished and is not served at the end of the day."""
    errors: Counter[str] = field(default_factory=Counter)
    orphans: list[str] = field(default_factory=list)
    visits: int = 0
    killed: int = 0
    started: float = field(default_factory=time.monotonic)

    def hour(self, number: int, seconds: float) -> Sample:
        """A class comes, works and goes home."""
        end = time.monotonic() + seconds
        lesson = Lesson(
            sessions=_VISITORS,
            seconds=0.75 * seconds,
            ramp=0.25 * seconds,
            think=seconds / 60,
            leaving=0.0,  # A run that nobody follows may be stopped, so everybody stays, and no run may be missing.
            query=f"{_SHORT}&seed={number}",
        )
        asyncio.run(self._lesson(lesson, worker_dies=number % _DEATH_HOURS == _DEATH_HOURS - 1))
        time.sleep(max(0.0, end - time.monotonic()))
        self._note_stored()
        held = Sample.of(self.server)
        if time.monotonic() - self.started > SETTLED:
            self.samples.append(held)
        return held

    def restart(self, number: int, signal: _Signal) -> None:
        """End the app while somebody trains, and start it again."""
        spec = ExperimentSpec().replace(epochs=60, seed=1000 + number)
        asyncio.run(self._end_while_training(spec, signal))
        self.server.start()
        self.started = time.monotonic()
        self.asked.add(spec)
        self.samples.clear()

    def end(self, signal: _Signal) -> None:
        """End the app; whoever works in its folder and outlives it by a minute is left behind."""
        family = list(_working_in(self.folder.parent))
        signal(psutil.Process(self.server.pid))
        _gone, alive = psutil.wait_procs(family, timeout=60)
        self.orphans += map(role, alive)
        for process in alive:
            process.kill()

    def settle(self) -> None:
        """Wait for what was asked for, and ask the pages for everything that was finished."""
        deadline = time.monotonic() + _PATIENCE
        while self.asked - set(self.stored.values()) and time.monotonic() < deadline:
            time.sleep(1.0)
            self._note_stored()
        self.missing = list(self.asked - set(self.stored.values()))
        self.lost = asyncio.run(_not_served(self.server.url, self.stored.values()))

    def _note_stored(self) -> None:
        runs = RunFolder(self.folder)
        names = {file.stem for file in self.folder.glob("*.run")} - self.stored.keys()
        self.stored |= {name: head.run.spec for name in names if (head := runs.head(name))}

    async def _lesson(self, lesson: Lesson, *, worker_dies: bool) -> None:
        visiting = asyncio.create_task(class_visit(self.server.url, lesson, _FILES))
        for page in _PAGES:
            await asyncio.sleep(lesson.seconds / (2 * len(_PAGES)))
            async with open_session(self.server.url, path=page) as session:
                self.errors.update(session.errors)
        if worker_dies and (workers := _workers(self.server)):
            max(workers, key=_megabytes).kill()
            self.killed += 1
        report = await visiting
        self.errors += report.errors
        self.visits += len(report.timings["open"]) + len(_PAGES)
        self.asked |= {_spec(lesson.query, *experiment) for experiment in report.asked}

    async def _end_while_training(self, spec: ExperimentSpec, signal: _Signal) -> None:
        async with open_session(self.server.url, query=_link(spec)) as session:
            await session.act("train", "train", trigger_value=True)
            await session.until(_trains)
            self.errors.update(session.errors)
            await asyncio.to_thread(self.end, signal)


def _trains(screen: Session) -> bool:
    return any(text.startswith("Epoch ") for text in screen.texts())


def _spec(query: str, case: bool, units: str, angle: float) -> ExperimentSpec:
    spec, _notes = ExperimentSpec.from_query(dict(part.split("=") for part in query.split("&")))
    return spec.replace(merge="concatenate" if case else "none", lstm_units=int(units), mixing_deg=angle)


def _link(spec: ExperimentSpec) -> str:
    return "&".join(f"{name}={value}" for name, value in spec.to_query().items())


async def _not_served(url: str, specs: Iterable[ExperimentSpec]) -> list[ExperimentSpec]:
    places = asyncio.Semaphore(_AT_ONCE)

    async def served(spec: ExperimentSpec) -> bool:
        async with places, open_session(url, query=_link(spec)) as session:
            return not session.errors and session.label("train") == "Train again"

    wanted = list(specs)
    found = await asyncio.gather(*map(served, wanted))
    return [spec for spec, there in zip(wanted, found, strict=True) if not there]


def _workers(server: Server) -> list[psutil.Process]:
    found = []
    for process in server.processes:
        with suppress(psutil.NoSuchProcess):
            found += [process] if role(process) == "worker" else []
    return found


def _working_in(folder: Path) -> Iterator[psutil.Process]:
    """Processes that have this folder for temporary files, also those that have lost their parents."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("TMPDIR") == str(folder):
                yield process


def _megabytes(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        return float(process.memory_info().rss / 1e6)
    return 0.0


def verdicts(day: Day) -> dict[str, bool]:
    """What is said of a day, and whether it is well."""
    third = len(day.samples) // _THIRDS
    found = {
        "nobody saw an error": not day.errors,
        f"{len(day.asked)} runs were asked for, {len(day.missing)} of them never finished": not day.missing,
        f"{len(day.stored)} runs were finished, {len(day.lost)} of them are no longer served": not day.lost,
        f"processes left behind: {', '.join(day.orphans) or 'none'}": not day.orphans,
    }
    for name, budget in _BUDGETS.items():
        first, last = (
            max(getattr(sample, name) for sample in part) for part in (day.samples[:third], day.samples[-third:])
        )
        said = f"{name}: at most {first:.0f} in the first third, {last:.0f} in the last (by {GROWTH}; {budget:.0f})"
        found[said] = last <= min(GROWTH * first, budget)
    return found


def main() -> None:
    """The command line. Exit code 1 if something grew, was lost or stayed behind, or if a visitor saw an error."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=30.0)
    options.add_argument("--hours", type=int, default=24, help="into which the day is divided")
    asked = options.parse_args()
    seconds = 60 * asked.minutes / asked.hours
    if asked.hours - len(_RESTARTS) - SETTLED / seconds < _THIRDS:
        options.error("that is too short to tell whether anything grows")
    with tempfile.TemporaryDirectory() as name, Server(Path(name), TMPDIR=name) as server:
        day = Day(server, Path(name) / "store")
        for number in range(asked.hours):
            held = day.hour(number, seconds)
            print(
                f"hour {number + 1:2}  {day.visits:5} visits  {len(day.stored):4} runs  UI {held.ui:4.0f} MB  "
                f"worker {held.worker:5.0f} MB  {held.files} files  {held.processes} processes",
                flush=True,
            )
            if number in _RESTARTS:
                day.restart(number, _RESTARTS[number])
        day.settle()
        day.end(psutil.Process.terminate)
    print(f"{day.visits} visits; {day.killed} workers and {len(_RESTARTS)} apps were ended.")
    for error, times in day.errors.most_common(10):
        print(f"{times} x {error}")
    for what, specs in (("never finished", day.missing), ("no longer served", day.lost)):
        for spec in specs[:10]:
            print(f"{what}: /?{_link(spec)}")
    found = verdicts(day)
    for verdict, holds in found.items():
        print(f"{'ok  ' if holds else 'FAIL'} {verdict}")
    sys.exit(0 if all(found.values()) else 1)


if __name__ == "__main__":
    main()
