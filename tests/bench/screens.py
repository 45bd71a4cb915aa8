"""The server as a visitor meets it: its start, its answers, its memory; by a client that speaks Streamlit's protocol.

Seconds end with the last message of the answer. What a browser adds (drawing it: some 0.1 s) is not in them.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

import psutil

from tests.bench.figure import Figure
from tests.browser.server import NOBODY, Server
from tests.browser.visit import chromium
from tests.browser.weight import first_visit
from tests.load.client import Session, open_session

__all__ = ["screen_figures"]

_START, _GRAPH, _MEMORY, _BYTES = 2.5, 0.15, 300e6, 3e6
_SEEN, _NEW = 0.3, 1.0
_PATIENCE = 120.0
_LINK = "v=1&ep=3"


def screen_figures(rounds: int) -> tuple[list[Figure], list[str]]:
    """Figures of the server, and whether its process keeps clear of TensorFlow."""
    with tempfile.TemporaryDirectory() as name, Server(Path(name) / "alone", DASK_SCHEDULER_ADDRESS=NOBODY) as server:
        without = asyncio.run(_toggles(server, rounds))
        with chromium() as windows:
            playground, walkthrough = (first_visit(windows, server.url, path) for path in ("/", "/walkthrough"))
    with tempfile.TemporaryDirectory() as name:
        starts = [_start_seconds(Path(name) / str(number)) for number in range(max(2, rounds // 2))]
        with Server(Path(name) / "warm") as server:
            seen, new = asyncio.run(_clicks(server, rounds))
            toggles = asyncio.run(_toggles(server, rounds))
            memory = psutil.Process(server.pid).memory_info().rss
            loaded = "tensorflow" in server.mapped() or "tensorflow" in server.imported()
    figures = [
        Figure(what="server start to the first screen: graph and recorded curves", seconds=starts, at_most=_START),
        Figure(what="toggle to the new graph, with a worker", seconds=toggles, at_most=_GRAPH, unit="ms"),
        Figure(what="toggle to the new graph, without one", seconds=without, at_most=_GRAPH, unit="ms"),
        Figure(what="Train to the first updated epoch on screen, a shape seen before", seconds=seen, at_most=_SEEN),
        Figure(what="Train to the first updated epoch on screen, a new shape", seconds=new, at_most=_NEW),
        Figure(what="bytes of a first visit to the playground", seconds=[playground], at_most=_BYTES, unit="MB"),
        Figure(what="the same to the walkthrough", seconds=[walkthrough], at_most=_BYTES, unit="MB"),
        Figure(what="memory of the UI process after all that", seconds=[memory], at_most=_MEMORY, unit="MB"),
    ]
    return figures, [f"TensorFlow in the UI process (its imports, its mapped files): {'**yes**' if loaded else 'no'}."]


def _start_seconds(folder: Path) -> float:
    began = time.monotonic()
    with Server(folder) as server:
        asyncio.run(_first_screen(server))
        return time.monotonic() - began


async def _first_screen(server: Server) -> None:
    async with open_session(server.url) as session:
        assert {"bidi_component", "plotly_chart"} <= session.kinds(), session.kinds()


async def _toggles(server: Server, rounds: int) -> list[float]:
    async with open_session(server.url) as session:
        for number in range(4 * rounds):
            await session.act("toggle", "concatenate", bool_value=bool(number % 2))
        assert not session.errors, session.errors
        return [timing.seconds for timing in session.timings if timing.action == "toggle"]


async def _clicks(server: Server, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds from Train to the first updated epoch on screen: seeds of the default shape, and new shapes."""
    async with open_session(server.url, query=_LINK) as session:
        await session.act("unfold", "more", bool_value=True)
        await _click(session, "seed", 99)  # Waits until the worker is warm.
        seen = [await _click(session, "seed", 100 + number) for number in range(rounds)]
        new = [await _click(session, "hidden_units", 31 + number) for number in range(rounds)]
        assert not session.errors, session.errors
    return seen, new


async def _click(session: Session, knob: str, value: float) -> float:
    """Set a knob, press Train, wait until the run and that of the other case are over."""
    await session.act("set", knob, double_value=value)
    began = time.monotonic()
    await session.act("train", "train", trigger_value=True)
    await session.until(_updated, _PATIENCE)
    seconds = time.monotonic() - began
    await session.until(lambda its: its.has("train") and not its.redraws, _PATIENCE)
    return seconds


def _updated(session: Session) -> bool:
    return any(text.startswith("Epoch ") and not text.startswith("Epoch 0") for text in session.texts())
