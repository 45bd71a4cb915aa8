"""Every run a page can ask for: known, under way, or still to be trained.

`Runs` is what pages talk to. Nothing in it waits: a call changes what is wanted and returns what is known, and one thread
(`loop`) makes the cluster follow. A run has one of three sources, the newest first: "live", asked for since this process
started (`under_way`); "stored", finished and on disk; "recorded", shipped with the app (both `finished`).

One training serves everybody who asks for the same run, in this process and in any other on the same cluster. It goes on
while anybody follows it and ends when nobody does.
"""

from __future__ import annotations

import asyncio
import functools
import threading
from collections.abc import Callable
from typing import Any

from mtl_core.forward import Network
from mtl_core.jobs import tasks
from mtl_core.jobs.cluster import Cluster, chosen_cluster
from mtl_core.jobs.connection import Connection
from mtl_core.jobs.deadly import Deadly
from mtl_core.jobs.dispatcher import PREFIX, Dispatcher
from mtl_core.jobs.finished import Finished
from mtl_core.jobs.health import Health, Monitor
from mtl_core.jobs.inquiries import KINDS, Inquiries, Question
from mtl_core.jobs.leases import Leases
from mtl_core.jobs.loop import Loop
from mtl_core.jobs.rooms import Rooms
from mtl_core.jobs.settings import number
from mtl_core.jobs.tasks import Rank
from mtl_core.jobs.under_way import UnderWay
from mtl_core.jobs.wanted import Wanted
from mtl_core.language import N_, _
from mtl_core.records import Answer, Run, run_key
from mtl_core.spec import ExperimentSpec

__all__ = ["Health", "Runs", "shared"]

_GRACE_SECONDS = 100.0
"""Browsers tick once a minute in a hidden tab; a lease must outlast that."""

_WATCHING_SECONDS = 5.0
"""A page that redraws itself looks more often than that."""

_ATTENTION_SECONDS = 15.0
"""A page asks again at each tick, which is six seconds where 400 watch; one in a hidden tab simply asks anew."""

_SILENCE_SECONDS = 10.0
"""A worker is heard from twice a second."""

_EVERY_SECONDS = 1.0
"""What a page says of the queue is as old as this."""

_NETWORKS = 32
"""Trained models of this process that are kept in memory, of at most 2 MB each."""

_UNKNOWN_EPOCH = N_("No weights of epoch {epoch} are kept for this run.")


class Runs:
    """Runs, for any number of visitors and threads.

    Parameters
    ----------
    cluster, finished : Cluster, Finished, optional
        Where runs are trained, and where finished ones are kept. Default: as the environment says.
    train_task, answer_task : callable
        What runs on a worker.
    grace : float, optional
        Seconds a visitor may be silent. Default: the environment variable MTL_LEASE_SECONDS, else 100.
    attention : float
        Seconds after which a question that is not asked again is one that nobody looks at.
    silence : float
        Seconds after which a worker that has not been heard from is said to be silent.
    every : float
        Seconds between two looks at the cluster, and at who has left.
    """

    def __init__(
        self,
        *,
        cluster: Cluster | None = None,
        finished: Finished | None = None,
        train_task: Callable[..., Any] = tasks.train,
        answer_task: Callable[..., Any] = tasks.answer,
        grace: float | None = None,
        attention: float = _ATTENTION_SECONDS,
        silence: float = _SILENCE_SECONDS,
        every: float = _EVERY_SECONDS,
    ) -> None:
        self._lock = threading.RLock()
        self._leases = Leases(grace or number("MTL_LEASE_SECONDS", _GRACE_SECONDS))
        self._finished = finished or Finished()
        self._wanted, self._deadly = Wanted(self._finished.where), Deadly(self._finished.where)
        self._monitor = Monitor(PREFIX, silence)
        self._loop = Loop(cluster or chosen_cluster(), tick=self._tick, always=self._expire, every=every)
        self._inquiries = Inquiries(
            self._loop, self._lock, answer_task, places=lambda: self._monitor.places, attention=attention
        )
        dispatcher = Dispatcher(
            self._loop,
            self._lock,
            train_task,
            self._wanted,
            self._deadly,
            keep=self._finished.keep,
            ended=lambda request: self._leases.forget(request.key),
        )
        self._under_way = UnderWay(self._loop, dispatcher, self._leases, self._monitor)
        self.rooms = Rooms(self._loop)
        self._watchers = 0
        self._network = functools.lru_cache(maxsize=_NETWORKS)(self._read_network)

    # What pages call.

    def start(self) -> None:
        """Start or find the cluster in the background; returns at once, and may be called again."""
        if self._loop.start():
            self._loop.begin(self._restore)

    def close(self) -> None:
        """End everything this started."""
        self._loop.close()
        self._finished.close()

    def look(self, spec: ExperimentSpec, visitor: str = "") -> Run:
        """The newest knowledge about an experiment.

        Parameters
        ----------
        spec : ExperimentSpec
        visitor : str
            If given, the visitor watches a run that is under way, which keeps it going, unless they have left it; and a
            run that was stopped or failed is shown to those only who followed it.
        """
        key = run_key(spec)
        with self._lock:
            run = self._under_way.look(key, visitor)
        if run is not None:
            return run
        # Without the lock, for this may ask the disk.
        stored = self._finished.stored(key)
        return stored.run if stored else self._finished.recorded(spec) or Run(spec=spec)

    def train(self, spec: ExperimentSpec, visitor: str, *, again: bool = False) -> Run:
        """Ask for a run, as the one run that this visitor has pressed Train for.

        Joins the run if it is under way, whoever asked for it; returns it if it is stored, unless `again` asks for a
        new one; and does not try again, for a day, what killed its worker. What the visitor followed before is released.
        """
        self.start()
        key = run_key(spec)
        stored, deadly = self._finished.stored(key), self._deadly.losses(key)
        with self._lock:
            self._under_way.train(spec, key, visitor, stored, again=again, deadly=deadly)
        return self.look(spec, visitor)

    def background(self, spec: ExperimentSpec, visitor: str, rank: Rank = Rank.BESIDE) -> Run:
        """Ask for a run beside the visitor's own: it gives way to all of a lower rank, those that somebody pressed Train
        for first, and is dropped by the visitor's next.

        Nothing is trained if the run is stored or recorded, or is known to diverge or to kill its worker.
        """
        self.start()
        key = run_key(spec)
        known = bool(self._finished.stored(key) or self._finished.recorded(spec))
        deadly = self._deadly.losses(key)
        with self._lock:
            self._under_way.train_beside(spec, key, visitor, rank, known=known, deadly=deadly)
        return self.look(spec, visitor)

    def stop(self, spec: ExperimentSpec, visitor: str) -> None:
        """Follow a run no longer. It ends when nobody follows it in any app process on this cluster."""
        with self._lock:
            self._under_way.leave(run_key(spec), visitor)

    def renew(self, visitor: str) -> None:
        """The visitor is still there."""
        with self._lock:
            self._leases.renew(visitor)

    def ask(self, spec: ExperimentSpec, epoch: int, kind: str, *, visitor: str = "", **options: Any) -> Answer:
        """A question about a finished run's model at one of its kept epochs.

        Parameters
        ----------
        spec : ExperimentSpec
        epoch : int
            One of `look(spec).kept`.
        kind : {"respond", "what_if", "jacobian", "block_scale"}
        visitor : str
            Who asks. Visitors take turns, and of each at most three questions wait.
        **options
            Of the function of that name in `mtl_core.response`; numbers, texts, and sequences of numbers.

        Returns
        -------
        Answer
            "pending" first; the same call returns "ready", or "failed" with a sentence, once a worker has answered. A question
            that is not asked again for a while is dropped.
        """
        if kind not in KINDS:
            raise ValueError(f"kind is {kind!r}; it must be one of {', '.join(KINDS)}")
        self.start()
        kept = self._finished.weights(spec, epoch)
        if kept is None:
            return Answer("failed", message=_(_UNKNOWN_EPOCH).format(epoch=epoch))
        source, weights = kept
        with self._lock:
            return self._inquiries.ask(Question.of(source, spec, epoch, kind, options), weights, visitor)

    def network(self, spec: ExperimentSpec, epoch: int = -1) -> tuple[int, Network] | None:
        """The trained model of a finished run, to be asked here and now: no worker is needed.

        Parameters
        ----------
        spec : ExperimentSpec
        epoch : int
            The kept epoch nearest to this one; -1 for the last.

        Returns
        -------
        (int, Network) or None
            The epoch whose weights it has; None where no finished run is known.
        """
        if (found := self._finished.found(spec)) is None:
            return None
        name, head = found
        kept = head.run.nearest_kept(epoch)
        try:
            return kept, self._network(name, spec, kept)
        except LookupError:
            return None

    def watchers(self) -> int:
        """Visitors of this process who watch something under way, about a second old."""
        return self._watchers

    def health(self) -> Health:
        """The state of the engine, about a second old."""
        return self._monitor.health(
            self._loop, questions=len(self._inquiries), store=self._finished.where, problem=self._finished.problem
        )

    def _read_network(self, _source: str, spec: ExperimentSpec, epoch: int) -> Network:
        """A network from disk; `_source` tells a run from a later one of the same experiment."""
        kept = self._finished.weights(spec, epoch)
        arrays = kept[1]() if kept else None
        if arrays is None:
            raise LookupError
        return Network.of_weights(spec.model, arrays)

    # What the loop's thread calls.

    def _expire(self) -> None:
        with self._lock:
            self._watchers = self._leases.watchers(_WATCHING_SECONDS)
            self._under_way.expire()
            self._inquiries.expire()

    async def _restore(self) -> None:
        """Ask again for what was under way when an app process ended."""
        for spec, rank in await asyncio.to_thread(self._wanted.take_over):
            key = run_key(spec)
            stored = await asyncio.to_thread(self._finished.stored, key)
            if stored is None and not await asyncio.to_thread(self._deadly.losses, key):
                with self._lock:
                    self._under_way.restore(spec, key, rank)

    async def _tick(self, connection: Connection) -> None:
        with self._lock:
            busy = self._under_way.busy
        await self._monitor.look(connection, busy=busy)


_shared_lock = threading.Lock()


@functools.cache
def _the_shared() -> Runs:
    return Runs()


def shared() -> Runs:
    """The one instance of this process."""
    with _shared_lock:
        return _the_shared()
