"""A lesson in a room: a teacher at the wall and five phones, from the code on the screen to the answer.

One of the phones is a browser; the others speak Streamlit's protocol and nothing else, which costs a tenth.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from operator import methodcaller

import pytest
from playwright.sync_api import expect

from mtl_core.lessons.votes import lettered
from mtl_core.lessons.walkthrough import STEPS
from tests.browser.server import Server
from tests.browser.visit import Visit, Visitor
from tests.load.client import open_session

pytestmark = pytest.mark.browser

PROJECTORS = ((1024, 768), (1366, 768), (1920, 1080))
QUESTION = STEPS[0].questions[0]
RIGHT = QUESTION.right
FIRST = [RIGHT, *(choice for choice in range(4) if choice != RIGHT), 0]


@contextmanager
def voters(server: Server, code: str, first: list[int]) -> Iterator[list[str]]:
    """People who predict `first`, are convinced when all vote again, and see the verdict.

    Yields
    ------
    list of str
        What went wrong for one of them; to be read at the end.
    """
    problems: list[str] = []

    async def votes(choice: int) -> None:
        async with open_session(server.url, "walkthrough", f"room={code}") as phone:
            for ballot, predicted in (("ballot_0_1", choice), ("ballot_0_2", RIGHT)):
                await phone.until(methodcaller("has", ballot))
                await phone.act("choose", ballot, string_value=lettered(QUESTION, predicted))
                await phone.act("vote", "vote_0", trigger_value=True)
            await phone.until(lambda screen: any("Your prediction is right." in text for text in screen.texts()))
            problems.extend(phone.errors)

    async def everybody() -> None:
        done = await asyncio.gather(*map(votes, first), return_exceptions=True)
        problems.extend(repr(each) for each in done if each is not None)

    # Playwright has the event loop of this thread.
    people = threading.Thread(target=asyncio.run, args=[everybody()])
    people.start()
    yield problems
    people.join()


def vote(phone: Visitor, choice: int, label: str = "Commit to this prediction") -> None:
    radio = phone.page.get_by_role("radio").nth(choice)
    expect(radio).to_be_enabled()
    if not radio.is_checked():
        with phone.answered():
            radio.press("Space")
    phone.page.get_by_role("button", name=label).click()


def test_five_phones_vote_talk_vote_again_and_see_the_answer_when_the_teacher_reveals_it(
    visit: Visit, server: Server
) -> None:
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

    phone = visit(address, size="phone", own_window=True)
    with voters(server, code, FIRST[1:]) as problems:
        lesson(teacher, phone)
    assert problems == []

    with teacher.answered():
        teacher.page.keyboard.press("ArrowRight")
    expect(phone.page.get_by_role("heading", level=1)).to_have_text(STEPS[1].title)
    assert phone.too_wide() == []
    assert not {"pres", "hide"} & set(phone.query)


def lesson(teacher: Visitor, phone: Visitor) -> None:
    """The first question, from the vote to the verdict."""
    expect(teacher.block("door")).to_contain_text("5 phones are here")
    teacher.press("Begin")
    vote(phone, FIRST[0])
    expect(teacher.page.get_by_text("5 of 5 have predicted")).to_be_visible()
    expect(teacher.page.get_by_text("First vote")).to_have_count(0)

    # Who comes again, with the same browser, is no other voter; and the teacher who does still leads.
    phone.reload()
    vote(phone, 0)
    teacher.reload()
    expect(teacher.page.get_by_text("5 of 5 have predicted")).to_be_visible()
    teacher.press("Close the vote")
    expect(teacher.block("distribution_0")).to_contain_text("First vote of 5 people")
    expect(phone.page.get_by_text("The vote is closed. Talk about it")).to_be_visible()
    for person in (phone, teacher):  # what is talked about must be read, too
        person.settle()
        assert person.violations() == []

    teacher.press("Vote again")
    expect(phone.page.get_by_text("Vote again: keep your prediction or change it.")).to_be_visible()
    vote(phone, RIGHT)
    expect(teacher.page.get_by_text("5 of 5 have predicted")).to_be_visible()
    teacher.press("Reveal the answer")
    expect(teacher.block("distribution_0")).to_contain_text("and 100 % after talking")
    expect(phone.block("questions")).to_contain_text("Your prediction is right.")
