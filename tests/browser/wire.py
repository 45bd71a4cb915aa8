"""What browser and server say to each other, read off the page's websocket: when a click is answered, when nothing is to come.

A page looks settled for a moment after a click, and between two ticks of a block that redraws itself. The messages tell:
a script run begins (`new_session`) and ends (`script_finished`), and the server sets timers for blocks that redraw
themselves (`auto_rerun`), which the next run of the whole script clears.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

__all__ = ["Wire"]

PATIENCE = 100_000
"""Milliseconds until the page is thought to hang. Long, because two cores also train."""

_SLOW = 5.0
"""Seconds. A timer this slow is a heartbeat, which draws nothing."""


class Wire:
    """Listens to the websocket of a page, whichever is the newest.

    Parameters
    ----------
    page : Page
        Before it is opened.
    """

    def __init__(self, page: Page) -> None:
        self._socket: WebSocket | None = None
        self._running = ""
        self._timers: dict[str, float] = {}
        page.on("websocket", self._connect)

    @contextmanager
    def answered(self) -> Iterator[None]:
        """Wait until the server has answered the question that is asked inside."""
        assert self._socket is not None, "the page is not connected"
        answer = _Answer()
        with (
            self._socket.expect_event("framereceived", answer.is_complete, timeout=PATIENCE),
            self._socket.expect_event("framesent", answer.is_asked_for, timeout=PATIENCE),
        ):
            yield

    def rest(self) -> None:
        """Wait until no script runs and no block redraws itself any more."""
        assert self._socket is not None, "the page is not connected"
        if not self._at_rest():
            self._socket.wait_for_event("framereceived", lambda _: self._at_rest(), timeout=PATIENCE)

    def _at_rest(self) -> bool:
        return not self._running and all(interval >= _SLOW for interval in self._timers.values())

    def _connect(self, socket: WebSocket) -> None:
        self._socket = socket
        self._running = ""
        self._timers.clear()
        socket.on("framereceived", self._receive)

    def _receive(self, frame: bytes | str) -> None:
        message = ForwardMsg.FromString(_bytes(frame))
        run = message.metadata.run
        match message.WhichOneof("type"):
            case "new_session":
                # Runs of a session follow each other; the end of one that was cut short is not always told.
                self._running = run.script_run_id
                if not run.fragment_ids:
                    self._timers.clear()
            case "script_finished":
                self._running = "" if run.script_run_id == self._running else self._running
            case "auto_rerun":
                self._timers[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            case "stop_auto_rerun":
                for fragment in message.stop_auto_rerun.fragment_ids:
                    self._timers.pop(fragment, None)


class _Answer:
    """Follows one question: asked, its script run begun, and ended."""

    def __init__(self) -> None:
        self._fragment: str | None = None
        self._runs: set[str] = set()

    def is_asked_for(self, frame: bytes | str) -> bool:
        """Whether this is a question that no timer asks."""
        message = BackMsg.FromString(_bytes(frame))
        if not message.HasField("rerun_script") or message.rerun_script.is_auto_rerun:
            return False
        self._fragment = message.rerun_script.fragment_id
        return True

    def is_complete(self, frame: bytes | str) -> bool:
        """Whether this ends a whole run, or a run of the fragment that was asked for, that began after the question."""
        message = ForwardMsg.FromString(_bytes(frame))
        if self._fragment is None or not message.metadata.HasField("run"):
            return False
        run = message.metadata.run
        if message.HasField("new_session"):
            self._runs.add(run.script_run_id)
            return False
        ended = message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN and run.script_run_id in self._runs
        return ended and (not run.fragment_ids or self._fragment in run.fragment_ids)


def _bytes(frame: bytes | str) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame
