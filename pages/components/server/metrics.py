"""Numbers about the server and its visitors: nobody else's."""

from __future__ import annotations

import os

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["PrivateMetrics"]


class PrivateMetrics:
    """Answers as if there were no metrics: they are for whoever runs the server, who can read them behind a proxy of their own.

    Set MTL_METRICS=1 to let them through.

    Parameters
    ----------
    app : ASGI application
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for metrics here, and hand on every other."""
        hidden = scope.get("path", "").endswith("/_stcore/metrics") and os.environ.get("MTL_METRICS") != "1"
        await (PlainTextResponse("Not Found", status_code=404) if hidden else self._app)(scope, receive, send)
