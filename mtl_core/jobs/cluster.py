"""Where the work is done: a Dask cluster, the app's own or somebody else's.

*Embedded*, the default: the documented commands `dask scheduler` and `dask worker` as child processes on the loopback
interface, with a certificate made at each start (`certificate`): other users of the machine reach that interface too. A child
that is started by a command does not execute app.py again, and it works the same on every system.
*Remote*: an existing cluster, named by Dask's own variable DASK_SCHEDULER_ADDRESS; TLS comes from Dask's configuration
(DASK_DISTRIBUTED__COMM__TLS__CA_FILE and its sisters).

A worker has two threads and one slot of the resource "train": one training at a time, and a thread that is always free
for a question about a finished model. Dask's priorities do not interrupt a task that runs, so a slot is the only way.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from mtl_core.jobs.certificate import Certificate, make_certificate
from mtl_core.jobs.settings import number, worker_environment

__all__ = ["TRAIN_SLOT", "Cluster", "Embedded", "Remote", "chosen_cluster"]

log = logging.getLogger(__name__)

TRAIN_SLOT = {"train": 1}
"""The resource that a training holds while it runs."""

_START_SECONDS = 30.0
_END_SECONDS = 3.0
_KNOCK_SECONDS = 5.0
_SCHEDULER_FILE = "scheduler.json"
_ROOT = Path(__file__).parent.parent.parent

_ENVIRONMENT = {
    # Results are small and leave a worker at once: there is nothing worth writing to disk. A worker that is nearly full
    # takes no new work (pause), so that it is recycled between two runs and not killed within one (terminate).
    "DASK_DISTRIBUTED__WORKER__MEMORY__TARGET": "False",
    "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL": "False",
    "DASK_DISTRIBUTED__WORKER__MEMORY__PAUSE": "0.80",
    "DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE": "0.95",
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "3",
    "DASK_DISTRIBUTED__ADMIN__LOG_LENGTH": "100",
    "DASK_LOGGING__DISTRIBUTED": "error",
    **worker_environment(),
}


class Cluster(Protocol):
    """A scheduler with workers."""

    def start(self, given_up: threading.Event) -> str:
        """Address of the scheduler, started if need be; `OSError` if there is none."""

    def security(self) -> Mapping[str, str | bool]:
        """What `distributed.Security` is to be told; nothing if Dask's own configuration says it."""

    def alive(self) -> bool:
        """False once a process of the cluster that should run has ended."""

    def stop(self) -> None:
        """End what `start` started, which may be nothing."""


def chosen_cluster() -> Cluster:
    """The remote cluster that DASK_SCHEDULER_ADDRESS names, else an embedded one."""
    address = os.environ.get("DASK_SCHEDULER_ADDRESS", "")
    return Remote(address) if address else Embedded()


class Remote:
    """A cluster that somebody else looks after."""

    def __init__(self, address: str) -> None:
        self._address = address

    def start(self, given_up: threading.Event) -> str:
        """The address, once something listens there: Dask itself would knock for seconds where nothing does."""
        from distributed.comm.addressing import get_address_host_port

        try:
            socket.create_connection(get_address_host_port(self._address), _KNOCK_SECONDS).close()
        except OSError as error:
            raise OSError(f"{self._address}: {error.strerror or error}") from error
        return self._address

    def security(self) -> Mapping[str, str | bool]:
        """Nothing: Dask's configuration knows."""
        return {}

    def alive(self) -> bool:
        """Always: only the connection can tell."""
        return True

    def stop(self) -> None:
        """Nothing: it is not ours."""


class Embedded:
    """A scheduler and its workers as child processes on loopback.

    Parameters
    ----------
    workers : int, optional
        Worker processes. Default: the environment variable MTL_WORKERS, else 1.
    memory : str, optional
        Limit of one worker, as Dask writes it. Default: the environment variable MTL_WORKER_MEMORY, else "2GB".
    preload : str
        Module that each worker loads first; empty for none.

    Attributes
    ----------
    certificate : Certificate or None
        What both sides of every connection must have, while the cluster runs.
    """

    def __init__(
        self, *, workers: int | None = None, memory: str | None = None, preload: str = "mtl_core.jobs.worker_setup"
    ) -> None:
        self._workers = workers or int(number("MTL_WORKERS", 1))
        self._memory = memory or os.environ.get("MTL_WORKER_MEMORY", "2GB")
        self._preload = preload
        self._children: list[subprocess.Popen[bytes]] = []
        self._scratch: Path | None = None
        self.certificate: Certificate | None = None

    @property
    def pids(self) -> list[int]:
        """Process numbers of the scheduler and of the nanny of the workers."""
        return [child.pid for child in self._children]

    def start(self, given_up: threading.Event) -> str:
        """Start both processes at once and wait for the scheduler's address, unless they run.

        Raises
        ------
        OSError
            If the scheduler does not come up within half a minute, or `given_up` is set meanwhile.
        """
        if self.alive() and (address := self._address()):
            return address
        self.stop()
        self._scratch = Path(tempfile.mkdtemp(prefix="mtl-dask-"))
        self.certificate = make_certificate(self._scratch)
        file = self._scratch / _SCHEDULER_FILE
        self._children = [self._child(self._scheduler(file)), self._child(self._worker(file))]
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and not given_up.wait(0.05) and self.alive():
            if address := self._address():
                return address
        self.stop()
        raise OSError("the scheduler process did not start")

    def security(self) -> Mapping[str, str | bool]:
        """The certificate of the cluster that was started last."""
        return self.certificate.options() if self.certificate else {}

    def alive(self) -> bool:
        """Whether both processes run."""
        return bool(self._children) and all(child.poll() is None for child in self._children)

    def stop(self) -> None:
        """End both processes, politely first; but once one has ended, the other would only look for it."""
        polite = self.alive()
        children, self._children = self._children, []
        # The nanny goes first: a worker that loses its scheduler says so at length.
        for child in reversed(children):
            _end(child, _END_SECONDS if polite else 0.0)
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = self.certificate = None

    def _address(self) -> str:
        if self._scratch is None:
            return ""
        try:
            return str(json.loads((self._scratch / _SCHEDULER_FILE).read_text())["address"])
        except (OSError, ValueError, KeyError):
            return ""

    def _scheduler(self, file: Path) -> list[str]:
        return [
            *("scheduler", "--protocol", "tls", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"),
            *("--dashboard-address", "127.0.0.1:0", "--scheduler-file", str(file)),
            *("--preload", "mtl_core.jobs.end_with_app"),
        ]

    def _worker(self, file: Path) -> list[str]:
        slots = ",".join(f"{name}={number}" for name, number in TRAIN_SLOT.items())
        return [
            *("worker", "--scheduler-file", str(file), "--protocol", "tls", "--host", "127.0.0.1", "--no-dashboard"),
            *("--dashboard-address", "127.0.0.1:0", "--nworkers", str(self._workers), "--nthreads", "2"),
            *("--resources", slots, "--memory-limit", self._memory, "--death-timeout", "60"),
            *("--local-directory", str(file.parent), "--preload-nanny", "mtl_core.jobs.end_with_app"),
            *(("--preload", self._preload) if self._preload else ()),
        ]

    def _child(self, command: list[str]) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **{name: os.environ.get(name, value) for name, value in _ENVIRONMENT.items()}}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        environment |= self.certificate.environment() if self.certificate else {}
        environment["MTL_SCRATCH"] = str(self._scratch)
        # Without its .pyc files TensorFlow takes 11.5 s to import, with them 4.3 s.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment.pop("DASK_SCHEDULER_ADDRESS", None)
        # Standard input is the pipe that `guard` watches; what the children say goes to the server's log.
        return subprocess.Popen([sys.executable, "-m", "dask", *command], stdin=subprocess.PIPE, env=environment)


def _end(child: subprocess.Popen[bytes], patience: float) -> None:
    child.terminate()
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdin is not None:
        child.stdin.close()
