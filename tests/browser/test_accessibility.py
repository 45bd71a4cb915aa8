"""Every page for everybody: axe-core finds nothing to complain about in either theme, and a phone needs no sideways scrolling."""

from collections.abc import Iterator

import pytest

from mtl_core.lessons.walkthrough import STEPS
from tests.browser.server import Server
from tests.browser.visit import PAGES, Visit, Visitor, Windows

pytestmark = pytest.mark.browser

DRAWINGS = [f"/?draw={drawing}&m=none" for drawing in ("cases", "training", "layers", "code")]
ABOUT_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe-core that look at colours; all others say the same in either theme."""

ANSWERED = "".join(str(question.right) for step in STEPS for question in step.questions)
LESSON = f"/walkthrough?step=6&a={ANSWERED}"


ROOMY = "lang=qps"
"""A language that needs 40 % more room: what fits in it fits in English too."""


@pytest.fixture(scope="module")
def reader(windows: Windows, server: Server) -> Iterator[Visitor]:
    """Somebody who goes from page to page."""
    with windows.visitors(server.url) as visit:
        yield visit("/")


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation_on_a_page_and_its_lines_can_be_read(path: str, reader: Visitor) -> None:
    reader.turn_to(path)
    assert reader.too_long() == []
    assert_accessible(reader)


@pytest.mark.parametrize("theme", ["dark", pytest.param("light", marks=pytest.mark.full)])
@pytest.mark.parametrize("path", DRAWINGS)
def test_axe_finds_no_violation_in_a_drawing_and_it_fits_a_phone(path: str, theme: str, visit: Visit) -> None:
    me = visit(f"{path}&{ROOMY}", theme=theme)
    assert me.violations() == []
    assert_fits_a_phone(me)


def test_axe_finds_no_violation_with_everything_unfolded(visit: Visit) -> None:
    me = visit("/")
    me.unfold("More")
    me.unfold("The numbers")
    me.press("Share this screen")
    assert_accessible(me)


@pytest.mark.parametrize("size", ["phone", pytest.param("desktop", marks=pytest.mark.full)])
@pytest.mark.parametrize("path", [*PAGES, LESSON])
def test_a_language_that_needs_40_percent_more_room_fits_without_sideways_scrolling(
    path: str, size: str, visit: Visit
) -> None:
    assert visit(f"{path}{'&' if '?' in path else '?'}{ROOMY}", size=size).too_wide() == []


def assert_accessible(me: Visitor) -> None:
    """All rules in the theme that the page was opened in; then, in place, those about colours in the other one."""
    problems = me.violations()
    me.wear("light" if me.theme == "dark" else "dark")
    problems += me.violations(*ABOUT_COLOURS)
    assert not problems, "\n\n".join(problems)


def assert_fits_a_phone(me: Visitor) -> None:
    """Nothing scrolls sideways after the window has become as narrow as a phone."""
    before = me.page.viewport_size
    assert before
    try:
        me.narrow("phone")
        assert me.too_wide() == []
    finally:
        me.page.set_viewport_size(before)
