"""How each head's loss responds to each input: disturb a tweet by degrees, or fix one and slide the other."""

from __future__ import annotations

import functools

import numpy as np
import streamlit as st

from mtl_core.figures import response
from mtl_core.figures import what_if as what_if_figure
from mtl_core.figures.exhibit import Exhibit
from mtl_core.language import _
from mtl_core.records import Answer, BoundLines, Response, Run, WhatIf
from mtl_core.spec import ExperimentSpec, ViewSpec, knob, other_input
from pages.components.playground import dependence, drawing
from pages.components.shell import chart, state
from pages.components.shell.live import live
from pages.components.shell.switch import switch

__all__ = ["EVIDENCE", "exhibit_of", "response_of", "show", "what_if", "what_if_exhibit", "what_if_of"]

EVIDENCE = np.linspace(-3, 3, 61)
"""The other tweet's evidence along the what-if axis, in standard deviations."""


def show(spec: ExperimentSpec, view: ViewSpec, run: Run, epoch: int, bounds: BoundLines) -> None:
    """The response of both heads to the disturbance that the visitor chose."""
    st.header(response.heading(drawing.graph_of(spec.model, spec.data).dependence()))
    ways = {
        "permute": _("shuffling it between pairs"),
        "noise": _("adding noise"),
        "fade": _("fading it to zero"),
    }
    switch("perturbation", ways)
    ask = functools.partial(response_of, run, epoch, view)

    def draw() -> str:
        answer = ask()
        if not waiting(answer):
            chart.show(exhibit_of(spec, answer.value, bounds, plain=not view.nats), key="response_chart", heading=False)
        return answer.state

    now = ask().state
    live(draw, now=now, busy=now == "pending")


def response_of(run: Run, epoch: int, view: ViewSpec) -> Answer:
    """The response to the disturbance that the visitor chose."""
    if view.perturbation == "permute":
        return dependence.shuffled(run, epoch)
    return state.ask(run.spec, epoch, "respond", perturbation=view.perturbation)


def what_if_of(spec: ExperimentSpec, epoch: int, view: ViewSpec) -> Answer:
    """The answers of the head that the visitor asks, along `EVIDENCE`."""
    about = {"head": view.what_if_head, "own_evidence": view.own, "other_evidence": tuple(EVIDENCE)}
    return state.ask(spec, epoch, "what_if", **about)


def exhibit_of(
    spec: ExperimentSpec, measured: Response, bounds: BoundLines, *, plain: bool = False, beside: Run | None = None
) -> Exhibit:
    """The response of an experiment's heads; `plain` counts right answers, and draws those of another run `beside` it."""
    paths = drawing.graph_of(spec.model, spec.data).dependence()
    return response.exhibit(measured, paths, bounds, plain=plain, beside=beside)


def what_if_exhibit(spec: ExperimentSpec, view: ViewSpec, answer: WhatIf, *, plain: bool = False) -> Exhibit:
    """The answer of the head that the visitor asks, at the evidence that the slider has; `plain` leaves the loss out."""
    head = view.what_if_head
    connected = drawing.graph_of(spec.model, spec.data).reaches(other_input(head), head)
    return what_if_figure.exhibit(answer, EVIDENCE, output=head, at=view.other, connected=connected, plain=plain)


def waiting(answer: Answer) -> bool:
    """Say why there is no value yet; False if there is one."""
    if answer.state == "pending":
        st.caption(_("Measuring on the trained model…"))
    elif answer.value is None:
        st.info(answer.message or _("Nothing to measure yet: train first."))
    return answer.value is None


def what_if(spec: ExperimentSpec, view: ViewSpec, run: Run, epoch: int) -> None:
    """Fix my tweet's evidence, slide the other's, and watch one head's probability and loss."""
    st.header(what_if_figure.heading())
    controls = st.columns(3, vertical_alignment="bottom")
    with controls[0]:
        switch("what_if_head", {"predictions1": _("Head 1"), "predictions2": _("Head 2")})
    for column, name in zip(controls[1:], ("own", "other"), strict=True):
        row = knob(ViewSpec, name)
        column.slider(
            _(row.label),
            float(row.low),
            float(row.high),
            step=0.1,
            key=name,
            format="%.1f",
            help=_(
                "What a tweet says, as one number: positive speaks for yes, negative for no. Most lie between −2 and 2."
            ),
            persist_state="session",
        )
    ask = functools.partial(what_if_of, spec, epoch, view)

    def draw() -> str:
        answer = ask()
        if not waiting(answer):
            chart.show(
                what_if_exhibit(spec, view, answer.value, plain=not view.nats), key="what_if_chart", heading=False
            )
        return answer.state

    now = ask().state
    live(draw, now=now, busy=now == "pending")
