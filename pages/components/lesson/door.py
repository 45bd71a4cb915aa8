"""The way into a room: its code, its address and a QR code that can be read from the last row."""

from __future__ import annotations

import segno
import streamlit as st

from mtl_core.jobs.runs import shared
from mtl_core.language import _, ngettext
from pages.components.lesson import podium, quiz, seat
from pages.components.lesson.seat import Seat
from pages.components.shell import state
from pages.components.shell.address import page, reachable, spoken
from pages.components.shell.live import ticking

__all__ = ["is_open", "opener", "show"]

_STYLE = """<style>
.st-key-door img { width: min(84vh, 54vw); max-width: 100%; aspect-ratio: 1; display: block; background: #fff; }
.st-key-door .code { font: 700 min(15vh, 7vw)/1 "Source Code Pro", monospace; letter-spacing: .04em; }
.st-key-door .where { font-size: max(1.1rem, 2.6vh); overflow-wrap: anywhere; }
</style>"""


def opener() -> None:
    """On the teacher's page: open a room, or go back to the one that is open, with what was voted there so far."""
    if st.session_state.pop("just_opened", False):
        _present()
    room = seat.own_room(state.view())
    if room is None:
        st.button(_("Open a room"), key="open_room", type="primary", on_click=seat.open_room)
        return
    if st.button(_("Back to room {code}").format(code=room.code), key="back_to_room", type="primary"):
        _present()
    podium.afterwards(room)
    quiz.of_class(room)


def is_open() -> bool:
    """Whether the teacher still waits for the class."""
    return bool(st.session_state.get("door", False))


def show(here: Seat) -> None:
    """The whole screen, until the teacher begins."""
    address, note = reachable(f"{page('walkthrough')}?room={here.room.code}")
    with st.container(key="door"):
        st.html(_STYLE)
        picture, words = st.columns([4, 3], gap="medium", vertical_alignment="center")
        uri = segno.make(address, error="m", micro=False).svg_data_uri(scale=10, border=3, light="#ffffff")
        picture.html(f'<img src="{uri}" alt="{_("QR code of the address of this room")}">')
        with words:
            st.html(f'<h1 class="code">{here.room.code}</h1><p class="where">{spoken(address)}</p>')
            if note:
                st.warning(note)
            _joined(here)
            st.button(_("Begin"), key="begin", type="primary", on_click=_begin)


def _present() -> None:
    st.session_state.presenter = True
    st.switch_page("pages/walkthrough.py")


def _joined(here: Seat) -> None:
    def draw() -> None:
        people = shared().rooms.look(here.room.code).people
        st.markdown(ngettext("**{n} phone** is here", "**{n} phones** are here", people).format(n=people))

    ticking(draw, every=1.0)


def _begin() -> None:
    st.session_state.door = False
