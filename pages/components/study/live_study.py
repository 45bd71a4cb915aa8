"""The study of sharing as recorded, or anew from the visitor's own seeds; what it was made with, and what was done in it."""

from __future__ import annotations

import random

import streamlit as st

from mtl_core.figures import names
from mtl_core.language import _
from mtl_core.spec import ExperimentSpec
from mtl_core.study import sharing
from mtl_core.study.recorded import made_by
from pages.components.shell import state
from pages.components.study import plan

__all__ = ["about", "choose", "is_recorded", "seeds"]

_LIVE_SEEDS = 3
_FIRST, _LAST = 100, 9_999_999


def seeds() -> range:
    """The seeds of the study on screen: the recorded ones, or three of the visitor's own."""
    first = state.comparison()[0].live_seed
    return range(first, first + _LIVE_SEEDS) if first else sharing.SEEDS


def is_recorded(chosen: range) -> bool:
    """Whether these are the recorded seeds."""
    return chosen == sharing.SEEDS


def choose(specs: tuple[ExperimentSpec, ...], chosen: range) -> None:
    """Say where the numbers come from, and offer the other way."""
    row = st.container(horizontal=True, vertical_alignment="center", key="live_study")
    if is_recorded(chosen):
        row.button(
            _("Run it live"),
            key="live",
            on_click=_begin,
            disabled=len(specs) // len(chosen) * _LIVE_SEEDS > plan.most_runs(),
            help=_("Trains the whole study from three seeds of your own: other data, other first weights."),
        )
        row.caption(
            _("Recorded with Keras {keras}: {n} seeds, {runs} runs.").format(
                keras=made_by()["keras"], n=len(chosen), runs=len(specs)
            )
        )
    else:
        row.button(_("Back to the recorded runs"), key="recorded", on_click=_go_back)
        row.caption(_("Your own runs, seeds {first} to {last}.").format(first=chosen.start, last=chosen.stop - 1))


def about() -> None:
    """What was trained, and what was done."""
    with st.expander(_("What was trained")):
        base = sharing.BASE
        st.markdown(
            _(
                "Tweets in numbers, {rule}, {angle}°, {units} LSTM units, {rows} training rows, {epochs} epochs, rate {rate}. So few units "
                "and rows are chosen on purpose: with more of both, what the tasks do to each other is smaller. For the last figure: no "
                "merge, one shared LSTM, each task needs its own tweet only, and the two tweets tell it in unrelated features."
            ).format(
                rule=names.rule(base.data.rule),
                angle=f"{base.data.mixing_deg:g}",
                units=base.model.lstm_units,
                rows=base.data.n_train,
                epochs=base.train.epochs,
                rate=f"{base.train.learning_rate:g}",
            )
        )
        st.markdown(
            "\n".join(
                f"* **{_(each.label)}**: {_(each.what)}"
                for name, each in sharing.INTERVENTIONS.items()
                if name != "untouched"
            )
        )
        st.markdown(
            _(
                "A single task is made with a loss weight of 0 for task 2: with an LSTM each and no merge, nothing else of the model is "
                "head 1’s, so its loss is that of a model that never had a task 2."
            )
        )


def _begin() -> None:
    st.session_state.live_seed = random.randint(_FIRST, _LAST)
    plan.begin()


def _go_back() -> None:
    plan.stop()
    st.session_state.live_seed = 0
