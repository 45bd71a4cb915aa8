"""An address that is handed out leads phones to the app: from localhost, from within another page, and below a path."""

from types import SimpleNamespace

import pytest
import streamlit as st

from pages.components.shell import address


@pytest.fixture
def visited(monkeypatch):
    def as_if(url, *, origin="", framed=False, cookies=(), **options):
        headers = {"Origin": origin} if origin else {}
        context = SimpleNamespace(url=url, headers=headers, is_embedded=framed, cookies=dict.fromkeys(cookies, "1"))
        monkeypatch.setattr(st, "context", context)
        monkeypatch.setattr(st, "session_state", {"page_path": "walkthrough"})
        held = {name.replace("_", "."): value for name, value in options.items()}
        monkeypatch.setattr(st, "get_option", held.get)

    return as_if


def test_a_page_is_beside_the_one_that_is_open(visited):
    visited("https://school.example/app/walkthrough?step=2")
    assert address.page() == "https://school.example/app/walkthrough"
    assert address.page("teachers") == "https://school.example/app/teachers"


def test_within_a_frame_of_its_own_site_it_is_the_app_and_not_the_page_around_it(visited):
    visited("https://school.example/course/5", origin="https://school.example", framed=True, server_baseUrlPath="/app/")
    assert address.page() == "https://school.example/app/walkthrough"
    assert address.page("") == "https://school.example/app"
    assert address.page("teachers") == "https://school.example/app/teachers"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "app.localhost", "[::1]"])
def test_who_opened_the_app_as_localhost_is_told_and_hands_out_the_address_in_the_network(visited, monkeypatch, host):
    visited(f"http://{host}:8501/")
    monkeypatch.setattr(address, "_network_address", lambda: "192.168.1.7")
    link, note = address.reachable(f"http://{host}:8501/walkthrough?room=KMPQR")
    assert link == "http://192.168.1.7:8501/walkthrough?room=KMPQR"
    assert host.strip("[]") in note
    assert "192.168.1.7" in note


@pytest.mark.parametrize(("network", "listens"), [("", None), ("192.168.1.7", "127.0.0.1")])
def test_an_app_that_only_this_computer_reaches_says_so_and_hands_out_nothing_else(
    visited, monkeypatch, network, listens
):
    visited("http://localhost:8501/", server_address=listens)
    monkeypatch.setattr(address, "_network_address", lambda: network)
    link, note = address.reachable("http://localhost:8501/walkthrough")
    assert link == "http://localhost:8501/walkthrough"
    assert "0.0.0.0" in note


def test_an_address_that_phones_reach_is_left_alone(visited):
    visited("https://school.example/")
    assert address.reachable("https://school.example/walkthrough") == ("https://school.example/walkthrough", "")


def test_an_address_is_spoken_without_what_browsers_add():
    assert address.spoken("https://school.example/walkthrough?room=KMPQR&x=<") == (
        "school.example/walkthrough?room=KMPQR&amp;x=&lt;"
    )


@pytest.mark.parametrize(
    ("framed", "cookies", "takes"), [(False, (), True), (True, ("_streamlit_xsrf",), True), (True, (), False)]
)
def test_a_frame_of_another_site_takes_no_files(visited, framed, cookies, takes):
    visited("https://school.example/", framed=framed, cookies=cookies)
    assert address.takes_files() == takes
