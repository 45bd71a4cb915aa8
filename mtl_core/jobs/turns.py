"""Places that are given to visitors in turn, so that one who asks for much keeps nobody else waiting."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

__all__ = ["Turns"]


class Turns:
    """A few places, for the coroutines of one event loop.

    Parameters
    ----------
    places : callable
        How many there are, at least 1; asked whenever one is wanted or left.
    """

    def __init__(self, places: Callable[[], int]) -> None:
        self._places = places
        self._taken = 0
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def of(self, visitor: str) -> AsyncIterator[None]:
        """A place, as soon as it is this visitor's turn, until the block ends."""
        ticket: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(visitor, deque()).append(ticket)
        try:
            self._call()
            await ticket
            yield
        finally:
            if ticket.done() and not ticket.cancelled():
                self._taken -= 1
            else:
                ticket.cancel()
            self._call()

    def _call(self) -> None:
        """Give free places away: to whose turn it is, who then goes to the end of the line."""
        while self._taken < self._places() and self._waiting:
            visitor, tickets = self._waiting.popitem(last=False)
            while tickets and tickets[0].done():  # Who left the line.
                tickets.popleft()
            if tickets:
                tickets.popleft().set_result(None)
                self._taken += 1
            if tickets:
                self._waiting[visitor] = tickets
