"""The load tests' visitor still speaks Streamlit's language, and sees what a browser would."""

import asyncio
from pathlib import Path

import pytest

from tests.browser.server import Server
from tests.load.client import TICK, open_session
from tests.load.load import Lesson, class_visit
from tests.load.sessions import visits
from tests.load.watch import Finished, Watch

SMALL = "v=1&u=2&t=4&d=2&n=64&nt=64&ep=2"


def test_a_visitor_without_a_browser_toggles_trains_and_watches_the_run_to_its_end(server: Server) -> None:
    async def visit() -> None:
        async with open_session(server.url, query=f"{SMALL}&seed=5") as session:
            await session.act("toggle", "concatenate", bool_value=False)
            assert any("no head can see the other tweet" in text for text in session.texts())
            await session.act("train", "train", trigger_value=True)
            await session.until(lambda screen: screen.has("train") and screen.has("epoch"))
            assert not session.errors
            assert [timing.action for timing in session.timings if timing.action != TICK] == ["open", "toggle", "train"]

    asyncio.run(visit())


def test_a_page_other_than_the_first_is_opened_by_its_path_and_stays(server: Server) -> None:
    async def visit() -> list[str]:
        async with open_session(server.url, path="glossary") as session:
            await session.act("look again")
            return list(session.texts())

    assert "Words" in asyncio.run(visit())


def test_load_is_made_on_this_machine_only() -> None:
    async def visit() -> None:
        async with open_session("http://192.0.2.1:8501"):
            pass

    with pytest.raises(ValueError, match="not this machine"):
        asyncio.run(visit())


def test_a_small_class_is_served_without_an_error_and_its_processes_are_watched(server: Server) -> None:
    watch = Watch(server)
    lesson = Lesson(sessions=3, seconds=4, ramp=0.5, think=0.1, leaving=0.5, query=SMALL)
    report = asyncio.run(class_visit(server.url, lesson, ["/", "/_stcore/health"]))
    watch.sample()
    assert not report.errors
    assert len(report.timings["open"]) >= lesson.sessions == len(report.bytes)
    assert {"UI", "scheduler", "nanny", "worker"} <= {row[0].split(" (")[0] for row in watch.rows()}


def test_each_training_that_ends_is_counted_once(tmp_path: Path) -> None:
    async def visit(url: str) -> None:
        async with open_session(url, query=f"{SMALL}&seed=6") as session:
            await session.act("train", "train", trigger_value=True)
            await session.until(lambda screen: screen.has("train") and not screen.redraws)

    with Server(tmp_path, TMPDIR=str(tmp_path)) as server:
        finished = Finished(tmp_path)
        asyncio.run(visit(server.url))
        assert list(finished.counts().values()) == [1, 1], "the run, and that of the other case"


def test_sessions_come_and_go(server: Server) -> None:
    sizes = asyncio.run(visits(server, sessions=4, batch=2))
    assert [done for done, _ in sizes] == [2, 4]
    assert all(size > 10e6 for _, size in sizes)
