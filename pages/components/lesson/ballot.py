"""A room on a phone: where the class is, the choices to vote for, and what became of the vote."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from mtl_core.language import _
from mtl_core.lessons.parts import Question
from mtl_core.lessons.votes import lettered
from mtl_core.lessons.walkthrough import chosen
from mtl_core.rooms import Room
from pages.components.lesson import seat
from pages.components.lesson.seat import Seat

__all__ = ["form", "place"]


def place(here: Seat) -> None:
    """The room, and the way out of step with the class and back."""
    room = here.room
    if room.state == "asked":
        st.caption(_("Looking for room {code}…").format(code=room.code))
        return
    row = st.container(horizontal=True, vertical_alignment="center", key="seat")
    if room.state == "ended":
        row.caption(_("Room {code} has ended. Your predictions are still here.").format(code=room.code))
        row.button(_("Go on without it"), key="leave", on_click=seat.leave)
    elif here.follows:
        row.caption(_("Room {code}: this screen follows the class.").format(code=room.code))
        row.button(_("Go on alone"), key="alone", on_click=_alone, args=(True,))
    else:
        row.caption(_("Room {code}: the class is at step {n}.").format(code=room.code, n=room.step))
        row.button(_("Follow again"), key="follow", type="primary", on_click=_alone, args=(False,))


def form(here: Seat) -> Callable[[int, Question], None]:
    """What stands for the choices of a question, by its number, until the class sees the answers."""

    def choices(number: int, question: Question) -> None:
        room = here.room
        voted = st.session_state.get("voted", {}).get((room.code, number, room.take))
        st.radio(
            _("Your prediction"),
            range(len(question.choices)),
            index=chosen(st.session_state.answers, number),
            key=_ballot(room, number),
            format_func=lambda i: lettered(question, i),
            disabled=not room.voting,
        )
        if room.voting:
            picked = _picked(room, number, question)
            st.button(
                _("Commit to this prediction") if voted is None else _("Change my prediction to this"),
                key=f"vote_{number}",
                type="primary",
                disabled=picked is None or picked == voted,
                on_click=_vote,
                args=(here, number, question),
            )
        st.caption(_standing(here, voted, question))

    return choices


def _ballot(room: Room, number: int) -> str:
    """The key of the choices of a question in this vote."""
    return f"ballot_{number}_{room.take}"


def _picked(room: Room, number: int, question: Question) -> int | None:
    """What is chosen now; it comes from outside, so it may be anything."""
    choice = st.session_state[_ballot(room, number)]
    return choice if choice in range(len(question.choices)) else None


def _vote(here: Seat, number: int, question: Question) -> None:
    """A callback: vote for what is chosen, which may have changed since the button was drawn."""
    choice = _picked(here.room, number, question)
    if choice is not None:
        seat.vote(here, number, choice)


def _standing(here: Seat, voted: int | None, question: Question) -> str:
    if not here.room.voting:
        return _("The vote is closed. Talk about it; the teacher goes on.")
    if voted is None and here.room.round > 1:
        return _("Vote again: keep your prediction or change it.")
    if voted is None:
        return _("Nobody sees what you choose, only how many chose it.")
    return _("You predict {text} The teacher shows the answer to all at once.").format(
        text=_("{choice}.").format(choice=lettered(question, voted).rstrip("."))
    )


def _alone(alone: bool) -> None:
    st.session_state.goes_alone = alone
