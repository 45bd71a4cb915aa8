"""Which browser a session belongs to, without knowing whose it is: a random name in a cookie that lasts for a lesson.

A session is a tab's connection to one app process. A phone that sleeps, a tab that is opened again and an app process that is
killed each make another session, and a class must neither count such a phone twice nor lose its teacher.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Named", "new_visitor", "token"]

_COOKIE = "mtl_browser"
_SECONDS = 4 * 3600
_LENGTH = 22
_LIKE_A_FILE = ("/_stcore", "/static", "/component", "/media")


class Named:
    """Gives a browser that asks for a page a name, unless it has one. Scripts cannot read it, and other sites do not get it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on the request, and add the cookie to the answer."""
        if scope["type"] != "http" or scope["method"] != "GET" or _is_a_file(scope["path"]) or _has_name(scope):
            await self._app(scope, receive, send)
            return

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                name = secrets.token_urlsafe(16)
                MutableHeaders(scope=message).append(
                    "set-cookie", f"{_COOKIE}={name}; Max-Age={_SECONDS}; Path=/; HttpOnly; SameSite=Lax"
                )
            await send(message)

        await self._app(scope, receive, send_named)


def token() -> str:
    """What only this browser and the app know; of a browser without cookies, what only this session knows."""
    return _name() or str(st.session_state.visitor)


def new_visitor() -> str:
    """A name for a session that begins, as `mtl_core.jobs.leases` reads it: the tabs of a browser share what is before the dot."""
    shared = hashlib.sha256(_name().encode()).hexdigest()[:16] if _name() else uuid.uuid4().hex
    return f"{shared}.{uuid.uuid4().hex}"


def _name() -> str:
    name = str(st.context.cookies.get(_COOKIE, ""))
    return name if len(name) == _LENGTH else ""


def _is_a_file(path: str) -> bool:
    return any(part in path for part in _LIKE_A_FILE) or "." in path.rsplit("/", 1)[-1]


def _has_name(scope: Scope) -> bool:
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    return len(cookie_parser(cookies).get(_COOKIE, "")) == _LENGTH
