"""The state of a screen: one value a field, read from the link once and written back after every run.

`st.session_state` holds each field of the five specs under its own name; widgets use those names as keys. What a widget
holds is not always what the field is (`merge` is a switch and a kind, `loss_weights` and `labelled` are two numbers each, `epoch` may be
"newest", values to compare are a list); `_WIDGETS` says how one becomes the other.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.state import get_session_state

from mtl_core.jobs.runs import shared
from mtl_core.records import Answer, Run
from mtl_core.spec import (
    BETWEEN,
    DataSpec,
    ExperimentSpec,
    ModelSpec,
    SweepSpec,
    TrainSpec,
    ViewSpec,
    knobs,
    unknown_keys,
)
from pages.components.shell import browser

__all__ = [
    "NEWEST",
    "arrival",
    "ask",
    "compare",
    "comparison",
    "experiment",
    "follow_newest",
    "link_notes",
    "look",
    "looking",
    "open_link",
    "put",
    "query",
    "view",
    "visitor",
    "write_link",
]

NEWEST = None
"""What the epoch slider holds while it follows a run. Streamlit lets a slider start at the option that is None, so that it
rests here from the first moment on."""

# field: (its widgets' values from the field's value, the field's value from its widgets')
_WIDGETS: dict[str, tuple[Callable[[Any], dict[str, Any]], Callable[[Any], Any]]] = {
    "merge": (
        lambda merge: {"concatenate": merge != "none"} | ({} if merge == "none" else {"merge_kind": merge}),
        lambda held: (
            "none" if not held["concatenate"] else held["merge_kind"] if "merge_kind" in held else "concatenate"  # noqa: SIM401
        ),
    ),
    "loss_weights": (
        lambda pair: {"loss_weight_1": pair[0], "loss_weight_2": pair[1]},
        lambda held: (held["loss_weight_1"], held["loss_weight_2"]),
    ),
    "labelled": (
        lambda pair: {"labelled_1": pair[0], "labelled_2": pair[1]},
        lambda held: (held["labelled_1"], held["labelled_2"]),
    ),
    "epoch": (
        lambda epoch: {"epoch": NEWEST if epoch < 0 else epoch},
        lambda held: -1 if held["epoch"] is NEWEST else held["epoch"],
    ),
    "vary_values": (
        lambda text: {"vary_values": text.split(BETWEEN) if text else []},
        lambda held: BETWEEN.join(held["vary_values"]),
    ),
    "also_values": (
        lambda text: {"also_values": text.split(BETWEEN) if text else []},
        lambda held: BETWEEN.join(held["also_values"]),
    ),
}


def open_link(*, history: bool, page: str = "") -> None:
    """Take over the link's query, before any widget exists: in a session's first run, when the visitor goes back or on, and
    when a link within the app leads to another page with a query of its own.

    Parameters
    ----------
    history : bool
        Whether this run is for the browser's Back or Forward. Only links that the app has written are taken over then: a
        change of page has moments without a query.
    page : str
        What Streamlit calls the page that is drawn.
    """
    query = st.query_params.to_dict()
    st.session_state.setdefault("link_stamp", 0)
    if history or "visitor" not in st.session_state or "v" not in query:
        st.session_state.arrived = True
        st.session_state.link_stamp += 1
    # Streamlit calls the first page by another name in a session's first run, and sends the query of its arrival once more.
    old = st.session_state.get("written"), st.session_state.get("asked")
    followed = page != st.session_state.get("page", page) and query not in old
    st.session_state.page, st.session_state.asked = page, query
    if "visitor" in st.session_state:
        if (history or followed) and "v" in query:
            put(ExperimentSpec.from_query(query)[0])
            _hold(ViewSpec.from_query(query)[0])
            compare(SweepSpec.from_query(query)[0])
        return
    st.session_state.visitor = browser.new_visitor()
    st.session_state.language = ViewSpec.from_query(query)[0].language  # first, because the notes are in it
    spec, notes = ExperimentSpec.from_query(query)
    looked_at, more = ViewSpec.from_query(query)
    compared, still_more = SweepSpec.from_query(query)
    st.session_state.link_notes = notes + more + still_more + unknown_keys(query)
    put(spec)
    _hold(looked_at)
    compare(compared)


def put(spec: ExperimentSpec) -> None:
    """Make `spec` the experiment on screen; call it before its widgets exist, or in a callback."""
    for part in (spec.model, spec.data, spec.train):
        _hold(part)


def compare(wanted: SweepSpec) -> None:
    """Make `wanted` the comparison on screen; call it before its widgets exist, or in a callback."""
    _hold(wanted)


def experiment() -> tuple[ExperimentSpec, list[str]]:
    """The experiment on screen, and a sentence if the widgets together asked for too much.

    It goes through the link's own decoder, because a widget's limits are enforced in the browser only.
    """
    spec, notes = _read(ExperimentSpec, (*_held(ModelSpec, DataSpec, TrainSpec).items(),), st.session_state.language)
    return spec, list(notes)


def view() -> ViewSpec:
    """What is being looked at."""
    looked_at: ViewSpec = _read(ViewSpec, (*_held(ViewSpec).items(),), st.session_state.language)[0]
    return looked_at


def comparison() -> tuple[SweepSpec, list[str]]:
    """The comparison on screen, and a sentence for every value that was not taken as written."""
    wanted, notes = _read(SweepSpec, (*_held(SweepSpec).items(),), st.session_state.language)
    return wanted, list(notes)


def follow_newest() -> None:
    """Unpin the epoch: show the newest one."""
    st.session_state.epoch = NEWEST


def visitor() -> str:
    """The name under which this session follows runs."""
    return str(st.session_state.visitor)


def ask(spec: ExperimentSpec, epoch: int, kind: str, **options: Any) -> Answer:
    """A question about a finished model, as one of this visitor's."""
    return shared().ask(spec, epoch, kind, visitor=visitor(), **options)


def look(spec: ExperimentSpec) -> Run:
    """What is known of an experiment, as this visitor may see it."""
    return shared().look(spec, visitor())


def looking() -> Callable[[ExperimentSpec], Run]:
    """`look` of this visitor, for where there is no session."""
    return functools.partial(shared().look, visitor=visitor())


def link_notes() -> list[str]:
    """What the link said that was not taken as written."""
    return list(st.session_state.link_notes)


def query() -> dict[str, str]:
    """What a link to this screen says."""
    return {**experiment()[0].to_query(), **view().to_query(), **comparison()[0].to_query()}


def write_link() -> None:
    """Make the address bar name this screen, as a step that Back undoes; Streamlit keeps its own keys (embed).

    Where the visitor has only just arrived nothing is written: that would be a step of the app's, and Back would lead to it.
    There the browser puts the link in the place of the one that led here, see `arrival`.
    """
    wanted = query()
    if not st.session_state.arrived and st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)
    st.session_state.written = wanted


def arrival() -> dict[str, Any]:
    """For the browser, after `write_link`: the link of this screen, and a number that is a new one at each arrival."""
    st.session_state.arrived = False
    return {"link": urlencode(st.session_state.written), "stamp": st.session_state.link_stamp}


@functools.lru_cache(maxsize=1024)
def _read(spec: Any, held: tuple[tuple[str, str], ...], _language: str) -> tuple[Any, tuple[str, ...]]:
    """What widgets stand for: asked for ten times in a run of a page, and the same again while nothing is changed."""
    value, notes = spec.from_query(dict(held))
    return value, tuple(notes)


def _hold(spec: Any) -> None:
    """Let the widgets have what a spec says."""
    for name in knobs(spec):
        value = getattr(spec, name)
        st.session_state.update(_WIDGETS[name][0](value) if name in _WIDGETS else {name: value})


def _held(*specs: Any) -> dict[str, str]:
    """What the widgets have of all fields of some specs, as a link writes it."""
    held = get_session_state()  # what `st.session_state` reads from: some two hundred values at a click
    return {
        knob.key: knob.write(_WIDGETS[name][1](held) if name in _WIDGETS else held[name])
        for spec in specs
        for name, knob in knobs(spec).items()
    }
