"""The model on screen as a large picture with its knobs in it, and the other case small beside it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import streamlit as st

from mtl_core.figures import names
from mtl_core.figures.numbers import capital, setting
from mtl_core.figures.picture import MOST, Reliance, picture
from mtl_core.graph import words as graph_words
from mtl_core.language import _, ngettext
from mtl_core.palette import theme
from mtl_core.records import Run
from mtl_core.spec import OUTPUTS, ExperimentSpec, ViewSpec
from pages.components.playground import controls, drawing
from pages.components.shell import chart
from pages.components.shell.payload import payload

__all__ = ["show"]

_HERE = Path(__file__).parent
_KEY = "picture"

_Reliances = tuple[tuple[tuple[str, str], float], ...]

_PICTURE = st.components.v2.component(
    "picture",
    html='<div class="model">\n<div class="large"></div><button type="button" class="small"><span></span><b></b></button>'
    '<p></p><button type="button" class="save"></button></div>',
    css=(_HERE / "picture.css").read_text(encoding="utf-8"),
    js=(_HERE / "picture.js").read_text(encoding="utf-8"),
)


def show(spec: ExperimentSpec, view: ViewSpec, run: Run) -> None:
    """The picture at the epoch shown. What is clicked in it moves the very knobs of the sidebar."""
    epoch = run.at(run.nearest(view.epoch)) if run.epochs else None
    reliance = tuple(epoch.reliance.items()) if epoch else ()
    _PICTURE(
        key=_KEY,
        data=_payload_of(spec, reliance, view.head, nats=view.nats, dark=chart.dark(), _language=view.language),
        on_act_change=_act,
    )


@functools.lru_cache(maxsize=512)
def _payload_of(spec: ExperimentSpec, items: _Reliances, head: str, *, nats: bool, dark: bool, _language: str) -> bytes:
    """All that the component is told: 9 kB, the same for a class that looks at the recorded runs."""
    other, reliance = spec.other_case, dict(items) or None
    return payload(
        {
            "picture": _drawn(spec, reliance, head),
            "other": _drawn(other, None, "both"),
            "theme": _theme(dark),
            "units": _units(spec),
            "labels": _labels(spec, head, reliance, nats=nats),
        }
    )


def _drawn(spec: ExperimentSpec, reliance: Reliance | None, head: str) -> dict[str, Any]:
    return asdict(picture(drawing.graph_of(spec.model, spec.data), reliance=reliance, head=head))


def _theme(dark: bool) -> dict[str, Any]:
    colours = theme(dark)
    return {
        "colours": dict(colours.line),
        "tints": dict(colours.tint),
        "ink": colours.ink,
        "muted": colours.muted,
        "paper": colours.paper,
    }


def _units(spec: ExperimentSpec) -> dict[str, int]:
    """The next smaller and the next larger number of units on offer; 0 if there is none."""
    units = spec.model.lstm_units
    return {
        "less": max((each for each in controls.UNITS if each < units), default=0),
        "more": min((each for each in controls.UNITS if each > units), default=0),
    }


def _labels(spec: ExperimentSpec, lit: str, reliance: Reliance | None, *, nats: bool) -> dict[str, str]:
    other, units = capital(names.case(spec.other_case.model)), spec.model.lstm_units
    light_up, all_again = _("Light up only what reaches {head}"), _("Light up everything again")
    return {
        "alt": graph_words.alt(drawing.graph_of(spec.model, spec.data)),
        "other": capital(names.short_case(spec.other_case.model)),
        "show": _("Show {case}").format(case=other),
        "cut": _("Cut the connection: each head then reads its own tweet only"),
        "hint": _("cut"),
        "connect": _("Connect both encodings to both heads"),
        "units": ngettext("{n} unit", "{n} units", units).format(n=units),
        "less": _("Fewer LSTM units"),
        "more": _("More LSTM units"),
        "save": _("Save SVG"),
        "file": "model.svg",
        "scale": _scale(reliance, nats=nats),
    } | {head: all_again if lit == head else light_up.format(head=names.head(head)) for head in OUTPUTS}


def _scale(reliance: Reliance | None, *, nats: bool) -> str:
    """What the width of an arrow means: plainly, and for those who ask for losses with its unit."""
    if reliance is None:
        return _("Train, and each arrow into a head grows as wide as the head relies on that tweet.")
    if nats:
        most = setting(MOST)
        return _("Arrow width: loss added by swapping that tweet for another pair’s; widest: {most} nat.").format(
            most=most
        )
    return _("Arrow width: cost of swapping that tweet.")


def _act() -> None:
    """Take what was clicked, which a browser may send in any shape."""
    act, held = st.session_state[_KEY].act, st.session_state
    if not isinstance(act, Mapping):
        return
    value = act.get("value")
    match act.get("kind"):
        case "merge":
            held.concatenate = not held.concatenate
        case "units" if value in controls.UNITS:
            held.lstm_units = value
        case "head" if value in OUTPUTS:
            held.head = "both" if held.head == value else value
