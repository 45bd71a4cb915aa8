"""From Train to the first updated epoch, as far as the engine goes: a real worker, no screen."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mtl_core.jobs.cluster import Embedded
from mtl_core.jobs.finished import Finished
from mtl_core.jobs.runs import Runs
from mtl_core.records import Gallery
from mtl_core.spec import ExperimentSpec
from tests.bench.figure import Figure

__all__ = ["click_figures", "warm_runs"]

_SEEN, _NEW = 0.3, 1.0
_PATIENCE = 300.0
_VISITOR = "bench"


def click_figures(rounds: int) -> list[Figure]:
    """Seconds to the first updated epoch, for a shape seen before and for a new one."""
    specs = {
        "a shape seen before": (_SEEN, [ExperimentSpec().replace(seed=100 + i) for i in range(rounds)]),
        "a new shape": (
            _NEW,
            [ExperimentSpec().replace(tweets="numbers", lstm_units=21 + i, features=7) for i in range(rounds)],
        ),
    }
    with warm_runs() as runs:
        return [
            Figure(
                what=f"Train to the first updated epoch at the engine, {what}",
                seconds=[_first_update(runs, spec) for spec in its],
                at_most=budget,
            )
            for what, (budget, its) in specs.items()
        ]


@contextmanager
def warm_runs(memory: str = "2GB") -> Iterator[Runs]:
    """`Runs` with one worker that is ready, an empty store and nothing recorded."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runs = Runs(
            cluster=Embedded(workers=1, memory=memory),
            finished=Finished(folder / "store", gallery=Gallery(folder / "none")),
        )
        try:
            runs.start()
            _until(lambda: runs.health().warm)
            yield runs
        finally:
            runs.close()


def _first_update(runs: Runs, spec: ExperimentSpec) -> float:
    began = time.monotonic()
    runs.train(spec, _VISITOR)
    _until(lambda: len(runs.look(spec).epochs) > 1)
    seconds = time.monotonic() - began
    runs.stop(spec, _VISITOR)
    _until(lambda: not runs.health().running)
    return seconds


def _until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError("the engine did not come to it in time")
        time.sleep(0.005)
