"""How these tests wait, and what their fixtures make."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from mtl_core.jobs.cluster import Cluster
from mtl_core.jobs.runs import Runs
from mtl_core.spec import ExperimentSpec

MakeRuns = Callable[..., Runs]
"""Makes a `Runs` as one app process has it."""

Followers = Callable[[ExperimentSpec], int]
"""How many app processes follow a run."""


class Lent:
    """A cluster that goes on when whoever works with it has ended.

    Parameters
    ----------
    cluster : Cluster
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def start(self, given_up: threading.Event) -> str:
        """As the cluster itself."""
        return self._cluster.start(given_up)

    def security(self) -> Mapping[str, str | bool]:
        """As the cluster itself."""
        return self._cluster.security()

    def alive(self) -> bool:
        """As the cluster itself."""
        return self._cluster.alive()

    def stop(self) -> None:
        """Nothing: others need it."""


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Return as soon as `condition` holds; fail if it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
