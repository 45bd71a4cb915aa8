"""The one thread that talks to the cluster.

A page must never wait for a cluster. So everything that needs it is a coroutine in the event loop of one thread, and a page
only has one begun or ended. The thread also keeps the connection up: it starts or finds the cluster, notices when it is
gone, and connects again for as long as the app runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from typing import Any

from mtl_core.jobs.cluster import Cluster
from mtl_core.jobs.connection import Connection

__all__ = ["Life", "Loop"]

log = logging.getLogger(__name__)

Life = Future[None]
"""Of a coroutine in the thread: its `cancel` ends it, from any thread."""

_CHECK_SECONDS = 0.1
_JOIN_SECONDS = 15.0
_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds between attempts to connect; the last one for ever."""


class Loop:
    """Runs coroutines beside a connection, which it keeps up.

    Parameters
    ----------
    cluster : Cluster
    tick : coroutine function
        Called with the connection again and again while it is up.
    always : callable
        Called in the thread again and again, connection or no connection.
    every : float
        Seconds between two calls of either.
    """

    def __init__(
        self,
        cluster: Cluster,
        *,
        tick: Callable[[Connection], Awaitable[None]],
        always: Callable[[], None],
        every: float,
    ) -> None:
        self._cluster, self._tick, self._always, self._every = cluster, tick, always, every
        self._starting = threading.Lock()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._lives: set[asyncio.Task[None]] = set()
        self._connection: Connection | None = None
        self._connected = asyncio.Condition()
        self.up = False
        """Whether the cluster could be reached when the thread last looked."""
        self.up_since = 0.0
        """When it was reached last, on `time.monotonic`."""
        self.reason = ""
        """Why the last attempt to connect failed; empty after one that did not."""

    def start(self) -> bool:
        """Start the thread, once; returns at once, and whether this call did."""
        with self._starting:
            starts = self._thread is None and not self._closing.is_set()
            if starts:
                self._thread = threading.Thread(target=self._run, name="mtl-loop", daemon=True)
                self._thread.start()
        return starts

    def close(self) -> None:
        """End the thread, the connection and the cluster if it is ours."""
        with self._starting:
            self._closing.set()
        if self._thread is None:
            self._loop.close()
        else:
            self.call(self._ended.set)
            self._thread.join(_JOIN_SECONDS)
        self._cluster.stop()

    def begin(self, life: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> Life:
        """Run a coroutine function in the thread, from any thread; what it raises is logged."""
        begun = Life()
        self.call(self._begin, begun, life, args)
        return begun

    def call(self, function: Callable[..., Any], *args: Any) -> None:
        """Call something in the thread, soon."""
        with contextlib.suppress(RuntimeError):  # It has ended, and nothing happens there any more.
            self._loop.call_soon_threadsafe(function, *args)

    async def connection(self) -> Connection:
        """The connection, as soon as there is one that works; in the thread."""
        while self._connection is None or not self._connection.works():
            async with self._connected:
                await self._connected.wait()
        return self._connection

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        keeping = asyncio.create_task(self._keep_connected())
        while not self._ended.is_set():
            self._call_always()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), self._every)
        keeping.cancel()
        # More than once: a life that was ended before may be at its last words, and those are of no use any more.
        while self._lives:
            for task in self._lives:
                task.cancel()
            await asyncio.wait(self._lives, timeout=0.5)
        if self._connection is not None:
            await self._connection.close()

    async def _keep_connected(self) -> None:
        while True:
            self._connection = await self._connect()
            self.up, self.up_since, self.reason = True, time.monotonic(), ""
            async with self._connected:
                self._connected.notify_all()
            ticking = asyncio.create_task(self._call_tick(self._connection))
            try:
                while self._connection.works():
                    await asyncio.sleep(_CHECK_SECONDS)
            finally:
                self.up = False
                ticking.cancel()
            # Dask takes two seconds to say goodbye to a scheduler that is gone: meanwhile the next is started.
            self.begin(self._connection.close)

    async def _connect(self) -> Connection:
        for pause in itertools.chain(_PAUSES, itertools.repeat(_PAUSES[-1])):
            try:
                return await Connection.to(self._cluster, self._closing)
            except Exception as error:  # A cluster can be unreachable in more ways than can be listed.
                self.reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
                log.warning("The cluster cannot be reached: %s", self.reason)
            await asyncio.sleep(pause)
        raise AssertionError("there is always another attempt")

    async def _call_tick(self, connection: Connection) -> None:
        while True:
            try:
                await self._tick(connection)
            except OSError as error:
                log.info("The cluster did not answer: %s", error)
            await asyncio.sleep(self._every)

    def _call_always(self) -> None:
        try:
            self._always()
        except Exception:  # The next second brings another chance.
            log.exception("Leases could not be looked through")

    def _begin(self, begun: Life, life: Callable[..., Coroutine[Any, Any, None]], args: tuple[Any, ...]) -> None:
        if not begun.cancelled():
            task = self._loop.create_task(self._guarded(life, *args))
            begun.add_done_callback(lambda _begun: self.call(task.cancel))

    async def _guarded(self, life: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._lives.add(task)
        try:
            await life(*args)
        except Exception:
            log.exception("A coroutine for the cluster failed")
        finally:
            self._lives.discard(task)
