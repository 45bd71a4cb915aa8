"""A comparison in a real browser: it fills by itself, and whoever opens its link finds it finished."""

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.full]
# In `make test`, tests/pages/test_compare_page.py asks the page itself, without a browser.

SMALL = "/compare?v=2&tw=numbers&u=2&t=4&d=2&nt=64&ep=1&by=rows&val=64~128&both=0&meas=loss"
"""Something whose values need one compiled program."""


def test_a_comparison_fills_by_itself_and_its_link_leads_to_the_finished_picture(visit: Visit) -> None:
    me = visit(SMALL)
    expect(me.block("runs")).to_contain_text("6 runs: 0 known already, 6 to be trained")
    expect(me.block("compared")).to_contain_text("waiting")
    me.press("Start")
    me.rest()
    expect(me.block("runs")).to_contain_text("All 6 runs are known")
    expect(me.block("compared")).not_to_contain_text("waiting")
    (means,) = [values for name, values in me.curves("compared").items() if name == "loss (nats)"]
    assert len(means) == 2
    other = visit(SMALL)
    expect(other.block("runs")).to_contain_text("All 6 runs are known")
    assert other.curves("compared") == me.curves("compared")
    assert other.query.items() >= {"by": "rows", "val": "64~128", "both": "0", "meas": "loss"}.items()
