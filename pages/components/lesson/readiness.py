"""Ready for class? What a teacher wants to know before the lesson: workers warm, lessons recorded, room for how many."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st
from dask.system import CPU_COUNT

from mtl_core.jobs.runs import shared
from mtl_core.language import _
from mtl_core.lessons.walkthrough import experiments
from pages.components.server import descriptors

__all__ = ["show"]


_ROOM = 300
"""People on one app process, each changing something every 15 s, who nearly always had their answer within a second when
`make load` rehearsed it."""

_REHEARSED_ON = 2
"""Cores of the machine of that rehearsal, which is in the README."""


def show() -> None:
    """The check, made anew at every visit."""
    st.header(_("Ready for class?"))
    health = shared().health()
    recorded = sum(shared().look(spec).state == "finished" for spec in experiments())
    rows = (
        (
            health.warm,
            _("Workers: {n}, warmed up").format(n=health.workers)
            if health.warm
            else _("Workers: {n}; not warm yet. Live runs wait some seconds longer.").format(n=health.workers),
        ),
        (
            recorded == len(experiments()),
            _("Lessons: {n} of {all} runs are there to be shown at once").format(n=recorded, all=len(experiments())),
        ),
        (
            not health.queued,
            _("Queue: {running} running, {queued} waiting").format(running=health.running, queued=health.queued),
        ),
        (
            CPU_COUNT >= _REHEARSED_ON,
            _(
                "Room: in a rehearsal on {rehearsed} cores, one app process answered {room} people who changed something every "
                "15 seconds, nearly always within a second; this one may use {cores}"
            ).format(room=_ROOM, rehearsed=_REHEARSED_ON, cores=CPU_COUNT),
        ),
        *_connections(),
        (
            not health.problem,
            health.problem
            or (_("Finished runs are kept on disk") if health.store else _("Finished runs are kept in memory")),
        ),
    )
    for good, text in rows:
        st.markdown(f"* **{_('Ready') if good else _('Not yet')}**: {text}")


def _connections() -> Iterator[tuple[bool, str]]:
    """For how many the system lets this process open connections; nothing where it sets no limit."""
    people = descriptors.room()
    if people is not None:
        yield (
            people >= _ROOM,
            _(
                "Connections: the system's limit of open files lets this app process serve {people:,} people at once"
            ).format(people=people),
        )
