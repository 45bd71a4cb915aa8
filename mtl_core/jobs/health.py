"""What a teacher wants to know before the lesson, and a page before it promises anything."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from mtl_core.jobs.connection import Connection, Queue, WorkerState
from mtl_core.jobs.loop import Loop
from mtl_core.language import N_, _
from mtl_core.records import PACKAGES, versions

__all__ = ["Health", "Monitor"]

_UNREACHABLE = N_("The training engine cannot be reached ({reason}); the app keeps trying.")
_NO_ANSWER = N_("The training engine has not answered for {s:.0f} s.")
_NO_WORKER = N_("No training worker is connected; runs wait until one is.")

_OTHER_VERSIONS = N_(
    "A worker computes with {theirs}, this app expects {ours}: new runs may differ from those that are kept. Give both the same versions."
)

_NAMES = {"engine": "engine", "keras": "Keras", "tensorflow": "TensorFlow"}

_WITHOUT_WORKER_SECONDS = 30.0
"""A worker takes half of that to start; only after it something is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The state of the engine, about a second old.

    Parameters
    ----------
    workers : int
        Worker processes that are connected.
    warm : bool
        Whether there is a worker and each has loaded Keras and compiled the usual shapes.
    queued, running : int
        Trainings that wait and that run, of all app processes on this cluster.
    questions : int
        Questions about finished runs that are not answered yet, of this app process.
    memory, memory_limit : int
        Bytes that the fullest worker uses, and may use.
    store : str
        Folder of the finished runs; empty if they are in memory only.
    problem : str
        A sentence for the visitor; empty if there is none.
    versions : mapping of str to str
        Engine, Keras, TensorFlow and machine.
    """

    workers: int = 0
    warm: bool = False
    queued: int = 0
    running: int = 0
    questions: int = 0
    memory: int = 0
    memory_limit: int = 0
    store: str = ""
    problem: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)


class Monitor:
    """What was last seen of a cluster: written by one thread, read by any.

    Parameters
    ----------
    prefix : str
        Begins the Dask key of every training.
    silence : float
        Seconds after which it is worth saying that a worker or the scheduler has not been heard from.
    clock : callable
        Seconds that never go back.
    """

    def __init__(self, prefix: str, silence: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._prefix, self._silence, self._clock = prefix, silence, clock
        self._queue = Queue()
        self._workers: tuple[WorkerState, ...] = ()
        self._looked = self._worker_seen = clock()

    async def look(self, connection: Connection, *, busy: bool) -> None:
        """Look again; at the queue only while somebody here waits (`busy`), or somebody waited the last time."""
        if busy or self._queue.keys:
            self._queue = await connection.queue(self._prefix)
        self._workers = await connection.workers()
        self._looked = self._clock()
        if self._workers:
            self._worker_seen = self._looked

    def ahead(self, key: str) -> tuple[str, ...]:
        """Keys of the runs that stand before this one in the queue; before one that is not there yet, all."""
        keys = [each.removeprefix(self._prefix) for each in self._queue.keys]
        return tuple(keys[: keys.index(key)] if key in keys else keys)

    def silent(self, key: str) -> float:
        """Seconds for which the worker that has this run has not been heard from; 0 if that is not long."""
        seconds = self._queue.silent.get(self._prefix + key)
        if seconds is None:
            return 0.0
        seconds += self._clock() - self._looked
        return seconds if seconds >= self._silence else 0.0

    @property
    def places(self) -> int:
        """How many questions workers may have at once: one in hand and one to go on with, each."""
        return 2 * max(1, len(self._workers))

    @property
    def slots(self) -> int:
        """How many trainings can run at once."""
        return self._queue.slots

    def health(self, loop: Loop, *, questions: int, store: str, problem: str) -> Health:
        """The state of the engine.

        Parameters
        ----------
        loop : Loop
            Knows whether there is a connection.
        questions : int
            Not answered yet.
        store, problem : str
            Where finished runs are kept, and what a visitor should know about that.
        """
        workers, queue = self._workers, self._queue
        running = min(len(queue.keys), queue.slots) if workers else 0
        fullest = max(workers, key=lambda worker: worker.memory, default=None)
        return Health(
            workers=len(workers),
            warm=bool(workers) and all(worker.warm for worker in workers),
            queued=len(queue.keys) - running,
            running=running,
            questions=questions,
            memory=fullest.memory if fullest else 0,
            memory_limit=fullest.limit if fullest else 0,
            store=store,
            problem=self.problem(loop) or problem,
            versions=versions(),
        )

    def problem(self, loop: Loop) -> str:
        """What is wrong with the engine, in a sentence; empty if nothing is."""
        if loop.reason:
            return _(_UNREACHABLE).format(reason=loop.reason)
        if loop.up and not self._workers and self._clock() - self._worker_seen > _WITHOUT_WORKER_SECONDS:
            return _(_NO_WORKER)
        since = self._clock() - max(self._looked, loop.up_since)
        if loop.up and since > self._silence:
            return _(_NO_ANSWER).format(s=since)
        return self._other_versions()

    def _other_versions(self) -> str:
        """What is wrong if a worker's numbers are made by something else than the keys of this app's runs say."""
        ours = versions()
        for worker in self._workers:
            differing = [name for name in PACKAGES if worker.versions.get(name, ours[name]) != ours[name]]
            if differing:
                return _(_OTHER_VERSIONS).format(
                    theirs=_in_words(worker.versions, differing), ours=_in_words(ours, differing)
                )
        return ""


def _in_words(made_by: Mapping[str, str], names: Sequence[str]) -> str:
    return ", ".join(f"{_NAMES[name]} {made_by[name]}" for name in names)
