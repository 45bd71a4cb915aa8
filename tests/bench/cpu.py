"""What a click and a tick cost the UI process, in seconds of processor time; beside what a plain app of Streamlit's costs.

The plain app has as many elements as the playground, with nothing in them, so the rest is the app's own. A tick is that of a
block that redraws itself while a run is under way, here one that waits for a worker and so brings nothing new.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import psutil

from tests.bench.figure import Figure
from tests.browser.server import NOBODY, ROOT, Server
from tests.load.client import TICK, Session, open_session

__all__ = ["cpu_figures"]

_CLICK, _TICK = 0.012, 0.001
_PLAIN = Path(__file__).parent / "plain" / "app.py"
_CLICKS, _TICKS, _PLAIN_TICKS = 40, 1000, 100
_ROUNDS = 2


def cpu_figures(rounds: int) -> tuple[list[Figure], list[str]]:
    """Seconds of processor time for a click and for a tick that brings nothing."""
    with _server(ROOT) as ours, tempfile.TemporaryDirectory() as name:
        plain_app = Path(name)
        shutil.copy(_PLAIN, plain_app)
        shutil.copytree(ROOT / ".streamlit", plain_app / ".streamlit")
        with _server(plain_app) as plain:
            return asyncio.run(_figures(ours, plain, _ROUNDS * rounds))


@contextmanager
def _server(root: Path) -> Iterator[Server]:
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder), root=root, DASK_SCHEDULER_ADDRESS=NOBODY) as server,
    ):
        yield server


async def _figures(ours: Server, plain: Server, rounds: int) -> tuple[list[Figure], list[str]]:
    servers = ours, plain
    async with AsyncExitStack() as open_until_then:
        sessions = [await open_until_then.enter_async_context(open_session(server.url)) for server in servers]
        clicks: list[list[float]] = [[], []]
        for turn in range(rounds + 1):
            for server, session, seconds in zip(servers, sessions, clicks, strict=True):
                one = await _clicks(server, session)
                if turn:  # The first one fills caches.
                    seconds.append(one)
        elements = [session.elements for session in sessions]
        await sessions[0].act("train", "train", trigger_value=True)
        ticks = [await _idle_ticks(ours, sessions[0]) for _turn in range(rounds)]
        empty = [await _answered_ticks(plain, sessions[1]) for _turn in range(rounds)]
        errors = [error for session in sessions for error in session.errors]
        assert not errors, errors
    what = "processor time of the UI process for a {}; peer: a plain app of {} elements (ours: {})"
    return [
        Figure(
            what=what.format("click", elements[1], elements[0]),
            seconds=clicks[0],
            peer=clicks[1],
            at_most=_CLICK,
            unit="ms",
        ),
        Figure(
            what="the same for a tick that brings nothing; peer: an empty block",
            seconds=ticks,
            peer=empty,
            at_most=_TICK,
            unit="ms",
        ),
    ], []


async def _clicks(server: Server, session: Session) -> float:
    before = _used(server)
    for number in range(_CLICKS):
        await session.act("toggle", "concatenate", bool_value=bool(number % 2))
    return (_used(server) - before) / _CLICKS


async def _idle_ticks(server: Server, session: Session) -> float:
    """Of a block that is under way; they are not answered, so a click tells that all were heard, and is taken off."""
    click = await _clicks(server, session)
    before, sent = _used(server), 0
    while sent < _TICKS:
        sent += await session.tick()
        await asyncio.sleep(0)
    await session.act("toggle", "concatenate", bool_value=True)
    return max(_used(server) - before - click, 0.0) / sent


async def _answered_ticks(server: Server, session: Session) -> float:
    before, answered = _used(server), _count(session)
    for number in range(1, _PLAIN_TICKS + 1):
        await session.tick()
        await session.until(lambda its, wanted=answered + number: _count(its) >= wanted)
    return (_used(server) - before) / _PLAIN_TICKS


def _count(session: Session) -> int:
    return sum(timing.action == TICK for timing in session.timings)


def _used(server: Server) -> float:
    times = psutil.Process(server.pid).cpu_times()
    return float(times.user + times.system)
