"""A tick that would bring nothing ends at the door of the server.

A block that redraws itself does so because the browser asks for it, every so often. Each time Streamlit starts a thread, runs
the block and tells the browser everything about app and theme: 2 to 3 ms of processor time even for a block that is empty. So
what the block depends on is compared first, and where it is as it was drawn, Streamlit never hears of the tick. Nothing is
answered then, as Streamlit itself does with the tick of a block that is no longer there.

A tick that comes while its page is still being drawn or sent ends there, too; the browser asks again soon. Streamlit 1.67 would
run the block before the page is sent, and take the block back out of that page in order to send it anew: a browser clears it away
meanwhile, and for a tenth of a second its place is empty.
"""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable, Hashable

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx

__all__ = ["Gate", "IdleTicks", "page_comes"]


log = logging.getLogger(__name__)

_gates: weakref.WeakValueDictionary[str, Gate] = weakref.WeakValueDictionary()
"""By fragment, as long as its page is on screen."""

_unsent: weakref.WeakSet[AppSession] = weakref.WeakSet()
"""The sessions whose page has been drawn anew, and is not known to be sent."""


def page_comes() -> None:
    """The page of the running session is about to be drawn anew."""
    if session := _session():
        _unsent.add(session)


def _session() -> AppSession | None:
    """The running session; None where no server runs, as in a test of a page."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not Runtime.exists():
        return None
    sessions = getattr(Runtime.instance(), "_session_mgr", None)
    found = sessions and sessions.get_active_session_info(context.session_id)
    return found.session if found else None


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
        self._session: weakref.ref[AppSession] | None = None

    def drawing(self, fragment: str) -> None:
        """The block is about to be drawn as the fragment with this id, of this visitor's only."""
        self._drawn = self._watch()
        session = _session()
        self._session = weakref.ref(session) if session else None
        _gates[fragment] = self

    @property
    def early(self) -> bool:
        """Whether the page with this block is still being drawn or sent. To be asked in the server's own thread."""
        session = self._session and self._session()
        if not session or session not in _unsent:
            return False
        if session._scriptrunner is None and session._browser_queue.is_empty():
            _unsent.discard(session)
            return False
        return True

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
    """Keeps back ticks that would bring nothing or come too early, and hands on everything else.

    Parameters
    ----------
    app : ASGI application
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on a request; of a visitor's connection, what is not kept back."""

        async def receive_news() -> Message:
            while _is_kept_back(message := await receive()):
                pass
            return message

        await self._app(scope, receive_news if scope["type"] == "websocket" else receive, send)


def _is_kept_back(message: Message) -> bool:
    asked = BackMsg()
    try:
        asked.ParseFromString(message.get("bytes") or b"")
    except DecodeError:
        return False  # Streamlit says what is wrong with it.
    gate = _gates.get(asked.rerun_script.fragment_id) if asked.rerun_script.is_auto_rerun else None
    return gate is not None and (gate.early or gate.idle)
