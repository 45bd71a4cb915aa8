"""The way into a room: its code, its address and a QR code that can be read from the last row."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlencode, urlsplit, urlunsplit

import segno
import streamlit as st

from mtl_core.jobs.runs import shared
from mtl_core.language import _, ngettext
from pages.components.lesson import seat
from pages.components.lesson.seat import Seat
from pages.components.shell import share

__all__ = ["is_open", "opener", "show"]

_STYLE = """<style>
.st-key-door img { height: 62vh; max-width: 92vw; aspect-ratio: 1; display: block; background: #fff; }
.st-key-door .code { font: 700 14vh/1 "Source Code Pro", monospace; letter-spacing: .08em; }
.st-key-door .where { font-size: 3.2vh; overflow-wrap: anywhere; }
</style>"""


def opener() -> None:
    """The button that opens a room, on the teacher's page."""
    if st.button(_("Open a room"), key="open_room", type="primary", on_click=seat.open_room):
        st.session_state.presenter = True
        st.switch_page("pages/walkthrough.py")


def is_open() -> bool:
    """Whether the teacher still waits for the class."""
    return bool(st.session_state.get("door", False))


def show(here: Seat) -> None:
    """The whole screen, until the teacher begins."""
    address, problem = address_of(here.room.code)
    with st.container(key="door"):
        st.html(_STYLE)
        picture, words = st.columns([3, 2], gap="medium", vertical_alignment="center")
        uri = segno.make(address, error="m", micro=False).svg_data_uri(scale=10, border=3, light="#ffffff")
        picture.html(f'<img src="{uri}" alt="{_("QR code of the address of this room")}">')
        with words:
            st.html(f'<h1 class="code">{here.room.code}</h1><p class="where">{share.spoken(address)}</p>')
            if problem:
                st.warning(problem)
            _joined(here)
            st.button(_("Begin"), key="begin", type="primary", on_click=_begin)


def address_of(code: str) -> tuple[str, str]:
    """The room's own address as phones can reach it, and a sentence if they cannot, or if it was guessed."""
    address = share.place("walkthrough") + "?" + urlencode({"room": code})
    parts = urlsplit(address)
    if not _only_here(parts.hostname or ""):
        return address, ""
    network = _network_address()
    listens = str(st.get_option("server.address") or "")
    if not network or (listens and _only_here(listens)):
        return address, _(
            "Phones cannot reach {host}: it is the name of this computer for itself. Start the app with "
            "--server.address 0.0.0.0 and open it by this computer’s address in the network."
        ).format(host=parts.hostname)
    port = f":{parts.port}" if parts.port else ""
    reachable = urlunsplit(parts._replace(netloc=f"{network}{port}"))
    return reachable, _(
        "You opened the app as {host}, which phones cannot reach. The code has this computer’s address in the network instead: try it with one phone first."
    ).format(host=parts.hostname)


def _joined(here: Seat) -> None:
    def draw() -> None:
        people = shared().rooms.look(here.room.code).people
        st.markdown(ngettext("**{n} phone** is here", "**{n} phones** are here", people).format(n=people))

    st.fragment(draw, run_every=1.0)()


def _begin() -> None:
    st.session_state.door = False


def _only_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _network_address() -> str:
    """This computer's address in its network; empty if it is in none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(
                ("192.0.2.1", 9)
            )  # For documentation only (RFC 5737); a datagram's connect only looks up the way.
            address = str(probe.getsockname()[0])
        except OSError:
            return ""
    return "" if _only_here(address) else address
