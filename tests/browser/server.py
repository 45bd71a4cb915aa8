"""The app as its visitors meet it: `streamlit run app.py` in a process of its own, on a free port of the loopback interface.

Everything the process writes (runs, caches, the log) goes into one folder, so that no test sees another's runs. Python's own
`-X importtime` writes each import of the process to the log as it happens: the record of what the UI process has loaded.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Self

import psutil

__all__ = ["LOOPBACK", "NOBODY", "ROOT", "Server", "free_port", "is_keras"]

ROOT = Path(__file__).parent.parent.parent
LOOPBACK = "127.0.0.1"
NOBODY = f"tcp://{LOOPBACK}:9"
"""As DASK_SCHEDULER_ADDRESS: a server without workers, which starts in a second. Port 9 discards."""

_START_SECONDS = 60.0
_END_SECONDS = 15.0
_IMPORT_LINE = "import time:"


class Server:
    """A server to start, look at, and end together with its workers.

    Parameters
    ----------
    folder : Path
        Where the process keeps its runs, its caches and its log.
    port : int, optional
        Default: a free one. A server that is to come back needs its old one.
    root : Path
        Where app.py and all that it reads are.
    **environment : str
        More environment variables.
    """

    def __init__(self, folder: Path, *, port: int | None = None, root: Path = ROOT, **environment: str) -> None:
        self.port = port or free_port()
        self.url = f"http://{LOOPBACK}:{self.port}"
        self._folder, self._root = folder, root
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._family: list[psutil.Process] = []
        folder.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The UI process."""
        assert self._process is not None, "the server was not started"
        return self._process.pid

    @property
    def processes(self) -> list[psutil.Process]:
        """The UI process and everything it started: scheduler, nanny, workers."""
        with suppress(psutil.NoSuchProcess):
            ui = psutil.Process(self.pid)
            self._family = [ui, *ui.children(recursive=True)]
        return [process for process in self._family if process.is_running()]

    def start(self) -> None:
        """Start the process and wait until it answers.

        Raises
        ------
        RuntimeError
            With the end of the log, if it does not.
        """
        options = {
            "server.address": LOOPBACK,
            "server.port": self.port,
            "server.headless": "true",
            "browser.gatherUsageStats": "false",
            "logger.enableRich": "false",
        }
        command = [sys.executable, "-X", "importtime", "-m", "streamlit", "run", "app.py"]
        command += [f"--{name}={value}" for name, value in options.items()]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self._root,
                env={**os.environ, **self._own_environment(), **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A group of its own: Ctrl-C in the terminal ends the tests, and they end the server.
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self.healthy():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"The app did not start. The end of its log:\n{self.log()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End the process politely, then whatever is left of it and its children."""
        if self._process is None:
            return
        family = self.processes
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_SECONDS)
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family, timeout=_END_SECONDS)
        self._process.wait()

    def kill(self) -> None:
        """End the UI process at once, as `kill -9` does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def healthy(self) -> bool:
        """Whether the health endpoint answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def log(self, lines: int = 60) -> str:
        """The end of what the processes wrote, without the record of imports."""
        return "\n".join([line for line in self._written() if not line.startswith(_IMPORT_LINE)][-lines:])

    def imported(self) -> set[str]:
        """Every module that the UI process has imported until now."""
        records = (line for line in self._written() if line.startswith(_IMPORT_LINE))
        return {line.rsplit("|", 1)[-1].strip() for line in records}

    def mapped(self) -> str:
        """The files that are mapped into the UI process's memory, one a line (Linux only)."""
        return Path(f"/proc/{self.pid}/maps").read_text()

    def assert_free_of_keras(self) -> None:
        """Neither Python's record of imports nor the libraries in the UI process's memory know of Keras or TensorFlow (Linux only)."""
        deadline = time.monotonic() + _START_SECONDS
        # The last of these comes when the server looks for its workers, a moment after it answers.
        while not {"streamlit", "mtl_core.jobs.runs", "distributed"} <= self.imported():
            assert time.monotonic() < deadline, "the record of imports is incomplete"
            time.sleep(0.05)
        imported, mapped = self.imported(), self.mapped()
        assert not [name for name in imported if is_keras(name)]
        assert "python" in mapped
        assert "tensorflow" not in mapped

    @property
    def _log(self) -> Path:
        return self._folder / "server.log"

    def _written(self) -> list[str]:
        return self._log.read_text(errors="replace").splitlines()

    def _own_environment(self) -> dict[str, str]:
        return {"MTL_STORE": str(self._folder / "store"), "XDG_CACHE_HOME": str(self._folder / "cache")}


def is_keras(module: str) -> bool:
    """Whether a module belongs to Keras or TensorFlow."""
    return module.split(".")[0] in ("keras", "tensorflow", "tensorflow_cpu")


def free_port() -> int:
    """A port of the loopback interface that nothing listens at."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
