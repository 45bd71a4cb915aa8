"""Four answers at once: two heads in two trained cases, beside the true chance. Computed here and now, without a worker."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from mtl_core.figures import answers, names
from mtl_core.figures.answers import Answers
from mtl_core.figures.numbers import capital
from mtl_core.forward import Network
from mtl_core.jobs.runs import shared
from mtl_core.language import _
from mtl_core.palette import theme
from mtl_core.spec import INPUTS, OUTPUTS, DataSpec, ExperimentSpec, ModelSpec, ViewSpec
from pages.components.playground import tweets
from pages.components.shell import chart, state
from pages.components.shell.in_turn import in_turn
from pages.components.shell.payload import payload

__all__ = ["cases", "network_of", "show"]

_HERE = Path(__file__).parent

_PAIR = ("tweet_a", "tweet_b", "own", "other")
"""What of the view says which pair is asked about."""

_BARS = st.components.v2.component(
    "answers",
    html="<table></table>\n<p></p>",
    css=(_HERE / "answers.css").read_text(encoding="utf-8"),
    js=(_HERE / "answers.js").read_text(encoding="utf-8"),
)


def cases(spec: ExperimentSpec) -> tuple[ExperimentSpec, ExperimentSpec]:
    """The connected case and the other one, whichever is on screen."""
    return (spec.other_case, spec) if spec.model.merge == "none" else (spec, spec.other_case)


def network_of(spec: ExperimentSpec, view: ViewSpec) -> Network | None:
    """The trained model at the epoch shown; None if there is none yet."""
    trained = shared().network(spec, view.epoch)
    return trained[1] if trained else None


@st.fragment
@in_turn
def show(spec: ExperimentSpec) -> None:
    """The two tweets and the four answers: an edit draws these anew and nothing else."""
    view = state.view()
    networks = {case: shared().network(case, view.epoch) for case in cases(spec)}
    shown = [(case.model, _said(of[1], spec.data, view) if of else None) for case, of in networks.items()]
    remarks = [_remark(case, view, of[0]) if of else "" for case, of in networks.items()]
    true = _truth(spec.data, *tweets.evidences(spec.data, view))
    said = answers.exhibit(shown, true) if st.session_state.get("tweets_stamp") else None  # not before they are asked
    st.header(said.heading if said else _("Change tweet_b, watch head 1"))
    on_screen = networks[spec]
    tweets.show(spec.data, view, on_screen[1] if on_screen else None)
    _BARS(
        key="answer_bars",
        data=payload(_bars(shown, true, remarks) | {"reading": said.reading if said else ""}),
    )
    if view.chart == "words" and st.session_state.get("words_shown") != (view.tweet_a, view.tweet_b):
        # The chart outside of this block is about the same pair.
        st.session_state.words_shown = view.tweet_a, view.tweet_b
        st.rerun()


def _said(network: Network, data: DataSpec, view: ViewSpec) -> Answers:
    """What a trained model says of the two tweets."""
    return _answers(weakref.ref(network), data, *(getattr(view, name) for name in _PAIR))


@functools.lru_cache(maxsize=1024)
def _answers(network: weakref.ref[Network], data: DataSpec, *pair: Any) -> Answers:
    # Most clicks change neither tweet. A network may be 2 MB, so it is not held here.
    asked = network()
    assert asked is not None, "whoever asks holds it"
    view = ViewSpec(**dict(zip(_PAIR, pair, strict=True)))
    return Answers.by(asked, *tweets.arrays(data, view), tweets.ladder(data))


@functools.lru_cache(maxsize=1024)
def _truth(data: DataSpec, own: float, other: float) -> Answers:
    return answers.truth(data, own, other, tweets.levels(data))


def _remark(case: ExperimentSpec, view: ViewSpec, epoch: int) -> str:
    """What is to be said of a case's bars where they are not those of the run and the epoch on screen."""
    run = state.look(case)
    if run.state != "finished":
        return _("earlier run")
    return "" if epoch == run.nearest(view.epoch) else _("epoch {n}").format(n=epoch)


def _bars(shown: Sequence[tuple[ModelSpec, Answers | None]], true: Answers, remarks: Sequence[str]) -> dict[str, Any]:
    return {
        "caption": _("Yes, times in 100"),
        "columns": [
            *(
                {"title": capital(names.short_case(model)), "remark": remark}
                for (model, _answers), remark in zip(shown, remarks, strict=True)
            ),
            {"title": _("Truth"), "remark": ""},
        ],
        "rows": [
            {
                "head": capital(names.head(output)),
                "cells": [_cell(model, each, k) for model, each in shown],
                "truth": {"p": float(true.pair[k]), "text": answers.in_hundred(true.pair[k])},
            }
            for k, output in enumerate(OUTPUTS)
        ],
    }


def _cell(model: ModelSpec, shown: Answers | None, k: int) -> dict[str, Any]:
    colours = theme(chart.dark())
    read = [colours.line[name] for name in INPUTS if names.reads(model, OUTPUTS[k], name)]
    return {
        "p": None if shown is None else float(shown.pair[k]),
        "text": "–" if shown is None else answers.in_hundred(shown.pair[k]),
        "title": _("not trained yet") if shown is None else f"{float(shown.pair[k]):.9f}",
        "colours": read,
        "dash": model.merge == "none",
    }
