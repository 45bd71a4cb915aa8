"""Taking a seat in a room."""

import threading
from types import SimpleNamespace

from pages.components.lesson import seat
from pages.components.shell import in_turn

PATIENCE = 5.0


def test_a_page_that_waits_for_news_of_its_room_lets_others_be_drawn_meanwhile(monkeypatch):
    monkeypatch.setattr(in_turn, "_line", in_turn.Line(2 * PATIENCE))
    drawn, drawn_meanwhile = threading.Event(), []

    def wait(room, _seconds):
        other = threading.Thread(target=in_turn.in_turn(drawn.set))
        other.start()
        drawn_meanwhile.append(drawn.wait(PATIENCE))
        return room

    rooms = SimpleNamespace(look=lambda code: SimpleNamespace(code=code, state="asked"), wait=wait)
    monkeypatch.setattr(seat, "shared", lambda: SimpleNamespace(rooms=rooms))
    in_turn.in_turn(seat._known)("FLAX", 0.3)
    assert drawn_meanwhile == [True]
