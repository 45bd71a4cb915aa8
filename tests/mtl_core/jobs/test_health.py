import asyncio
from types import SimpleNamespace

import pytest

from mtl_core.jobs.connection import WorkerState
from mtl_core.jobs.health import Monitor
from mtl_core.records import versions

UP = SimpleNamespace(reason="", up=True, up_since=0.0)
OURS = dict(versions())


def problem_with(*made_by):
    """What a page says of workers with these versions."""
    monitor = Monitor("train-", silence=10, clock=lambda: 1.0)

    async def workers():
        return tuple(WorkerState(memory=1, limit=2, warm=True, versions=each) for each in made_by)

    asyncio.run(monitor.look(SimpleNamespace(workers=workers), busy=False))
    return monitor.problem(UP)


def test_a_remote_worker_with_another_keras_is_said_to_have_it():
    problem = problem_with(OURS, OURS | {"keras": "3.14.0"})
    assert problem.startswith(f"A worker computes with Keras 3.14.0, this app expects Keras {OURS['keras']}")


def test_each_version_that_differs_is_named():
    problem = problem_with(OURS | {"engine": "0", "tensorflow": "2.20.0"})
    assert "engine 0, TensorFlow 2.20.0" in problem


@pytest.mark.parametrize("made_by", [OURS, OURS | {"machine": "another"}, {}], ids=["same", "elsewhere", "not told"])
def test_nothing_is_said_of_workers_that_compute_the_same(made_by):
    assert problem_with(made_by) == ""
