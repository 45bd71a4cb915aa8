"""Train, stop, watch: the loss of both heads as the epochs arrive, with the lines that no head can go below."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import streamlit as st

from mtl_core.data import make_labels
from mtl_core.figures import figures, headings, narrate, tables
from mtl_core.jobs.runs import shared
from mtl_core.language import _, ngettext
from mtl_core.records import BoundLines, Run
from mtl_core.spec import ExperimentSpec, ViewSpec
from mtl_core.theory import bayes_loss, bound_lines
from pages.components.shell import chart, state
from pages.components.shell.live import AT_ONCE, AT_REST, USUALLY, live

__all__ = ["bounds_of", "measured_epoch", "pinned_epoch", "progress", "show", "shown_epoch"]


_ECHO_TURNS = 4
"""Turns of the script within which an echo comes: as many as a browser's messages that are on their way at once."""


@dataclass(frozen=True, slots=True)
class _Moves:
    """Where the script has put the epoch slider.

    Parameters
    ----------
    number : int
        How many sliders there have been.
    about : tuple of (str, bool)
        Digest of the run that it is about, and whether that was under way.
    turn : int
        How often it was drawn.
    places : dict of int to int
        Where it stood, and the last turn in which it was moved from or to there.
    """

    number: int = 0
    about: tuple[str, bool] = ("", False)
    turn: int = 0
    places: dict[int, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Key of the widget."""
        return f"epoch_slider_{self.number}"


@functools.lru_cache(maxsize=512)
def bounds_of(spec: ExperimentSpec) -> BoundLines:
    """The lines for this experiment's own test rows: the best predictors, scored on the very rows the curves are scored on."""
    risk = bayes_loss(make_labels(spec.data, spec.train.seed, "test"), spec.data)
    return bound_lines(spec.model, spec.data, risk)


def shown_epoch(run: Run, view: ViewSpec) -> int:
    """The epoch everything below the slider shows: the pinned one if the run has it, else the newest."""
    newest = run.epochs[-1].index if run.epochs else 0
    return newest if view.epoch < 0 else min(view.epoch, newest)


def pinned_epoch(run: Run, view: ViewSpec) -> int | None:
    """The shown epoch if the visitor chose it; None while the newest is followed."""
    return shown_epoch(run, view) if view.epoch >= 0 else None


def measured_epoch(run: Run, view: ViewSpec) -> int:
    """The epoch that can be measured: the shown one, or the nearest whose weights are kept."""
    shown = shown_epoch(run, view)
    return min(run.kept, key=lambda kept: (abs(kept - shown), kept), default=shown)


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
            help=_("Trains this Keras model on a worker, now, on synthetic number sequences (not text)."),
        )
    with row:
        st.caption(_standing(run))
    other = state.look(spec.other_case)
    live(
        lambda: _panel(spec, bounds),
        now=(run.busy, other.busy, _due(run), state.view().epoch),
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


def _standing(run: Run) -> str:
    """Where these curves come from, or why there are none."""
    if run.message:
        return run.message
    if run.busy:
        return _("Training on a worker; you may look around meanwhile.")
    return {
        "none": _("Not trained yet: press Train."),
        "recorded": _("These curves were recorded with Keras {keras}; Train runs it live.").format(
            keras=run.versions.get("keras", "?")
        ),
        "stored": _("This run was trained before and stored."),
        "live": _("Trained just now."),
    }["none" if run.state == "none" else run.source]


def _panel(spec: ExperimentSpec, bounds: BoundLines) -> tuple[bool, bool, bool, int]:
    run, other, view = state.look(spec), state.look(spec.other_case), state.view()
    shared().renew(state.visitor())
    if run.busy:
        progress(run)
    pinned = pinned_epoch(run, view)
    at = next((epoch for epoch in run.epochs if epoch.index == shown_epoch(run, view)), None)
    st.header(headings.learning(run, bounds, at))
    chart.per_head(
        functools.partial(figures.loss, run, other, bounds, pinned=pinned),
        key="loss_chart",
        reading=narrate.loss(run, other, bounds, pinned=pinned),
        rows=lambda: tables.loss_table(run, other),
    )
    if run.epochs:
        _epoch_slider(run, view)
        st.header(headings.reliance(spec.model))
        chart.per_head(
            functools.partial(figures.reliance, run, pinned=pinned),
            key="reliance_chart",
            reading=narrate.reliance(run, pinned=pinned),
            rows=lambda: tables.reliance_table(run),
        )
    return run.busy, other.busy, _due(run), view.epoch


def progress(run: Run, name: str = "") -> None:
    """How far a run is, or how long it waits; `name` says which, where there are several."""
    planned, done = run.spec.train.epochs, run.epochs[-1].index if run.epochs else 0
    if run.state == "queued":
        ahead = run.position or 0
        text = ngettext("Waiting: {n} run ahead", "Waiting: {n} runs ahead", ahead).format(n=ahead)
        text += "" if run.wait is None else _("; starts in about {s:.0f} s").format(s=run.wait)
    elif done:
        left = run.epochs[-1].seconds / done * (planned - done)
        text = _("Epoch {done} of {planned}; about {s:.0f} s left").format(done=done, planned=planned, s=left)
    else:
        text = _("Building the model and compiling its first epoch")
    st.progress(done / planned, text=f"{name}: {text}" if name else text)


def _epoch_slider(run: Run, view: ViewSpec) -> None:
    key, start = _slider(run, view)
    row = st.container(horizontal=True, vertical_alignment="bottom")
    row.slider(
        _("Epoch shown"),
        0,
        run.spec.train.epochs,
        start,
        key=key,
        on_change=_pin,
        args=(key,),
        help=_(
            "0 is before any update. It follows the newest epoch until you move it; all that is measured below is of this epoch."
        ),
    )
    if view.epoch >= 0:
        row.button(_("Follow the newest"), key="follow", on_click=state.follow_newest)


def _slider(run: Run, view: ViewSpec) -> tuple[str, int | None]:
    """Key and start of the slider, which stands at the epoch shown; no start where the script moves it there.

    Where the script moves a slider, a message that is on its way from the browser yet has the former place, as if
    somebody had touched it. So outside a run it is never moved: one that must stand elsewhere is a new one, with a new
    key. During a run it moves with every epoch, and the places of its last turns are known for echoes. A browser that is
    behind may draw it only after the message that moved it is overtaken: then it stands at its start, which therefore is
    one of those places too.
    """
    epoch, about = shown_epoch(run, view), (run.spec.digest(), run.busy)
    moves = st.session_state.get("slider_moves", _Moves())
    turn, number = moves.turn + 1, moves.number
    places = {place: last for place, last in moves.places.items() if turn - last <= _ECHO_TURNS}
    here = st.session_state.get(moves.key)
    if here is None or (about != moves.about and view.epoch < 0) or (here != epoch and not run.busy):
        number, here, places = number + 1, epoch, {epoch: turn}
    moves = st.session_state.slider_moves = _Moves(number, about, turn, places)
    if here == epoch:
        return moves.key, epoch
    st.session_state[moves.key] = epoch
    places.update({here: turn, epoch: turn})
    return moves.key, None


def _pin(key: str) -> None:
    """The slider was touched, unless this is an echo: of a slider that is gone, or of a place that it had a moment ago."""
    moves: _Moves = st.session_state.slider_moves
    running = moves.about[1]
    if key == moves.key and not (running and st.session_state[key] in moves.places):
        st.session_state.epoch = st.session_state[key]
