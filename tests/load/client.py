"""A visitor without a browser: Streamlit's own websocket protocol, as its front end speaks it.

A session sends `BackMsg`s (all widget values each time, and what has changed) and reads `ForwardMsg`s (new session, elements
by their place on the page, script finished). A fragment with `run_every` makes the server ask for automatic re-runs, which
the client sends, as a browser does. What a browser would do with pixels is left out, so that one machine can play a class.

Only the loopback interface is served: this makes load.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import time
from collections.abc import AsyncIterator, Callable, Container, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

__all__ = ["Session", "Timing", "apart", "open_session"]

T = TypeVar("T")

TICK = "tick"
_PATIENCE = 120.0
_SLOW = 5.0
"""Seconds. A timer this slow is a heartbeat."""


@dataclass(frozen=True, slots=True)
class Timing:
    """What was done, and the seconds from sending it to the end of the script run that answered."""

    action: str
    seconds: float


@asynccontextmanager
async def open_session(url: str, path: str = "", query: str = "") -> AsyncIterator[Session]:
    """Open a page as a new visitor, who leaves at the end.

    Parameters
    ----------
    url : str
        "http://127.0.0.1:8501".
    path : str
        Of a page: "", "walkthrough".
    query : str
        What follows the question mark in the link.

    Raises
    ------
    ValueError
        If `url` is not on the loopback interface.
    """
    host = urlsplit(url).hostname or ""
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise ValueError(f"{host} is not this machine; load is made on the loopback interface only")
    stream = url.replace("http", "ws", 1) + "/_stcore/stream"
    # Without a limit on what is unread: at one, the server's goodbye would not be heard, and leaving would take ten seconds.
    async with connect(
        stream, subprotocols=[Subprotocol("streamlit")], max_size=None, max_queue=None, compression=None
    ) as socket:
        session = Session(socket, f"{url}/{path}", query)
        listening = asyncio.create_task(session.listen())
        try:
            await session.act("open")
            yield session
        finally:
            session.leave()
            listening.cancel()
            with suppress(asyncio.CancelledError, ConnectionClosed):
                await listening


def apart(visit: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in a thread of its own: where browsers are visitors too, theirs has this thread's event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, visit).result()


class Session:
    """One visitor's screen and what they do with it; made by `open_session`."""

    def __init__(self, socket: ClientConnection, address: str, query: str) -> None:
        self.timings: list[Timing] = []
        self.errors: list[str] = []
        """Tracebacks, error boxes, and whatever ended the session before its visitor left."""
        self._socket = socket
        self._address, self._query = address, query
        self._page = ""
        self._run = ""
        self._whole = False
        """Whether the whole page is being drawn; its timers come at the end."""
        self._drawn: dict[tuple[int, ...], tuple[str, Delta]] = {}
        """By place: the script run that drew it, and what it is."""
        self._cache: dict[str, Delta] = {}
        self._values: dict[str, WidgetState] = {}
        self._timers: dict[str, tuple[float, asyncio.Task[None]]] = {}
        self._acting: tuple[str, float] | None = None
        self._ticking: dict[str, float] = {}
        """By block: when its latest tick was sent. One that brings nothing is not answered."""
        self._changed = asyncio.Condition()

    # What is on screen.

    def has(self, key: str) -> bool:
        """Whether a widget with this key is on screen."""
        return self._widget(key) is not None

    def label(self, key: str) -> str:
        """What is written on a widget; empty if it is not on screen."""
        return str(getattr(self._widget(key), "label", ""))

    def texts(self) -> Iterator[str]:
        """Every text on screen: Markdown, captions, boxes, progress."""
        for body in self._bodies():
            yield str(getattr(body, "body", "") or getattr(body, "text", ""))

    def kinds(self) -> set[str]:
        """What kinds of elements are on screen, as the protocol names them: "markdown", "graphviz_chart"."""
        return {str(delta.new_element.WhichOneof("type")) for _, delta in self._drawn.values()}

    @property
    def redraws(self) -> bool:
        """Whether something is being drawn, or a part of the page redraws itself because something is under way."""
        return self._whole or any(interval < _SLOW for interval, _ in self._timers.values())

    async def until(self, holds: Callable[[Session], bool], seconds: float = _PATIENCE) -> None:
        """Wait until the screen fulfils a condition; `TimeoutError` if it does not in time."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: bool(self.errors) or holds(self)), seconds)

    @property
    def elements(self) -> int:
        """How many elements and containers are on screen."""
        return len(self._drawn)

    # What its visitor does.

    async def act(self, action: str, key: str = "", **value: Any) -> None:
        """Do something and wait for the answer, which `timings` gets.

        Parameters
        ----------
        action : str
            What the report calls it.
        key : str
            The widget's key; none just runs the script.
        **value
            The field of Streamlit's `WidgetState` and what it is set to: `bool_value=True`, `trigger_value=True`,
            `string_value="..."`, `double_array_value=[3.0]`.
        """
        await self.until(lambda _: self._acting is None)
        self._acting = action, time.monotonic()
        states = dict(self._values)
        if key:
            widget = self._widget(key)
            if widget is None:
                raise LookupError(f"no widget {key!r} on screen")
            states[widget.id] = state = _widget_state(widget.id, **value)
            if "trigger_value" not in value:
                self._values[widget.id] = state
        await self._rerun(states)
        await self.until(lambda _: self._acting is None)

    async def tick(self) -> int:
        """Send a tick of every block that redraws itself, as its timer does; returns how many blocks that are."""
        blocks = [fragment for fragment, (interval, _) in self._timers.items() if interval < _SLOW]
        for fragment in blocks:
            await self._send_tick(fragment)
        return len(blocks)

    def leave(self) -> None:
        """Stop all timers."""
        for _, timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._ticking.clear()

    # The protocol.

    async def listen(self) -> None:
        """Read until the server or the visitor closes."""
        try:
            async for data in self._socket:
                message = ForwardMsg()
                message.ParseFromString(data if isinstance(data, bytes) else data.encode())
                self._take(message)
                async with self._changed:
                    self._changed.notify_all()
        except Exception as error:  # Whoever waits for the screen to change must hear of it.
            await self._fail(f"{type(error).__name__}: {error}")
            raise

    def _take(self, message: ForwardMsg) -> None:
        match message.WhichOneof("type"):
            case "new_session":
                self._page, self._run = message.new_session.page_script_hash, message.metadata.run.script_run_id
                if not message.metadata.run.fragment_ids:
                    self.leave()  # A run of the whole script sets all timers anew.
                    self._whole = True
            case "navigation":
                pages = {page.page_script_hash: page for page in message.navigation.app_pages}
                if not pages[message.navigation.page_script_hash].is_default:
                    self._page = message.navigation.page_script_hash  # A new session is told the main script's.
            case "delta" | "ref_hash":
                self._draw(message)
            case "script_finished":
                self._finish(message.script_finished, message.metadata.run.fragment_ids)
            case "auto_rerun":
                self._start_timer(message.auto_rerun.fragment_id, message.auto_rerun.interval)
            case "stop_auto_rerun":
                for fragment in message.stop_auto_rerun.fragment_ids:
                    self._stop_timer(fragment)
            case "page_info_changed":
                self._query = message.page_info_changed.query_string
            case "session_event" if message.session_event.HasField("script_compilation_exception"):
                self.errors.append(message.session_event.script_compilation_exception.message)

    def _draw(self, message: ForwardMsg) -> None:
        place = tuple(message.metadata.delta_path)
        known = message.WhichOneof("type") == "ref_hash"
        delta = self._cache[message.ref_hash] if known else message.delta
        if message.metadata.cacheable:
            self._cache[message.hash] = delta
        self._drawn[place] = self._run, delta
        if delta.HasField("new_element"):
            self._check(delta.new_element)

    def _check(self, element: Element) -> None:
        if element.WhichOneof("type") == "exception":
            self.errors.append(f"{element.exception.type}: {element.exception.message}")
        elif element.WhichOneof("type") == "alert" and element.alert.format == element.alert.ERROR:
            self.errors.append(element.alert.body)

    def _finish(self, status: int, fragments: Container[str]) -> None:
        now = time.monotonic()
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return  # The run that follows draws the rest, and is what the visitor waits for.
        part = status == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
        self._whole = self._whole and part
        self._drawn = {
            place: (run, delta)
            for place, (run, delta) in self._drawn.items()
            if run == self._run or (part and delta.fragment_id not in fragments)
        }
        for fragment in [fragment for fragment in self._ticking if fragment in fragments]:
            self.timings.append(Timing(TICK, now - self._ticking.pop(fragment)))
        if self._acting is not None and not part:
            action, sent = self._acting
            self.timings.append(Timing(action, now - sent))
            self._acting = None

    def _start_timer(self, fragment: str, interval: float) -> None:
        if fragment not in self._timers:
            self._timers[fragment] = interval, asyncio.create_task(self._tick(fragment, interval))

    def _stop_timer(self, fragment: str) -> None:
        self._ticking.pop(fragment, None)
        if fragment in self._timers:
            self._timers.pop(fragment)[1].cancel()

    async def _tick(self, fragment: str, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            # A rerun would cut off what is being drawn.
            async with self._changed:
                await self._changed.wait_for(lambda: self._acting is None)
            await self._send_tick(fragment)

    async def _send_tick(self, fragment: str) -> None:
        self._ticking[fragment] = time.monotonic()
        await self._rerun(self._values, fragment)

    async def _rerun(self, states: dict[str, WidgetState], fragment: str = "") -> None:
        message = BackMsg()
        run = message.rerun_script
        run.query_string, run.page_script_hash, run.fragment_id = self._query, self._page, fragment
        run.page_name = "" if self._page else urlsplit(self._address).path.strip("/")
        run.is_auto_rerun = bool(fragment)
        run.widget_states.widgets.extend(states.values())
        run.cached_message_hashes.extend(self._cache)
        run.context_info.url, run.context_info.color_scheme = self._address, "light"
        run.context_info.timezone, run.context_info.locale = "UTC", "en-GB"
        try:
            await self._socket.send(message.SerializeToString())
        except ConnectionClosed as error:
            await self._fail(f"the connection was closed: {error}")

    async def _fail(self, problem: str) -> None:
        self.errors.append(problem)
        async with self._changed:
            self._changed.notify_all()

    def _bodies(self) -> Iterator[Any]:
        for _, delta in self._drawn.values():
            element = delta.new_element if delta.HasField("new_element") else None
            if element and (kind := element.WhichOneof("type")):
                yield getattr(element, kind)
            elif delta.HasField("add_block"):
                yield delta.add_block

    def _widget(self, key: str) -> Any:
        # Streamlit ends the id of a widget with the key that the script gave it, which may end in a number that counts up.
        named = re.compile(rf"-{re.escape(key)}(_\d+)?$")
        return next((body for body in self._bodies() if named.search(str(getattr(body, "id", "")))), None)


def _widget_state(identity: str, **value: Any) -> WidgetState:
    state = WidgetState(id=identity)
    ((name, content),) = value.items()
    if name.endswith("_array_value"):
        getattr(state, name).data.extend(content)
    else:
        setattr(state, name, content)
    return state
