"""A browser has one name for a whole lesson, which no script and no other site can read."""

import asyncio
import re
from types import SimpleNamespace

import pytest
from starlette.responses import PlainTextResponse

from mtl_core.jobs.leases import browser_of
from pages.components.shell import browser


def cookie(path, *, has="", method="GET"):
    """The cookie that comes with an answer; empty if none does."""
    told = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        told.append(message)

    headers = [(b"cookie", has.encode())] if has else []
    scope = {"type": "http", "method": method, "path": path, "headers": headers, "query_string": b""}
    asyncio.run(browser.Named(PlainTextResponse("a page"))(scope, receive, send))
    return dict(told[0]["headers"]).get(b"set-cookie", b"").decode()


def test_a_page_names_the_browser_once():
    named = cookie("/walkthrough")
    assert re.fullmatch(r"mtl_browser=[\w-]{22}; Max-Age=14400; Path=/; HttpOnly; SameSite=Lax", named)
    assert cookie("/walkthrough", has=f"theme=dark; {named.split(';')[0]}") == ""


def test_two_browsers_have_two_names():
    assert cookie("/") != cookie("/")


def test_a_name_of_another_form_is_replaced():
    assert cookie("/", has="mtl_browser=short")


@pytest.mark.parametrize("path", ["/_stcore/health", "/static/js/index.js", "/favicon.png"])
def test_files_and_what_the_page_asks_for_later_name_nobody(path):
    assert cookie(path) == ""


def test_an_upload_names_nobody():
    assert cookie("/walkthrough", method="POST") == ""


@pytest.mark.parametrize(
    ("one", "other", "same"), [("a" * 22, "a" * 22, True), ("a" * 22, "b" * 22, False), ("", "", False)]
)
def test_the_tabs_of_one_browser_are_visitors_who_share_a_name_and_not_the_cookie(monkeypatch, one, other, same):
    visitors = []
    for name in (one, other):
        monkeypatch.setattr(browser.st, "context", SimpleNamespace(cookies={"mtl_browser": name} if name else {}))
        visitors.append(browser.new_visitor())
    assert visitors[0] != visitors[1]
    assert (browser_of(visitors[0]) == browser_of(visitors[1])) == same
    assert not one or one not in visitors[0]
