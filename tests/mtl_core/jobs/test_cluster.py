"""Faults: each test waits until something has happened, and then stops or kills a process."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from dask import config
from distributed import Client, Security, rpc

from mtl_core.jobs.cluster import Embedded, Remote, chosen_cluster
from mtl_core.jobs.runs import Runs
from tests.browser.server import free_port
from tests.mtl_core.jobs.fakes import FILLS, OVERFLOWS, a_spec, executions, let_go
from tests.mtl_core.jobs.waiting import Followers, Lent, MakeRuns, until

ANN, BEN = "ann", "ben"


@pytest.fixture(scope="module")
def small() -> Iterator[Embedded]:
    """A cluster whose worker is nearly full at 275 MB and ended at 475."""
    made = Embedded(preload="tests.mtl_core.jobs.light_worker_setup", memory="500MB")
    made.start(threading.Event())
    yield made
    made.stop()


def family(pids: list[int]) -> list[psutil.Process]:
    """These processes and all they started."""
    parents = [psutil.Process(pid) for pid in pids]
    return parents + [child for parent in parents for child in parent.children(recursive=True)]


def gone(processes: list[psutil.Process]) -> bool:
    return not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in processes)


def test_the_environment_chooses_an_existing_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    assert isinstance(chosen_cluster(), Embedded)
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "tls://scheduler:8786")
    assert isinstance(chosen_cluster(), Remote)


def test_all_listens_on_the_loopback_interface_only(steady: Embedded) -> None:
    until(lambda: len(family(steady.pids)) >= 3)
    until(lambda: any(listening(process) for process in family(steady.pids)[2:]))
    heard = [address for process in family(steady.pids) for address in listening(process)]
    assert len(heard) >= 3
    assert {address.ip for address in heard} == {"127.0.0.1"}


def test_a_cluster_that_runs_is_not_started_again(steady: Embedded) -> None:
    address, pids = steady.start(threading.Event()), steady.pids
    assert steady.start(threading.Event()) == address
    assert steady.pids == pids


def test_whoever_has_no_certificate_reaches_neither_the_scheduler_nor_a_worker(scheduler: str) -> None:
    """Other users of the machine reach the loopback interface too."""
    with Client(scheduler, set_as_default=False) as client:
        client.wait_for_workers(1)
        addresses = [scheduler, *client.scheduler_info()["workers"]]
    assert len(addresses) == 2
    for address in addresses:
        with (
            config.set({"distributed.comm.require-encryption": False}),
            pytest.raises(OSError, match="before comm was established"),
        ):
            asyncio.run(answer(f"tcp://{address.removeprefix('tls://')}"))


async def answer(address: str) -> Any:
    """What Dask says there, asked as Dask asks."""
    async with rpc(address, connection_args={}) as service:
        return await service.identity()


def test_a_connection_that_breaks_while_the_cluster_is_well_is_made_anew_and_the_run_finishes(
    make_runs: MakeRuns, steady: Embedded
) -> None:
    runs = make_runs(cluster=Lent(steady))
    spec = a_spec(64, held=True)
    runs.train(spec, ANN)
    until(lambda: len(runs.look(spec).epochs) == 2)
    pids = steady.pids

    def cut(dask_scheduler: Any) -> int:
        theirs = [comm for name, comm in dask_scheduler.client_comms.items() if "mtl-app" in name]
        for comm in theirs:
            comm.abort()
        return len(theirs)

    address, security = steady.start(threading.Event()), Security(**steady.security())
    with Client(address, security=security, set_as_default=False) as other:
        assert other.run_on_scheduler(cut) == 1
    let_go(spec)
    until(lambda: not runs.look(spec).busy)
    assert runs.look(spec).state == "finished"
    assert [epoch.index for epoch in runs.look(spec).epochs] == list(range(6))
    until(lambda: runs.health().workers == 1)
    assert (runs.health().problem, steady.pids) == ("", pids)


def listening(process: psutil.Process) -> list:
    try:
        return [c.laddr for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN]
    except psutil.NoSuchProcess:  # A nanny starts helpers that end by themselves.
        return []


def test_a_killed_worker_means_the_run_begins_again_and_the_page_says_so(make_runs: MakeRuns, steady: Embedded) -> None:
    runs = make_runs(cluster=Lent(steady))
    spec = a_spec(50, held=True)
    runs.train(spec, ANN)
    until(lambda: len(runs.look(spec).epochs) == 2)
    os.kill(executions(spec)[0], signal.SIGKILL)
    until(lambda: runs.look(spec).retries == 1)
    assert "began again by itself" in runs.look(spec).message
    let_go(spec)
    until(lambda: not runs.look(spec).busy)
    seen = runs.look(spec)
    assert (seen.state, seen.retries) == ("finished", 1)
    assert [epoch.index for epoch in seen.epochs] == list(range(6))
    assert len(set(executions(spec))) == 2


def test_a_run_that_needs_too_much_memory_fails_in_words_and_the_one_behind_it_finishes(
    make_runs: MakeRuns, small: Embedded, tmp_path: Path
) -> None:
    runs = make_runs(cluster=Lent(small), store=tmp_path / "shared")
    deadly, behind = a_spec(51, seed=OVERFLOWS), a_spec(52)
    runs.train(deadly, ANN)
    runs.train(behind, BEN)
    until(lambda: not runs.look(deadly).busy, 120)
    seen = runs.look(deadly)
    assert seen.state == "failed"
    assert seen.message == (
        "The worker was lost 4 times during this run. Most likely it needs more memory than a worker has."
    )
    until(lambda: runs.look(behind).state == "finished")
    assert runs.look(behind).retries == 0
    tried = executions(deadly)
    for visitor in (BEN, ANN):
        refused = runs.train(deadly, visitor)
        assert refused.state == "failed"
        assert refused.message == f"{seen.message} For up to a day it is not tried again."
    # Nor by a process that was started since, or is another one.
    another = make_runs(cluster=Lent(small), store=tmp_path / "shared")
    for refused in (another.background(deadly, ANN), another.train(deadly, BEN), another.look(deadly, ANN)):
        assert refused.state == "failed"
        assert refused.message == f"{seen.message} For up to a day it is not tried again."
    assert another.look(deadly, "somebody else").state == "none"
    another.train(after := a_spec(53), BEN)
    until(lambda: another.look(after).state == "finished")
    assert executions(deadly) == tried


def test_a_worker_or_a_scheduler_that_has_been_silent_is_said_to_be(make_runs: MakeRuns, steady: Embedded) -> None:
    runs = make_runs(cluster=Lent(steady), silence=2.0)
    spec = a_spec(80, held=True)
    runs.train(spec, ANN)
    until(lambda: len(runs.look(spec).epochs) == 2)
    assert (runs.look(spec).message, runs.look(spec).silent) == ("", 0)
    worker = psutil.Process(executions(spec)[0])
    worker.suspend()
    until(lambda: "The worker has not been heard from for" in runs.look(spec).message)
    assert runs.look(spec).silent >= 2
    assert runs.look(spec).seconds_left is None
    worker.resume()
    until(lambda: not runs.look(spec).message)
    scheduler = psutil.Process(steady.pids[0])
    scheduler.suspend()
    until(lambda: "The training engine has not answered for" in runs.health().problem)
    assert "has not answered" in runs.look(spec).message
    scheduler.resume()
    until(lambda: not runs.look(spec).message)
    let_go(spec)
    until(lambda: runs.look(spec).state == "finished")


def test_a_worker_that_is_nearly_full_is_replaced_between_two_runs_and_none_is_lost(
    make_runs: MakeRuns, small: Embedded
) -> None:
    runs = make_runs(cluster=Lent(small))
    fills, held, after = a_spec(70, seed=FILLS), a_spec(71, held=True), a_spec(72)
    runs.train(held, ANN)
    until(lambda: runs.look(held).epochs)
    runs.train(fills, ANN)
    # Asked for a moment earlier, the held run would simply go on, for the worker has not noticed yet that it was left.
    until(lambda: executions(fills))
    runs.train(held, BEN)
    until(lambda: runs.look(fills).state == "finished" and len(runs.look(held).epochs) == 2)
    (old,) = set(executions(held))
    let_go(held)
    until(lambda: runs.look(held).state == "finished")
    until(lambda: not psutil.pid_exists(old))
    runs.train(after, ANN)
    until(lambda: runs.look(after).state == "finished")
    assert executions(after) != [old]
    assert [runs.look(spec).retries for spec in (fills, held, after)] == [0, 0, 0]
    until(lambda: runs.health().warm)


def test_a_killed_scheduler_is_started_again_with_every_run_that_was_wanted(
    make_runs: MakeRuns, fragile: Embedded
) -> None:
    runs = make_runs(cluster=Lent(fragile))
    before, running, queued = a_spec(53), a_spec(54, held=True), a_spec(55)
    runs.train(before, ANN)
    until(lambda: runs.look(before).state == "finished")
    runs.train(running, ANN)
    until(lambda: runs.look(running).epochs)
    runs.train(queued, BEN)
    scheduler, _nanny = fragile.pids
    old = family(fragile.pids)
    os.kill(scheduler, signal.SIGKILL)
    let_go(running)
    until(lambda: runs.look(running).state == runs.look(queued).state == "finished")
    assert (runs.look(running).retries, runs.look(queued).retries) == (1, 0)
    assert runs.look(before).state == "finished"
    until(lambda: runs.ask(before, 1, "respond").state == "ready")
    assert runs.health().problem == ""
    until(lambda: gone(old))


def test_a_killed_nanny_is_noticed_and_the_run_finishes(make_runs: MakeRuns, fragile: Embedded) -> None:
    runs = make_runs(cluster=Lent(fragile))
    spec = a_spec(56, held=True)
    runs.train(spec, ANN)
    until(lambda: runs.look(spec).epochs)
    os.kill(fragile.pids[1], signal.SIGKILL)
    let_go(spec)
    until(lambda: not runs.look(spec).busy)
    assert runs.look(spec).state == "finished"
    assert [epoch.index for epoch in runs.look(spec).epochs] == list(range(spec.train.epochs + 1))


def test_closing_the_app_in_the_middle_of_a_run_leaves_no_process(make_runs: MakeRuns, fragile: Embedded) -> None:
    runs = make_runs(cluster=fragile)
    spec = a_spec(57, held=True)
    runs.train(spec, ANN)
    until(lambda: runs.look(spec).epochs)
    processes = family(fragile.pids)
    assert len(processes) >= 3
    runs.close()
    until(lambda: gone(processes), 5)


_APP = """
import sys, time
from pathlib import Path
from tests.mtl_core.jobs import fakes
from mtl_core.records import Gallery
from mtl_core.jobs.cluster import Embedded, Remote
from mtl_core.jobs.runs import Runs
from mtl_core.jobs.finished import Finished

cluster = Remote(sys.argv[1]) if sys.argv[1] else Embedded(preload="")
runs = Runs(cluster=cluster, finished=Finished(Path(sys.argv[2]), gallery=Gallery(Path("none"))),
            train_task=fakes.train, answer_task=fakes.answer)
spec = fakes.a_spec(int(sys.argv[3]), held=True)
runs.train(spec, "theirs")
told = None
while runs.look(spec).busy:
    if len(runs.look(spec).epochs) == 2 and told is None:
        told = print("epochs", *getattr(cluster, "pids", ()), flush=True)
        told = True
    time.sleep(0.01)
print(runs.look(spec).state, flush=True)
runs.close()
"""


@pytest.fixture
def start_app(tmp_path: Path) -> Iterator:
    """Starts an app process that trains one held spec, on the scheduler given or on a cluster of its own."""
    started: list[subprocess.Popen] = []

    def start(address: str, number: int) -> subprocess.Popen:
        path = os.pathsep.join([str(Path(__file__).parents[3]), os.environ["PYTHONPATH"]])
        command = [sys.executable, "-c", _APP, address, str(tmp_path / f"app{number}"), str(number)]
        app = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path})
        started.append(app)
        return app

    yield start
    for app in started:
        app.kill()
        app.wait()


def test_a_killed_app_leaves_no_process_behind_even_in_the_middle_of_a_run(start_app) -> None:
    app = start_app("", 58)
    word, *pids = app.stdout.readline().split()
    assert word == "epochs"
    processes = family([int(pid) for pid in pids])
    assert len(processes) >= 3
    app.kill()
    until(lambda: gone(processes), 30)


def test_two_app_processes_share_one_training_and_the_run_outlives_the_one_that_is_killed(
    start_app, make_runs: MakeRuns, scheduler: str, followers: Followers
) -> None:
    spec = a_spec(59, held=True)
    here = make_runs()
    theirs = start_app(scheduler, 59)
    assert theirs.stdout.readline().split() == ["epochs"]
    here.train(spec, ANN)
    until(lambda: len(here.look(spec).epochs) == 2 and followers(spec) == 2)
    theirs.kill()
    theirs.wait()
    let_go(spec)
    until(lambda: here.look(spec).state == "finished")
    assert len(executions(spec)) == 1


def test_the_run_of_a_killed_app_ends_and_is_asked_for_again_when_it_starts(
    start_app, make_runs: MakeRuns, scheduler: str, tmp_path: Path
) -> None:
    theirs = start_app(scheduler, 81)
    assert theirs.stdout.readline().split() == ["epochs"]
    theirs.kill()
    theirs.wait()
    another, after = make_runs(), a_spec(61)
    another.train(after, ANN)
    # The one slot is free only when the run that nobody follows has ended.
    until(lambda: another.look(after).state == "finished")
    runs = make_runs(store=tmp_path / "app81")
    runs.start()
    spec = a_spec(81, held=True)
    until(lambda: len(runs.look(spec, ANN).epochs) == 2)
    assert "The server was restarted" in runs.look(spec, ANN).message
    let_go(spec)
    until(lambda: runs.look(spec).state == "finished")


def dask(*arguments: str) -> subprocess.Popen:
    """A process of a cluster that the app does not look after."""
    path = os.pathsep.join([str(Path(__file__).parents[3]), os.environ["PYTHONPATH"]])
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments],
        env={**os.environ, "PYTHONPATH": path, "DASK_LOGGING__DISTRIBUTED": "critical"},
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def remote(tmp_path: Path) -> Iterator:
    """Starts a scheduler, always at the same address, and a worker; returns both."""
    started: list[subprocess.Popen] = []
    port = free_port()

    def start() -> tuple[str, list[subprocess.Popen]]:
        address = f"tcp://127.0.0.1:{port}"
        pair = [
            dask("scheduler", "--host", "127.0.0.1", "--port", str(port), "--dashboard-address", "127.0.0.1:0"),
            dask(
                *("worker", address, "--host", "127.0.0.1", "--nthreads", "2", "--resources", "train=1"),
                *("--dashboard-address", "127.0.0.1:0", "--local-directory", str(tmp_path / "worker"), "--no-nanny"),
            ),
        ]
        started.extend(pair)
        return address, pair

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_a_remote_scheduler_that_goes_away_and_comes_back_gets_every_run_that_was_wanted(
    remote, make_runs: MakeRuns
) -> None:
    address, first = remote()
    runs: Runs = make_runs(cluster=Remote(address))
    before, spec = a_spec(62), a_spec(63, held=True)
    runs.train(before, ANN)
    until(lambda: runs.look(before).state == "finished")
    runs.train(spec, ANN)
    until(lambda: runs.look(spec).epochs)
    for process in first:
        process.kill()
        process.wait()
    until(lambda: "cannot be reached" in runs.health().problem)
    assert runs.look(before).state == "finished"
    assert runs.look(spec).busy
    let_go(spec)
    remote()
    until(lambda: runs.look(spec).state == "finished")
    assert runs.look(spec).retries == 1
    assert runs.health().problem == ""
