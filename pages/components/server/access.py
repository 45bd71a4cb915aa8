"""An access code for a class: with MTL_ACCESS_CODE set, nobody gets in without it.

Who gives the code gets a cookie that proves it and says nothing else, so several app processes know it too. The code is never in
a link. Without the cookie nothing of the app answers but its health and the front end's files, which are Streamlit's own.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
from http import HTTPStatus
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from mtl_core.figures.html import render
from mtl_core.jobs.turns import Turns

__all__ = ["AccessCode"]

_COOKIE = "access"
_OPEN = ("/_stcore/health", "/favicon.png", "/manifest.json")
_MOST_BYTES = 2_000
_FORM_SECONDS = 10.0
_WRONG_SECONDS = 1.0
"""Until a wrong code is answered: who tries a thousand of them waits, one who mistyped hardly."""

_AT_ONCE = 4
"""Codes that are looked at together, so that a thousand connections try no more in a second; addresses take turns."""


class AccessCode:
    """Asks for the code before anything of the app below answers; asks nobody where no code is set.

    Parameters
    ----------
    app : ASGI application
    code : str, optional
        Default: the environment variable MTL_ACCESS_CODE.
    wrong_seconds : float
        Until a wrong code is answered.
    """

    def __init__(self, app: ASGIApp, code: str | None = None, wrong_seconds: float = _WRONG_SECONDS) -> None:
        self._app = app
        self._code = (os.environ.get("MTL_ACCESS_CODE", "") if code is None else code).strip()
        self._proof = hmac.new(self._code.encode(), b"concatenate-explained", hashlib.sha256).hexdigest()
        self._wrong_seconds = wrong_seconds
        self._turns = Turns(lambda: _AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what comes with the cookie, and answer everything else here."""
        if scope["type"] not in ("http", "websocket") or not self._code or _is_open(scope) or self._admitted(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            # Before it is accepted, this is an answer of 403.
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await (await self._answer(Request(scope, receive)))(scope, receive, send)

    def _admitted(self, scope: Scope) -> bool:
        cookies = cookie_parser(Headers(scope=scope).get("cookie", ""))
        return hmac.compare_digest(cookies.get(_COOKIE, "").encode(), self._proof.encode())

    async def _answer(self, request: Request) -> Response:
        if request.method == "POST":
            given = await _given(request)
            async with self._turns.of(_address(request)):
                if hmac.compare_digest(given.encode(), self._code.encode()):
                    # To the page that was asked for, with the link's own settings.
                    answer: Response = RedirectResponse(_asked_for(request), HTTPStatus.SEE_OTHER)
                    secure = request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
                    answer.set_cookie(_COOKIE, self._proof, httponly=True, samesite="lax", secure=secure)
                    return answer
                await asyncio.sleep(self._wrong_seconds)
        elif "text/html" not in request.headers.get("accept", ""):
            return PlainTextResponse("Access code required", HTTPStatus.UNAUTHORIZED)
        page = render("access.html", wrong=request.method == "POST")
        return HTMLResponse(page, HTTPStatus.UNAUTHORIZED, {"Cache-Control": "no-store"})


def _is_open(scope: Scope) -> bool:
    path = scope["path"]
    return scope["type"] == "http" and ("/static/" in path or path.endswith(_OPEN)) and "/../" not in path


def _asked_for(request: Request) -> str:
    """The path and query of a page here: two slashes would begin the name of another site."""
    query = f"?{request.url.query}" if request.url.query else ""
    return "/" + request.url.path.lstrip("/\\") + query


def _address(request: Request) -> str:
    """Whose turn it is: the address that the proxy in front saw, else that of the connection."""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return forwarded or (request.client.host if request.client else "")


async def _given(request: Request) -> str:
    """The code that a form brings; empty if it brings none, too much, or too slowly."""
    body = b""
    try:
        async with asyncio.timeout(_FORM_SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > _MOST_BYTES:
                    return ""
    except TimeoutError:
        return ""
    return parse_qs(body.decode("utf-8", "replace")).get("code", [""])[0].strip()
