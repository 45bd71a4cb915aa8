"""The one thread that talks to the cluster.

A page must never wait for a cluster, and Dask's client is happiest in one thread. So everything that needs the cluster is a
command put into this thread's inbox; commands run in the order in which they came. The thread also keeps the line up: it
starts or finds the cluster, notices when it is gone, and connects again for as long as the app runs.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable

from mtl_core.jobs.connection import Connection

__all__ = ["Loop"]

log = logging.getLogger(__name__)

Command = Callable[[], None]

_TICK_SECONDS = 1.0
_PAUSES = (0.2, 1.0, 2.0, 5.0)
"""Seconds between attempts to connect; the last one for ever."""


class Loop:
    """Runs commands against a link, which it keeps up.

    Parameters
    ----------
    connection : Connection
    connected : callable
        Called in the thread after every successful connection, before the next command.
    tick : callable
        Called in the thread about once a second while the link is up.
    always : callable
        Called in the thread about once a second, link or no link.
    """

    def __init__(self, connection: Connection, *, connected: Command, tick: Command, always: Command) -> None:
        self._connection, self._connected, self._tick, self._always = connection, connected, tick, always
        self._inbox: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._later: list[tuple[float, int, Command]] = []
        self._count = itertools.count()
        self._starting = threading.Lock()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self.up = False
        """Whether the cluster could be reached when the thread last looked."""
        self.reason = ""
        """Why the last attempt to connect failed; empty after one that did not."""

    def start(self) -> None:
        """Start the thread, once; returns at once."""
        with self._starting:
            if self._thread is None and not self._closing.is_set():
                self._thread = threading.Thread(target=self._serve, name="mtl-engine", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """End the thread, the connection and the cluster if it is ours."""
        self._closing.set()
        self._connection.given_up.set()
        self.post(lambda: None)
        if self._thread is not None:
            self._thread.join(15)
        self._connection.close()

    def post(self, command: Command) -> None:
        """Run a command in the thread, from any thread."""
        self._inbox.put(command)

    def post_later(self, seconds: float, command: Command) -> None:
        """Run a command in the thread after some seconds; only to be called in the thread itself."""
        heapq.heappush(self._later, (time.monotonic() + seconds, next(self._count), command))

    def _serve(self) -> None:
        next_tick = 0.0
        while not self._closing.is_set():
            now = time.monotonic()
            if now >= next_tick:
                next_tick = now + _TICK_SECONDS
                self._guarded(self._always)
                if self._connection.up:
                    self._guarded(self._tick)
            if not self._connection.up:
                self._connect()
                continue
            self._guarded(self._next_command(next_tick))

    def _next_command(self, until: float) -> Command:
        """The next command that is due, or one that does nothing when it is time for something else."""
        if self._later:
            until = min(until, self._later[0][0])
        try:
            return self._inbox.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            due = self._later and self._later[0][0] <= time.monotonic()
            return heapq.heappop(self._later)[2] if due else _nothing

    def _connect(self) -> None:
        self.up = False
        for pause in itertools.chain(_PAUSES, itertools.repeat(_PAUSES[-1])):
            try:
                self._connection.connect()
            except Exception as error:  # A cluster can be unreachable in more ways than can be listed.
                self.reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
                log.warning("The cluster cannot be reached: %s", self.reason)
            else:
                self.up, self.reason = True, ""
                self._guarded(self._connected)
                return
            self._guarded(self._always)
            if self._closing.wait(pause):
                return

    def _guarded(self, command: Command) -> None:
        """A command that fails must not end the thread: what it was for is asked again after the next connection."""
        try:
            command()
        except Exception:
            log.exception("A command to the cluster failed")


def _nothing() -> None:
    """Wait no longer."""
