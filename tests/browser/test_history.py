"""The browser's Back undoes what a visitor did, and Forward does it again: settings, pages, steps of the lesson."""

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


def test_back_undoes_settings_one_by_one_and_forward_does_them_again(visit: Visit) -> None:
    me = visit("/?v=1&u=4&t=8&d=4")
    units = me.slider("LSTM units")
    me.toggle("Concatenate", False)
    me.until_linked(m="none")
    me.move("LSTM units", "ArrowRight")
    me.until_linked(u="8")
    me.back()
    me.until_linked(u="4", m="none")
    expect(units).to_have_attribute("aria-valuetext", "4")
    me.back()
    me.until_linked(m=None)
    expect(me.page.get_by_role("switch", name="Concatenate", exact=True)).to_be_checked()
    assert me.leads("tweet_b", "predictions1")
    me.forward()
    me.until_linked(u="4", m="none")
    me.forward()
    me.until_linked(u="8", m="none")
    expect(units).to_have_attribute("aria-valuetext", "8")
    assert not me.leads("tweet_b", "predictions1")


def test_back_returns_to_the_page_before_with_its_settings_and_to_the_step_before(visit: Visit) -> None:
    me = visit("/?v=1&u=4&t=8&d=4")
    me.go("Walkthrough")
    me.until_linked(u="4")
    with me.answered():
        me.page.keyboard.press("ArrowRight")
    me.until_linked(step="2")
    me.back()
    me.until_linked(step=None)
    expect(me.page.get_by_text("Step 1 of")).to_be_visible()
    me.back()
    me.until_linked(u="4")
    assert me.address.split("?")[0].endswith("/")
    expect(me.slider("LSTM units")).to_have_attribute("aria-valuetext", "4")


def test_to_arrive_is_no_step_so_that_back_leaves_the_app_at_once(visit: Visit) -> None:
    me = visit("/glossary")
    for link in ("/", "/?v=1&u=4&t=8&d=4", "/teachers"):
        steps = me.page.evaluate("history.length")
        me.open(link)
        me.until_linked(v="2")
        assert me.page.evaluate("history.length") == steps + 1, link


def test_a_link_keeps_what_embeds_the_page(visit: Visit) -> None:
    me = visit("/?embed=true&u=32")
    me.until_linked(v="2", u="32", embed="true")


@pytest.mark.parametrize(
    ("link", "slider", "key", "times", "written"),
    [
        ("/", "LSTM units", "ArrowRight", 2, {"u": "64"}),
        ("/?v=1&mix=40", "Who knows the label", "ArrowRight", 8, {"mix": "48"}),
    ],
)
def test_keys_pressed_faster_than_the_page_answers_all_count(
    link: str, slider: str, key: str, times: int, written: dict[str, str | None], visit: Visit
) -> None:
    me = visit(link)
    me.slider(slider).focus()
    for _press in range(times):
        me.page.keyboard.press(key, delay=100)
    me.until_linked(**written)
    me.settle()
    me.until_linked(**written)
