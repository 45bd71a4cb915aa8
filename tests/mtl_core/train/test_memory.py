"""What a run adds to its worker is never more than its settings say: measured in a process of its own for each spec.

Six settings are each the worst of a kind. The others are drawn, from all fields that decide what is in memory, near the limit.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys

import pytest

from mtl_core.spec import DataSpec, ExperimentSpec, ModelSpec, TrainSpec, knobs
from mtl_core.spec.cost import MEMORY_LIMIT

MEASURE = """
import json, sys
from mtl_core.spec import ExperimentSpec
from mtl_core.jobs.compute import finish

def peak():
    return 1024 * int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])

small, spec = (ExperimentSpec.from_query(query)[0] for query in json.loads(sys.argv[1]))
def run(spec):
    assert finish(spec, "", lambda event: None, lambda: False).state == "finished"

run(small)
before = peak()
run(spec)
print(peak() - before)
"""

SPECS = (
    {"t": "280", "d": "2", "u": "256", "b": "1024", "n": "1024", "nt": "64", "ep": "1"},
    {"t": "280", "d": "256", "u": "256", "b": "256", "n": "448", "nt": "64", "ep": "1"},
    {"t": "100", "d": "64", "u": "32", "b": "1024", "n": "1024", "nt": "64", "ep": "1"},
    {"t": "100", "d": "256", "u": "16", "b": "512", "n": "512", "nt": "64", "ep": "1"},
    {"t": "20", "d": "8", "u": "256", "b": "1024", "n": "4096", "nt": "64", "ep": "1"},
    {"t": "200", "d": "2", "u": "1", "b": "1024", "n": "2048", "nt": "64", "ep": "1"},
)


DRAWN = ("numbers", 0)
MORE = tuple((world, seed) for world in ("words", "numbers") for seed in range(8) if (world, seed) != DRAWN)


@pytest.mark.full
@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize("query", SPECS, ids=lambda query: "-".join(query[key] for key in ("t", "d", "u", "b")))
def test_the_peak_of_a_run_is_within_what_its_settings_say(query: dict[str, str]) -> None:
    spec, _notes = ExperimentSpec.from_query({"tw": "numbers"} | query)
    assert 0.4 * spec.cost.memory < added(spec) <= spec.cost.memory


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize(("world", "seed"), [DRAWN, *(pytest.param(*each, marks=pytest.mark.full) for each in MORE)])
def test_so_is_that_of_settings_drawn_near_the_limit(world: str, seed: int) -> None:
    spec = drawn(world, seed)
    assert added(spec) <= spec.cost.memory, spec


def added(spec: ExperimentSpec) -> int:
    """Bytes by which a run raises the peak of a process that has had a small one."""
    small = spec.replace(lstm_units=4, n_train=64, n_test=64, epochs=1)
    if spec.data.tweets == "numbers":
        small = small.replace(timesteps=2)
    both = json.dumps([small.to_query(), spec.to_query()])
    done = subprocess.run([sys.executable, "-c", MEASURE, both], capture_output=True, text=True, check=True)
    return int(done.stdout)


def drawn(world: str, seed: int) -> ExperimentSpec:
    """Settings of one epoch that take most of the memory there is, and seconds."""
    stream = random.Random(f"{world} {seed}")
    rows = {row.key: row for part in (ModelSpec, DataSpec, TrainSpec) for row in knobs(part).values()}
    while True:
        query = {key: stream.choice(row.choices) for key, row in rows.items() if row.kind == "choice"}
        for key in ("u", "h", "t", "d", "n", "nt", "b"):
            # As many of each order of magnitude; of words, whose tweets are short, more of the large ones.
            low, high = rows[key].low or 1, rows[key].high
            query[key] = str(round(low * (high / low) ** stream.random() ** (0.2 if world == "words" else 1)))
        spec, _notes = ExperimentSpec.from_query(query | {"tw": world, "ep": "1", "lab": "1,0.5"})
        if spec.cost.memory > 0.7 * MEMORY_LIMIT and spec.cost.work < 1e11:
            return spec
