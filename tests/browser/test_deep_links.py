"""A link works for its first visitor on a server that has just started, whatever page it leads to.

A folder `pages/` makes a fresh Streamlit server run a sub-page without app.py, unless app.py is an `st.App`. So one sub-page gets
a server of its own; the others, which open the same way, do in the long version, and so does the first page, which is what the first
visitors of `test_faults` and `test_ui_process` ask for. The engine is unreachable here, which spares these servers their workers and
shows that a page needs none to open.
"""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.server import NOBODY, Server
from tests.browser.visit import PAGES, Windows

pytestmark = pytest.mark.browser

STATE = {"v": "2", "m": "none", "u": "32", "mix": "60", "head": "predictions1"}


@pytest.mark.parametrize(
    "path", [path if path == "/inspect_model" else pytest.param(path, marks=pytest.mark.full) for path in PAGES]
)
def test_the_first_request_of_a_fresh_server_may_be_any_page_in_any_state(
    path: str, windows: Windows, tmp_path: Path
) -> None:
    link = f"{path}?{'&'.join(f'{key}={value}' for key, value in STATE.items())}"
    with (
        Server(tmp_path, DASK_SCHEDULER_ADDRESS=NOBODY) as fresh,
        windows.visitors(fresh.url) as visit,
    ):
        me = visit(link)
        assert me.query == STATE
        assert me.menu() == list(PAGES)
        me.go("Playground")
        assert me.query == STATE
        expect(me.page.get_by_role("switch", name="Concatenate", exact=True)).not_to_be_checked()
        expect(me.page.get_by_role("slider", name="LSTM units")).to_have_attribute("aria-valuetext", "32")
        assert not me.leads("tweet_b", "predictions1")
