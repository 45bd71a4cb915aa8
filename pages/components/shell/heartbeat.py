"""Says "this visitor is still here" on every page, so that a run goes on while its visitor reads another page."""

from __future__ import annotations

from mtl_core.jobs.runs import shared
from pages.components.shell import state
from pages.components.shell.live import ticking

__all__ = ["show"]

BEAT_SECONDS = 20


def show() -> None:
    """Renew the visitor's lease again and again, if they have one; draws nothing, so that every tick ends at the door."""
    if shared().holds(state.visitor()):
        ticking(lambda: None, every=BEAT_SECONDS, watch=lambda: None)
