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

from mtl_core.jobs.engine import Engine
from mtl_core.jobs.link import Link
from mtl_core.jobs.live import Live
from mtl_core.jobs.progress import GAVE_WAY, topic
from mtl_core.jobs.tasks import insist
from mtl_core.language import N_, _
from mtl_core.records import Outcome, Run, TrainingDiverged

__all__ = ["PREFIX", "Trainer"]

log = logging.getLogger(__name__)

PREFIX = "mtl-train-"
"""Begins the Dask key of every training; the run's key follows."""

_BLAMES = 3
_REVIVALS = 25
_REVIVAL_SECONDS = 0.2
_FORGET_SECONDS = 10.0

_KILLED = N_("The worker was lost {n} times during this run. Most likely it needs more memory than a worker has.")
_FAILED = N_("The run failed on the worker: {reason}.")


class Trainer:
    """Keeps the cluster at work on what is wanted.

    Parameters
    ----------
    engine, link : Engine, Link
    lock : context manager
        Guards every `Live`.
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
        engine: Engine,
        link: Link,
        lock: Any,
        task: Callable[..., Any],
        *,
        keep: Callable[[str, Outcome], Run],
        ended: Callable[[Live], None],
        wanted: Callable[[str], Live | None],
    ) -> None:
        self._engine, self._link, self._lock, self._task = engine, link, lock, task
        self._keep, self._ended, self._wanted = keep, ended, wanted

    def ask_for(self, live: Live) -> None:
        """Have a run trained, soon; from any thread."""
        self._engine.post(lambda: self._submit(live))

    def ask_again(self, live: Live) -> None:
        """The same, at the place in the queue that it has now; from any thread."""
        self._engine.post(lambda: self._submit_again(live))

    def insist(self, live: Live) -> None:
        """Let a background run under way no longer give way to others; from any thread."""
        self._engine.post(lambda: self._link.tell_workers(insist, live.key))

    def let_go(self, live: Live) -> None:
        """Follow a run no longer, soon; from any thread."""
        self._engine.post(lambda: self._let_go(live))

    def resubmit(self, wanted: Iterable[Live]) -> None:
        """After a connection: all that is wanted, anew; in the engine's thread."""
        wanted = list(wanted)
        with self._lock:
            for live in wanted:
                live.lose()
        for live in wanted:
            self._submit(live)

    def _submit(self, live: Live) -> None:
        """Ask for the run's task, unless that has been done: a connection asks for all that is wanted."""
        if not live.busy or live.future is not None:
            return
        live.submissions += 1
        ended = functools.partial(self._collect, live, live.submissions)
        live.future = self._link.submit(
            PREFIX + live.key,
            lambda: self._engine.post(ended),
            self._task,
            live.spec,
            live.key,
            slot=True,
            priority=-1 if live.background else 0,
        )
        self._link.follow(topic(live.key), functools.partial(self._take, live.key))
        if not live.background:
            # It may be under way already, asked for by another app process in the background.
            self._link.tell_workers(insist, live.key)

    def _submit_again(self, live: Live) -> None:
        self._release(live)
        self._submit(live)

    def _take(self, key: str, stamp: float, event: Any) -> None:
        with self._lock:
            live = self._wanted(key)
            if live is not None:
                live.take(stamp, event)

    def _collect(self, live: Live, submission: int) -> None:
        """A task has ended, one way or another."""
        from distributed import KilledWorker

        if not live.busy or submission != live.submissions or live.future is None:
            return
        try:
            self._accept(live, self._link.result(live.future))
        except ConnectionError:
            if self._link.up:
                self._submit_again(live)
        except KilledWorker:
            self._blame(live)
        except Exception as error:
            log.exception("A training's result cannot be read")
            self._fail(live, f"{type(error).__name__}: {error}")

    def _accept(self, live: Live, outcome: Outcome) -> None:
        if outcome.state == GAVE_WAY:
            self._release(live)
            self._engine.post_later(_REVIVAL_SECONDS, lambda: self._submit(live))
        elif outcome.state == "stopped" or live.progress.rejects(outcome.attempt):
            self._revive(live)
        elif outcome.state == "finished":
            run = replace(self._keep(live.key, outcome), retries=live.retries)
            self._end(live, "finished", attempt=outcome.attempt, finished=run)
        elif outcome.diverged:
            diverged = TrainingDiverged(*outcome.diverged)
            self._end(live, "diverged", lambda: str(diverged), attempt=outcome.attempt)
        else:
            self._fail(live, outcome.error, attempt=outcome.attempt)

    def _revive(self, live: Live) -> None:
        """It ended for others, just before we asked. The scheduler forgets it as soon as they have let go."""
        self._release(live)
        live.revivals += 1
        if live.revivals <= _REVIVALS:
            self._engine.post_later(_REVIVAL_SECONDS, lambda: self._submit(live))
        else:
            self._fail(live, _("another app process holds on to a run that has ended"))

    def _blame(self, live: Live) -> None:
        """Dask blames every task that waited on a lost worker; only one that was running there can be at fault.

        But a worker that is lost at once takes the news of what it ran along, so nobody is blamed for ever.
        """
        live.blamed += 1
        if live.progress.running or live.blamed == _BLAMES:
            number = live.retries + 1
            self._end(live, "failed", lambda: _(_KILLED).format(n=number))
        else:
            self._submit_again(live)

    def _fail(self, live: Live, reason: str, attempt: str = "") -> None:
        log.warning("A training failed: %s", reason)
        self._end(live, "failed", lambda: _(_FAILED).format(reason=reason), attempt=attempt)

    def _end(self, live: Live, *how: Any, **also: Any) -> None:
        with self._lock:
            if live.busy:
                live.end(*how, **also)
                self._ended(live)
        self._let_go(live)

    def _let_go(self, live: Live) -> None:
        """The topic goes too, once the run is followed nowhere."""
        self._release(live)
        with self._lock:
            again = self._wanted(live.key)
        if again is None or not again.busy:
            self._link.unfollow(topic(live.key))
        forget = functools.partial(self._link.forget, topic(live.key), PREFIX + live.key)
        self._engine.post_later(_FORGET_SECONDS, forget)

    def _release(self, live: Live) -> None:
        future, live.future = live.future, None
        if future is not None:
            self._link.release(future)
