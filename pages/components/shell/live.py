"""A block that redraws itself while something is under way, and the whole page once when that ends.

A tick costs the server some 8 ms, most of it Streamlit's, unless it brings nothing (see `ticks`). So that a class of hundreds is
answered at once, each page ticks the less often the more people watch: better every second without delay than three times a
second, two seconds late.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

import streamlit as st
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from mtl_core.jobs.runs import shared
from mtl_core.language import speaking, spoken
from pages.components.shell import state
from pages.components.shell.in_turn import in_turn
from pages.components.shell.ticks import Gate, page_comes

__all__ = ["AT_ONCE", "AT_REST", "USUALLY", "beating", "changed", "live", "page_anew", "ticking"]

AT_ONCE = 0.05
"""Seconds between two ticks while somebody waits for a first result that is due any moment."""

USUALLY = 0.3
"""While a run under way is what the page is about."""

AT_REST = 1.0
"""While only something beside the point may still change."""

_SHARE = 0.03
"""Seconds between two ticks of a block for each who watches. A page has two such blocks: with 8 ms a tick, half of the process is
left for clicks."""


def changed() -> Hashable:
    """For a block of which nobody says what it depends on: something new each time, since no two objects are equal."""
    return object()


def live(
    draw: Callable[[], Hashable],
    *,
    now: Hashable,
    busy: bool,
    every: float = USUALLY,
    watch: Callable[[], Hashable] = changed,
) -> None:
    """Draw a block; while `busy`, draw it again every so often.

    Parameters
    ----------
    draw : callable
        Draws the block and returns what the rest of the page depends on.
    now : hashable
        What `draw` would return for the page as it stands. When it returns something else, the whole page is drawn anew.
    busy : bool
        Whether anything may still change by itself.
    every : float
        Seconds between two ticks, where few people watch.
    watch : callable, optional
        See `ticking`.
    """
    if not busy:
        draw()
        return

    def tick() -> None:
        if draw() != now:
            page_anew()

    ticking(tick, every=max(every, _SHARE * shared().watchers()), watch=watch)


def ticking(draw: Callable[[], object], *, every: float | None, watch: Callable[[], Hashable] = changed) -> None:
    """Draw a block, and draw it again every so many seconds; None: never.

    With `watch`, which says all that may change by itself of what `draw` shows and does, ticks that find nothing changed are
    not drawn. It is called without a session. Without it, every tick is drawn.

    It has a container to itself. Where a server is busy, a tick may begin before the page is sent. Streamlit then takes the
    block back in order to send it anew, and a browser closes the gap meanwhile: what stood behind it would move to its place,
    be overwritten, and in the end leave a blank page ("'setIn' cannot be called on an ElementNode").
    """
    with st.container():
        st.fragment(in_turn(_gated(draw, watch)), run_every=every)()


def page_anew() -> None:
    """Draw the whole page anew, from within a block; ticks wait for it from now on."""
    page_comes()
    st.rerun()


def beating(every: float) -> None:
    """Renew this visitor's lease every so many seconds, by ticks that never reach Streamlit (see `ticks`).

    Their block has nothing in it, so it needs no container of its own, and no turn.
    """
    st.fragment(_gated(lambda: None, lambda: None), run_every=every)()


def _gated(draw: Callable[[], object], watch: Callable[[], Hashable]) -> Callable[[], object]:
    visitor, language = state.visitor(), spoken()

    def watched() -> Hashable:
        shared().renew(visitor)
        with speaking(language):
            return watch()

    gate = Gate(watched)

    def block() -> None:
        gate.drawing(ThreadState.get().fragment_id or "")
        draw()

    block.__qualname__ += visitor  # of which Streamlit makes the fragment's id: no other visitor has this one
    return block
