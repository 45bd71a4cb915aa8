"""The line to the scheduler loses nothing that is told."""

from __future__ import annotations

import pytest
from distributed import Client

from mtl_core.jobs.cluster import Remote
from mtl_core.jobs.connection import Connection
from tests.mtl_core.jobs.waiting import until


def test_what_is_told_before_and_after_following_a_topic_arrives_however_late_the_line_is(
    scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection, heard = Connection(Remote(scheduler)), []
    connection.connect()
    # What a client only leaves word of has not left its machine yet.
    monkeypatch.setattr(connection._client, "_send_to_scheduler", lambda message: None)
    with Client(scheduler, set_as_default=False) as other:
        other.log_event("a topic", "before")
        until(lambda: other.get_events("a topic"))
        connection.follow("a topic", lambda stamp, event: heard.append(event))
        other.log_event("a topic", "after")
        until(lambda: heard == ["before", "after"])
        connection.unfollow("a topic")
        other.log_event("a topic", "later")
        until(lambda: len(other.get_events("a topic")) == 3)
    monkeypatch.undo()
    connection.close()
    assert heard == ["before", "after"]
