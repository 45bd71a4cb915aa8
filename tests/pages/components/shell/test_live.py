"""How often a page redraws itself: as often as it matters, and less often the more people watch."""

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from mtl_core.records import Run
from pages.components.shell import heartbeat, live
from tests.mtl_core.made_runs import run_of
from tests.pages.made_jobs import SPEC, finished

TICK_SECONDS = 0.008
"""What a tick costs the server, most of it Streamlit's own work."""

NOTICED = 1.0
"""Seconds between two ticks that still look like something going on."""


@pytest.fixture
def every(monkeypatch):
    """Seconds between two ticks of each block that the last page drew, but for those that rest."""
    asked = []

    def fragment(draw, run_every):
        if run_every != heartbeat.BEAT_SECONDS:
            asked.append(run_every)
        return draw

    monkeypatch.setattr(live, "st", SimpleNamespace(fragment=fragment, container=nullcontext, rerun=lambda: None))
    return asked


def fastest(every):
    """Seconds between two ticks of the block that ticks most often, on the pages that were drawn since this was last asked."""
    ticking = [seconds for seconds in every if seconds]
    every.clear()
    return min(ticking)


def test_a_page_on_which_nothing_is_under_way_does_not_tick(visit, made, every):
    made.known[SPEC] = made.known[SPEC.other_case] = finished(SPEC)
    visit()
    assert every == []


def test_a_run_on_screen_is_followed_more_closely_than_one_that_stands_beside(visit, made, every):
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5), state="running")
    visit()
    on_screen = fastest(every)
    made.known[SPEC], made.known[SPEC.other_case] = finished(SPEC), run_of(SPEC.other_case, (0.7,), state="running")
    visit()
    assert on_screen < fastest(every) <= NOTICED


def test_who_pressed_train_is_answered_sooner_than_who_merely_looks(visit, made, every):
    at = visit()
    made.known[SPEC] = Run(spec=SPEC, state="running")
    at.button(key="train").click().run()
    pressed = fastest(every)
    visit()
    assert pressed < fastest(every) <= NOTICED


@pytest.mark.parametrize("watching", [1, 30, 100, 1000])
def test_however_many_watch_their_ticks_leave_the_server_time_for_clicks(visit, made, every, watching):
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5), state="running")
    made.watching = watching
    visit()
    ticks = watching / fastest(every)
    assert ticks * TICK_SECONDS < 0.6, "of each second of one core"


def test_a_class_of_thirty_still_sees_a_run_go_on(visit, made, every):
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5), state="running")
    made.watching = 30
    visit()
    assert fastest(every) <= NOTICED


def test_nothing_stands_beside_a_block_that_ticks_where_its_place_could_be_taken():
    def page():
        import streamlit as st

        from pages.components.shell.live import ticking

        st.session_state.visitor = "ann"
        st.text("before")
        ticking(lambda: st.text("now"), every=1.0)
        st.text("behind")

    before, box, behind = AppTest.from_function(page).run().main.children.values()
    assert (before.value, behind.value) == ("before", "behind")
    (fragment,) = box.children.values()
    assert [element.value for element in fragment.children.values()] == ["now"]


def test_only_here_something_ticks_and_the_heartbeat_draws_nothing_beside_which_something_could_stand():
    def page():
        import streamlit as st

        from pages.components.shell.live import beating

        st.session_state.visitor = "ann"
        beating(20.0)

    (box,) = AppTest.from_function(page).run().main.children.values()
    assert not box.children

    here = Path(live.__file__)
    scripts = [path for path in here.parents[2].rglob("*.py") if "run_every" in path.read_text(encoding="utf-8")]
    assert scripts == [here], "whatever ticks, ticks by way of `ticking` or `beating`"
