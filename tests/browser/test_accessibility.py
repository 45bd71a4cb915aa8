"""Every page for everybody: axe-core finds nothing to complain about in either theme, and a phone needs no sideways scrolling."""

import pytest

from tests.browser.visit import PAGES, THEMES, Visit, Visitor

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation_on_a_page(path: str, theme: str, visit: Visit) -> None:
    assert_accessible(visit(path, theme=theme))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("drawing", ["cases", "layers", "code"])
def test_axe_finds_no_violation_in_any_drawing(drawing: str, theme: str, visit: Visit) -> None:
    assert_accessible(visit(f"/?draw={drawing}&m=none", theme=theme))


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_no_violation_with_everything_unfolded(theme: str, visit: Visit) -> None:
    me = visit("/", theme=theme)
    me.unfold("More")
    me.unfold("The numbers")
    me.press("Share this screen")
    assert_accessible(me)


@pytest.mark.parametrize("path", [*PAGES, *(f"/?draw={drawing}" for drawing in ("cases", "layers", "code"))])
def test_a_phone_shows_a_page_without_sideways_scrolling(path: str, visit: Visit) -> None:
    assert visit(path, size="phone").too_wide() == []


def assert_accessible(me: Visitor) -> None:
    violations = me.violations()
    assert not violations, "\n\n".join(violations)
