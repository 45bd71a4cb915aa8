"""What a first visit costs somebody on a slow line, and a class on one."""

import pytest

from tests.browser.server import Server
from tests.browser.visit import Windows
from tests.browser.weight import first_visit

pytestmark = pytest.mark.browser

MOST = 3_000_000
"""Bytes, with the code of the charts; 8.0 MB before the front end was compressed."""


@pytest.mark.parametrize("path", ["/", "/walkthrough"])
def test_a_first_visit_takes_at_most_3_mb(path: str, windows: Windows, server: Server) -> None:
    weight = first_visit(windows, server.url, path)
    assert 1_500_000 < weight <= MOST, "the charts' code alone is 1.2 MB: without it this is no visit"
