"""Requests to an ASGI application without a server, and what it answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope

__all__ = ["Answer", "ask", "asked", "whole"]


@dataclass
class Answer:
    """An answer: its status, its headers, its body."""

    status: int = 0
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""

    async def take(self, message: Message) -> None:
        """In place of `send`."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], Headers(raw=list(message["headers"]))
        else:
            self.body += message.get("body", b"")


async def whole(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    """A body that comes at once."""
    for piece in pieces:
        yield piece


async def asked(
    app: ASGIApp, path: str, *, method: str = "GET", body: AsyncIterator[bytes] | None = None, **headers: str
) -> Answer:
    """One request; `accept_encoding="gzip"` is a header."""
    scope: Scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    answer = Answer()
    await app(scope, _receiving(body), answer.take)
    return answer


def ask(app: ASGIApp, path: str, *, method: str = "GET", **headers: str) -> Answer:
    """One request, in an event loop of its own."""
    return asyncio.run(asked(app, path, method=method, **headers))


def _receiving(body: AsyncIterator[bytes] | None) -> Receive:
    ended = False

    async def receive() -> Message:
        nonlocal ended
        if ended:  # who has asked waits for the answer
            await asyncio.Event().wait()
        piece = None if body is None else await anext(body, None)
        ended = piece is None
        return {"type": "http.request", "body": piece or b"", "more_body": not ended}

    return receive
