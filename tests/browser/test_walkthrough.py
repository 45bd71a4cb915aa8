"""The whole lesson in a real browser: as a student on a phone, as a presenter with the keyboard, and from a link in its middle."""

import itertools

import pytest
from playwright.sync_api import expect

from mtl_core.lessons.walkthrough import STEPS, questions, settled
from tests.browser.test_accessibility import ANSWERED
from tests.browser.visit import THEMES, Visit, Visitor

pytestmark = pytest.mark.browser


_TOP_OF_CHARTS = """() => Math.round(document.querySelector('[data-testid="stMain"]').scrollTop
    + document.querySelector(".st-key-lesson_losses").getBoundingClientRect().top)"""


def commit(me: Visitor, step: int, *, right: bool) -> None:
    """Predict and commit, without a mouse."""
    for number, question in questions(STEPS[step]):
        choice = question.right if right else (question.right + 1) % len(question.choices)
        radio = me.block(f"choice_{number}").get_by_role("radio").nth(choice)
        with me.answered():
            radio.press("Space")
        with me.answered():
            me.block(f"commit_{number}").get_by_role("button").press("Enter")


def settled_all(answers: str) -> bool:
    return all(settled(answers, number) for step in STEPS for number, _question in questions(step))


def test_a_student_does_the_whole_lesson_on_a_phone_without_a_mouse(visit: Visit) -> None:
    me = visit("/walkthrough", size="phone")
    for n, step in enumerate(STEPS):
        expect(me.page.get_by_role("heading", level=1)).to_have_text(step.title.replace("`", ""))
        if n % 2:
            commit(me, n, right=False)
            expect(me.block("questions")).to_contain_text("is not right")
            expect(me.page.locator("#announced")).to_contain_text("is not right")
        commit(me, n, right=True)
        me.rest()
        expect(me.block("questions")).to_contain_text("your prediction")
        expect(me.page.locator("#announced")).to_contain_text("right")
        expect(me.block("evidence")).to_contain_text("What to notice")
        assert me.too_wide() == []
        assert me.violations() == []
        if step is not STEPS[-1]:
            with me.answered():
                me.block("onward").get_by_role("button").press("Enter")
            expect(me.page.get_by_role("heading", level=1)).to_be_focused()
            assert me.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    assert settled_all(me.query["a"])
    expect(me.block("ending")).to_contain_text("Your predictions: 5 of 12 were right")


def test_a_presenter_walks_through_with_the_arrow_keys_and_shows_answers_when_ready(visit: Visit) -> None:
    me = visit("/walkthrough?pres=1&hide=1")
    expect(me.page.get_by_test_id("stSidebar")).to_have_count(0)
    assert me.menu() == []
    for step in STEPS[1:3]:
        with me.answered():
            me.page.keyboard.press("ArrowRight")
        expect(me.page.get_by_role("heading", level=1)).to_have_text(step.title)
    with me.answered():
        me.page.keyboard.press("ArrowLeft")
    expect(me.page.get_by_role("heading", level=1)).to_have_text(STEPS[1].title.replace("`", ""))
    commit(me, 1, right=True)
    expect(me.page.get_by_text("The answers are hidden")).to_be_visible()
    me.toggle("Hide the answers", False)
    expect(me.block("questions")).to_contain_text("Your prediction is right.")


def test_a_link_from_the_middle_of_a_lesson_opens_the_same_step_in_a_fresh_browser(visit: Visit) -> None:
    me = visit("/walkthrough?step=4")
    commit(me, 3, right=False)
    me.rest()
    other = visit("/walkthrough?" + me.address.split("?")[1])
    other.rest()
    assert other.block("questions").inner_text() == me.block("questions").inner_text()
    assert other.block("evidence").inner_text() == me.block("evidence").inner_text()


def test_a_step_can_be_run_live_with_a_seed_of_ones_own(visit: Visit) -> None:
    me = visit("/walkthrough?step=1&a=" + ANSWERED)
    recorded = me.block("evidence").inner_text()
    place = me.page.evaluate(_TOP_OF_CHARTS)
    with me.answered():
        me.block("train").get_by_role("button").click()
    assert me.page.evaluate(_TOP_OF_CHARTS) == place, "the charts jump when a run begins"
    me.rest()
    assert me.page.evaluate(_TOP_OF_CHARTS) == place, "the charts jump when it ends"
    expect(me.block("evidence")).to_contain_text("What to notice")
    assert "seed" in me.query
    assert me.block("evidence").inner_text() != recorded


_DARK = ((3, "dark"), (6, "dark"), (8, "dark"))
"""Steps of three kinds: curves of shuffles, a table, and pairs of runs."""


def _every_step() -> list[object]:
    """In either theme, with a mouse; the student on a phone has seen each in the light one, so three are enough in between."""
    pairs = itertools.product(range(1, len(STEPS) + 1), THEMES)
    return [pytest.param(*pair, marks=[] if pair in _DARK else [pytest.mark.full]) for pair in pairs]


@pytest.mark.parametrize(("step", "theme"), _every_step())
def test_axe_finds_no_violation_on_a_step_with_its_answer(step: int, theme: str, visit: Visit) -> None:
    me = visit(f"/walkthrough?step={step}&a={ANSWERED}", theme=theme)
    me.rest()
    assert me.violations() == []


def test_a_presenter_s_charts_are_whole_and_the_arrow_keys_work_right_after_a_switch(visit: Visit) -> None:
    me = visit("/walkthrough?v=1&step=4&a=000000000000&pres=1")
    me.rest()
    # Within anything that is zoomed, Plotly would crop its axes and put its labels beside other lines.
    zooms = me.page.evaluate(
        """() => [...document.querySelectorAll("[data-testid=stPlotlyChart]")].map(chart => {
            let zoom = 1
            for (let node = chart; node; node = node.parentElement) zoom *= getComputedStyle(node).zoom
            return zoom
        })"""
    )
    assert zooms == [1, 1]
    assert (
        me.page.evaluate(
            "getComputedStyle(document.querySelector('h1').closest('[data-testid=stElementContainer]')).zoom"
        )
        == "1.3"
    )
    me.toggle("Hide the answers", True)
    with me.answered():
        me.page.keyboard.press("ArrowRight")
    assert me.query["step"] == "5"
