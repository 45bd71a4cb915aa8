"""The front end's files, compressed: each once, in memory, and not again for every visitor.

Streamlit sends its own files as they are, because compressing at each request costs more than it saves: a first visit with a
chart was 8.0 MB, 4.7 of it Plotly. Compressed it is 2.5 MB with Brotli, which browsers take over HTTPS, and 2.8 with gzip. Fonts
and pictures are compressed already.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable
from pathlib import PurePosixPath

import brotli
from cachetools import LRUCache
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["CompressedFiles", "compressed_as"]

_ENDINGS = ("", ".css", ".html", ".js", ".json", ".svg")
"""Of what gains by it; a page of the app has no ending."""

_NOT_FILES = ("_stcore", "component", "media")
"""Where Streamlit answers by itself, and compresses where that pays."""

_WAYS: dict[str, Callable[[bytes], bytes]] = {
    # The highest level, 11, would take another 10 % off and 8 s of a core for Plotly instead of 0.5.
    "br": lambda body: brotli.compress(body, quality=9),
    "gzip": lambda body: gzip.compress(body, mtime=0),
}
"""How a file can be compressed, the smallest first."""

_LEAST_BYTES = 1_000
_MOST_KEPT = 24_000_000
"""Bytes of compressed files in memory; a visit of every page needs 3.5 MB, in both ways."""


class CompressedFiles:
    """Answers with a file of the front end as the app below would, compressed if the browser takes that.

    Parameters
    ----------
    app : ASGI application
        Decides which file is meant, whether there is one, and how long it may be kept.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: LRUCache[tuple[str, str, str], bytes] = LRUCache(_MOST_KEPT, getsizeof=len)
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a file here, and hand on every other."""
        way = compressed_as(scope)
        if not way:
            await self._app(scope, receive, send)
            return
        answer = _Answer()
        await self._app(_asking(scope, "HEAD"), _stays, answer.take)
        tag = answer.headers.get("etag", "")
        if answer.status != 200 or not tag or int(answer.headers.get("content-length", "0")) < _LEAST_BYTES:
            await self._app(scope, receive, send)
            return
        body = await self._compressed(scope, tag, way)
        headers = MutableHeaders(raw=answer.headers.raw)
        headers["Content-Encoding"] = way
        headers["Content-Length"] = str(len(body))
        headers["ETag"] = f"W/{tag}"
        headers.add_vary_header("Accept-Encoding")
        await send({"type": "http.response.start", "status": 200, "headers": headers.raw})
        await send({"type": "http.response.body", "body": body if scope["method"] == "GET" else b""})

    async def _compressed(self, scope: Scope, tag: str, way: str) -> bytes:
        # Any path without an ending is answered with the one page of the front end.
        page = "" if not PurePosixPath(scope["path"]).suffix else scope["path"]
        # A class that comes at once waits for the first one's file, and does not compress it thirty times.
        async with self._one_at_a_time:
            body = self._kept.get((page, tag, way))
            if body is None:
                answer = _Answer()
                await self._app(_asking(scope, "GET"), _stays, answer.take)
                body = await asyncio.to_thread(_WAYS[way], b"".join(answer.body))
                if len(body) <= _MOST_KEPT:
                    self._kept[page, tag, way] = body
        return body


class _Answer:
    """What the app below answers, kept instead of sent."""

    def __init__(self) -> None:
        self.status = 0
        self.headers = Headers()
        self.body: list[bytes] = []

    async def take(self, message: Message) -> None:
        """In place of `send`."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], Headers(raw=list(message["headers"]))
        elif message["type"] == "http.response.body":
            self.body.append(message.get("body", b""))


def _asking(scope: Scope, method: str) -> Scope:
    # Without a server's extensions, one of which would leave the reading of the file to the server; and as it is: an app
    # below that compresses by itself would have it compressed twice, which no browser reads.
    headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "method": method, "extensions": {}, "headers": headers}


async def _stays() -> Message:
    """In place of `receive`: whoever asks first may leave meanwhile, and what is read for all must be whole."""
    await asyncio.Event().wait()
    return {"type": "http.disconnect"}


def compressed_as(scope: Scope) -> str:
    """How a file of the front end is to be compressed, "br" or "gzip"; empty if something else is asked for, or the browser takes no way."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return ""
    headers, path = Headers(scope=scope), PurePosixPath(scope["path"])
    if "range" in headers or path.suffix not in _ENDINGS or any(part in _NOT_FILES for part in path.parts):
        return ""
    accepted = {way.split(";")[0].strip() for way in headers.get("accept-encoding", "").split(",")}
    return next((way for way in _WAYS if way in accepted), "")
