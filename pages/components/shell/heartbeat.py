"""Says "this visitor is still here" on every page: a run goes on while its visitor reads another page.

An open page also finds a server that was restarted: it knows of no such tick, and draws the page anew.
"""

from __future__ import annotations

from pages.components.shell.live import beating

__all__ = ["show"]

BEAT_SECONDS = 20


def show() -> None:
    """Renew the visitor's lease again and again; draws nothing."""
    beating(BEAT_SECONDS)
