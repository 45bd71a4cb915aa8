"""A room at its front: how many have voted, what they voted, and the teacher's switches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mtl_core.figures import votes
from mtl_core.jobs.runs import shared
from mtl_core.language import _, ngettext
from mtl_core.lessons.parts import Question, Step
from mtl_core.lessons.votes import lettered, summary, take_up, votes_csv
from mtl_core.lessons.walkthrough import questions
from mtl_core.rooms import LEAST, Room
from pages.components.lesson import seat
from pages.components.lesson.seat import Seat
from pages.components.shell import chart
from pages.components.shell.live import ticking

__all__ = ["afterwards", "distribution", "form", "show"]

_TIMES = (30, 60, 120)


def show(here: Seat, step: Step) -> None:
    """How many have voted, and what can be done."""
    row = st.container(horizontal=True, vertical_alignment="center", key="podium")
    with row:
        _status(here, step)
    _switches(row, here, step)


def distribution(here: Seat) -> Callable[[int, Question], None]:
    """What the class voted on a question, by its number, once the vote is closed or the teacher asks."""
    voting = here.room.voting

    def below(number: int, question: Question) -> None:
        if voting and not st.session_state.get("votes_now", False):
            return

        def draw() -> None:
            now = shared().rooms.look(here.room.code)
            _votes(now, number, question, revealed=here.step in now.revealed)

        with st.container(key=f"distribution_{number}"):
            ticking(draw, every=1.0 if voting else None)

    return below


def afterwards(room: Room) -> None:
    """The whole lesson in a table: how many were right in each vote, and what to take up."""
    rows = summary(room)
    if not rows:
        st.caption(_("Nobody has voted yet."))
        return
    st.dataframe(rows, hide_index=True, alt=_("Votes of each question, and what to take up"))
    st.download_button(
        _("All votes (CSV)"), votes_csv(room), "votes.csv", "text/csv", key="votes_csv", on_click="ignore"
    )


def form(here: Seat) -> Callable[[int, Question], None]:
    """The choices of a question, by its number, to be read out; once the vote is closed, with what was voted."""

    def choices(number: int, question: Question) -> None:
        rounds = [] if here.room.voting else [here.room.counts.get((number, which)) for which in (1, 2)]
        for i in range(len(question.choices)):
            text = lettered(question, i)
            shares = [f"**{votes.percent(counts, i)}\u00a0%**" for counts in rounds if counts is not None]
            st.markdown(" · ".join((f"**{text[:2]}** {text[3:]}", *filter(None, (" → ".join(shares),)))))

    return choices


def _switches(row: DeltaGenerator, here: Seat, step: Step) -> None:
    """What the teacher does with a step: close the vote, have another, show the answers."""
    room, numbers = here.room, [number for number, _question in questions(step)]
    if room.voting:
        row.button(_("Close the vote"), key="close", type="primary", on_click=seat.lead, args=(here, "close"))
        with row.popover(_("Timer"), key="timer"):
            for seconds in _TIMES:
                label = ngettext("{n} second", "{n} seconds", seconds).format(n=seconds)
                fields = {"seconds": seconds}
                st.button(label, key=f"timer_{seconds}", on_click=seat.lead, args=(here, "timer"), kwargs=fields)
            if room.ends is not None:
                st.button(_("No timer"), on_click=seat.lead, args=(here, "timer"), kwargs={"seconds": 0})
        row.toggle(_("Show the votes now"), key="votes_now", persist_state="session")
    elif any(room.voted.get((number, 1)) for number in numbers):
        row.button(_("Vote again"), key="again", on_click=seat.lead, args=(here, "again"))
    revealed = here.revealed
    label = _("Hide the answer") if revealed else _("Reveal the answer")
    kind: Literal["primary", "secondary"] = "secondary" if revealed or room.voting else "primary"
    row.button(label, key="reveal", type=kind, on_click=seat.lead, args=(here, "reveal"), kwargs={"on": not revealed})
    with row.popover(_("Room {code}").format(code=room.code), key="room_tools"):
        st.button(_("Show the QR code"), key="show_door", on_click=_door)
        st.button(
            _("Begin this step again"),
            key="restart",
            on_click=seat.lead,
            args=(here, "restart"),
            help=_("Forgets the votes of this step on all phones, and keeps those of the others."),
        )
        st.download_button(
            _("All votes (CSV)"), votes_csv(room), "votes.csv", "text/csv", key="votes_csv", on_click="ignore"
        )
        st.button(
            _("End the room"),
            key="end_room",
            on_click=seat.lead,
            args=(here, "end"),
            help=_("Forgets all votes, for good. Take the CSV first."),
        )


def _status(here: Seat, step: Step) -> None:
    """How many have voted, and the time that is left; drawn anew by itself."""
    numbers = [number for number, _question in questions(step)]

    def draw() -> None:
        room = shared().rooms.look(here.room.code)
        st.markdown(" · ".join(filter(None, (f"**{_voted(room, numbers)}**", seat.left(room)))))

    ticking(draw, every=1.0)


def _votes(room: Room, number: int, question: Question, *, revealed: bool) -> None:
    first, second = room.counts.get((number, 1)), room.counts.get((number, 2))
    if first is None and second is None:
        if room.voted.get((number, 1)):
            st.caption(_("The distribution is shown from {n} votes on.").format(n=LEAST))
        return
    texts = [lettered(question, i) for i in range(len(question.choices))]
    exhibit = votes.exhibit(texts, first, second, right=question.right if revealed else None)
    chart.show(exhibit, key=f"votes_{number}")
    if revealed and (misconception := take_up(question, second or first)) is not None:
        st.markdown(_("To take up: **{text}.** {why}").format(text=_(misconception.text), why=_(misconception.why)))


def _voted(room: Room, numbers: list[int]) -> str:
    voted = [room.voted.get((number, room.round), 0) for number in numbers]
    people = max(room.people, *voted)
    if not people:
        return _("Nobody has joined yet.")
    sentence = ngettext("{n} of {all} has predicted", "{n} of {all} have predicted", people)
    return sentence.format(n=_(", ").join(map(str, voted)), all=people)


def _door() -> None:
    st.session_state.door = True
