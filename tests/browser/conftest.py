"""A real browser for the tests: Chromium under Playwright, desktop and phone, light and dark."""

from collections.abc import Iterator

import pytest

from tests.browser.server import Server
from tests.browser.visit import Visit, Visitor, Windows, chromium


@pytest.fixture(scope="package")
def windows() -> Iterator[Windows]:
    """One Chromium for all of these: Playwright keeps an event loop in this thread, which must not outlive the browser tests."""
    with chromium() as started:
        yield started


@pytest.fixture
def visit(windows: Windows, server: Server) -> Iterator[Visit]:
    """Open a path of the shared server as a new visitor: `visit("/walkthrough?step=2", theme="dark", size="phone")`.

    Whatever a journey does, nothing of it may be against the rules that the page was sent with.
    """
    visitors: list[Visitor] = []

    def visit(*path: str, **window: str) -> Visitor:
        visitors.append(opener(*path, **window))
        return visitors[-1]

    with windows.visitors(server.url) as opener:
        yield visit
        complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
        assert [complaint for complaint in complaints if "Content Security Policy" in complaint] == []
