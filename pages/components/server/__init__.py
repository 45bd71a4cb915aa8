"""What the web server does besides Streamlit's own work: files compressed, headers that protect, uploads that end.

`middleware` is what a request passes on its way to Streamlit, and an answer on its way back, from the outside in.
"""

from __future__ import annotations

from starlette.middleware import Middleware

from pages.components.server.access import AccessCode
from pages.components.server.compression import CompressedFiles
from pages.components.server.descriptors import raise_limit
from pages.components.server.headers import Headers
from pages.components.server.kept import KeptFiles
from pages.components.server.log import throttle
from pages.components.server.metrics import PrivateMetrics
from pages.components.server.uploads import Uploads

__all__ = ["KeptFiles", "middleware", "raise_limit", "throttle"]


def middleware() -> list[Middleware]:
    """For `st.App`."""
    return [Middleware(each) for each in (Headers, AccessCode, PrivateMetrics, Uploads, CompressedFiles)]
