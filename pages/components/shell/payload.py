"""What a component of our own is given to show, handed to Streamlit in one piece."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["payload"]


def payload(data: Mapping[str, Any]) -> bytes:
    """The data of a component, whose script takes it as `JSON.parse(new TextDecoder().decode(data))`.

    Streamlit examines each value of a mapping for being a table of some kind, and writes any data as JSON twice. Bytes go to the
    browser as they are. What a visitor typed may be half a character, which only escapes can write.
    """
    return json.dumps(data, allow_nan=False).encode()
