"""The walkthrough on paper: a packet for learners, the teacher's copy, and each step by itself."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from mtl_core.language import _
from mtl_core.lessons.handout import PAPERS, Paper, handout, packet
from mtl_core.lessons.parts import Step
from mtl_core.lessons.walkthrough import STEPS
from mtl_core.spec import ViewSpec
from pages.components.shell import address
from pages.components.shell.drawn_file import Image, drawn_file

__all__ = ["link", "packets", "step_file"]


def packets() -> None:
    """The packet and the teacher's copy, on either size of paper."""
    st.markdown(
        _(
            "All steps on paper: the drawings, the questions with letters to mark, a QR code for each step and a line for the name. "
            "The first page has a code for the test in a week. Print them from your browser, or save them as PDF."
        )
    )
    addresses = {step.id: _address(step) for step in STEPS}
    later = link("quiz", ViewSpec(moment="later"))
    row = st.container(horizontal=True)
    for paper in PAPERS:
        for solutions, name, label in (
            (False, "packet", _("Packet ({paper})")),
            (True, "teachers-copy", _("Teacher’s copy ({paper})")),
        ):
            make = functools.partial(_packet, addresses=addresses, later=later, solutions=solutions, paper=paper)
            with row:
                drawn_file(label.format(paper=paper), f"{name}-{paper}.html", make)


def step_file(step: Step) -> None:
    """One step with its answers."""
    name = f"{STEPS.index(step) + 1}-{step.id}.html"
    address = _address(step)
    drawn_file(_("Handout to print"), name, lambda image: handout(step, address=address, image=image))


def link(page: str, view: ViewSpec) -> str:
    """A short address for phones, with nothing of whoever makes it; from localhost, that of this computer in its network."""
    return address.reachable(f"{address.page(page)}?{urlencode(view.to_query())}")[0]


def _address(step: Step) -> str:
    return link("walkthrough", ViewSpec(step=STEPS.index(step) + 1))


def _packet(image: Image, *, addresses: Mapping[str, str], later: str, solutions: bool, paper: Paper) -> str:
    return packet(
        STEPS,
        address=lambda step: addresses[step.id],
        later=later,
        solutions=solutions,
        paper=paper,
        image=image,
    )
