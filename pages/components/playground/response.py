"""How each head's loss responds to each input: disturb a tweet by degrees, or fix one and slide the other."""

from __future__ import annotations

import functools

import numpy as np
import streamlit as st

from mtl_core.figures import figures, narrate, tables
from mtl_core.jobs.runs import shared
from mtl_core.language import _
from mtl_core.records import Answer, BoundLines, Run
from mtl_core.spec import ExperimentSpec, ViewSpec, knob, other_input
from pages.components.playground import dependence, drawing
from pages.components.shell import chart
from pages.components.shell.live import live
from pages.components.shell.switch import switch

__all__ = ["EVIDENCE", "response_of", "show", "what_if", "what_if_of"]

EVIDENCE = np.linspace(-3, 3, 61)
"""The other tweet's evidence along the what-if axis, in standard deviations."""


def show(spec: ExperimentSpec, view: ViewSpec, run: Run, epoch: int, bounds: BoundLines) -> None:
    """The response of both heads to the disturbance that the visitor chose."""
    ways = {
        "permute": _("shuffling it between pairs"),
        "noise": _("adding noise"),
        "fade": _("fading it to zero"),
    }
    switch("perturbation", _("Disturb a tweet by"), ways)
    ask = functools.partial(response_of, run, epoch, view)

    def draw() -> str:
        answer = ask()
        if waiting(answer):
            return answer.state
        paths = drawing.graph_of(spec.model, spec.data).dependence()
        chart.per_head(
            functools.partial(figures.response, answer.value, paths, bounds),
            key="response_chart",
            reading=narrate.response(answer.value, paths),
            rows=lambda: tables.response_table(answer.value),
        )
        return answer.state

    now = ask().state
    live(draw, now=now, busy=now == "pending")


def response_of(run: Run, epoch: int, view: ViewSpec) -> Answer:
    """The response to the disturbance that the visitor chose."""
    if view.perturbation == "permute":
        return dependence.shuffled(run, epoch)
    return shared().ask(run.spec, epoch, "respond", perturbation=view.perturbation)


def what_if_of(spec: ExperimentSpec, epoch: int, view: ViewSpec) -> Answer:
    """The answers of the head that the visitor asks, along `EVIDENCE`."""
    about = {"head": view.what_if_head, "own_evidence": view.own, "other_evidence": tuple(EVIDENCE)}
    return shared().ask(spec, epoch, "what_if", **about)


def waiting(answer: Answer) -> bool:
    """Say why there is no value yet; False if there is one."""
    if answer.state == "pending":
        st.caption(_("Measuring on the trained model…"))
    elif answer.value is None:
        st.info(answer.message or _("Nothing to measure yet: train first."))
    return answer.value is None


def what_if(spec: ExperimentSpec, view: ViewSpec, run: Run, epoch: int) -> None:
    """Fix my tweet's evidence, slide the other's, and watch one head's probability and loss."""
    controls = st.columns(3, vertical_alignment="bottom")
    with controls[0]:
        switch("what_if_head", _("Ask"), {"predictions1": _("Head 1"), "predictions2": _("Head 2")})
    for column, name, label in (
        (controls[1], "own", _("Evidence in its own tweet")),
        (controls[2], "other", _("Evidence in the other tweet")),
    ):
        its = knob(ViewSpec, name)
        column.slider(
            label,
            float(its.low),
            float(its.high),
            step=0.1,
            key=name,
            format="%.1f",
            help=_("In standard deviations: positive evidence speaks for a label of 1."),
            persist_state="session",
        )
    head = view.what_if_head
    ask = functools.partial(what_if_of, spec, epoch, view)
    connected = drawing.graph_of(spec.model, spec.data).reaches(other_input(head), head)

    def draw() -> str:
        answer = ask()
        if not waiting(answer):
            about = {"output": head, "at": view.other, "connected": connected}
            chart.beside(
                {
                    part: figures.what_if(
                        answer.value, EVIDENCE, **about, dark=chart.dark(), narrow=chart.phone(), parts=(part,)
                    )
                    for part in ("probability", "loss")
                },
                key="what_if_chart",
                reading=narrate.what_if(answer.value, EVIDENCE, **about),
                rows=lambda: tables.what_if_table(answer.value, EVIDENCE),
            )
        return answer.state

    now = ask().state
    live(draw, now=now, busy=now == "pending")
