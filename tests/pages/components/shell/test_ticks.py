"""A tick that would bring nothing, or that comes before its page, never reaches Streamlit, and everything else does."""

import asyncio
import gc

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from pages.components.shell import ticks
from pages.components.shell.live import changed
from pages.components.shell.ticks import Gate, IdleTicks


def tick(fragment, *, auto=True):
    message = BackMsg()
    message.rerun_script.fragment_id, message.rerun_script.is_auto_rerun = fragment, auto
    return {"type": "websocket.receive", "bytes": message.SerializeToString()}


def handed_on(*messages, kind="websocket"):
    """What of these messages reaches the app behind the door."""
    coming, came = iter([*messages, {"type": "websocket.disconnect"}]), []

    async def app(_scope, receive, _send):
        while (message := await receive())["type"] != "websocket.disconnect":
            came.append(message)

    async def receive():
        return next(coming)

    asyncio.run(IdleTicks(app)({"type": kind}, receive, None))
    return came


@pytest.fixture
def epochs():
    return [0]


@pytest.fixture
def gate(epochs):
    gate = Gate(lambda: len(epochs))
    gate.drawing("block")
    return gate


def test_a_tick_passes_only_when_something_has_changed_since_the_block_was_drawn(gate, epochs):
    assert gate.idle
    assert handed_on(tick("block"), tick("block")) == []
    epochs.append(1)
    assert handed_on(tick("block")) == [tick("block")]
    gate.drawing("block")
    assert handed_on(tick("block")) == []


def test_whatever_is_no_idle_tick_passes_unchanged(gate):
    others = [
        tick("block", auto=False),
        tick("of another page"),
        tick(""),
        {"type": "websocket.connect"},
        {"type": "websocket.receive", "text": "ping"},
        {"type": "websocket.receive", "bytes": b"\xff no message"},
    ]
    assert handed_on(*others) == others
    assert handed_on(tick("block"), kind="http") == [tick("block")], "only a visitor's connection is listened to"


def test_where_it_cannot_be_told_the_tick_passes_and_the_page_says_what_is_wrong(epochs):
    broken = Gate(lambda: epochs[0] / epochs[0] if len(epochs) > 1 else 0)
    broken.drawing("broken")
    epochs.append(1)
    assert handed_on(tick("broken")) == [tick("broken")]


def test_a_gate_goes_with_its_page():
    gate = Gate(int)
    gate.drawing("gone")
    assert handed_on(tick("gone")) == []
    del gate
    gc.collect()
    assert handed_on(tick("gone")) == [tick("gone")]


class Session:
    """What is asked of a visitor's session: who draws, and what is not sent yet."""

    def __init__(self):
        self._scriptrunner = None
        self._browser_queue = ForwardMsgQueue()


@pytest.fixture
def session(monkeypatch):
    session = Session()
    monkeypatch.setattr(ticks, "_session", lambda: session)
    return session


def test_a_tick_waits_until_the_page_it_belongs_to_is_drawn_and_sent_so_that_no_place_is_left_empty(session, epochs):
    gate = Gate(lambda: len(epochs))
    gate.drawing("block")
    epochs.append(1)
    ticks.page_comes()
    session._scriptrunner = "draws"
    assert handed_on(tick("block"), tick("block")) == [], "the page is being drawn"
    session._browser_queue.enqueue(ForwardMsg())
    session._scriptrunner = None
    assert handed_on(tick("block")) == [], "it is drawn, and not sent"
    assert handed_on(tick("block", auto=False)) == [tick("block", auto=False)], "a visitor's own act never waits"
    session._browser_queue.flush()
    assert handed_on(tick("block")) == [tick("block")], "it is sent"


def test_a_block_that_is_drawn_by_itself_holds_up_no_other_block_of_its_page(session, epochs):
    gates = {name: Gate(lambda: len(epochs)) for name in ("picture", "curves")}
    ticks.page_comes()
    for name, gate in gates.items():
        gate.drawing(name)
    epochs.append(1)
    assert handed_on(tick("picture")) == [tick("picture")]
    session._scriptrunner = "draws the picture"
    assert handed_on(tick("curves")) == [tick("curves")]


def test_a_session_that_ended_is_forgotten(monkeypatch):
    monkeypatch.setattr(ticks, "_session", Session)
    ticks.page_comes()
    gc.collect()
    assert len(ticks._unsent) == 0


def test_a_block_of_which_nobody_says_what_it_depends_on_is_drawn_at_every_tick():
    gate = Gate(changed)
    gate.drawing("any")
    assert handed_on(tick("any"), tick("any")) == [tick("any"), tick("any")]
