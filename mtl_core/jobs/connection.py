"""The line to the scheduler: what this package asks of Dask, in one place.

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
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mtl_core.jobs.cluster import TRAIN_SLOT, Cluster

if TYPE_CHECKING:
    from distributed import Client, Future

__all__ = ["Connection", "Queue", "WorkerState"]

log = logging.getLogger(__name__)

_CONNECT_SECONDS = 5
_RESULT_SECONDS = 20

Handler = Callable[[float, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class WorkerState:
    """One worker: bytes it uses and may use, and whether Keras is loaded and the usual shapes are compiled."""

    memory: int
    limit: int
    warm: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """Keys of the trainings that wait or run, first come first, and how many can run at once."""

    keys: tuple[str, ...] = ()
    slots: int = 1


@dataclass(slots=True)
class Connection:
    """A connection to a cluster; `connect` may be called again when it is lost. For one thread, but for `submit`'s `done`.

    Parameters
    ----------
    cluster : Cluster
    """

    cluster: Cluster
    given_up: threading.Event = field(default_factory=threading.Event)
    """Set it to make `connect` return early."""
    _client: Client | None = None

    @property
    def up(self) -> bool:
        """Whether there is a connection to a cluster that works."""
        return self._client is not None and self._client.status == "running" and self.cluster.alive()

    def connect(self) -> None:
        """Connect, starting the cluster if it is ours and does not run; `OSError` if that fails."""
        from distributed import Client

        self._disconnect()
        if not self.cluster.alive() or self.cluster.remote:
            address = self.cluster.start(self.given_up)
        self._client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False, name="mtl-app")

    def close(self) -> None:
        """Let go of everything and end the cluster if it is ours."""
        self.given_up.set()
        self._disconnect()
        self.cluster.stop()

    def submit(
        self,
        key: str,
        done: Callable[[], None],
        function: Callable[..., Any],
        *args: Any,
        slot: bool = False,
        priority: int = 0,
    ) -> Future:
        """Ask for a task, or join it if it is under way anywhere; `done` is called from another thread at its end."""
        assert self._client is not None
        resources = TRAIN_SLOT if slot else None
        # Without a time-out of 0, submissions within 0.1 s of each other have no order among themselves.
        future = self._client.submit(
            function, *args, key=key, resources=resources, priority=priority, fifo_timeout=0, retries=0
        )
        future.add_done_callback(lambda _: done())
        return future

    def result(self, future: Future) -> Any:
        """The result of a task that has ended; raises what it raised, or `ConnectionError` if it was lost."""
        from distributed import CancelledError

        if future.status in ("cancelled", "lost"):
            raise ConnectionError("the connection to the scheduler was lost")
        try:
            return future.result(timeout=_RESULT_SECONDS)
        except (CancelledError, TimeoutError) as error:
            raise ConnectionError("the result was lost on its way") from error

    def release(self, future: Future) -> None:
        """Let go of a task, so that it may be asked for anew: the client would else answer with what it has."""
        future.release()
        if self.up and self._client is not None:
            # `release` only leaves word with the client's event loop; once that has taken a turn, it is done.
            self._client.sync(asyncio.sleep, 0)

    def tell_workers(self, function: Callable[..., Awaitable[None]], *args: Any) -> None:
        """Have every worker run a coroutine function of this package, soon."""
        assert self._client is not None
        self._client.run(function, *args, wait=False)

    def follow(self, topic: str, handler: Handler) -> None:
        """Call `handler` with time and content of every event of a topic, those of the past included.

        Dask keeps the handler for as long as it is connected, so it should hold on to nothing that is large.
        """

        # One call does both. `subscribe_topic` alone only leaves word on a line of its own, and what was told between
        # the answer about the past and its arrival would be lost.
        def on_scheduler(topic: str, client: str, dask_scheduler: Any) -> Any:
            dask_scheduler.subscribe_topic(topic, client)
            return dask_scheduler.get_events(topic)

        assert self._client is not None
        self._client.subscribe_topic(topic, lambda event: handler(*event))
        for stamp, event in self._client.run_on_scheduler(on_scheduler, topic, self._client.id):
            handler(stamp, event)

    def unfollow(self, topic: str) -> None:
        """Listen to a topic no longer."""

        def on_scheduler(topic: str, client: str, dask_scheduler: Any) -> None:
            dask_scheduler.unsubscribe_topic(topic, client)

        assert self._client is not None
        self._client.run_on_scheduler(on_scheduler, topic, self._client.id)

    def forget(self, topic: str, key: str) -> None:
        """Remove a topic from the scheduler, unless somebody asks for its task again: Dask would keep it for ever."""

        def on_scheduler(topic: str, key: str, dask_scheduler: Any) -> None:
            if key not in dask_scheduler.tasks:
                dask_scheduler._broker._topics.pop(topic, None)

        assert self._client is not None
        self._client.run_on_scheduler(on_scheduler, topic, key)

    def queue(self, prefix: str) -> Queue:
        """The tasks of all apps whose key begins with `prefix` and that have not ended."""

        def on_scheduler(prefix: str, resource: str, dask_scheduler: Any) -> Any:
            waiting = ("processing", "no-worker", "queued", "waiting")
            mine = [
                (task.priority, key)
                for key, task in dask_scheduler.tasks.items()
                if str(key).startswith(prefix) and task.state in waiting
            ]
            slots = sum(worker.resources.get(resource, 0) for worker in dask_scheduler.workers.values())
            return [key for _, key in sorted(mine)], int(slots)

        assert self._client is not None
        (resource,) = TRAIN_SLOT
        keys, slots = self._client.run_on_scheduler(on_scheduler, prefix, resource)
        return Queue(tuple(keys), max(1, slots))

    def workers(self) -> tuple[WorkerState, ...]:
        """The workers there are, at most two seconds old."""
        if self._client is None:
            return ()
        found = self._client.scheduler_info(n_workers=-1)["workers"].values()
        return tuple(
            WorkerState(
                memory=int(worker["metrics"].get("memory", 0)),
                limit=int(worker.get("memory_limit") or 0),
                warm=bool(worker["metrics"].get("mtl_warm", False)),
            )
            for worker in found
        )

    def _disconnect(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(Exception):
                client.close(timeout=2)
