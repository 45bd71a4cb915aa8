"""What a run adds to its worker is never more than its settings say: measured in a process of its own for each spec."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from mtl_core.spec import ExperimentSpec

MEASURE = """
import json, sys
from mtl_core.spec import ExperimentSpec
from mtl_core.train import train

def peak():
    return 1024 * int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])

small, spec = (ExperimentSpec.from_query(query)[0] for query in json.loads(sys.argv[1]))
list(train(small))
before = peak()
list(train(spec))
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


@pytest.mark.full
@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize("query", SPECS, ids=lambda query: "-".join(query[key] for key in ("t", "d", "u", "b")))
def test_the_peak_of_a_run_is_within_what_its_settings_say(query: dict[str, str]) -> None:
    small = {"tw": "numbers", "t": "2", "d": query["d"], "u": "4", "n": "64", "nt": "64", "ep": "1"}
    wide = {"tw": "numbers"} | query
    spec, _notes = ExperimentSpec.from_query(wide)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, json.dumps([small, wide])], capture_output=True, text=True, check=True
    )
    assert 0.4 * spec.cost.memory < int(done.stdout) <= spec.cost.memory
