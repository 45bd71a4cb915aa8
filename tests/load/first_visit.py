"""What a browser that has never been here fetches before it shows a page, fetched again without a browser for each of a class."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

from playwright.sync_api import Request

from tests.browser.visit import Visitor, chromium

__all__ = ["addresses", "fetch"]

_AT_ONCE = 6
"""Connections that a browser opens to one host."""


def addresses(url: str) -> list[str]:
    """Paths of the files that a browser with an empty cache asks for when it opens the playground, and stays until it rests."""
    asked: list[str] = []

    def note(request: Request) -> None:
        parts = urlsplit(request.url)
        if request.method == "GET" and parts.netloc == urlsplit(url).netloc:
            asked.append(parts.path + (f"?{parts.query}" if parts.query else ""))

    with chromium() as windows, windows.newcomer() as page:
        page.on("request", note)
        Visitor(page, url).open("/")
        page.wait_for_load_state("networkidle")
    return list(dict.fromkeys(asked))  # what was fetched ahead is asked for again and taken from the cache


async def fetch(url: str, paths: Sequence[str]) -> int:
    """Fetch files as a browser does, over a few connections that stay open; bytes that came over the wire.

    Raises
    ------
    ValueError
        If a file is not there.
    """
    left = list(reversed(paths))

    async def connection() -> int:
        parts, size = urlsplit(url), 0
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        try:
            while left:
                path = left.pop()
                writer.write(
                    f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: gzip, deflate\r\n\r\n".encode()
                )
                size += await _answer(reader, path)
        finally:
            writer.close()
        return size

    return sum(await asyncio.gather(*(connection() for _place in range(_AT_ONCE))))


async def _answer(reader: asyncio.StreamReader, path: str) -> int:
    """Read one answer; its bytes."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").lower().splitlines()
    if " 200 " not in f"{first} ":
        raise ValueError(f"{path}: {first}")
    headers = dict(line.split(": ", 1) for line in lines if line)
    if "content-length" in headers:
        return len(head) + len(await reader.readexactly(int(headers["content-length"])))
    size = len(head)
    while True:  # in chunks, each with its length before it and a line's end behind it
        length = await reader.readuntil(b"\r\n")
        chunk = await reader.readexactly(int(length, 16) + 2)
        size += len(length) + len(chunk)
        if len(chunk) == 2:
            return size
