"""How these tests wait, and what their fixtures make."""

from __future__ import annotations

import time
from collections.abc import Callable

from mtl_core.jobs.runs import Runs
from mtl_core.spec import ExperimentSpec

MakeRuns = Callable[..., Runs]
"""Makes a `Runs` as one app process has it."""

Followers = Callable[[ExperimentSpec], int]
"""How many app processes follow a run."""


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Return as soon as `condition` holds; fail if it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
