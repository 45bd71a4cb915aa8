"""A class opens the app: N visitors follow one lesson for some minutes, and the report says how it went.

    python -m tests.load.load                       150 visitors for two minutes (`make load`)
    python -m tests.load.load --sessions 300 --ramp 60 --think 15

Each visitor fetches the front end as a browser with an empty cache does, opens the page, toggles, resizes and turns the knob of one lesson, thinks, presses Train unless somebody's run of that very
experiment is already there, watches it to its end or leaves in the middle and comes back, goes through the epochs, and goes
on. The server is a real one in a process of its own, with its workers, on this machine and for this machine only.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.browser.server import Server
from tests.load.client import TICK, Session, open_session
from tests.load.first_visit import addresses, fetch
from tests.load.watch import Finished, Watch

__all__ = ["Lesson", "Report", "class_visit", "main"]

BYTES = 3_000_000
"""Of the files of a first visit."""

FILES = "first visit: files"
BUDGETS = {FILES: 3.0, **dict.fromkeys(("open", "toggle", "units", "angle", "train", "epoch", TICK), 1.0)}
"""What a class does, and the seconds within which 95 of 100 are answered, with 150 visitors who act every 4 s. A first visit is a
hundred files. A tick is one that had something to bring."""

UNITS = ("4", "8", "16", "32")
ANGLES = (30.0, 45.0, 60.0)


@dataclass(frozen=True)
class Lesson:
    """How a class behaves.

    Parameters
    ----------
    sessions : int
        Visitors.
    seconds : float
        Until they go home.
    ramp : float
        Seconds within which they come.
    think : float
        Mean seconds between two actions.
    leaving : float
        Share of those who watch a run that leave in the middle of it.
    query : str
        What the lesson's link says; everybody's experiments differ from it in units, angle and case only.
    """

    sessions: int = 150
    seconds: float = 120.0
    ramp: float = 30.0
    think: float = 4.0
    leaving: float = 0.2
    query: str = "v=1"


@dataclass
class Report:
    """What happened."""

    timings: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    asked: Counter[tuple[bool, str, float]] = field(default_factory=Counter)
    """By case, units and angle: how often Train was pressed."""
    left: int = 0
    bytes: list[int] = field(default_factory=list)
    """Of each first visit."""
    finished: Counter[str] = field(default_factory=Counter)
    """How often each run was trained to its end."""

    def take(self, session: Session) -> None:
        """Add what one visit saw."""
        for timing in session.timings:
            self.timings[timing.action].append(timing.seconds)
        self.errors.update(session.errors)

    @property
    def experiments(self) -> set[tuple[bool, str, float]]:
        """What there was to train: everything that was asked for, and the other case of each for comparison."""
        return {(which, units, angle) for case, units, angle in self.asked for which in (case, not case)}

    def verdicts(self) -> dict[str, bool]:
        """What was promised, in words, and whether it held."""
        slow = [action for action, seconds in BUDGETS.items() if self.p95(action) > seconds]
        return {
            "nobody saw an error": not self.errors,
            "what was asked for was trained, and nothing twice": set(self.finished.values()) == {1},
            "95 of 100 actions of each kind in time" + (f"; not {', '.join(slow)}" if slow else ""): not slow,
            f"a first visit takes {BYTES / 1e6:g} MB at most": 0 < max(self.bytes, default=0) <= BYTES,
        }

    def p95(self, action: str) -> float:
        """Seconds within which 95 of 100 were answered; infinite if it was never done."""
        return _percentile(self.timings[action], 95) if self.timings.get(action) else math.inf

    def rows(self) -> list[tuple[str, ...]]:
        """For each action: how often, its latency's percentiles in milliseconds, and its budget."""
        return [
            (
                action,
                str(len(seconds)),
                *(f"{1000 * _percentile(seconds, share):.0f}" for share in (50, 95, 99, 100)),
                f"p95 <= {1000 * BUDGETS[action]:.0f}",
            )
            for action, seconds in sorted(self.timings.items())
        ]


async def class_visit(url: str, lesson: Lesson, files: Sequence[str]) -> Report:
    """Let a class visit the app at `url`; each of them fetches these files first."""
    report = Report()
    end = time.monotonic() + lesson.seconds
    students = [_student(url, lesson, files, number, end, report) for number in range(lesson.sessions)]
    await asyncio.gather(*students)
    return report


async def _student(url: str, lesson: Lesson, files: Sequence[str], number: int, end: float, report: Report) -> None:
    chance = random.Random(number)
    await asyncio.sleep(lesson.ramp * number / lesson.sessions)
    await _arrive(url, files, report)
    while time.monotonic() < end:
        session = None
        try:
            async with open_session(url, query=lesson.query) as session:
                await _visit(session, lesson, chance, end, report)
        except Exception as error:  # One visitor's trouble is a line of the report, and the class goes on.
            report.errors[f"{type(error).__name__}: {error}"] += 1
        if session:
            report.take(session)
        await _think(lesson, chance)


async def _arrive(url: str, files: Sequence[str], report: Report) -> None:
    """A first visit, as a browser with an empty cache makes it."""
    began = time.monotonic()
    try:
        size = await fetch(url, files)
    except (OSError, ValueError) as error:
        report.errors[f"{type(error).__name__}: {error}"] += 1
    else:
        report.timings[FILES].append(time.monotonic() - began)
        report.bytes.append(size)


async def _visit(session: Session, lesson: Lesson, chance: random.Random, end: float, report: Report) -> None:
    """From opening the page until the end of the lesson, or until the visitor leaves."""
    while time.monotonic() < end and not session.errors:
        case, units, angle = chance.random() < 0.5, chance.choice(UNITS), chance.choice(ANGLES)
        await _think(lesson, chance)
        await session.act("toggle", "concatenate", bool_value=case)
        await _think(lesson, chance)
        await session.act("units", "lstm_units", string_array_value=[units])
        await session.act("angle", "mixing_deg", double_array_value=[angle])
        await _think(lesson, chance)
        if session.label("train") == "Train":
            report.asked[case, units, angle] += 1
            await session.act("train", "train", trigger_value=True)
            if chance.random() < lesson.leaving:
                await _think(lesson, chance)
                report.left += 1
                return
            with suppress(TimeoutError):  # Whose run is not over at the end of the lesson goes home all the same.
                await session.until(lambda screen: screen.has("train"), seconds=max(0.0, end - time.monotonic()))
        await _think(lesson, chance)
        if session.has("epoch"):
            await session.act("epoch", "epoch", string_array_value=[str(chance.randrange(3))])
        await _think(lesson, chance)


async def _think(lesson: Lesson, chance: random.Random) -> None:
    await asyncio.sleep(min(chance.expovariate(1 / lesson.think), 4 * lesson.think))


def _percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share / 100 * len(ordered)) - 1)]


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


async def _watched(server: Server, lesson: Lesson, files: Sequence[str]) -> tuple[Report, Watch]:
    watch = Watch(server)
    watching = asyncio.create_task(watch.run())
    report = await class_visit(server.url, lesson, files)
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    return report, watch


def main() -> None:
    """The command line. Exit code 0 if every verdict holds, else 1."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    usual = Lesson()
    for name in ("sessions", "seconds", "ramp", "think", "leaving"):
        value = getattr(usual, name)
        options.add_argument(f"--{name}", type=type(value), default=value, help=f"default: {value}")
    options.add_argument("--query", default=usual.query, help="the lesson's link, after the question mark")
    lesson = Lesson(**vars(options.parse_args()))
    with tempfile.TemporaryDirectory() as name, Server(Path(name)) as server:
        finished, files = Finished(server), addresses(server.url)
        report, watch = asyncio.run(_watched(server, lesson, files))
        report.finished = finished.counts()
    print(_said(lesson, report, watch))
    sys.exit(0 if all(report.verdicts().values()) else 1)


def _said(lesson: Lesson, report: Report, watch: Watch) -> str:
    parts = [
        f"{lesson.sessions} visitors within {lesson.ramp:g} s, for {lesson.seconds:g} s, {lesson.think:g} s of thought.",
        _table(("action", "times", "p50 ms", "p95 ms", "p99 ms", "most ms", "budget"), report.rows()),
        _table(("process", "RSS at the end, MB", "RSS at most, MB", "CPU"), watch.rows()),
        f"Train was pressed {report.asked.total()} times for {len(report.asked)} experiments, {len(report.experiments)} with "
        f"their other cases; {report.finished.total()} trainings were finished; {report.left} times a visitor left in the middle of a run.",
        f"{len(report.bytes)} first visits of {max(report.bytes, default=0) / 1e6:.2f} MB at most.",
        *(f"{times} x {error}" for error, times in report.errors.most_common(10)),
        *(f"{'ok  ' if holds else 'FAIL'} {verdict}" for verdict, holds in report.verdicts().items()),
    ]
    return "\n\n".join(parts)


if __name__ == "__main__":
    main()
