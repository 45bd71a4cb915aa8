"""Four answers at once: two heads in two trained cases, beside the true chance. Computed here and now, without a worker."""

from __future__ import annotations

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
from mtl_core.spec import INPUTS, OUTPUTS, ExperimentSpec, ModelSpec, ViewSpec
from pages.components.playground import tweets
from pages.components.shell import chart, state

__all__ = ["cases", "network_of", "show"]

_HERE = Path(__file__).parent

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
def show(spec: ExperimentSpec) -> None:
    """The two tweets and the four answers: an edit draws these anew and nothing else."""
    view = state.view()
    a, b = tweets.arrays(spec.data, view)
    ladder = tweets.ladder(spec.data)
    shown: list[tuple[ModelSpec, Answers | None]] = []
    remarks = []
    for case in cases(spec):
        trained = shared().network(case, view.epoch)
        shown.append((case.model, Answers.by(trained[1], a, b, ladder) if trained else None))
        remarks.append(_remark(case, view, trained[0]) if trained else "")
    true = answers.truth(spec.data, *tweets.evidences(spec.data, view), tweets.levels(spec.data))
    exhibit = answers.exhibit(shown, true)
    acted = bool(st.session_state.get("tweets_stamp"))
    st.header(exhibit.heading if acted else _("Change tweet_b, watch head 1"))
    tweets.show(spec.data, view, network_of(spec, view))
    _BARS(
        key="answer_bars",
        data=_bars(shown, true, remarks) | {"reading": exhibit.reading if acted else ""},
    )
    state.write_link()
    if view.chart == "words" and st.session_state.get("words_shown") != (view.tweet_a, view.tweet_b):
        # The chart outside of this block is about the same pair.
        st.session_state.words_shown = view.tweet_a, view.tweet_b
        st.rerun()


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
