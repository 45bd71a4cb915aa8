"""`deploy/compose.yaml` as processes on the loopback interface: the same commands, environment and certificates."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import psutil
import yaml

from tests.browser.server import Server, free_port

__all__ = ["COMPOSE", "DEPLOY", "Topology"]

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())


class Topology:
    """A scheduler, two workers and two app processes, over TLS.

    Parameters
    ----------
    folder : Path
        Where certificates, runs and logs go.
    **workers : str
        More environment variables of the workers.
    """

    def __init__(self, folder: Path, **workers: str) -> None:
        self._folder, self._more = folder, {"worker": workers}
        self._port = free_port()
        self._dask: list[subprocess.Popen[bytes]] = []
        self.address = f"tls://127.0.0.1:{self._port}"
        self.apps: list[Server] = []

    def __enter__(self) -> Self:
        certificates = self._folder / "certificates"
        subprocess.run(["sh", DEPLOY / "make-certificates.sh", certificates], check=True)
        self._start("scheduler")
        for _ in range(COMPOSE["services"]["worker"]["deploy"]["replicas"]):
            self._start("worker")
        for name in ("app1", "app2"):
            settings = {**self.environment(name), "MTL_STORE": str(self._folder / "runs")}
            self.apps.append(Server(self._folder / name, **settings))
            self.apps[-1].start()
        return self

    def __exit__(self, *_error: object) -> None:
        for app in self.apps:
            app.stop()
        family = [psutil.Process(process.pid) for process in self._dask if process.poll() is None]
        family += [child for process in family for child in process.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family, timeout=10)

    def environment(self, service: str) -> dict[str, str]:
        """What compose.yaml sets for a service, with this machine's places."""
        return {name: self._here(value) for name, value in COMPOSE["services"][service]["environment"].items()}

    def _start(self, service: str) -> None:
        python, *arguments = map(self._here, COMPOSE["services"][service]["command"])
        assert python == "python"
        own = {
            **self.environment(service),
            **self._more.get(service, {}),
            "PYTHONPATH": str(ROOT),
            "DASK_LOGGING__DISTRIBUTED": "error",
        }
        with (self._folder / f"{service}{len(self._dask)}.log").open("wb") as log:
            self._dask.append(
                subprocess.Popen(
                    [sys.executable, *arguments],
                    env={**os.environ, **own},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            )

    def _here(self, text: str) -> str:
        exactly = {"8786": str(self._port), "/tmp": str(self._folder), "tls://0.0.0.0": "tls://127.0.0.1"}
        # In containers each has a loopback interface of its own.
        exactly["127.0.0.1:8787"] = "127.0.0.1:0"
        if text.startswith("/certificates"):
            return f"{self._folder}{text}"
        if text.startswith("${COOKIE_SECRET"):
            return "the same for both"
        if text.startswith("${"):
            return ""
        return exactly.get(text, text.replace("scheduler:8786", f"127.0.0.1:{self._port}"))
