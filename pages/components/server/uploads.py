"""Uploads: how long one may take, how many are read at once, and how many of one visitor are held.

Streamlit holds what a browser sends until its visitor leaves, however many files that are, and waits for the rest of a file
for ever: 80 files of one visitor held 995 MB, and 100 that stood still 900.
"""

from __future__ import annotations

import asyncio
import math
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from cachetools import LRUCache
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

__all__ = ["Uploads"]

_PATH = re.compile(r".*/_stcore/upload_file/(?P<session>[^/]+)/(?P<file>[^/]+)")

_HELD = 2
"""Files of one visitor that are held, and that are read at the same time: the model to inspect, and the one to compare it with."""

_AT_ONCE = 24
"""Files of all that are read at the same time, each of 10 MB at most (`maxUploadSize`); the others wait for their turn."""

_VISITORS = 10_000

_STANDS_STILL_SECONDS = 15.0
_ALTOGETHER_SECONDS = 90.0
"""10 MB in a minute and a half is a slow telephone line; who needs longer has the model's JSON as text to paste."""


def _streamlits_files() -> MemoryUploadedFileManager | None:
    files = Runtime.instance().uploaded_file_mgr
    return files if isinstance(files, MemoryUploadedFileManager) else None


@dataclass(slots=True)
class _Visitor:
    """A visitor's turns to be read, and the files that are held, the oldest first."""

    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_HELD))
    held: deque[str] = field(default_factory=deque)


class Uploads:
    """Hands uploads on, as long as they come in time, and lets go of what the same visitor uploaded before.

    Parameters
    ----------
    app : ASGI application
    stands_still, altogether : float
        Seconds that may pass without a byte, and until the last one.
    files : callable
        Who holds the files, if they are in memory.
    """

    def __init__(
        self,
        app: ASGIApp,
        stands_still: float = _STANDS_STILL_SECONDS,
        altogether: float = _ALTOGETHER_SECONDS,
        files: Callable[[], MemoryUploadedFileManager | None] = _streamlits_files,
    ) -> None:
        self._app = app
        self._files = files
        self._stands_still, self._altogether = stands_still, altogether
        self._visitors: LRUCache[str, _Visitor] = LRUCache(_VISITORS)
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an upload that takes too long here, and hand on every other request."""
        path = _PATH.fullmatch(scope.get("path", ""))
        if scope["type"] != "http" or scope["method"] != "PUT" or path is None:
            await self._app(scope, receive, send)
            return

        visitor = self._visitors.setdefault(path["session"], _Visitor())
        # Whose files stand still keeps only their own waiting.
        async with visitor.turns, self._turns:
            try:
                async with asyncio.timeout(self._altogether) as patience:
                    await self._app(scope, self._in_time(receive, patience), send)
            except TimeoutError:
                answer = PlainTextResponse("The file did not come in time.", status_code=HTTPStatus.REQUEST_TIMEOUT)
                # What is still on its way is not read as another request.
                answer.headers["Connection"] = "close"
                await answer(scope, receive, send)
                return
        visitor.held.append(path["file"])
        files = self._files()
        while files is not None and len(visitor.held) > _HELD:
            files.remove_file(path["session"], visitor.held.popleft())

    def _in_time(self, receive: Receive, patience: asyncio.Timeout) -> Receive:
        """`receive`, with less patience while nothing comes."""
        end = patience.when()

        async def receive_in_time() -> Message:
            now = asyncio.get_running_loop().time()
            patience.reschedule(min(end or math.inf, now + self._stands_still))
            message = await receive()
            patience.reschedule(end)
            return message

        return receive_in_time
