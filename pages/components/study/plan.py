"""The comparison that this session has started, and the scores that it knows. Only a page that is open asks for more runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from mtl_core.jobs.runs import shared
from mtl_core.jobs.series import Series
from mtl_core.jobs.settings import number
from mtl_core.records import Run, Score
from mtl_core.spec import ExperimentSpec
from mtl_core.study import recorded
from pages.components.shell import state

__all__ = ["advance", "begin", "everything_known", "known", "look_for", "most_runs", "stop", "under_way"]

_MOST_RUNS = 200


def most_runs() -> int:
    """How many runs a comparison may ask this server for: the environment variable MTL_SWEEP_RUNS, else 200."""
    return int(number("MTL_SWEEP_RUNS", _MOST_RUNS, least=0))


def everything_known() -> dict[ExperimentSpec, Score]:
    """Whatever this session has seen, recorded scores to begin with; it grows while runs come."""
    if "scores" not in st.session_state:
        st.session_state.scores = dict(recorded())
    scores: dict[ExperimentSpec, Score] = st.session_state.scores
    return scores


def known(specs: Sequence[ExperimentSpec]) -> Mapping[ExperimentSpec, Score]:
    """The scores of some experiments, as far as this session knows them."""
    scores = everything_known()
    return {spec: scores[spec] for spec in specs if spec in scores}


def look_for(specs: tuple[ExperimentSpec, ...]) -> Mapping[ExperimentSpec, Run]:
    """Learn the scores of all that are finished, and which runs gave none: half a millisecond for each that is not known yet."""
    series = Series(specs, everything_known())
    series.look_for(shared(), specs)
    return series.problems


def under_way(specs: tuple[ExperimentSpec, ...]) -> Series | None:
    """The series of these runs, if it was started and not stopped; another one that goes on is stopped."""
    if st.session_state.pop("series_begins", False):
        st.session_state.series = Series(specs, everything_known())
    series: Series | None = st.session_state.get("series")
    if series is not None and series.specs != specs:
        stop()
        return None
    return series


def begin() -> None:
    """A callback: start to ask for the runs that are on the page next, which may have changed since the button was drawn."""
    st.session_state.series_begins = True


def stop() -> None:
    """Ask for no more, and follow the run under way no longer."""
    series: Series | None = st.session_state.pop("series", None)
    if series is not None:
        series.stop(shared(), state.visitor())


def advance(series: Series) -> Run | None:
    """What is under way, after the next run was asked for if it was time; None at the end, which ends the series."""
    run = series.advance(shared(), state.visitor())
    if run is None:
        st.session_state.pop("series", None)
    return run
