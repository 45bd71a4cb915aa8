"""A run's life: it is asked for, followed and taken, and at its end let go and forgotten.

A task may end for reasons that are none of this run's: its scheduler is lost, its worker is lost, it made room for a run
that somebody waits for, or the last follower elsewhere let go of it a moment before we asked. Then it is asked for again.
It ends for good when it is finished, when it diverged, when it failed for a reason of its own, or when nobody follows it.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import weakref
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, suppress
from dataclasses import replace
from typing import Any

from mtl_core.jobs.attempts import GAVE_WAY, topic
from mtl_core.jobs.connection import Connection
from mtl_core.jobs.deadly import Deadly
from mtl_core.jobs.loop import Loop
from mtl_core.jobs.request import Request, killed
from mtl_core.jobs.tasks import Rank, insist
from mtl_core.jobs.wanted import Wanted
from mtl_core.language import N_, _
from mtl_core.records import Outcome, Run, TrainingDiverged

__all__ = ["PREFIX", "Dispatcher"]

log = logging.getLogger(__name__)

PREFIX = "mtl-train-"
"""Begins the Dask key of every training; the run's key follows."""

_BLAMES = 3
_REVIVALS = 25
_AGAIN_SECONDS = 0.2
_FORGET_SECONDS = 10.0
_TELL_SECONDS = 10.0

_FAILED = N_("The run failed on the worker: {reason}.")


class Dispatcher:
    """Keeps the cluster at work on what is wanted. Its public methods may be called from any thread.

    Parameters
    ----------
    loop : Loop
    lock : context manager
        Guards every `Request`.
    task : callable
        `mtl_core.jobs.tasks.train`, or a stand-in.
    wanted : Wanted
        The list of what is under way, for the next start of the app.
    deadly : Deadly
        The list of what killed its worker.
    keep : callable
        Stores a finished run's archive, for these visitors, and returns the run; `ValueError` if it cannot be read.
    ended : callable
        Told, under the lock, of each run that has ended by itself.
    """

    def __init__(
        self,
        loop: Loop,
        lock: AbstractContextManager[Any],
        task: Callable[..., Any],
        wanted: Wanted,
        deadly: Deadly,
        *,
        keep: Callable[[str, Outcome, Collection[str]], Run],
        ended: Callable[[Request], None],
    ) -> None:
        self._loop, self._lock, self._task = loop, lock, task
        self._wanted, self._deadly = wanted, deadly
        self._keep, self._ended = keep, ended
        self._alone: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    def ask_for(self, request: Request) -> None:
        """Have a run trained, soon."""
        request.life = self._loop.begin(self._live, request)

    def let_go(self, request: Request) -> None:
        """Follow a run no longer, soon."""
        request.life.cancel()

    def promote(self, request: Request) -> None:
        """Somebody wants a run that stood behind others where they would not."""
        if request.state == "queued":
            # Only what is asked for anew gets another place in the queue.
            self.let_go(request)
            self.ask_for(request)
        elif request.rank == Rank.OWN:
            self._loop.begin(self._insist, request.key)

    async def _live(self, request: Request) -> None:
        """A run's life, from the first time it is asked for until it is forgotten. `let_go` may end it at any point."""
        # One life a run at a time: an earlier request for it lets go before this one asks.
        async with self._alone.setdefault(request.key, asyncio.Lock()):
            put = asyncio.to_thread(self._wanted.put, request.key, request.spec, request.rank)
            writing = asyncio.ensure_future(put)
            try:
                await self._until_it_ends(request)
            except asyncio.CancelledError:
                if request.busy:  # It only takes another place in the queue, or the app ends.
                    raise
            await writing
            await asyncio.to_thread(self._wanted.drop, request.key)
        await asyncio.sleep(_FORGET_SECONDS)
        connection = await self._loop.connection()
        with suppress(OSError):
            await connection.forget(topic(request.key), PREFIX + request.key)

    async def _until_it_ends(self, request: Request) -> None:
        """Ask for it, follow it and take what comes, as often as it takes."""
        from distributed import KilledWorker

        blamed = revived = 0
        while request.busy:
            connection = await self._loop.connection()
            try:
                async with (
                    self._asked_for(connection, request) as result,
                    connection.following(topic(request.key), functools.partial(self._take, request)),
                ):
                    outcome = await result()
            except OSError:
                # The scheduler is lost, and the attempt under way with it; or only the result, on its way.
                await asyncio.sleep(_AGAIN_SECONDS)
                await self._loop.connection()
                with self._lock:
                    if request.busy:
                        request.lose()
            except KilledWorker:
                # Dask blames every task that waited on a lost worker; only one that was running there can be at fault.
                # But a worker that is lost at once takes the news of what it ran along, so nobody is blamed for ever.
                blamed += 1
                if (seen := request.attempts.running) or blamed == _BLAMES:
                    losses = request.retries + 1
                    await asyncio.to_thread(self._deadly.put, request.key, losses, surely=seen)
                    self._end(request, "failed", killed(losses))
            except Exception as error:
                self._fail(request, f"{type(error).__name__}: {error}")
            else:
                if outcome.state == GAVE_WAY:
                    await asyncio.sleep(_AGAIN_SECONDS)
                elif outcome.state == "stopped" or request.attempts.rejects(outcome.attempt):
                    # It ended for others, just before we asked. The scheduler forgets it as soon as they have let go.
                    revived += 1
                    if revived > _REVIVALS:
                        self._fail(request, _("another app process holds on to a run that has ended"))
                    await asyncio.sleep(_AGAIN_SECONDS)
                elif outcome.state == "finished":
                    await self._finish(request, outcome)
                elif outcome.diverged:
                    diverged = TrainingDiverged(*outcome.diverged)
                    self._end(request, "diverged", functools.partial(str, diverged), attempt=outcome.attempt)
                else:
                    self._fail(request, outcome.error, attempt=outcome.attempt)

    def _asked_for(
        self, connection: Connection, request: Request
    ) -> AbstractAsyncContextManager[Callable[[], Awaitable[Outcome]]]:
        if request.rank == Rank.OWN:
            # It may be under way already, asked for by another app process for less.
            self._loop.begin(self._insist, request.key)
        return connection.task(
            PREFIX + request.key,
            self._task,
            request.spec,
            request.key,
            slot=True,
            priority=-(request.rank + request.had / (1 + request.had)),
        )

    async def _insist(self, key: str) -> None:
        """A run under way no longer gives way to others. A worker that is stuck does not answer."""
        connection = await self._loop.connection()
        with suppress(TimeoutError):
            await asyncio.wait_for(connection.tell_workers(insist, key), _TELL_SECONDS)

    def _take(self, request: Request, stamp: float, event: Mapping[str, Any]) -> None:
        with self._lock:
            request.take(stamp, event)

    async def _finish(self, request: Request, outcome: Outcome) -> None:
        try:
            with self._lock:
                visitors = frozenset(request.visitors)
            run = await asyncio.to_thread(self._keep, request.key, outcome, visitors)
        except ValueError as error:
            self._fail(request, str(error))
        else:
            finished = replace(run, retries=request.retries)
            self._end(request, "finished", attempt=outcome.attempt, finished=finished)

    def _fail(self, request: Request, reason: str, attempt: str = "") -> None:
        log.warning("A training failed: %s", reason)
        self._end(request, "failed", lambda: _(_FAILED).format(reason=reason), attempt=attempt)

    def _end(self, request: Request, *how: Any, **also: Any) -> None:
        with self._lock:
            if request.busy:
                request.end(*how, **also)
                self._ended(request)
