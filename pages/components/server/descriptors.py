"""How many visitors the system lets one process serve, which is a matter of file descriptors.

A visitor takes four: a connection, and three of the event loop that Streamlit gives to the thread of a session. The usual soft
limit of 1,024 was the end at some 250 visitors; the hard limit, up to which a process may help itself, is mostly higher.
"""

from __future__ import annotations

import sys

__all__ = ["raise_limit", "room"]

_A_VISITOR = 4
_OTHERS = 120
"""What the process itself has open: libraries, its log, workers, files."""

_ENOUGH = 65_536
"""More is of no use, and where there is no limit at all some programs try to close every number up to it."""


def raise_limit() -> None:
    """Raise this process's limit as far as the system allows; nothing on Windows, which has none."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def room() -> int | None:
    """How many visitors this process has descriptors for; None where there is no limit."""
    if sys.platform == "win32":
        return None
    import resource

    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if soft == resource.RLIM_INFINITY else max(0, soft - _OTHERS) // _A_VISITOR
