"""Documents with drawings, from a server without Graphviz: the visitor's browser draws them into what it saves."""

import base64
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.server import Server
from tests.browser.visit import Windows

pytestmark = [pytest.mark.browser, pytest.mark.full]


@pytest.fixture(scope="module")
def bare_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that finds everything but Graphviz's programs."""
    folders = [folder for folder in os.environ["PATH"].split(os.pathsep) if not shutil.which("dot", path=folder)]
    links = tmp_path_factory.mktemp("programs")
    for program in ("sh", "env", "uname", "openssl"):
        place = shutil.which(program)
        if place:
            (links / program).symlink_to(place)
    path = os.pathsep.join([*folders, str(links)])
    with Server(tmp_path_factory.mktemp("bare"), PATH=path) as started:
        yield started


def drawings(document: str) -> list[str]:
    return [base64.b64decode(data).decode() for data in re.findall(r"svg\+xml;base64,([^\"]+)\"", document)]


def test_a_packet_has_its_drawings(bare_server: Server, windows: Windows, tmp_path: Path) -> None:
    with windows.visitors(bare_server.url) as visit:
        page = visit("/teachers").page
        page.get_by_role("button", name="Packet (A4)").click()
        save = page.get_by_role("button", name="Save packet-A4.html")
        expect(save).to_be_enabled()
        with page.expect_download() as saved:
            save.click()
        saved.value.save_as(tmp_path / "packet.html")
    document = (tmp_path / "packet.html").read_text()
    graphs = [drawing for drawing in drawings(document) if 'class="graph"' in drawing]
    assert len(graphs) > 10
    assert any("shared_lstm, call 2" in drawing for drawing in graphs)
    assert not re.search(r"drawing:\d+:", document)
