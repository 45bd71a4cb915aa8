"""The connection to the scheduler loses nothing that is told."""

from __future__ import annotations

import asyncio
import threading

from distributed import Client

from mtl_core.jobs.cluster import Remote
from mtl_core.jobs.connection import Connection


def test_what_is_told_before_and_after_following_a_topic_arrives_and_nothing_that_is_told_later(scheduler: str) -> None:
    async def heard(topic: str) -> list[str]:
        events: list[str] = []
        all_told = asyncio.Event()

        def hear(stamp: float, event: str) -> None:
            events.append(event)
            if len(events) == 2:
                all_told.set()

        connection = await Connection.to(Remote(scheduler), threading.Event())
        async with Client(scheduler, asynchronous=True, set_as_default=False) as other:
            await other.log_event(topic, "before")
            async with connection.following(topic, hear):
                await other.log_event(topic, "after")
                await asyncio.wait_for(all_told.wait(), 20)
            await other.log_event(topic, "later")
            assert len(await other.get_events(topic)) == 3
            # Whatever the scheduler had to say about it was said before this.
            await connection.queue("")
        await connection.close()
        return events

    for number in range(5):
        assert asyncio.run(heard(f"a topic {number}")) == ["before", "after"]
