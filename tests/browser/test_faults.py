"""What happens in a classroom: a visitor leaves and comes back, a server is killed and started again.

Both tests share one server, which the second one kills.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import expect

from tests.browser.server import NOBODY, Server
from tests.browser.visit import PATIENCE, Windows
from tests.load.client import Session, apart, open_session

pytestmark = pytest.mark.browser

LEASE = 5.0
"""Seconds a visitor may be silent, here; 100 for real ones."""

QUICK = "/?v=1&u=2&t=4&d=2&n=4096&nt=64&b=256&ep=2"
LONG = "v=1&u=128&t=10&d=8&n=4096&nt=64&b=64&ep=160&seed=11"
"""Near the limit of what may be asked for: many times the lease, on any machine."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults")


@pytest.fixture(scope="module")
def own_server(folder: Path) -> Iterator[Server]:
    with Server(folder, MTL_LEASE_SECONDS=str(LEASE)) as started:
        yield started


def test_a_run_goes_on_while_its_visitor_is_away_and_for_as_long_as_they_watch_again(own_server: Server) -> None:
    async def visits() -> None:
        async with open_session(own_server.url, query=LONG) as me:
            await me.act("train", "train", trigger_value=True)
            await me.until(lambda session: epochs_done(session) > 0)
        left = time.monotonic()
        async with open_session(own_server.url, query=LONG) as me:
            assert me.has("stop")
            await me.until(lambda session: epochs_done(session) > 0)
            back = epochs_done(me)
            # Who watches again is a follower again: the lease of the session that was closed ends meanwhile.
            await me.until(lambda session: time.monotonic() > left + 1.2 * LEASE and epochs_done(session) > back)
            assert me.has("stop")
            await me.act("stop", "stop", trigger_value=True)
            assert me.errors == []

    apart(visits())


def epochs_done(session: Session) -> int:
    """How far the run on screen is."""
    return max((int(done) for text in session.texts() for done in re.findall(r"Epoch (\d+) of 160", text)), default=0)


def test_a_killed_server_leaves_no_process_behind_and_its_finished_runs_are_there_after_a_restart(
    windows: Windows, own_server: Server, folder: Path
) -> None:
    async def leave_a_run_under_way() -> None:
        async with open_session(own_server.url, query=LONG) as other:
            await other.act("train", "train", trigger_value=True)
            await other.until(lambda session: epochs_done(session) > 0)

    with windows.visitors(own_server.url) as visit:
        me = visit(QUICK)
        me.train()
        curve = me.curves("learning_chart_predictions1")
        apart(leave_a_run_under_way())
        family = own_server.processes
        own_server.kill()
        _gone, alive = psutil.wait_procs(family, timeout=60)
        assert not alive
        with Server(folder, port=own_server.port, DASK_SCHEDULER_ADDRESS=NOBODY):
            # The page that was open finds the new server by itself.
            expect(me.block("training")).to_contain_text("trained before and stored", timeout=PATIENCE)
            me.settle()
            assert me.curves("learning_chart_predictions1") == curve
