"""Every run a page can ask for: known, under way, or still to be trained.

`Runs` is what pages talk to. Nothing in it waits: a call changes what is wanted and returns what is known, and one thread
(`engine`) makes the cluster follow. Knowledge has three sources, the newest first: runs under way since this process
started (`live`), finished runs on disk (`store`), and runs that ship with the app (`mtl_core.gallery`).

One training serves everybody who asks for the same run, in this process and in any other on the same cluster. It goes on
while anybody follows it and ends when nobody does.
"""

from __future__ import annotations

import functools
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from mtl_core.jobs import tasks
from mtl_core.jobs.answers import KINDS, Answers, Question
from mtl_core.jobs.cluster import Cluster, chosen_cluster
from mtl_core.jobs.engine import Engine
from mtl_core.jobs.health import Health
from mtl_core.jobs.known import Known
from mtl_core.jobs.leases import Leases
from mtl_core.jobs.link import Link, Queue, WorkerState
from mtl_core.jobs.live import Live
from mtl_core.jobs.progress import Progress
from mtl_core.jobs.settings import number
from mtl_core.jobs.store import Store
from mtl_core.jobs.trainer import PREFIX, Trainer
from mtl_core.language import N_, _
from mtl_core.records import Answer, Gallery, Run, run_key, versions
from mtl_core.spec import ExperimentSpec

__all__ = ["Health", "Runs", "shared"]

_GRACE_SECONDS = 100.0
"""Browsers tick once a minute in a hidden tab; a lease must outlast that."""

_WATCHING_SECONDS = 5.0
"""A page that redraws itself looks more often than that."""

_REMEMBERED = 64
"""Ended runs of this process that are kept in memory."""

_STOPPED = N_("Stopped after epoch {epoch} of {epochs}; a stopped run is not stored.")
_UNREACHABLE = N_("The training engine cannot be reached ({reason}); the app keeps trying.")
_NO_WORKER = N_("No training worker is connected; runs wait until one is.")
_UNKNOWN_EPOCH = N_("No weights of epoch {epoch} are kept for this run.")


class Runs:
    """Runs, for any number of visitors and threads.

    Parameters
    ----------
    cluster, store, gallery : optional
        Default: as the environment says, and the recorded runs that ship with the app.
    train_task, answer_task : callable
        What runs on a worker.
    grace : float, optional
        Seconds a visitor may be silent. Default: the environment variable MTL_LEASE_SECONDS, else 100.
    """

    def __init__(
        self,
        *,
        cluster: Cluster | None = None,
        store: Store | None = None,
        gallery: Gallery | None = None,
        train_task: Callable[..., Any] = tasks.train,
        answer_task: Callable[..., Any] = tasks.answer,
        grace: float | None = None,
    ) -> None:
        self._lock = threading.RLock()
        self._live: OrderedDict[str, Live] = OrderedDict()
        self._leases = Leases(grace or number("MTL_LEASE_SECONDS", _GRACE_SECONDS))
        self._store = store or Store()
        self._known = Known(self._store, gallery or Gallery())
        self._link = Link(cluster or chosen_cluster())
        self._engine = Engine(self._link, connected=self._connected, tick=self._tick, always=self._expire)
        self._answers = Answers(self._engine, self._link, self._lock, answer_task)
        self._trainer = Trainer(
            self._engine,
            self._link,
            self._lock,
            train_task,
            keep=self._known.keep,
            ended=lambda live: self._leases.forget(live.key),
            wanted=self._live.get,
        )
        self._watchers = 0
        self._queue = Queue()
        self._workers: tuple[WorkerState, ...] = ()
        self._worker_seen = time.monotonic()

    # What pages call.

    def start(self) -> None:
        """Start or find the cluster in the background; returns at once, and may be called again."""
        self._engine.start()

    def close(self) -> None:
        """End everything this started."""
        self._engine.close()
        self._store.close()

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
            live = self._live.get(key)
            if live and live.busy and visitor and visitor not in live.left:
                live.visitors.add(visitor)
                self._leases.watch(visitor, key)
            if live and (live.busy or live.finished or live.state == "diverged" or visitor in ("", *live.visitors)):
                return live.look(visitor, *self._place(live))
            stored = self._known.stored(key)
        return stored.run if stored else self._known.recorded(spec) or Run(spec=spec)

    def train(self, spec: ExperimentSpec, visitor: str, *, again: bool = False) -> Run:
        """Ask for a run, as the one run that this visitor has pressed Train for.

        Joins the run if it is under way, whoever asked for it; returns it if it is stored, unless `again` asks for a
        new one. What the visitor followed before is released.
        """
        self.start()
        key = run_key(spec)
        with self._lock:
            for left in self._leases.follow(visitor, key):
                self._leave(left, visitor)
            live = self._live.get(key)
            if live and live.busy:
                live.join(visitor)
                self._promote(live)
            elif again or not ((live and live.finished) or self._known.stored(key)):
                self._ask_for(spec, key, visitor, background=False)
            else:
                self._leases.leave(visitor, key)
        return self.look(spec, visitor)

    def background(self, spec: ExperimentSpec, visitor: str) -> Run:
        """Ask for a run beside the visitor's own: it gives way to all that somebody pressed Train for, and is dropped by
        the visitor's next.

        Nothing is trained if the run is stored or recorded, or is known to diverge or fail.
        """
        self.start()
        key = run_key(spec)
        with self._lock:
            live = self._live.get(key)
            if live and live.busy:
                live.join(visitor)
                self._leases.follow_beside(visitor, key)
            elif (live is None or live.state == "stopped") and not (
                self._known.stored(key) or self._known.recorded(spec)
            ):
                self._leases.follow_beside(visitor, key)
                self._ask_for(spec, key, visitor, background=True)
        return self.look(spec, visitor)

    def stop(self, spec: ExperimentSpec, visitor: str) -> None:
        """Follow a run no longer. It ends when nobody follows it in any app process on this cluster."""
        with self._lock:
            self._leave(run_key(spec), visitor)

    def renew(self, visitor: str) -> None:
        """The visitor is still there."""
        with self._lock:
            self._leases.renew(visitor)

    def ask(self, spec: ExperimentSpec, epoch: int, kind: str, **options: Any) -> Answer:
        """A question about a finished run's model at one of its kept epochs.

        Parameters
        ----------
        spec : ExperimentSpec
        epoch : int
            One of `look(spec).kept`.
        kind : {"respond", "what_if", "jacobian", "block_scale"}
        **options
            Of the function of that name in `mtl_core.response`; numbers, texts, and sequences of numbers.

        Returns
        -------
        Answer
            "pending" first; the same call returns "ready", or "failed" with a sentence, once a worker has answered.
        """
        if kind not in KINDS:
            raise ValueError(f"kind is {kind!r}; it must be one of {', '.join(KINDS)}")
        self.start()
        with self._lock:
            if found := self._known.weights(spec, epoch):
                source, weights = found
                return self._answers.ask(Question.of(source, spec, epoch, kind, options), weights)
        return Answer("failed", message=_(_UNKNOWN_EPOCH).format(epoch=epoch))

    def watchers(self) -> int:
        """Visitors of this process who watch something under way, about a second old."""
        return self._watchers

    def health(self) -> Health:
        """The state of the engine, about a second old."""
        with self._lock:
            running = min(len(self._queue.keys), self._queue.slots) if self._workers else 0
            fullest = max(self._workers, key=lambda worker: worker.memory, default=None)
            return Health(
                workers=len(self._workers),
                warm=bool(self._workers) and all(worker.warm for worker in self._workers),
                queued=len(self._queue.keys) - running,
                running=running,
                memory=fullest.memory if fullest else 0,
                memory_limit=fullest.limit if fullest else 0,
                store=self._store.where,
                problem=self._problem(),
                versions=versions(),
            )

    # What is wanted; under the lock.

    def _ask_for(self, spec: ExperimentSpec, key: str, visitor: str, *, background: bool) -> None:
        """A new request. What already ended is not wanted: another app may still hold its result."""
        former = self._live.pop(key, None)
        stored = self._known.stored(key)
        over = {former.attempt if former else "", stored.attempt if stored else ""} - {""}
        live = Live(spec=spec, key=key, background=background, progress=Progress(over), visitors={visitor})
        self._live[key] = live
        self._trainer.ask_for(live)
        ended = [name for name, each in self._live.items() if not each.busy]
        for name in ended[: max(0, len(ended) - _REMEMBERED)]:
            del self._live[name]

    def _promote(self, live: Live) -> None:
        """Somebody pressed Train for a run that stood behind the others."""
        if live.background:
            live.background = False
            if live.state == "queued":
                self._trainer.ask_again(live)
            else:
                self._trainer.insist(live)

    def _leave(self, key: str, visitor: str) -> None:
        self._leases.leave(visitor, key)
        if key in self._live:
            self._live[key].left.add(visitor)
        self._end_if_unfollowed(key)

    def _end_if_unfollowed(self, key: str) -> None:
        live = self._live.get(key)
        if live is None or not live.busy or self._leases.followed(key):
            return
        if epochs := live.progress.epochs:
            numbers = {"epoch": epochs[-1].index, "epochs": live.spec.train.epochs}
            live.end("stopped", lambda: _(_STOPPED).format(**numbers))
        else:
            live.end("stopped")
            del self._live[key]
        self._trainer.let_go(live)

    def _expire(self) -> None:
        with self._lock:
            self._watchers = self._leases.watchers(_WATCHING_SECONDS)
            for key in self._leases.expire():
                self._end_if_unfollowed(key)

    def _place(self, live: Live) -> tuple[int | None, float | None]:
        """Runs ahead of a queued one and the seconds they are expected to take."""
        if live.state != "queued":
            return None, None
        name = PREFIX + live.key
        keys = self._queue.keys
        ahead = [key.removeprefix(PREFIX) for key in (keys[: keys.index(name)] if name in keys else keys)]
        known = [self._live[key].remaining_seconds() for key in ahead if key in self._live]
        usual = sum(known) / len(known) if known else live.remaining_seconds()
        total = sum(known) + usual * (len(ahead) - len(known))
        return len(ahead), total / self._queue.slots if self._engine.up else None

    def _problem(self) -> str:
        if self._engine.reason:
            return _(_UNREACHABLE).format(reason=self._engine.reason)
        if self._engine.up and not self._workers and time.monotonic() - self._worker_seen > 30:
            return _(_NO_WORKER)
        return self._store.problem

    # What the engine's thread calls.

    def _connected(self) -> None:
        with self._lock:
            wanted = [live for live in self._live.values() if live.busy]
        self._trainer.resubmit(wanted)
        self._answers.resubmit()

    def _tick(self) -> None:
        busy = any(live.busy for live in [*self._live.values()])
        queue = self._link.queue(PREFIX) if busy or self._queue.keys else self._queue
        workers = self._link.workers()
        with self._lock:
            self._queue, self._workers = queue, workers
            if workers:
                self._worker_seen = time.monotonic()


_shared_lock = threading.Lock()


@functools.cache
def _the_shared() -> Runs:
    return Runs()


def shared() -> Runs:
    """The one instance of this process."""
    with _shared_lock:
        return _the_shared()
