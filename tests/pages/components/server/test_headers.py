import base64
import hashlib
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from streamlit import file_util
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_assets_routes

from pages.components.server.headers import Headers
from tests.pages.components.server.asking import ask

STATIC = Path(file_util.get_static_dir())


@pytest.fixture
def app():
    return Headers(Starlette(routes=create_streamlit_static_assets_routes("")))


def policy_of(answer):
    return dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))


@pytest.mark.parametrize("path", ["/", "/walkthrough", "/favicon.png", "/a/_stcore/agent/nothing"])
def test_no_answer_is_taken_for_another_kind_and_no_other_site_is_told_the_link(app, path):
    answer = ask(app, path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"


def test_a_page_loads_and_runs_nothing_of_other_sites(app):
    policy = policy_of(ask(app, "/"))
    sources = {source for name in policy for source in policy[name].split()}
    assert not [source for source in sources if re.match(r"https?:|\*|//", source)]
    for name in ("img-src", "connect-src"):
        assert policy[name] == "'self' data: blob:"
    assert not {"'unsafe-inline'", "'unsafe-eval'"} & set(policy["script-src"].split())


def test_the_scripts_that_stand_in_streamlits_page_may_run(app):
    scripts = re.findall(r"<script>(.*?)</script>", (STATIC / "index.html").read_text(), re.DOTALL)
    assert scripts
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy_of(ask(app, "/"))["script-src"]


def test_a_browser_that_has_the_page_of_an_earlier_version_learns_the_policy_of_this_one(app):
    tag = ask(app, "/").headers["etag"]
    answer = ask(app, "/", if_none_match=tag)
    assert answer.status == 304
    assert policy_of(answer) == policy_of(ask(app, "/"))


def test_a_page_may_be_shown_in_a_frame_of_another_site(app):
    answer = ask(app, "/")
    assert "frame-ancestors" not in policy_of(answer)
    assert "x-frame-options" not in answer.headers


def test_the_code_of_the_charts_is_fetched_while_the_first_screen_is_read(app):
    (name,) = re.findall(r"<\./static/js/(PlotlyChart\.[^>]+)>; rel=prefetch", ask(app, "/walkthrough").headers["link"])
    assert ask(app, f"/static/js/{name}").headers["content-type"].startswith("text/javascript")


def test_it_is_not_fetched_for_a_page_without_charts(app):
    assert "link" not in ask(app, "/glossary").headers


def test_a_host_with_scripts_of_its_own_can_leave_the_policy_out(monkeypatch):
    monkeypatch.setenv("MTL_CSP", "0")
    answer = ask(Headers(Starlette(routes=create_streamlit_static_assets_routes(""))), "/")
    assert "content-security-policy" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"
