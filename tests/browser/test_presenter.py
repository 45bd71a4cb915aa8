"""On a wall: the keys of a clicker, and question, picture and verdict on one screen of a projector."""

import pytest
from playwright.sync_api import expect

from mtl_core.lessons.walkthrough import STEPS
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

PROJECTORS = ((1024, 768), (1366, 768), (1920, 1080))

RIGHT = "".join(str(question.right) for step in STEPS for question in step.questions)
WRONG = "".join(str((question.right + 1) % len(question.choices)) for step in STEPS for question in step.questions)

_BELOW = """() => Object.fromEntries([...document.querySelectorAll(
    "[data-testid=stMain] table, .st-key-pictures [data-testid=stGraphVizChart] svg, .st-key-questions [data-testid=stElementContainer]")]
    .filter(node => !node.closest("[data-testid=stExpander]"))
    .map(node => [node.textContent.trim().slice(0, 40), Math.round(node.getBoundingClientRect().bottom)])
    .filter(([, bottom]) => bottom > innerHeight))"""


def test_the_tools_of_a_wall_open_where_there_is_room_for_them(visit: Visit) -> None:
    me = visit("/walkthrough?pres=1&step=2")
    me.page.set_viewport_size({"width": 1024, "height": 768})
    for name in ("Links for the class", "Take it home"):
        me.press(name)
        opened = me.page.get_by_role("dialog", name=name)
        expect(opened.get_by_test_id("stElementContainer").nth(1)).to_be_visible()
        box = opened.bounding_box()
        assert box
        assert 0 <= box["y"] <= box["y"] + box["height"] <= 768
        assert opened.evaluate("body => body.scrollHeight <= body.clientHeight + 1"), f"{name} is cut"
        me.page.keyboard.press("Escape")
        expect(opened).to_have_count(0)


def test_clickers_and_arrows_turn_pages_also_right_after_a_click_on_a_choice(visit: Visit) -> None:
    me = visit("/walkthrough?pres=1")
    with me.answered():
        me.page.get_by_text("A. ").first.click()
    for key, step in (("ArrowRight", 1), ("PageDown", 2), ("PageUp", 1)):
        with me.answered():
            me.page.keyboard.press(key)
        expect(me.page.get_by_role("heading", level=1)).to_have_text(STEPS[step].title.replace("`", ""))


@pytest.mark.parametrize(
    ("step", "predicted"),
    [(9, ""), (2, WRONG), (10, RIGHT)],
    ids=["question with a table", "wrong prediction", "verdict with a tall picture"],
)
def test_question_picture_and_verdict_are_on_one_screen_of_every_projector(
    visit: Visit, step: int, predicted: str
) -> None:
    me = visit(f"/walkthrough?v=2&step={step}&pres=1&a={predicted}")
    for width, height in PROJECTORS:
        me.page.set_viewport_size({"width": width, "height": height})
        me.settle()
        assert me.page.evaluate(_BELOW) == {}
        assert me.too_wide() == []
    me.page.set_viewport_size({"width": 1440, "height": 900})


def test_on_plain_http_a_copy_button_copies(visit: Visit) -> None:
    me = visit("/glossary", own_window=True)
    # A browser has no clipboard for a page that came over plain http from another computer.
    me.page.context.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined, configurable: true})"
    )
    me.reload()
    me.press("Share this screen")
    me.page.evaluate("document.addEventListener('copy', () => window.copied = document.activeElement.value)")
    code = me.page.get_by_test_id("stCode").first
    code.hover()
    code.get_by_role("button").click()
    assert me.page.evaluate("window.copied") == code.locator("code").inner_text().strip()
