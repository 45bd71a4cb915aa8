"""Pages are drawn one after the other, and one that takes long holds up nobody for long."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from pages.components.shell import footer, in_turn
from pages.components.shell.in_turn import Line

PATIENCE = 30.0
"""Seconds after which a test that waits for something gives up."""


def begin(line, drawing):
    """Draw in a thread of its own; returns once it is known to the line, and the event that ends the drawing."""
    waiting, end = line._last, threading.Event()

    def draw():
        with line.turn():
            drawing.set()
            assert end.wait(PATIENCE)

    thread = threading.Thread(target=draw, daemon=True)
    thread.start()
    while line._last is waiting:
        pass
    return thread, end


def test_only_one_page_is_drawn_at_a_time():
    line, drawing, most = Line(PATIENCE), [], []

    def draw(number):
        with line.turn():
            drawing.append(number)
            time.sleep(0.001)  # in which another thread would begin, if it could
            most.append(len(drawing))
            drawing.remove(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(draw, range(40)))
    assert len(most) == 40
    assert set(most) == {1}


def test_pages_are_drawn_in_the_order_in_which_they_were_asked_for():
    line, order = Line(PATIENCE), []
    first, end = begin(line, threading.Event())
    waiting = []
    for number in range(5):
        before = line._last

        def draw(number=number):
            with line.turn():
                order.append(number)

        waiting.append(threading.Thread(target=draw))
        waiting[-1].start()
        while line._last is before:
            pass
    assert order == []
    end.set()
    for thread in [first, *waiting]:
        thread.join(PATIENCE)
    assert order == [0, 1, 2, 3, 4]


def test_a_page_that_takes_long_is_drawn_beside_the_next_ones():
    line, slow = Line(0.001), threading.Event()
    thread, end = begin(line, slow)
    assert slow.wait(PATIENCE)
    for _ in range(3):
        with line.turn():
            assert thread.is_alive()
    end.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_page_that_steps_aside_is_drawn_beside_the_next_one():
    line, aside = Line(PATIENCE), threading.Event()

    def draw():
        with line.turn():
            line.step_aside()
            with line.turn():
                aside.set()
                assert end.wait(PATIENCE)

    end = threading.Event()
    thread = threading.Thread(target=draw)
    thread.start()
    assert aside.wait(PATIENCE)
    with line.turn():
        assert thread.is_alive()
    end.set()
    thread.join(PATIENCE)


def test_whoever_has_no_turn_steps_aside_for_nobody():
    line, drawn = Line(PATIENCE), threading.Event()
    first, end_first = begin(line, threading.Event())
    second, end_second = begin(line, drawn)
    line.step_aside()
    assert not drawn.wait(0.05)
    end_first.set()
    assert drawn.wait(PATIENCE)
    end_second.set()
    for thread in (first, second):
        thread.join(PATIENCE)


def test_a_block_within_a_page_waits_for_nothing():
    line, drawn = Line(1000 * PATIENCE), threading.Event()

    def draw():
        with line.turn(), line.turn():
            drawn.set()

    threading.Thread(target=draw, daemon=True).start()
    assert drawn.wait(PATIENCE)


def test_a_page_that_fails_leaves_its_turn_to_the_next():
    line = Line(PATIENCE)
    with pytest.raises(ZeroDivisionError), line.turn():
        1 / 0  # noqa: B018
    with line.turn():
        pass


@pytest.mark.parametrize(("page", "aside"), [("", False), ("pages/inspect_model.py", True)])
def test_a_page_is_drawn_in_its_turn_and_that_with_somebody_s_model_steps_aside(page, aside, visit, monkeypatch):
    ended = []
    monkeypatch.setattr(footer, "show", lambda: ended.append(in_turn._line._mine._ended.is_set()))
    assert not visit(page).exception
    assert set(ended) == {aside}
