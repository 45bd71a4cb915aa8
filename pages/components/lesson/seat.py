"""Where somebody sits in a room: at the front, leading it; in the class, following it; or in it and going on alone."""

from __future__ import annotations

import time
from dataclasses import dataclass

import streamlit as st

from mtl_core.jobs.runs import shared
from mtl_core.language import _
from mtl_core.lessons.quiz import PAPERS
from mtl_core.lessons.walkthrough import STEPS, restart, revise
from mtl_core.rooms import Room
from mtl_core.spec import ViewSpec
from pages.components.shell import browser
from pages.components.shell.in_turn import step_aside
from pages.components.shell.live import AT_ONCE, page_anew, ticking

__all__ = ["Seat", "follow", "lead", "leave", "left", "open_room", "own_room", "take", "vote"]

_FOLLOW_SECONDS = 1.0
"""Between two looks of a phone at its room: with what an app process takes to hear of it, a class is together in two seconds."""

_SHARE = 0.005
"""Seconds between two looks for each phone of this process: three hundred look every 1.5 s, which is half of its time."""

_OPENED_SECONDS = 3.0
"""A room opens in some hundredths of a second; so long its teacher waits rather than see the lesson as a phone would."""

_HEARD_SECONDS = 0.3
"""A command takes some hundredths of a second; so long a page may wait for it before it is drawn without."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A session in a room.

    Parameters
    ----------
    room : Room
    leads : bool
        Whether it is the teacher's.
    follows : bool
        Whether its screen goes where the class goes; the teacher's is there anyway.
    step : int
        What its screen shows, counted from 1.
    """

    room: Room
    leads: bool
    follows: bool
    step: int

    @property
    def revealed(self) -> bool:
        """Whether the class has seen the answers of the step on screen."""
        return self.step in self.room.revealed

    @property
    def together(self) -> bool:
        """Whether the screen is at the step of the class, and shows its answers when the class sees them."""
        return self.room.state == "open" and (self.leads or self.step == self.room.step)


def open_room() -> None:
    """A callback: open a room that this browser leads, to present the walkthrough in it from its beginning."""
    ballot = [[len(question.choices) for question in step.questions] for step in STEPS]
    st.session_state.room = shared().rooms.open(ballot, browser.token(), papers=PAPERS)
    _known(st.session_state.room, _OPENED_SECONDS)
    st.session_state.update(step=1, door=True, led_step=None, just_opened=True)


def own_room(view: ViewSpec) -> Room | None:
    """The room that this browser leads, if there is one."""
    room = shared().rooms.look(view.room) if view.room else None
    return room if room is not None and room.state == "open" and room.led_by(browser.token()) else None


def take(view: ViewSpec) -> Seat | None:
    """The seat of this session, with the screen moved to where the class is; None outside a room."""
    if not view.room:
        return None
    room = _known(view.room, _HEARD_SECONDS)
    if not view.presenter:
        room = shared().rooms.attend(view.room, browser.token())
    if room.state != "open":
        return Seat(room, leads=False, follows=False, step=view.step)
    leads = view.presenter and room.led_by(browser.token())
    follows = leads or not st.session_state.get("goes_alone", False)
    if leads:
        room = _led(room)
    elif follows:
        st.session_state.step = room.step
    if not leads:
        _forget_restarted(room)
    return Seat(room, leads, follows, int(st.session_state.step))


def follow(seat: Seat) -> None:
    """Look at the room again and again; when the class has moved on, so does this screen."""
    if seat.room.state == "ended":
        return
    known = seat.room.followed
    pace = max(_FOLLOW_SECONDS, _SHARE * shared().rooms.people())

    def tick() -> None:
        rooms = shared().rooms
        # Who waits for the room to be known may be its teacher, who is no phone.
        present = seat.room.state == "open" and not seat.leads
        room = rooms.attend(seat.room.code, browser.token()) if present else rooms.look(seat.room.code)
        if room.followed != known:
            page_anew()
        if room.ends is not None and not seat.leads:
            st.caption(left(room))

    ticking(tick, every=AT_ONCE if seat.room.state == "asked" else pace)


def left(room: Room) -> str:
    """How much time there is to vote; empty without a timer."""
    return "" if room.ends is None else _("{s:.0f} s left").format(s=max(0.0, room.ends - time.monotonic()))


def lead(seat: Seat, kind: str, **fields: object) -> None:
    """A callback: tell the room what the teacher wants, and wait a moment for it to be so."""
    shared().rooms.lead(seat.room, [browser.token()], kind, **fields)
    _newer(seat.room, _HEARD_SECONDS)


def vote(seat: Seat, number: int, choice: int) -> None:
    """A callback: vote for a choice, and keep it as the prediction in the link."""
    room = seat.room
    shared().rooms.vote(room, browser.token(), number, choice)
    voted = dict(st.session_state.get("voted", {}))
    st.session_state.voted = voted | {(room.code, number, room.take): choice}
    st.session_state.answers = revise(st.session_state.answers, number, choice)


def leave() -> None:
    """A callback: the walkthrough without the room, with the predictions made there."""
    st.session_state.update(room="", goes_alone=False)


def _known(code: str, seconds: float) -> Room:
    """The room, after a moment's wait where nothing is known of it yet: it would be drawn at once again."""
    room = shared().rooms.look(code)
    return _newer(room, seconds) if room.state == "asked" else room


def _newer(room: Room, seconds: float) -> Room:
    """What is known of a room as soon as that is newer, or after so many seconds; others' pages are drawn meanwhile."""
    step_aside()
    return shared().rooms.wait(room, seconds)


def _led(room: Room) -> Room:
    """The room where its teacher is: a new session goes where the class is, and from then on the class goes along."""
    held = st.session_state
    if held.get("led_step") is None:
        held.step = room.step
    elif held.step != held.led_step:
        shared().rooms.lead(room, [browser.token()], "step", step=int(held.step))
        room = _newer(room, _HEARD_SECONDS)
    held.led_step = held.step
    return room


def _forget_restarted(room: Room) -> None:
    """Where the teacher has begun a step again, its predictions begin again too, and no others."""
    openings = dict(st.session_state.get("openings", {}))
    former = openings.get((room.code, room.step))
    if former not in (None, room.take) and room.round == 1:
        st.session_state.answers = restart(st.session_state.answers, STEPS[room.step - 1])
    st.session_state.openings = openings | {(room.code, room.step): room.take}
