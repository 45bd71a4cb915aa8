"""One cluster for all tests that don't break it, another for those that do, and stand-ins for the training itself."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask
import pytest
from distributed import Client

from mtl_core.jobs.cluster import Cluster, Embedded, Remote
from mtl_core.jobs.dispatcher import PREFIX
from mtl_core.jobs.finished import Finished
from mtl_core.jobs.runs import Runs
from mtl_core.records import Gallery, run_key
from mtl_core.spec import ExperimentSpec
from tests.mtl_core.jobs import fakes
from tests.mtl_core.jobs.waiting import Followers, MakeRuns


@pytest.fixture(scope="session", autouse=True)
def fakes_everywhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Workers that these tests start can import the stand-ins, and share a folder with them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[3]), prepend=os.pathsep)
        patch.setenv("MTL_FAKES", str(tmp_path_factory.mktemp("fakes")))
        yield


@pytest.fixture(scope="session")
def steady(fakes_everywhere: None) -> Iterator[Embedded]:
    """A cluster with one worker that needs no Keras; its scheduler and its nanny stay as long as the tests."""
    cluster = Embedded(preload="")
    cluster.start(threading.Event())
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def fragile(fakes_everywhere: None) -> Iterator[Embedded]:
    """A cluster whose processes may be killed: whoever needs it next starts it again."""
    cluster = Embedded(preload="")
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def scheduler(steady: Embedded) -> Iterator[str]:
    """Address of the steady scheduler; who connects to it without a word has its certificate."""
    assert steady.certificate is not None
    variables = steady.certificate.environment()
    # Other tests have clusters without one.
    del variables["DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION"]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        dask.config.refresh()
        yield steady.start(threading.Event())
    dask.config.refresh()


@pytest.fixture
def make_runs(scheduler: str, tmp_path: Path) -> Iterator[MakeRuns]:
    """Makes a `Runs` as an app process has one; each on the shared scheduler and a store of its own unless told."""
    made: list[Runs] = []

    def make(*, cluster: Cluster | None = None, store: Path | None = None, gallery: Path | None = None, **more) -> Runs:
        runs = Runs(
            cluster=cluster or Remote(scheduler),
            finished=Finished(store or tmp_path / f"store{len(made)}", gallery=Gallery(gallery or tmp_path / "none")),
            train_task=fakes.train,
            answer_task=fakes.answer,
            **{"every": 0.1, **more},
        )
        made.append(runs)
        return runs

    yield make
    for runs in made:
        runs.close()


@pytest.fixture
def followers(scheduler: str) -> Iterator[Followers]:
    """How many app processes the scheduler counts as followers of a run."""
    with Client(scheduler, set_as_default=False) as client:

        def count(spec: ExperimentSpec) -> int:
            def on_scheduler(key: str, dask_scheduler: Any) -> int:
                task = dask_scheduler.tasks.get(key)
                return len(task.who_wants) if task else 0

            return client.run_on_scheduler(on_scheduler, PREFIX + run_key(spec))

        yield count


@pytest.fixture
def runs(make_runs: MakeRuns) -> Runs:
    return make_runs()
