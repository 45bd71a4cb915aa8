"""A worker serves 200 runs over 40 shapes: no run is lost, and it stays under its limit.

    python -m tests.bench.soak                      (`make soak`)
    python -m tests.bench.soak --runs 40 --shapes 10

Every new shape leaves 3 to 16 MB in TensorFlow that nothing gives back. So compiled shapes are used again, and a worker that
is nearly full is replaced between two runs; a run that meets the change simply waits. The budget is what a worker holds at
the end, which is where a host has to pay for it; its most is shown too.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import psutil

from mtl_core.jobs.runs import Runs
from mtl_core.spec import ExperimentSpec
from tests.bench.clicks import warm_runs

__all__ = ["Soaked", "main", "soak"]

BUDGET = 1.2e9
_SMALL = ExperimentSpec().replace(tweets="numbers", timesteps=6, features=3, n_train=64, n_test=64, epochs=2)
_PATIENCE = 120.0
_WORKER = "spawn_main"


@dataclass
class Soaked:
    """What a worker's life looked like."""

    ended: Counter[str] = field(default_factory=Counter)
    """Runs by how they ended."""
    memory: list[tuple[int, float]] = field(default_factory=list)
    """After each run: the worker's process and its bytes."""

    @property
    def most(self) -> float:
        return max(size for _, size in self.memory)

    @property
    def workers(self) -> int:
        return len({pid for pid, _ in self.memory})


def soak(runs: Runs, count: int, shapes: int, seconds: float) -> Soaked:
    """Have `count` runs over that many shapes, one after another, for at most some seconds."""
    soaked, end = Soaked(), time.monotonic() + seconds
    for spec in _specs(count, shapes):
        if time.monotonic() > end:
            break
        soaked.ended[_run(runs, spec)] += 1
        if worker := _worker():
            soaked.memory.append(worker)
    return soaked


def _specs(count: int, shapes: int) -> Iterator[ExperimentSpec]:
    optimizers = ("rmsprop", "adam", "sgd")
    for number in range(count):
        shape = number % shapes
        yield _SMALL.replace(lstm_units=3 + shape, optimizer=optimizers[shape % 3], seed=number)


def _run(runs: Runs, spec: ExperimentSpec) -> str:
    deadline = time.monotonic() + _PATIENCE
    runs.train(spec, "soak")
    while (run := runs.look(spec)).busy:
        if time.monotonic() > deadline:
            return "lost"
        runs.renew("soak")
        time.sleep(0.02)
    return run.state if run.state != "finished" or run.response is not None else "without a response"


def _worker() -> tuple[int, float] | None:
    """The largest worker process below this one."""
    sizes = []
    for process in psutil.Process().children(recursive=True):
        try:
            if _WORKER in " ".join(process.cmdline()):
                sizes.append((process.memory_info().rss, process.pid))
        except psutil.NoSuchProcess:  # It was just replaced.
            continue
    return (max(sizes)[1], float(max(sizes)[0])) if sizes else None


def main() -> None:
    """The command line. Exit code 1 if a run was lost or the worker ended larger than its budget."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=200)
    options.add_argument("--shapes", type=int, default=40)
    options.add_argument("--seconds", type=float, default=900.0, help="at most; the runs made until then count")
    options.add_argument("--memory", default="2GB", help="the worker's limit; it is replaced at 0.55 of it")
    asked = options.parse_args()
    began = time.monotonic()
    with warm_runs(asked.memory) as runs:
        soaked = soak(runs, asked.runs, asked.shapes, asked.seconds)
    for number, (pid, size) in enumerate(soaked.memory, start=1):
        if number == 1 or number % max(1, asked.runs // 20) == 0:
            print(f"{number:4} runs  worker {pid}  {size / 1e6:6.0f} MB")
    last = soaked.memory[-1][1]
    lost = soaked.ended.total() - soaked.ended["finished"]
    print(
        f"{soaked.ended.total()} of {asked.runs} runs over {asked.shapes} shapes in {time.monotonic() - began:.0f} s: "
        f"{dict(soaked.ended)}; {soaked.workers} worker processes; {last / 1e6:.0f} MB at the end, "
        f"{soaked.most / 1e6:.0f} MB at most (budget {BUDGET / 1e6:.0f})"
    )
    sys.exit(0 if not lost and last <= BUDGET else 1)


if __name__ == "__main__":
    main()
