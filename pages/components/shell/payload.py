"""What a component of our own is given to show, handed to Streamlit in one piece."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["payload"]


def payload(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The data of a component, whose script takes it as `data: [data]`.

    Each value of a mapping Streamlit examines for being a table of some kind, which took a tenth of a click. A list goes
    to the browser as it is.
    """
    return [data]
