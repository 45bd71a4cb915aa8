"""What the server's processes use while a class visits: memory, processor time, and trainings."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import psutil

from mtl_core.jobs.certificate import Certificate
from tests.browser.server import Server

__all__ = ["Finished", "Watch", "role"]

_EVERY = 1.0
_ROLES = {"streamlit": "UI", "dask worker": "nanny", "dask scheduler": "scheduler", "spawn_main": "worker"}


def role(process: psutil.Process) -> str:
    """What a process of the server is for."""
    command = " ".join(process.cmdline())
    return next((name for sign, name in _ROLES.items() if sign in command), "helper of Python's")


class Finished:
    """Counts the trainings that a server's workers bring to their end, run by run, from now on.

    Parameters
    ----------
    server : Server
    """

    def __init__(self, server: Server) -> None:
        # A server answers before its scheduler does.
        while not (found := list(_scheduler_files(server))):
            time.sleep(0.05)
        (self._file,) = found

        def on_scheduler(dask_scheduler: Any) -> None:
            from distributed.diagnostics.plugin import SchedulerPlugin

            class Ends(SchedulerPlugin):
                name = "ends"
                finished: ClassVar[list[str]] = []

                def log_event(self, topic: str, msg: Any) -> None:
                    if isinstance(msg, dict) and msg.get("end") == "finished":
                        self.finished.append(topic)

            dask_scheduler.add_plugin(Ends())

        self._ask(on_scheduler)

    def counts(self) -> Counter[str]:
        """How often each run was brought to its end."""

        def on_scheduler(dask_scheduler: Any) -> list[str]:
            return list(dask_scheduler.plugins["ends"].finished)

        return Counter(self._ask(on_scheduler))

    def _ask(self, function: Callable[..., Any]) -> Any:
        from distributed import Client, Security

        security = Security(**Certificate.within(self._file.parent).options())
        with Client(scheduler_file=str(self._file), security=security, set_as_default=False) as client:
            return client.run_on_scheduler(function)


def _scheduler_files(server: Server) -> Iterator[Path]:
    """Where the address of a server's scheduler stands, once it does."""
    for process in server.processes:
        with suppress(psutil.NoSuchProcess):
            command = process.cmdline()
            if role(process) == "scheduler" and (file := Path(command[command.index("--scheduler-file") + 1])).exists():
                yield file


class Watch:
    """Samples every process of a server, and this one, once a second.

    Parameters
    ----------
    server : Server
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._began = time.monotonic()
        self._cpu: dict[tuple[int, str], list[float]] = defaultdict(list)
        self._memory: dict[tuple[int, str], list[int]] = defaultdict(list)

    async def run(self) -> None:
        """Sample until cancelled."""
        while True:
            self.sample()
            await asyncio.sleep(_EVERY)

    def sample(self) -> None:
        """Look at every process once."""
        for process in [*self._server.processes, psutil.Process()]:
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                me = process.pid == psutil.Process().pid
                name = process.pid, "these visitors" if me else role(process)
                times = process.cpu_times()
                self._cpu[name].append(times.user + times.system)
                self._memory[name].append(process.memory_info().rss)

    def rows(self) -> list[tuple[str, str, str, str]]:
        """For each process: what it is, memory at the end and at most (MB), and share of one processor."""
        seconds = time.monotonic() - self._began
        return [
            (
                f"{name} ({pid})",
                f"{memory[-1] / 1e6:.0f}",
                f"{max(memory) / 1e6:.0f}",
                f"{100 * (self._cpu[pid, name][-1] - self._cpu[pid, name][0]) / seconds:.0f} %",
            )
            for (pid, name), memory in self._memory.items()
        ]
