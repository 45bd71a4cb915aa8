"""Train, stop, watch: the loss of both heads as the epochs arrive, with the lines that no head can go below."""

from __future__ import annotations

import functools

import streamlit as st

from mtl_core.data import make_labels
from mtl_core.figures import loss, names, reliance
from mtl_core.jobs.runs import shared
from mtl_core.language import _, ngettext
from mtl_core.records import BoundLines, Run
from mtl_core.spec import ExperimentSpec, ViewSpec, knob
from mtl_core.theory import bayes_loss, bound_lines
from pages.components.shell import chart, state
from pages.components.shell.live import AT_ONCE, AT_REST, USUALLY, live

__all__ = ["bounds_of", "pinned_epoch", "progress", "show"]


@functools.lru_cache(maxsize=512)
def bounds_of(spec: ExperimentSpec) -> BoundLines:
    """The lines for this experiment's own test rows: the best predictors, scored on the very rows the curves are scored on."""
    risk = bayes_loss(make_labels(spec.data, spec.train.seed, "test"), spec.data)
    return bound_lines(spec.model, spec.data, risk)


def pinned_epoch(run: Run, view: ViewSpec) -> int | None:
    """The shown epoch if the visitor chose it; None while the newest is followed."""
    return run.nearest(view.epoch) if view.epoch >= 0 else None


def show(spec: ExperimentSpec, run: Run, bounds: BoundLines) -> None:
    """The buttons, and below them what changes by itself."""
    row = st.container(horizontal=True, vertical_alignment="center")
    if run.busy:
        row.button(_("Stop"), key="stop", on_click=_stop, args=(spec,))
    else:
        again = run.state == "finished" and run.source != "recorded"
        row.button(
            _("Train again") if again else _("Train"),
            key="train",
            type="primary",
            on_click=_train,
            args=(spec, again),
            help=_("Trains this Keras model on a worker, now, on made-up tweets."),
        )
    with row:
        st.caption(names.origin_in_words(run))
    other = state.look(spec.other_case)
    live(
        lambda: _panel(spec, bounds),
        now=(run.busy, bool(run.message), other.busy, _due(run), state.view().epoch),
        busy=run.busy or other.busy,
        every=AT_ONCE if _due(run) else USUALLY if run.busy else AT_REST,
    )


def _due(run: Run) -> bool:
    """Whether this visitor pressed Train and the first updated epoch may come any moment: that is answered at once."""
    pressed = st.session_state.get("pressed") == run.spec
    return pressed and run.busy and len(run.epochs) < 2 and not run.position


def _train(spec: ExperimentSpec, again: bool) -> None:
    state.follow_newest()
    st.session_state.pressed = spec
    shared().train(spec, state.visitor(), again=again)
    if shared().look(spec.other_case).state == "none":
        shared().background(spec.other_case, state.visitor())


def _stop(spec: ExperimentSpec) -> None:
    for each in (spec, spec.other_case):
        shared().stop(each, state.visitor())


def _panel(spec: ExperimentSpec, bounds: BoundLines) -> tuple[bool, bool, bool, bool, int]:
    run, other, view = state.look(spec), state.look(spec.other_case), state.view()
    shared().renew(state.visitor())
    if run.busy:
        progress(run)
    pinned = pinned_epoch(run, view)
    chart.show(loss.exhibit(run, other, bounds, pinned=pinned), key="loss_chart")
    if run.epochs:
        _epoch_slider(run, view)
        chart.show(reliance.exhibit(run, pinned=pinned), key="reliance_chart")
    return run.busy, bool(run.message), other.busy, _due(run), view.epoch


def progress(run: Run, name: str = "") -> None:
    """How far a run is, or how long it waits; `name` says which, where there are several."""
    planned, done = run.spec.train.epochs, run.epochs[-1].index if run.epochs else 0
    if run.state == "queued" and run.wait is None:
        text = _("Waiting for the training engine")
    elif run.state == "queued":
        ahead = run.position or 0
        text = ngettext("Waiting: {n} run ahead", "Waiting: {n} runs ahead", ahead).format(n=ahead)
        text += _("; starts in about {s:.0f} s").format(s=run.wait)
    elif run.silent:
        text = _("Epoch {done} of {planned}; the worker has been silent for {s:.0f} s").format(
            done=done, planned=planned, s=run.silent
        )
    elif run.seconds_left is not None:
        text = _("Epoch {done} of {planned}; about {s:.0f} s left").format(
            done=done, planned=planned, s=run.seconds_left
        )
    else:
        text = _("Building the model and compiling its first epoch")
    st.progress(done / planned, text=f"{name}: {text}" if name else text)


def _epoch_slider(run: Run, view: ViewSpec) -> None:
    """The slider is moved by its visitor only: its right end is "newest", so a run moves on below a slider that rests."""
    planned, shown = run.spec.train.epochs, run.nearest(view.epoch)
    # An epoch that a link brought or that was chosen for a longer run stays on offer: else Streamlit would move the slider.
    epochs = [*range(planned + 1), *([view.epoch] if view.epoch > planned else [])]
    st.select_slider(
        _(knob(ViewSpec, "epoch").label),
        [*epochs, state.NEWEST],
        key="epoch",
        format_func=lambda epoch: _("newest") if epoch is state.NEWEST else str(epoch),
        persist_state="session",
        help=_(
            "0 is before any update; at its right end it follows the newest. All that is measured below is of this epoch."
        ),
    )
    if view.epoch > planned:
        st.caption(
            _("This run ends at epoch {planned}, so epoch {n} is not there; shown is {m}.").format(
                planned=planned, n=view.epoch, m=shown
            )
        )
    elif view.epoch > shown:
        st.caption(_("Epoch {n} has not come yet; shown is {m}.").format(n=view.epoch, m=shown))
