"""The connection to a scheduler: what this package asks of Dask, in one place.

A *task* here is one Dask key that any number of app processes may submit: the scheduler runs it once and counts who holds
a future of it. When the last one lets go, the task is nobody's and its worker sees it "cancelled": that is how a run ends
when nobody follows it anywhere, without the apps knowing of each other. A future is therefore released, never cancelled:
`Future.cancel` would take the run away from the others as well.

What the scheduler itself is to do is a function within a function here: that travels by value, so the scheduler needs no
copy of this package.

`distributed` takes one to three seconds to import, so it is imported by the thread that connects.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mtl_core.jobs.cluster import TRAIN_SLOT, Cluster
from mtl_core.rooms import machine

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["Connection", "Queue", "WorkerState"]

_CONNECT_SECONDS = 5
_CLOSE_SECONDS = 5

Handler = Callable[[float, Mapping[str, Any]], None]
"""Takes an event of a topic: the scheduler's time in seconds, and what was told."""


@dataclass(frozen=True, slots=True)
class WorkerState:
    """One worker.

    Parameters
    ----------
    memory, limit : int
        Bytes that it uses and may use; a limit of 0 is none.
    warm : bool
        Whether Keras is loaded and the usual shapes are compiled.
    versions : mapping of str to str
        Of what computes there, as `mtl_core.records.versions` tells them; empty if it did not say.
    """

    memory: int
    limit: int
    warm: bool
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Queue:
    """The trainings that wait or run.

    Parameters
    ----------
    keys : tuple of str
        Their Dask keys, first come first.
    silent : mapping of str to float
        Of those that a worker has: seconds since the scheduler heard from that worker, which is twice a second else.
    slots : int
        How many can run at once, at least 1.
    """

    keys: tuple[str, ...] = ()
    silent: Mapping[str, float] = field(default_factory=dict)
    slots: int = 1


class Connection:
    """A connection to a cluster, until it is lost; then another takes its place. Only for the event loop that made it.

    Parameters
    ----------
    client : Client
        Dask's, connected and asynchronous.
    cluster : Cluster
    """

    def __init__(self, client: Client, cluster: Cluster) -> None:
        self._client, self._cluster = client, cluster
        self._handlers: dict[str, Handler] = {}
        self._lost = False
        self._rooms_installed = False

    @classmethod
    async def to(cls, cluster: Cluster, given_up: threading.Event) -> Connection:
        """Connect, starting the cluster if it is ours and does not run; `OSError` if that fails."""
        from distributed import Client, Security

        address = await asyncio.to_thread(cluster.start, given_up)
        client = Client(
            address,
            security=Security(**cluster.security()),
            asynchronous=True,
            timeout=_CONNECT_SECONDS,
            set_as_default=False,
            name="mtl-app",
        )
        connection = cls(client, cluster)
        try:
            await client
        except BaseException:  # Whatever it is, nothing of it may stay.
            await connection.close()
            raise
        return connection

    def works(self) -> bool:
        """Whether it still is a connection to a cluster that works; once it is not, it never is again."""
        self._lost = self._lost or self._client.status != "running" or not self._cluster.alive()
        return not self._lost

    async def close(self) -> None:
        """Let go of everything."""
        self._lost = True
        with contextlib.suppress(Exception):  # A scheduler that is gone can be left in more ways than can be listed.
            await self._client.close(timeout=_CLOSE_SECONDS)

    @contextlib.asynccontextmanager
    async def task(
        self, key: str, function: Callable[..., Any], *args: Any, slot: bool = False, priority: float = 0
    ) -> AsyncIterator[Callable[[], Awaitable[Any]]]:
        """Ask for a task, or join it if it is under way anywhere; let go of it at the end.

        Parameters
        ----------
        key : str
            Of the task, for all app processes.
        function, *args
            What a worker is to call, and with what.
        slot : bool
            Whether it is a training, of which a worker does one at a time.
        priority : float
            The highest goes first.

        Yields
        ------
        coroutine function
            Waits for the result and returns it, or raises what the task raised; `ConnectionError` if it was lost on its way.
        """
        # Without a time-out of 0, submissions within 0.1 s of each other have no order among themselves.
        future = self._client.submit(
            function,
            *args,
            key=key,
            resources=TRAIN_SLOT if slot else None,
            priority=priority,
            fifo_timeout=0,
            retries=0,
        )
        try:
            yield functools.partial(self._result, future)
        finally:
            future.release()
            # `release` only leaves word with the event loop; once that has taken a turn, it is done, and the task may be
            # asked for anew: the client would else answer with what it has.
            await asyncio.sleep(0)

    @contextlib.asynccontextmanager
    async def following(self, topic: str, handler: Handler) -> AsyncIterator[None]:
        """Call `handler` with time and content of every event of a topic, those of the past included, until the end."""

        # One call does both. `subscribe_topic` alone only leaves word on a line of its own, and what was told between
        # the answer about the past and its arrival would be lost.
        def on_scheduler(topic: str, client: str, dask_scheduler: Any) -> Any:
            dask_scheduler.subscribe_topic(topic, client)
            return dask_scheduler.get_events(topic)

        def and_at_the_end(topic: str, client: str, dask_scheduler: Any) -> None:
            dask_scheduler.unsubscribe_topic(topic, client)

        self._handlers[topic] = handler
        # Dask keeps what it is given for as long as it is connected, so that must not hold on to a run.
        self._client.subscribe_topic(topic, functools.partial(_hear, self._handlers, topic))
        try:
            for stamp, event in await self._on_scheduler(on_scheduler, topic, self._client.id):
                handler(stamp, event)
            yield
        finally:
            self._handlers.pop(topic, None)
            with contextlib.suppress(OSError):
                await self._on_scheduler(and_at_the_end, topic, self._client.id)

    async def forget(self, topic: str, key: str) -> None:
        """Remove a topic from the scheduler, unless somebody has use for it: Dask would keep it for ever."""

        def on_scheduler(topic: str, key: str, dask_scheduler: Any) -> None:
            topics = dask_scheduler._broker._topics
            if key not in dask_scheduler.tasks and topic in topics and not topics[topic].subscribers:
                del topics[topic]

        await self._on_scheduler(on_scheduler, topic, key)

    async def rooms(self, message: str) -> str:
        """Hand a message to the rooms that live on the scheduler, and return their answer.

        Only the rules (`mtl_core.rooms.machine`) travel as pickled code, once a connection and by value; messages and answers are
        texts, which the scheduler reads as JSON.
        """
        if not self._rooms_installed:
            await self._install_rooms()
            self._rooms_installed = True
        return str(await self._client.scheduler.mtl_rooms(message=message))

    async def tell_workers(self, function: Callable[..., Awaitable[None]], *args: Any) -> None:
        """Have every worker run a coroutine function of this package, as far as it can be reached."""
        with contextlib.suppress(OSError):
            await self._client.run(function, *args, wait=False, on_error="ignore")

    async def queue(self, prefix: str) -> Queue:
        """The tasks of all apps whose key begins with `prefix` and that have not ended."""

        def on_scheduler(prefix: str, resource: str, dask_scheduler: Any) -> Any:
            from distributed.metrics import time

            waiting = ("processing", "no-worker", "queued", "waiting")
            mine = [
                (task.priority, key)
                for key, task in dask_scheduler.tasks.items()
                if str(key).startswith(prefix) and task.state in waiting
            ]
            slots = sum(worker.resources.get(resource, 0) for worker in dask_scheduler.workers.values())
            keys = [key for _, key in sorted(mine)]
            workers = {key: dask_scheduler.tasks[key].processing_on for key in keys}
            silent = {key: time() - worker.last_seen for key, worker in workers.items() if worker is not None}
            return keys, silent, int(slots)

        (resource,) = TRAIN_SLOT
        keys, silent, slots = await self._on_scheduler(on_scheduler, prefix, resource)
        return Queue(tuple(keys), silent, max(1, slots))

    async def workers(self) -> tuple[WorkerState, ...]:
        """The workers there are."""
        identity = await self._client.scheduler.identity(n_workers=-1)
        return tuple(
            WorkerState(
                memory=int(worker["metrics"].get("memory", 0)),
                limit=int(worker.get("memory_limit") or 0),
                warm=bool(worker["metrics"].get("mtl_warm", False)),
                versions=worker["metrics"].get("mtl_versions", {}),
            )
            for worker in identity["workers"].values()
        )

    async def _install_rooms(self) -> None:
        import cloudpickle

        cloudpickle.register_pickle_by_value(machine)
        answer = machine.answer

        def on_scheduler(dask_scheduler: Any) -> None:
            from distributed.metrics import time

            rooms = dask_scheduler.extensions.setdefault("mtl_rooms", {})
            dask_scheduler.handlers["mtl_rooms"] = lambda message: answer(rooms, message, time())

        await self._on_scheduler(on_scheduler)

    async def _result(self, future: Any) -> Any:
        from distributed import CancelledError

        fetching = asyncio.ensure_future(future.result())
        # Nobody may be there any more to hear that it was lost.
        fetching.add_done_callback(lambda fetched: fetched.cancelled() or fetched.exception())
        try:
            # Dask fetches results of several tasks at once: who gives up waiting for one must not give up the others.
            return await asyncio.shield(fetching)
        except CancelledError as error:
            self._lost = self._lost or getattr(error, "reason", "") == "scheduler-connection-lost"
            raise ConnectionError("the connection to the scheduler was lost") from error

    async def _on_scheduler(self, function: Callable[..., Any], *args: Any) -> Any:
        if not self.works():
            raise ConnectionError("the connection to the scheduler was lost")
        return await self._client.run_on_scheduler(function, *args)


def _hear(handlers: Mapping[str, Handler], topic: str, event: tuple[float, Mapping[str, Any]]) -> None:
    if topic in handlers:
        handlers[topic](*event)
