"""A tick that would bring nothing ends at the door of the server.

A block that redraws itself does so because the browser asks for it, every so often. Each time Streamlit starts a thread, runs
the block and tells the browser everything about app and theme: 2 to 3 ms of processor time even for a block that is empty. So
what the block depends on is compared first, and where it is as it was drawn, Streamlit never hears of the tick. Nothing is
answered then, as Streamlit itself does with the tick of a block that is no longer there.
"""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable, Hashable

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

__all__ = ["Gate", "IdleTicks"]


log = logging.getLogger(__name__)

_gates: weakref.WeakValueDictionary[str, Gate] = weakref.WeakValueDictionary()
"""By fragment, as long as its page is on screen."""


class Gate:
    """Knows what a block depended on when it was drawn, and so whether a tick would bring anything.

    Parameters
    ----------
    watch : callable
        What the block depends on. It is called at every tick, in the server's own thread: so it has to be quick, and knows
        of no session.
    """

    def __init__(self, watch: Callable[[], Hashable]) -> None:
        self._watch = watch
        self._drawn: Hashable = None

    def drawing(self, fragment: str) -> None:
        """The block is about to be drawn as the fragment with this id, of this visitor's only."""
        self._drawn = self._watch()
        _gates[fragment] = self

    @property
    def idle(self) -> bool:
        """Whether everything is as it was drawn."""
        try:
            return self._watch() == self._drawn
        except Exception:
            # The block meets the same when it is drawn, and that is one visitor's page. Here it is everybody's server.
            log.exception("It cannot be told whether a tick would bring anything")
            return False


class IdleTicks:
    """Keeps back ticks that would bring nothing, and hands on everything else.

    Parameters
    ----------
    app : ASGI application
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on a request; of a visitor's connection, what is no idle tick."""

        async def receive_news() -> Message:
            while _is_idle_tick(message := await receive()):
                pass
            return message

        await self._app(scope, receive_news if scope["type"] == "websocket" else receive, send)


def _is_idle_tick(message: Message) -> bool:
    asked = BackMsg()
    try:
        asked.ParseFromString(message.get("bytes") or b"")
    except DecodeError:
        return False  # Streamlit says what is wrong with it.
    gate = _gates.get(asked.rerun_script.fragment_id) if asked.rerun_script.is_auto_rerun else None
    return gate is not None and gate.idle
