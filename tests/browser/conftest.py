"""A real browser for the tests: Chromium under Playwright, desktop and phone, light and dark."""

from collections.abc import Iterator

import pytest

from tests.browser.server import Server
from tests.browser.visit import Visit, Windows, chromium


@pytest.fixture(scope="module")
def windows() -> Iterator[Windows]:
    """One Chromium a test file: Playwright keeps an event loop in this thread, which must not outlive the browser tests."""
    with chromium() as started:
        yield started


@pytest.fixture
def visit(windows: Windows, server: Server) -> Iterator[Visit]:
    """Open a path of the shared server as a new visitor: `visit("/walkthrough?step=2", theme="dark", size="phone")`."""
    with windows.visitors(server.url) as opener:
        yield opener
