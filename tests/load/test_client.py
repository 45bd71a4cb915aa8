"""The load tests' visitor still speaks Streamlit's language, and sees what a browser would."""

import asyncio
from urllib.parse import parse_qsl

import pytest

from mtl_core.jobs.attempts import topic
from mtl_core.records import run_key
from mtl_core.spec import ExperimentSpec
from tests.browser.server import Server
from tests.load.client import TICK, open_session
from tests.load.load import Lesson, class_visit
from tests.load.sessions import visits
from tests.load.watch import Finished, Watch
from tests.mtl_core.jobs.waiting import until

SMALL = "v=1&u=2&t=4&d=2&n=64&nt=64&ep=2"


def test_a_visitor_without_a_browser_trains_and_watches_to_the_end_and_each_training_is_counted_once(
    server: Server,
) -> None:
    query = f"{SMALL}&seed=5"

    async def visit() -> None:
        async with open_session(server.url, query=query) as session:
            await session.act("toggle", "concatenate", bool_value=False)
            assert any("no head can see the other tweet" in text for text in session.texts())
            await session.act("train", "train", trigger_value=True)
            await session.until(lambda screen: screen.has("train") and screen.has("epoch") and not screen.redraws)
            assert not session.errors
            assert [timing.action for timing in session.timings if timing.action != TICK] == ["open", "toggle", "train"]

    finished = Finished(server)
    asyncio.run(visit())
    spec, _notes = ExperimentSpec.from_query(dict(parse_qsl(query)))
    counts = finished.counts()
    assert [counts[topic(run_key(each))] for each in (spec, spec.other_case)] == [1, 1]


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
    lesson = Lesson(sessions=3, seconds=2, ramp=0.5, think=0.1, leaving=0.5, query=SMALL)
    report = asyncio.run(class_visit(server.url, lesson, ["/", "/_stcore/health"]))
    assert not report.errors
    assert len(report.timings["open"]) >= lesson.sessions == len(report.bytes)

    def watched() -> set[str]:
        watch.sample()
        return {row[0].split(" (")[0] for row in watch.rows()}

    # On a fresh server, the worker comes last.
    until(lambda: watched() >= {"UI", "scheduler", "nanny", "worker"})


def test_sessions_come_and_go(server: Server) -> None:
    sizes = asyncio.run(visits(server, sessions=4, batch=2))
    assert [done for done, _ in sizes] == [2, 4]
    assert all(size > 10e6 for _, size in sizes)
