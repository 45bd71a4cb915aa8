"""The line to the scheduler loses nothing that is told."""

from __future__ import annotations

import pytest
from distributed import Client

from mtl_core.jobs.cluster import Remote
from mtl_core.jobs.link import Link
from tests.mtl_core.jobs.waiting import until


def test_what_is_told_before_and_after_following_a_topic_arrives_however_late_the_line_is(
    scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, heard = Link(Remote(scheduler)), []
    link.connect()
    # What a client only leaves word of has not left its machine yet.
    monkeypatch.setattr(link._client, "_send_to_scheduler", lambda message: None)
    with Client(scheduler, set_as_default=False) as other:
        other.log_event("a topic", "before")
        until(lambda: other.get_events("a topic"))
        link.follow("a topic", lambda stamp, event: heard.append(event))
        other.log_event("a topic", "after")
        until(lambda: heard == ["before", "after"])
        link.unfollow("a topic")
        other.log_event("a topic", "later")
        until(lambda: len(other.get_events("a topic")) == 3)
    monkeypatch.undo()
    link.close()
    assert heard == ["before", "after"]
