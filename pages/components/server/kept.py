"""Files that never change, answered at the door.

A first visit is a hundred files, and a class comes within half a minute. To look each of them up, and to hand it through
everything that looks at requests and answers, took 50 ms of a core for each visitor; to send what is in memory takes 10.
"""

from __future__ import annotations

from cachetools import LRUCache
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.components.server.compression import compressed_as

__all__ = ["KeptFiles"]

_MOST_BYTES = 24_000_000
"""In memory; a visit of every page needs 4 MB, and as much again for browsers that take another compression."""

_ASKS_FOR_LESS = {b"range", b"if-none-match", b"if-modified-since", b"if-range"}


class KeptFiles:
    """Answers with a file whose name holds its digest as the app below did for the first who asked.

    Parameters
    ----------
    app : ASGI application
        All the rest: what is kept is the answer as it leaves the server. Says by "immutable" that a file never changes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: LRUCache[tuple[str, str], list[Message]] = LRUCache(_MOST_BYTES, getsizeof=_size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a kept file, or hand on the request and keep the answer."""
        if not _may_be_kept(scope):
            await self._app(scope, receive, send)
            return
        asked = scope["path"], compressed_as(scope)
        kept = self._kept.get(asked)
        if kept is not None:
            for message in kept:
                await send(message)
            return
        answer: list[Message] = []

        async def send_and_note(message: Message) -> None:
            answer.append(message)
            await send(message)

        await self._app({**scope, "extensions": {}}, receive, send_and_note)
        if _never_changes(answer) and _size(answer) <= _MOST_BYTES:
            self._kept[asked] = answer


def _may_be_kept(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and "/static/" in scope["path"]
        and not any(name in _ASKS_FOR_LESS for name, _value in scope["headers"])
    )


def _never_changes(answer: list[Message]) -> bool:
    first = answer[0] if answer else {}
    return (
        first.get("status") == 200
        and "immutable" in Headers(raw=first["headers"]).get("cache-control", "")
        and not answer[-1].get("more_body", False)
    )


def _size(answer: list[Message]) -> int:
    return sum(len(message.get("body", b"")) for message in answer)
