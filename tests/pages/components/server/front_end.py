"""Streamlit's front end: some of its files, and the server that answers with them."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send
from streamlit import file_util
from streamlit.web.server.starlette.starlette_app import create_streamlit_middleware
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_assets_routes

__all__ = ["CHARTS", "CODE", "FONT", "STATIC", "Counting"]

STATIC = Path(file_util.get_static_dir())
CHARTS = next((STATIC / "static" / "js").glob("PlotlyChart.*.js"))
CODE = next((STATIC / "static" / "js").glob("protobuf.*.js"))
FONT = next((STATIC / "static" / "media").glob("*.woff2"))


class Counting:
    """Streamlit's own answers, how often it was asked, and how often a file was read for one."""

    def __init__(self, base: str = "") -> None:
        routes, middleware = create_streamlit_static_assets_routes(base), create_streamlit_middleware()
        self._app = Starlette(routes=routes, middleware=middleware)
        self.asked = self.read = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and count."""
        self.asked += 1
        self.read += scope["method"] == "GET"
        await self._app(scope, receive, send)
