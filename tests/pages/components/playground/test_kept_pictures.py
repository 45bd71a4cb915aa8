"""What is drawn once for all who look at the same runs is still each visitor's own: language, theme, head, unit and epoch."""

import json

import pytest

from mtl_core.palette import DARK
from pages.components.shell import chart
from tests.mtl_core.made_runs import run_of
from tests.pages.made_jobs import SPEC
from tests.pages.reading import component


@pytest.fixture
def page(visit, made):
    """The page at a link, where both cases were trained."""
    for spec in (SPEC, SPEC.other_case):
        made.known[spec] = run_of(spec)

    def at_link(**query):
        at = visit(**query)
        assert not at.exception
        (first, _second) = at.get("plotly_chart")
        return component(at, "picture"), json.loads(first.proto.spec), at.header.values[-1]

    return at_link


def test_the_next_visitor_sees_the_picture_and_the_chart_in_a_language_of_their_own(page):
    (picture, figure, heading), (theirs, their_figure, their_heading) = page(), page(lang="qps")
    assert picture["labels"]["cut"].startswith("Cut")
    assert not theirs["labels"]["cut"].startswith("Cut")
    assert theirs["labels"]["alt"] != picture["labels"]["alt"]
    assert their_heading != heading
    assert their_figure["layout"]["xaxis"]["title"]["text"] != figure["layout"]["xaxis"]["title"]["text"] == "epoch"
    assert page() == (picture, figure, heading)


def test_the_next_visitor_sees_them_in_the_theme_of_their_own(page, monkeypatch):
    picture, figure, _heading = page()
    monkeypatch.setattr(chart, "dark", lambda: True)
    theirs, their_figure, _their_heading = page()
    assert theirs["theme"]["ink"] == DARK.ink != picture["theme"]["ink"]
    assert their_figure["layout"]["font"]["color"] == DARK.ink != figure["layout"]["font"]["color"]


def test_the_next_visitor_sees_the_head_and_the_epoch_of_their_own(page):
    picture, figure, _heading = page()
    one_head, _figure, _same = page(head="predictions1")
    assert one_head["labels"]["predictions1"] != picture["labels"]["predictions1"]
    earlier, pinned, _earlier_heading = page(at="1")
    assert pinned != figure
    assert earlier["picture"] != picture["picture"]
