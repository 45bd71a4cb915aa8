"""The runs that were asked for since this process started: who wants which, and which ends because nobody does."""

from __future__ import annotations

from collections import OrderedDict

from mtl_core.jobs.attempts import Attempts
from mtl_core.jobs.dispatcher import Dispatcher
from mtl_core.jobs.health import Monitor
from mtl_core.jobs.leases import Leases
from mtl_core.jobs.loop import Loop
from mtl_core.jobs.request import Request, killed
from mtl_core.jobs.tasks import Rank
from mtl_core.language import N_, _
from mtl_core.records import Head, Run
from mtl_core.spec import ExperimentSpec

__all__ = ["UnderWay"]

_REMEMBERED = 64
"""Ended runs that are kept in memory."""

_RESTART = "the app itself, after a restart"
"""Follows what was under way, as a visitor who says nothing more."""

_STOPPED = N_("Stopped after epoch {epoch} of {epochs}; a stopped run is not stored.")


class UnderWay:
    """Requests for runs by key, and their followers. Not thread-safe: the caller holds the lock, and no method waits.

    Parameters
    ----------
    loop : Loop
    dispatcher : Dispatcher
    leases : Leases
    monitor : Monitor
    """

    def __init__(self, loop: Loop, dispatcher: Dispatcher, leases: Leases, monitor: Monitor) -> None:
        self._loop, self._dispatcher, self._leases, self._monitor = loop, dispatcher, leases, monitor
        self._requests: OrderedDict[str, Request] = OrderedDict()

    @property
    def busy(self) -> bool:
        """Whether any run is under way."""
        return any(request.busy for request in self._requests.values())

    def look(self, key: str, visitor: str) -> Run | None:
        """What a visitor, who watches it by that, sees of a run; None if that is not for this class to say."""
        request = self._requests.get(key)
        if request is None:
            return None
        if request.busy and visitor and visitor not in request.left:
            request.visitors.add(visitor)
            self._leases.watch(visitor, key)
        return self._picture(request, visitor) if request.shown_to(visitor) else None

    def train(
        self, spec: ExperimentSpec, key: str, visitor: str, stored: Head | None, *, again: bool, deadly: int
    ) -> None:
        """Make a run the visitor's own, and have it trained unless it is under way, finished, stored, or sure to fail.

        Parameters
        ----------
        spec : ExperimentSpec
        key : str
        visitor : str
        stored : Head or None
            What is stored about it.
        again : bool
            Whether a new one is wanted even so.
        deadly : int
            Workers that it killed before it was given up; 0 if it may be tried.
        """
        # What waits is left first: it would begin in the place of what runs.
        for left in sorted(self._leases.follow(visitor, key), key=self._has_begun):
            self.leave(left, visitor)
        request = self._requests.get(key)
        if request and request.busy:
            request.join(visitor)
            self._promote(request, Rank.OWN, self._leases.count(visitor))
        elif not again and ((request and request.finished) or stored):
            self._leases.leave(visitor, key)
        elif deadly:
            self._leases.leave(visitor, key)
            self._refuse(spec, key, visitor, deadly)
        else:
            self._ask_for(spec, key, visitor, stored, Rank.OWN)

    def train_beside(
        self, spec: ExperimentSpec, key: str, visitor: str, rank: Rank, *, known: bool, deadly: int
    ) -> None:
        """Follow a run beside the visitor's own, and have it trained unless it is `known`, under way, or sure to fail."""
        request = self._requests.get(key)
        if request and request.busy:
            request.join(visitor)
            self._leases.follow_beside(visitor, key)
            self._promote(request, rank, 0)
        elif not known and (request is None or request.state in ("stopped", "failed")):
            if deadly:
                self._refuse(spec, key, visitor, deadly)
            else:
                self._leases.follow_beside(visitor, key)
                self._ask_for(spec, key, visitor, None, rank)

    def restore(self, spec: ExperimentSpec, key: str, rank: Rank) -> None:
        """Ask again for a run that was under way when an app process ended; whoever comes back keeps it going."""
        if key not in self._requests:
            self._leases.follow_beside(_RESTART, key)
            self._ask_for(spec, key, _RESTART, None, rank)

    def leave(self, key: str, visitor: str) -> None:
        """The visitor follows a run no longer."""
        self._leases.leave(visitor, key)
        if key in self._requests:
            self._requests[key].left.add(visitor)
        self._end_if_unfollowed(key)

    def expire(self) -> None:
        """End what was followed only by visitors who have been silent for too long."""
        for key in self._leases.expire():
            self._end_if_unfollowed(key)

    def _refuse(self, spec: ExperimentSpec, key: str, visitor: str, losses: int) -> None:
        """Try a run no further: it would only cost everybody their worker again."""
        request = self._requests.get(key)
        if request is None or request.finished:
            request = Request(spec=spec, key=key, rank=Rank.OWN, attempts=Attempts(), visitors=set())
        request.end("failed", killed(losses))
        request.join(visitor)
        request.refused = True
        self._remember(request)

    def _ask_for(self, spec: ExperimentSpec, key: str, visitor: str, stored: Head | None, rank: Rank) -> None:
        """A new request. What already ended is not wanted: another app may still hold its result."""
        former = self._requests.pop(key, None)
        over = {former.attempt if former else "", stored.attempt if stored else ""} - {""}
        request = Request(
            spec=spec,
            key=key,
            rank=rank,
            attempts=Attempts(over),
            visitors={visitor} - {_RESTART},
            had=self._leases.count(visitor) if rank == Rank.OWN else 0,
            restored=visitor == _RESTART,
        )
        self._remember(request)
        self._dispatcher.ask_for(request)

    def _remember(self, request: Request) -> None:
        """As the newest; the oldest that ended are forgotten."""
        self._requests[request.key] = request
        self._requests.move_to_end(request.key)
        ended = [name for name, each in self._requests.items() if not each.busy]
        for name in ended[: max(0, len(ended) - _REMEMBERED)]:
            del self._requests[name]

    def _promote(self, request: Request, rank: Rank, had: int) -> None:
        """A run stands where it comes first: of the lowest rank, and then of the visitor with the fewest runs."""
        if (rank, had) < (request.rank, request.had):
            request.rank, request.had = rank, had
            self._dispatcher.promote(request)

    def _has_begun(self, key: str) -> bool:
        request = self._requests.get(key)
        return bool(request and request.attempts.epochs)

    def _end_if_unfollowed(self, key: str) -> None:
        request = self._requests.get(key)
        if request is None or not request.busy or self._leases.followed(key):
            return
        if epochs := request.attempts.epochs:
            numbers = {"epoch": epochs[-1].index, "epochs": request.spec.train.epochs}
            request.end("stopped", lambda: _(_STOPPED).format(**numbers))
        else:
            request.end("stopped")
            del self._requests[key]
        self._dispatcher.let_go(request)

    def _picture(self, request: Request, visitor: str) -> Run:
        position, wait = self._place(request)
        silent, problem = self._monitor.silent(request.key), self._monitor.problem(self._loop)
        return request.look(visitor, position=position, wait=wait, silent=silent, problem=problem)

    def _place(self, request: Request) -> tuple[int | None, float | None]:
        """Runs ahead of a queued one and the seconds they are expected to take."""
        if request.state != "queued":
            return None, None
        ahead = self._monitor.ahead(request.key)
        known = [self._requests[key].remaining_seconds() for key in ahead if key in self._requests]
        usual = sum(known) / len(known) if known else request.remaining_seconds()
        total = sum(known) + usual * (len(ahead) - len(known))
        return len(ahead), total / self._monitor.slots if self._loop.up else None
