"""Train, stop, watch: the picture with the arrows that grow as epochs arrive, and the slider that goes back to any of them."""

from __future__ import annotations

import functools
from collections.abc import Hashable

import streamlit as st

from mtl_core.data import make_labels
from mtl_core.figures import names
from mtl_core.jobs.runs import shared
from mtl_core.language import _, ngettext
from mtl_core.records import BoundLines, Run
from mtl_core.spec import ExperimentSpec, ViewSpec, knob
from mtl_core.theory import bayes_loss, bound_lines
from pages.components.playground import drawing, picture
from pages.components.shell import state
from pages.components.shell.live import AT_ONCE, AT_REST, USUALLY, live
from pages.components.shell.terms import linked

__all__ = ["bounds_of", "pinned_epoch", "progress", "progress_of", "show"]


@functools.lru_cache(maxsize=512)
def bounds_of(spec: ExperimentSpec) -> BoundLines:
    """The lines for this experiment's own test rows: the best predictors, scored on the very rows the curves are scored on."""
    risk = bayes_loss(make_labels(spec.data, spec.train.seed, "test"), spec.data)
    return bound_lines(spec.model, spec.data, risk)


def pinned_epoch(run: Run, view: ViewSpec) -> int | None:
    """The shown epoch if the visitor chose it; None while the newest is followed."""
    return run.nearest(view.epoch) if view.epoch >= 0 else None


def show(spec: ExperimentSpec, view: ViewSpec, run: Run, other: Run) -> None:
    """The picture, and below it what trains it and which epoch of it is shown; `other` is the other case's run."""
    if not (run.busy or other.busy):
        _panel(spec, view, run, other)
        return
    look = state.looking()

    def draw() -> tuple[object, ...]:
        now = state.view(), look(spec), look(spec.other_case)
        _panel(spec, *now)
        return _now(state.experiment()[0], *now)

    live(
        draw,
        now=_now(spec, view, run, other),
        watch=lambda: progress_of(look(spec), look(spec.other_case)),
        busy=True,
        every=AT_ONCE if _due(run) else USUALLY if run.busy else AT_REST,
    )


def progress_of(*runs: Run) -> Hashable:
    """What changes by itself while runs are under way: their epochs, and what is said of them."""
    return tuple((run.state, len(run.epochs), run.message, _progress_in_words(run, other=runs[-1])) for run in runs)


def _now(spec: ExperimentSpec, view: ViewSpec, run: Run, other: Run) -> tuple[object, ...]:
    """What the rest of the page depends on."""
    return spec, run.busy, bool(run.message), other.busy, _due(run), view.epoch, view.head


def _due(run: Run) -> bool:
    """Whether this visitor pressed Train and the first updated epoch may come any moment: that is answered at once."""
    pressed = st.session_state.get("pressed") == run.spec
    return pressed and run.busy and len(run.epochs) < 2 and not run.position


def _train(again: bool) -> None:
    """A callback: train what is set now, which may have changed since the button was drawn; again only if it said so."""
    spec, _problems = state.experiment()
    state.follow_newest()
    st.session_state.pressed = spec
    shared().train(spec, state.visitor(), again=again and _trained_here(state.look(spec)))
    if shared().look(spec.other_case).state == "none":
        shared().background(spec.other_case, state.visitor())


def _stop(spec: ExperimentSpec) -> None:
    for each in (spec, spec.other_case):
        shared().stop(each, state.visitor())


def _panel(spec: ExperimentSpec, view: ViewSpec, run: Run, other: Run) -> None:
    if view.drawing == "calls":
        picture.show(spec, view, run)
    else:
        drawing.show(spec, view)
    with st.container(horizontal=True, vertical_alignment="center", key="training"):
        _button(spec, run)
        if run.busy:
            with st.container():
                progress(run, other=other)
                if run.message:
                    st.caption(run.message)
        else:
            st.caption(" ".join(filter(None, (names.origin_in_words(run), _confirmation(spec, run)))))
    _epoch_slider(run, view)


def _confirmation(spec: ExperimentSpec, run: Run) -> str:
    """Whether the real Keras model has the calls that are drawn; nothing before one was built."""
    return (
        drawing.confirmation(drawing.graph_of(spec.model, spec.data), run)
        if run.config and run.source != "recorded"
        else ""
    )


def _trained_here(run: Run) -> bool:
    """Whether it was trained here, so that another training of it is one more."""
    return run.state == "finished" and run.source != "recorded"


def _button(spec: ExperimentSpec, run: Run) -> None:
    if run.busy:
        st.button(_("Stop"), key="stop", on_click=_stop, args=(spec,))
        return
    again = _trained_here(run)
    st.button(
        _("Train again") if again else _("Train"),
        key="train",
        type="primary",
        on_click=_train,
        args=(again,),
        help=_("Trains this Keras model now, on the server, and then the other case."),
    )


def progress(run: Run, name: str = "", *, other: Run | None = None) -> None:
    """How far a run is, or how long it waits; `name` says which, where there are several, and `other` is the other case's."""
    text = _progress_in_words(run, other=other)
    st.progress(_done(run) / run.spec.train.epochs, text=f"{name}: {text}" if name else text)


def _done(run: Run) -> int:
    return run.epochs[-1].index if run.epochs else 0


def _progress_in_words(run: Run, *, other: Run | None) -> str:
    planned, done = run.spec.train.epochs, _done(run)
    if run.state == "queued" and run.wait is None:
        text = _("Waiting for the training engine")
    elif run.state == "queued":
        ahead = run.position or 0
        text = ngettext("Waiting: {n} run ahead", "Waiting: {n} runs ahead", ahead).format(n=ahead)
        if ahead == 1 and other is not None and other.state == "running":
            text = _("Waiting for the other case")
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
    return text


def _epoch_slider(run: Run, view: ViewSpec) -> None:
    """The slider is moved by its visitor only: its right end is "newest", so a run moves on below a slider that rests."""
    planned, shown = run.spec.train.epochs, run.nearest(view.epoch)
    # An epoch that a link brought or that was chosen for a longer run stays on offer: else Streamlit would move the slider.
    epochs = [*range(planned + 1), *([view.epoch] if view.epoch > planned else [])]
    st.select_slider(
        _(knob(ViewSpec, "epoch").label),
        [*epochs, state.NEWEST],
        key="epoch",
        disabled=not run.epochs,
        format_func=lambda epoch: _("newest") if epoch is state.NEWEST else str(epoch),
        persist_state="session",
        help=linked(
            _(
                "An epoch is one pass over all training pairs; 0 is before the first. At its right end the slider follows the "
                "newest. Everything on the page is of this epoch."
            )
        ),
    )
    if view.epoch > planned:
        st.caption(
            _("This run ends at epoch {planned}, so epoch {n} is not there; shown is {m}.").format(
                planned=planned, n=view.epoch, m=shown
            )
        )
    elif view.epoch > shown and run.epochs:
        st.caption(_("Epoch {n} has not come yet; shown is {m}.").format(n=view.epoch, m=shown))
