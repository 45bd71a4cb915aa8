"""A class opens the app: N visitors follow one lesson for some minutes, and the report says how it went.

    python -m tests.load.load                       60 visitors for two minutes (`make load`)
    python -m tests.load.load --sessions 300 --ramp 60 --think 15

Each visitor toggles, resizes and turns the knob of one lesson, thinks, presses Train unless somebody's run of that very
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
from tests.load.watch import Finished, Watch

__all__ = ["Lesson", "Report", "class_visit", "main"]

TICK_BUDGET = 0.5
"""Seconds within which 95 of 100 ticks are answered, with 60 visitors."""

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

    sessions: int = 60
    seconds: float = 120.0
    ramp: float = 20.0
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

    def take(self, session: Session) -> None:
        """Add what one visit saw."""
        for timing in session.timings:
            self.timings[timing.action].append(timing.seconds)
        self.errors.update(session.errors)

    @property
    def experiments(self) -> set[tuple[bool, str, float]]:
        """What there was to train: everything that was asked for, and the other case of each for comparison."""
        return {(which, units, angle) for case, units, angle in self.asked for which in (case, not case)}

    def rows(self) -> list[tuple[str, ...]]:
        """For each action: how often, and its latency's percentiles in milliseconds."""
        return [
            (action, str(len(seconds)), *(f"{1000 * _percentile(seconds, share):.0f}" for share in (50, 95, 99, 100)))
            for action, seconds in sorted(self.timings.items())
        ]


async def class_visit(url: str, lesson: Lesson) -> Report:
    """Let a class visit the app at `url`."""
    report = Report()
    end = time.monotonic() + lesson.seconds
    students = [_student(url, lesson, number, end, report) for number in range(lesson.sessions)]
    await asyncio.gather(*students)
    return report


async def _student(url: str, lesson: Lesson, number: int, end: float, report: Report) -> None:
    chance = random.Random(number)
    await asyncio.sleep(lesson.ramp * number / lesson.sessions)
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
            await session.until(lambda screen: screen.has("train") or time.monotonic() > end, seconds=lesson.seconds)
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


async def _watched(server: Server, lesson: Lesson) -> tuple[Report, Watch]:
    watch = Watch(server)
    watching = asyncio.create_task(watch.run())
    report = await class_visit(server.url, lesson)
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    return report, watch


def main() -> None:
    """The command line. Exit code 1 if a visitor saw an error, a run was trained twice, or ticks were too slow."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    usual = Lesson()
    for name in ("sessions", "seconds", "ramp", "think", "leaving"):
        value = getattr(usual, name)
        options.add_argument(f"--{name}", type=type(value), default=value, help=f"default: {value}")
    options.add_argument("--query", default=usual.query, help="the lesson's link, after the question mark")
    lesson = Lesson(**vars(options.parse_args()))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Server(folder, TMPDIR=name) as server:
            finished = Finished(folder)
            report, watch = asyncio.run(_watched(server, lesson))
            counts = finished.counts()
    sys.exit(_say(lesson, report, watch, counts))


def _say(lesson: Lesson, report: Report, watch: Watch, finished: Counter[str]) -> int:
    ticks = report.timings.get(TICK, [0.0])
    p95 = _percentile(ticks, 95)
    verdicts = {
        "nobody saw an error": not report.errors,
        "what was asked for was trained, and nothing twice": set(finished.values()) == {1},
        f"95 of 100 ticks within {1000 * TICK_BUDGET:.0f} ms": p95 <= TICK_BUDGET,
    }
    parts = [
        f"{lesson.sessions} visitors within {lesson.ramp:g} s, for {lesson.seconds:g} s, {lesson.think:g} s of thought.",
        _table(("action", "times", "p50 ms", "p95 ms", "p99 ms", "most ms"), report.rows()),
        _table(("process", "RSS at the end, MB", "RSS at most, MB", "CPU"), watch.rows()),
        f"Train was pressed {report.asked.total()} times for {len(report.asked)} experiments, {len(report.experiments)} with "
        f"their other cases; {finished.total()} trainings were finished; {report.left} times a visitor left in the middle of a run.",
        *(f"{times} x {error}" for error, times in report.errors.most_common(10)),
        *(f"{'ok  ' if holds else 'FAIL'} {verdict}" for verdict, holds in verdicts.items()),
    ]
    print("\n\n".join(parts))
    return 0 if all(verdicts.values()) else 1


if __name__ == "__main__":
    main()
