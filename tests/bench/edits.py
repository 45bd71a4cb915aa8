"""From an edited tweet to both cases' new answers on screen, in a real browser: what a visitor's hand feels."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.bench.figure import Figure
from tests.browser.server import NOBODY, Server
from tests.browser.visit import Visitor, chromium

__all__ = ["edit_figures"]

_BUDGET = 0.15

_SECONDS = """kind => new Promise(done => {
    const inside = key => [...document.querySelectorAll(`.st-key-${key} *`)].find(node => node.shadowRoot).shadowRoot
    const editor = inside("pair"), answers = [...inside("answer_bars").querySelectorAll("td[title]")]
    const said = () => answers.map(cell => cell.title).join()
    const field = editor.querySelector(kind === "slide" ? "input[type=range]" : ".tweet[data-tweet=tweet_b] select")
    const before = said(), options = [...(field.options ?? [])].map(option => option.value)
    const watch = new MutationObserver(() => {
        if (said() === before) return
        watch.disconnect()
        // What was changed in this frame is on screen in the next.
        requestAnimationFrame(() => done((performance.now() - began) / 1000))
    })
    for (const cell of answers) watch.observe(cell, {attributes: true, attributeFilter: ["title"]})
    const began = performance.now()
    if (kind === "slide") field.value = (Number(field.value) + 8) % 17
    else field.value = options.find(value => value !== field.value)
    field.dispatchEvent(new Event(kind === "slide" ? "input" : "change"))
})"""


def edit_figures(rounds: int) -> list[Figure]:
    """Seconds from a moved slider and from a chosen word to the new bars, without any worker."""
    with (
        tempfile.TemporaryDirectory() as name,
        Server(Path(name), DASK_SCHEDULER_ADDRESS=NOBODY) as server,
        chromium() as windows,
        windows.visitors(server.url) as visit,
    ):
        me = visit("/")
        return [
            Figure(
                what=f"{what} to the new answers of both cases on screen, in a browser",
                seconds=[_seconds(me, kind) for _round in range(4 * rounds)],
                at_most=_BUDGET,
                unit="ms",
            )
            for kind, what in (("slide", "a moved slider"), ("pick", "a chosen word"))
        ]


def _seconds(me: Visitor, kind: str) -> float:
    seconds = float(me.page.evaluate(_SECONDS, kind))
    me.settle()
    return seconds
