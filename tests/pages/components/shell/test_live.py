"""How often a page redraws itself: as often as it matters, and less often the more people watch."""

from types import SimpleNamespace

import pytest

from mtl_core.records import Run
from pages.components.shell import live
from tests.mtl_core.made_runs import run_of
from tests.pages.made_jobs import SPEC, finished


@pytest.fixture
def every(monkeypatch):
    """Seconds between two ticks of each block that the last page drew; None for one that rests."""
    asked = []

    def fragment(draw, run_every):
        asked.append(run_every)
        return draw

    monkeypatch.setattr(live, "st", SimpleNamespace(fragment=fragment, rerun=lambda: None))
    return asked


def test_a_page_on_which_nothing_is_under_way_does_not_tick(visit, made, every):
    made.known[SPEC] = made.known[SPEC.other_case] = finished(SPEC)
    visit()
    assert set(every) == {None}


def test_a_run_on_screen_ticks_three_times_a_second_and_the_other_case_alone_once(visit, made, every):
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5), state="running")
    visit()
    assert every[0] == 0.3
    every.clear()
    made.known[SPEC], made.known[SPEC.other_case] = finished(SPEC), run_of(SPEC.other_case, (0.7,), state="running")
    visit()
    assert every[0] == 1.0


def test_who_pressed_train_is_answered_at_once_and_who_merely_looks_is_not(visit, made, every):
    at = visit()
    made.known[SPEC] = Run(spec=SPEC, state="running")
    at.button(key="train").click().run()
    assert 0.1 in every
    every.clear()
    visit()
    assert 0.1 not in every


def test_the_more_people_watch_the_less_often_a_page_ticks(visit, made, every):
    made.known[SPEC] = run_of(SPEC, (0.7, 0.5), state="running")
    made.watching = 100
    visit()
    assert every[0] == pytest.approx(1.5)
