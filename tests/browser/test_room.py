"""A lesson in a room: a teacher at the wall and five phones, from the code on the screen to the answer."""

import pytest
from playwright.sync_api import expect

from mtl_core.lessons.walkthrough import STEPS
from tests.browser.visit import Visit, Visitor

pytestmark = pytest.mark.browser

PROJECTORS = ((1024, 768), (1366, 768), (1920, 1080))
RIGHT = STEPS[0].questions[0].right
FIRST = [RIGHT, *(choice for choice in range(4) if choice != RIGHT), 0]


def vote(phone: Visitor, choice: int, label: str = "Commit to this prediction") -> None:
    radio = phone.page.get_by_role("radio").nth(choice)
    expect(radio).to_be_enabled()
    if not radio.is_checked():
        with phone.answered():
            radio.press("Space")
    phone.page.get_by_role("button", name=label).click()


def test_five_phones_vote_talk_vote_again_and_see_the_answer_when_the_teacher_reveals_it(visit: Visit) -> None:
    teacher = visit("/teachers", own_window=True)
    teacher.press("Open a room")
    code = teacher.block("door").locator(".code").inner_text()
    for width, height in PROJECTORS:
        teacher.page.set_viewport_size({"width": width, "height": height})
        square = teacher.block("door").locator("img").bounding_box()
        assert square is not None
        assert min(square["width"], square["height"]) >= 0.4 * height
        assert square["y"] + square["height"] <= height
        assert teacher.too_wide() == []
    address = "/" + teacher.block("door").locator(".where").inner_text().split("/", 1)[1]
    assert address == f"/walkthrough?room={code}"

    phones = [visit(address, size="phone", own_window=True) for _ in range(5)]
    expect(teacher.block("door")).to_contain_text("5 phones are here")
    teacher.press("Begin")
    for phone, choice in zip(phones, FIRST, strict=True):
        vote(phone, choice)
    expect(teacher.page.get_by_text("5 of 5 have predicted")).to_be_visible()
    expect(teacher.page.get_by_text("First vote")).to_have_count(0)

    # Who comes again, with the same browser, is no other voter; and the teacher who does still leads.
    phones[0].reload()
    vote(phones[0], 0)
    teacher.reload()
    expect(teacher.page.get_by_text("5 of 5 have predicted")).to_be_visible()
    teacher.press("Close the vote")
    expect(teacher.block("distribution")).to_contain_text("First vote of 5 people")

    teacher.press("Vote again")
    for phone in phones:
        expect(phone.page.get_by_text("Vote again: keep your prediction or change it.")).to_be_visible()
        vote(phone, RIGHT)
    expect(teacher.page.get_by_text("5 of 5 have predicted")).to_be_visible()
    teacher.press("Reveal the answer")
    expect(teacher.block("distribution")).to_contain_text("and 100 % after talking")
    for phone in phones:
        expect(phone.block("questions")).to_contain_text("Your prediction is right.")

    with teacher.answered():
        teacher.page.keyboard.press("ArrowRight")
    for phone in phones:
        expect(phone.page.get_by_role("heading", level=1)).to_have_text(STEPS[1].title)
        assert phone.too_wide() == []
        assert not {"pres", "hide"} & set(phone.query)
