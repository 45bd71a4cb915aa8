"""What the engine's thread does about the runs that are wanted: ask for them, follow them, take what comes.

A task may end for reasons that are none of this run's: its scheduler is lost, its worker is lost, or the last follower
elsewhere let go of it a moment before we asked. Then it is asked for again. It ends for good when it is finished, when it
diverged, or when it failed for a reason of its own.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from mtl_core.jobs.attempts import GAVE_WAY, topic
from mtl_core.jobs.connection import Connection
from mtl_core.jobs.loop import Loop
from mtl_core.jobs.request import Request
from mtl_core.jobs.tasks import insist
from mtl_core.language import N_, _
from mtl_core.records import Outcome, Run, TrainingDiverged

__all__ = ["PREFIX", "Dispatcher"]

log = logging.getLogger(__name__)

PREFIX = "mtl-train-"
"""Begins the Dask key of every training; the run's key follows."""

_BLAMES = 3
_REVIVALS = 25
_REVIVAL_SECONDS = 0.2
_FORGET_SECONDS = 10.0

_KILLED = N_("The worker was lost {n} times during this run. Most likely it needs more memory than a worker has.")
_FAILED = N_("The run failed on the worker: {reason}.")


class Dispatcher:
    """Keeps the cluster at work on what is wanted.

    Parameters
    ----------
    loop, connection : Loop, Connection
    lock : context manager
        Guards every `Request`.
    task : callable
        `mtl_core.jobs.tasks.train`, or a stand-in.
    keep : callable
        Stores a finished run's archive and returns the run; `ValueError` if it cannot be read.
    ended : callable
        Told, under the lock, of each run that has ended by itself.
    wanted : callable
        Under the lock: the present request for a run's key, or None.
    """

    def __init__(
        self,
        loop: Loop,
        connection: Connection,
        lock: Any,
        task: Callable[..., Any],
        *,
        keep: Callable[[str, Outcome, tuple[str, ...]], Run],
        ended: Callable[[Request], None],
        wanted: Callable[[str], Request | None],
    ) -> None:
        self._loop, self._connection, self._lock, self._task = loop, connection, lock, task
        self._keep, self._ended, self._wanted = keep, ended, wanted

    def ask_for(self, request: Request) -> None:
        """Have a run trained, soon; from any thread."""
        self._loop.post(lambda: self._submit(request))

    def ask_again(self, request: Request) -> None:
        """The same, at the place in the queue that it has now; from any thread."""
        self._loop.post(lambda: self._submit_again(request))

    def insist(self, request: Request) -> None:
        """Let a background run under way no longer give way to others; from any thread."""
        self._loop.post(lambda: self._connection.tell_workers(insist, request.key))

    def let_go(self, request: Request) -> None:
        """Follow a run no longer, soon; from any thread."""
        self._loop.post(lambda: self._let_go(request))

    def resubmit(self, wanted: Iterable[Request]) -> None:
        """After a connection: all that is wanted, anew; in the engine's thread."""
        wanted = list(wanted)
        with self._lock:
            for request in wanted:
                request.lose()
        for request in wanted:
            self._submit(request)

    def _submit(self, request: Request) -> None:
        """Ask for the run's task, unless that has been done: a connection asks for all that is wanted."""
        if not request.busy or request.future is not None:
            return
        request.submissions += 1
        ended = functools.partial(self._collect, request, request.submissions)
        request.future = self._connection.submit(
            PREFIX + request.key,
            lambda: self._loop.post(ended),
            self._task,
            request.spec,
            request.key,
            slot=True,
            priority=-1 if request.background else 0,
        )
        self._connection.follow(topic(request.key), functools.partial(self._take, request.key))
        if not request.background:
            # It may be under way already, asked for by another app process in the background.
            self._connection.tell_workers(insist, request.key)

    def _submit_again(self, request: Request) -> None:
        self._release(request)
        self._submit(request)

    def _take(self, key: str, stamp: float, event: Any) -> None:
        with self._lock:
            request = self._wanted(key)
            if request is not None:
                request.take(stamp, event)

    def _collect(self, request: Request, submission: int) -> None:
        """A task has ended, one way or another."""
        from distributed import KilledWorker

        if not request.busy or submission != request.submissions or request.future is None:
            return
        try:
            self._accept(request, self._connection.result(request.future))
        except ConnectionError:
            if self._connection.up:
                self._submit_again(request)
        except KilledWorker:
            self._blame(request)
        except Exception as error:
            log.exception("A training's result cannot be read")
            self._fail(request, f"{type(error).__name__}: {error}")

    def _accept(self, request: Request, outcome: Outcome) -> None:
        if outcome.state == GAVE_WAY:
            self._release(request)
            self._loop.post_later(_REVIVAL_SECONDS, lambda: self._submit(request))
        elif outcome.state == "stopped" or request.attempts.rejects(outcome.attempt):
            self._revive(request)
        elif outcome.state == "finished":
            run = replace(self._keep(request.key, outcome, tuple(request.visitors)), retries=request.retries)
            self._end(request, "finished", attempt=outcome.attempt, finished=run)
        elif outcome.diverged:
            diverged = TrainingDiverged(*outcome.diverged)
            self._end(request, "diverged", lambda: str(diverged), attempt=outcome.attempt)
        else:
            self._fail(request, outcome.error, attempt=outcome.attempt)

    def _revive(self, request: Request) -> None:
        """It ended for others, just before we asked. The scheduler forgets it as soon as they have let go."""
        self._release(request)
        request.revivals += 1
        if request.revivals <= _REVIVALS:
            self._loop.post_later(_REVIVAL_SECONDS, lambda: self._submit(request))
        else:
            self._fail(request, _("another app process holds on to a run that has ended"))

    def _blame(self, request: Request) -> None:
        """Dask blames every task that waited on a lost worker; only one that was running there can be at fault.

        But a worker that is lost at once takes the news of what it ran along, so nobody is blamed for ever.
        """
        request.blamed += 1
        if request.attempts.running or request.blamed == _BLAMES:
            number = request.retries + 1
            self._end(request, "failed", lambda: _(_KILLED).format(n=number))
        else:
            self._submit_again(request)

    def _fail(self, request: Request, reason: str, attempt: str = "") -> None:
        log.warning("A training failed: %s", reason)
        self._end(request, "failed", lambda: _(_FAILED).format(reason=reason), attempt=attempt)

    def _end(self, request: Request, *how: Any, **also: Any) -> None:
        with self._lock:
            if request.busy:
                request.end(*how, **also)
                self._ended(request)
        self._let_go(request)

    def _let_go(self, request: Request) -> None:
        """The topic goes too, once the run is followed nowhere."""
        self._release(request)
        with self._lock:
            again = self._wanted(request.key)
        if again is None or not again.busy:
            self._connection.unfollow(topic(request.key))
        forget = functools.partial(self._connection.forget, topic(request.key), PREFIX + request.key)
        self._loop.post_later(_FORGET_SECONDS, forget)

    def _release(self, request: Request) -> None:
        future, request.future = request.future, None
        if future is not None:
            self._connection.release(future)
