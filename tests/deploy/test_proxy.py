"""The Caddyfile in Caddy itself, before two app processes, with a visitor in a real browser."""

import os
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.server import LOOPBACK, NOBODY, Server, free_port
from tests.browser.visit import PATIENCE, chromium
from tests.mtl_core.jobs.waiting import until

pytestmark = [
    pytest.mark.full,
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("caddy") is None, reason="needs Caddy"),
]

CADDYFILE = Path(__file__).parents[2] / "deploy" / "Caddyfile"


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """Two app processes with one secret, as `compose.yaml` starts them."""
    settings = {
        "DASK_SCHEDULER_ADDRESS": NOBODY,
        "STREAMLIT_SERVER_COOKIE_SECRET": "of both",
    }
    folders = [tmp_path_factory.mktemp(name) for name in ("app1", "app2")]
    with Server(folders[0], **settings) as one, Server(folders[1], **settings) as two:
        yield [one, two]


@pytest.fixture(scope="module")
def proxy(apps: list[Server], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address behind which both are."""
    folder, port = tmp_path_factory.mktemp("proxy"), free_port()
    text = CADDYFILE.read_text()
    for name, app in zip(("app1", "app2"), apps, strict=True):
        assert f"{name}:8501" in text
        text = text.replace(f"{name}:8501", f"{LOOPBACK}:{app.port}")
    (folder / "Caddyfile").write_text(text.replace("{\n", "{\n\tadmin off\n", 1))
    environment = {**os.environ, "SITE": f"http://{LOOPBACK}:{port}", "HOME": str(folder)}
    with (folder / "log").open("wb") as log:
        caddy = subprocess.Popen(
            ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"],
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        until(lambda: answers(f"http://{LOOPBACK}:{port}/_stcore/health") == 200)
        yield f"http://{LOOPBACK}:{port}"
    finally:
        caddy.terminate()
        caddy.wait()


def answers(url: str) -> int:
    """The status of an answer; 0 if there is none."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_pages_pass_and_the_servers_numbers_do_not(proxy: str) -> None:
    assert answers(f"{proxy}/walkthrough") == 200
    assert answers(f"{proxy}/_stcore/metrics") == 404


def test_a_visitor_whose_app_dies_sees_the_same_screen_from_the_other_one(proxy: str, apps: list[Server]) -> None:
    with chromium() as windows, windows.visitors(proxy) as visit:
        me = visit("/")
        switch = me.page.get_by_role("switch", name="Concatenate", exact=True)
        for app in apps:
            me.toggle("Concatenate", False)
            me.until_linked(m="none")
            app.kill()
            # Whichever of them was theirs: a second one dies only when the first one is back.
            me.reload()
            expect(switch).not_to_be_checked()
            me.toggle("Concatenate", True)
            me.until_linked(m=None)
            app.start()


def test_who_sends_half_a_request_is_let_go(proxy: str) -> None:
    port = int(proxy.rpartition(":")[2])
    with socket.create_connection((LOOPBACK, port), timeout=PATIENCE / 1000) as half:
        half.sendall(f"GET / HTTP/1.1\r\nHost: {LOOPBACK}\r\n".encode())
        assert b" 200 " not in b"".join(iter(lambda: half.recv(1000), b""))
