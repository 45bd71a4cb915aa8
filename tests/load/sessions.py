"""A thousand visitors come and go, and the UI process is no larger than after the first few hundred.

    python -m tests.load.sessions                   (`make sessions`)

Streamlit keeps up to 128 sessions that were disconnected for two minutes, so the process grows until that many have gone.
From then on it must be flat: a straight line through its memory after each batch of the last 700 visits may rise by
`SLOPE` bytes a session at most, and the process must stay within its budget of 300 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
from pathlib import Path

import psutil

from tests.browser.server import NOBODY, Server
from tests.load.client import open_session

__all__ = ["main", "visits"]

BATCH = 10
SETTLED = 300
"""Sessions until the process has its size."""

SLOPE = 10_000
"""Bytes a session. A session on the playground holds some 200 kB while it lives, so one in twenty that leaks would show."""

BUDGET = 300e6


async def visits(server: Server, sessions: int, batch: int = BATCH) -> list[tuple[int, int]]:
    """Open and close sessions; returns the UI process's memory in bytes after each number of them."""
    ui = psutil.Process(server.pid)
    sizes = []
    for done in range(0, sessions, batch):
        await asyncio.gather(*(_visit(server.url, number) for number in range(done, done + batch)))
        sizes.append((done + batch, ui.memory_info().rss))
    return sizes


async def _visit(url: str, number: int) -> None:
    """Open the playground, look around, and leave."""
    async with open_session(url) as session:
        await session.act("toggle", "concatenate", bool_value=bool(number % 2))
        if session.errors:
            raise RuntimeError("; ".join(session.errors))


def main() -> None:
    """The command line. Exit code 1 if the process grew."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sessions", type=int, default=1000)
    sessions = options.parse_args().sessions
    # Pages need no worker, and this is about the process that serves them.
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder), DASK_SCHEDULER_ADDRESS=NOBODY) as server:
        sizes = asyncio.run(visits(server, sessions))
    for done, size in sizes[:: max(1, len(sizes) // 20)]:
        print(f"{done:5} sessions  {size / 1e6:6.1f} MB")
    late = [(done, size) for done, size in sizes if done > min(SETTLED, sessions // 2)]
    slope = statistics.linear_regression(*zip(*late, strict=True)).slope
    largest = max(size for _, size in sizes)
    print(f"{slope:.0f} bytes a session (at most {SLOPE}); {largest / 1e6:.0f} MB at most (budget {BUDGET / 1e6:.0f})")
    sys.exit(0 if slope <= SLOPE and largest <= BUDGET else 1)


if __name__ == "__main__":
    main()
