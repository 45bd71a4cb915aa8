"""What a first visit weighs: every byte that a browser with an empty cache gets, as it came over the wire."""

from __future__ import annotations

from typing import Any

from tests.browser.visit import Visitor, Windows

__all__ = ["first_visit"]


def first_visit(windows: Windows, url: str, path: str) -> int:
    """Open a page in a browser that has never been there, and wait until it fetches nothing more; bytes received."""
    sizes: list[float] = []

    def message(event: dict[str, Any]) -> None:
        frame = event["response"]
        sizes.append(
            len(frame["payloadData"]) * (0.75 if frame["opcode"] == 2 else 1.0)
        )  # binary ones are told in base64

    with windows.newcomer() as page:
        tools = page.context.new_cdp_session(page)
        tools.send("Network.enable")
        tools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        tools.on("Network.webSocketFrameReceived", message)
        Visitor(page, url).open(path)
        page.wait_for_load_state("networkidle")
    return round(sum(sizes))
