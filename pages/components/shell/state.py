"""The state of a screen: one value a field, read from the link once and written back after every run.

`st.session_state` holds each field of the four specs under its own name; widgets use those names as keys. Two fields are
shown as two widgets each (`merge` as a switch and a kind, `loss_weights` as two numbers); `_SPLIT` says how.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from mtl_core.jobs.runs import shared
from mtl_core.records import Run
from mtl_core.spec import DataSpec, ExperimentSpec, ModelSpec, TrainSpec, ViewSpec, knobs, unknown_keys

__all__ = [
    "experiment",
    "follow_newest",
    "link_notes",
    "look",
    "open_link",
    "put",
    "query",
    "view",
    "visitor",
    "write_link",
]

_EXPERIMENT = {name: its for spec in (ModelSpec, DataSpec, TrainSpec) for name, its in knobs(spec).items()}

# field: (its widgets' values from the field's value, the field's value from its widgets')
_SPLIT: dict[str, tuple[Callable[[Any], dict[str, Any]], Callable[[Mapping[str, Any]], Any]]] = {
    "merge": (
        lambda merge: {"concatenate": merge != "none"} | ({} if merge == "none" else {"merge_kind": merge}),
        lambda held: held.get("merge_kind", "concatenate") if held["concatenate"] else "none",
    ),
    "loss_weights": (
        lambda pair: {"loss_weight_1": pair[0], "loss_weight_2": pair[1]},
        lambda held: (held["loss_weight_1"], held["loss_weight_2"]),
    ),
}


def open_link() -> None:
    """Take over the link's query; does something only in a session's first run, and before any widget exists."""
    if "visitor" in st.session_state:
        return
    st.session_state.visitor = uuid.uuid4().hex
    query = st.query_params.to_dict()
    st.session_state.language = ViewSpec.from_query(query)[0].language  # first, because the notes are in it
    spec, notes = ExperimentSpec.from_query(query)
    looked_at, more = ViewSpec.from_query(query)
    st.session_state.link_notes = notes + more + unknown_keys(query)
    put(spec)
    st.session_state.update({name: getattr(looked_at, name) for name in knobs(ViewSpec)})


def put(spec: ExperimentSpec) -> None:
    """Make `spec` the experiment on screen; call it before its widgets exist, or in a callback."""
    for part in (spec.model, spec.data, spec.train):
        for name in knobs(part):
            value = getattr(part, name)
            st.session_state.update(_SPLIT[name][0](value) if name in _SPLIT else {name: value})


def experiment() -> tuple[ExperimentSpec, list[str]]:
    """The experiment on screen, and a sentence if the widgets together asked for too much.

    It goes through the link's own decoder, because a widget's limits are enforced in the browser only.
    """
    held = st.session_state
    values = {name: _SPLIT[name][1](held) if name in _SPLIT else held[name] for name in _EXPERIMENT}
    return ExperimentSpec.from_query({its.key: its.write(values[name]) for name, its in _EXPERIMENT.items()})


def view() -> ViewSpec:
    """What is being looked at."""
    table = knobs(ViewSpec)
    return ViewSpec.from_query({its.key: its.write(st.session_state[name]) for name, its in table.items()})[0]


def follow_newest() -> None:
    """Unpin the epoch: show the newest one."""
    st.session_state.epoch = -1


def visitor() -> str:
    """The name under which this session follows runs."""
    return str(st.session_state.visitor)


def look(spec: ExperimentSpec) -> Run:
    """What is known of an experiment, as this visitor may see it."""
    return shared().look(spec, visitor())


def link_notes() -> list[str]:
    """What the link said that was not taken as written, until dismissed."""
    return list(st.session_state.link_notes)


def query() -> dict[str, str]:
    """What a link to this screen says."""
    return {**experiment()[0].to_query(), **view().to_query()}


def write_link() -> None:
    """Make the address bar name this screen; Streamlit keeps its own keys (embed)."""
    wanted = query()
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)
