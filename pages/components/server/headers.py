"""Headers of every answer: what a browser may load for a page and run in it, and what it tells other sites.

Pages may be shown in frames of other sites (schools embed them), so nothing is said about who may embed.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from http import HTTPStatus
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

__all__ = ["Headers", "content_security_policy"]

_EVERYWHERE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}

_POLICY = {
    "default-src": "'self'",
    # Graphviz in the browser is WebAssembly; a component's script is loaded from a blob.
    "script-src": "'self' 'wasm-unsafe-eval' blob:",
    # Streamlit, Plotly and Graphviz style elements where they stand.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "media-src": "'self' data: blob:",
    # With the websocket: a browser that is too old to take it for 'self' is too old for Streamlit as well, whose Markdown looks
    # behind in a regular expression (Safari 16.4; websockets 15.4). WebAssembly comes as data.
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}

_AHEAD = "PlotlyChart.*.js"
"""The one large file that a visitor of a page with charts needs sooner or later."""

_PAGES_WITH_CHARTS = ("", "compare", "sharing", "walkthrough")

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


class Headers:
    """Adds headers to what the app below answers.

    To a page of the app: a Content-Security-Policy (unless MTL_CSP=0: for a host that puts scripts of its own into the
    page), and which files a browser should fetch when it has nothing else to do.

    Parameters
    ----------
    app : ASGI application
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        static = Path(file_util.get_static_dir())
        self._ahead = _links(static)
        self._of_pages: dict[str, str] = {}
        if os.environ.get("MTL_CSP") != "0":
            self._of_pages["Content-Security-Policy"] = content_security_policy(static)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the app below does, with more headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_EVERYWHERE)
                name = scope["path"].rsplit("/", 1)[-1]
                # A page that did not change is kept by the browser with the headers that it came with, but for what is said now.
                unchanged_page = message["status"] == HTTPStatus.NOT_MODIFIED and "." not in name
                if unchanged_page or headers.get("content-type", "").startswith("text/html"):
                    headers.update(self._of_pages)
                    if name in _PAGES_WITH_CHARTS:
                        headers["Link"] = self._ahead
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def content_security_policy(static: Path) -> str:
    """What a page may load and run: its own files, and the scripts that stand in Streamlit's page.

    Parameters
    ----------
    static : Path
        Folder of the front end, with its `index.html`.
    """
    page = (static / "index.html").read_text(encoding="utf-8")
    digests = (hashlib.sha256(script.encode()).digest() for script in _INLINE_SCRIPT.findall(page))
    allowed = "".join(f" 'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    policy = {**_POLICY, "script-src": _POLICY["script-src"] + allowed}
    return "; ".join(f"{name} {sources}" for name, sources in policy.items())


def _links(static: Path) -> str:
    files = sorted((static / "static" / "js").glob(_AHEAD))
    return ", ".join(f"<./static/js/{file.name}>; rel=prefetch; as=script" for file in files)
