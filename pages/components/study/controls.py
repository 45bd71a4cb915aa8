"""What is compared: one or two settings with their values, the seeds, whether in both cases, and what is drawn of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from mtl_core.figures import differences, names, settings
from mtl_core.language import N_, _
from mtl_core.spec import FACTORS, MEASURES, OUTPUTS, ExperimentSpec, SweepSpec, knob
from pages.components.shell import menu, state

__all__ = ["PRESETS", "choose", "start_from", "the_rest", "view"]

_KEEP: Any = {"persist_state": "session"}

PRESETS: Mapping[str, tuple[str, SweepSpec]] = {
    "angle": (N_("When is the other tweet worth reading?"), SweepSpec()),
    "units": (N_("How many units does it take?"), SweepSpec(vary="units", vary_values="1~2~4~16")),
    "merge": (
        N_("Which merge for which rule?"),
        SweepSpec(vary="rule", also="merge", measure="distance", both_cases=False),
    ),
    "rows": (N_("How many rows does it take?"), SweepSpec(vary="rows", vary_values="128~512~2048")),
    "labels": (
        N_("What do missing labels of task 2 do to head 1?"),
        SweepSpec(vary="labels2", vary_values="1~0.3~0.03", also="encoder", measure="loss", both_cases=False, seeds=5),
    ),
}
"""Comparisons worth one click: an untranslated title and what is compared."""


def choose(spec: ExperimentSpec) -> None:
    """The widgets that say what is compared of an experiment."""
    offered = [name for name, factor in FACTORS.items() if spec.data.tweets == "numbers" or not factor.numbers_only]
    first, second, third = st.columns([2, 2, 1.4], gap="medium")
    with first:
        _setting("vary", offered)
    with second:
        _setting("also", ["none", *offered])
    with third:
        row = knob(SweepSpec, "seeds")
        st.slider(
            _(row.label),
            int(row.low),
            int(row.high),
            key="seeds",
            help=_(
                "Each setting is trained once a seed: other data, other first weights. More seeds show smaller differences."
            ),
            **_KEEP,
        )
        st.toggle(
            _(knob(SweepSpec, "both_cases").label),
            key="both_cases",
            disabled="merge" in (st.session_state.vary, st.session_state.also),
            help=_("Trains every setting with its merge and without, and compares the two seed by seed."),
            **_KEEP,
        )


def the_rest(spec: ExperimentSpec) -> None:
    """What all runs have in common, where it is changed, and where the seeds begin."""
    with st.expander(_("What stays the same")):
        st.markdown(_in_common(spec))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            row = knob(SweepSpec, "first_seed")
            st.number_input(
                _(row.label),
                int(row.low),
                int(row.high),
                key="first_seed",
                width=160,
                help=_("The others follow it. From another first seed the same comparison is repeated independently."),
                **_KEEP,
            )
            st.page_link(menu.page("playground"), label=_("Change it on the playground"), query_params=state.query())


def start_from() -> None:
    """A menu of comparisons."""
    st.menu_button(
        _("Start from"),
        list(PRESETS),
        key="comparison",
        format_func=lambda name: _(PRESETS[name][0]),
        on_click=_take,
        help=_("Each asks one question of the experiment that is on the playground."),
    )


def view() -> tuple[str, str]:
    """Which measure of which head is drawn: chosen here."""
    with st.container(horizontal=True, vertical_alignment="center", key="choose_measure"):
        _options("measure", {name: differences.plain(name) for name in MEASURES})
        _options("measured_head", {output: names.head(output) for output in OUTPUTS})
    wanted = state.comparison()[0]
    return wanted.measure, wanted.measured_head


def _in_common(spec: ExperimentSpec) -> str:
    data, train = spec.data, spec.train
    return _(
        "As on the playground: {case}, {units} LSTM units, tweets in {tweets}, {rule}, {angle}°, {rows} training "
        "rows, {epochs} epochs."
    ).format(
        case=names.case(spec.model),
        units=spec.model.lstm_units,
        tweets=_("words") if data.tweets == "words" else _("numbers"),
        rule=names.rule(data.rule),
        angle=f"{data.mixing_deg:g}",
        rows=data.n_train,
        epochs=train.epochs,
    )


def _setting(name: str, offered: list[str]) -> None:
    st.selectbox(
        _(knob(SweepSpec, name).label),
        [*dict.fromkeys([*offered, st.session_state[name]])],  # also what only a link brings
        key=name,
        format_func=lambda option: _("nothing else") if option == "none" else FACTORS[option].title,
        on_change=_forget_values,
        args=(name,),
        **_KEEP,
    )
    chosen = st.session_state[name]
    if chosen == "none":
        return
    factor = FACTORS[chosen]
    offered = [factor.knob.write(value) for value in (factor.knob.choices or factor.offered)]
    held = st.session_state[f"{name}_values"]
    by_itself = ", ".join(settings.on_axis(chosen, value) for value in factor.offered)
    st.multiselect(
        _(knob(SweepSpec, f"{name}_values").label),
        [*dict.fromkeys([*offered, *held])],
        key=f"{name}_values",
        format_func=lambda text: _shown(chosen, text),
        placeholder=by_itself,
        accept_new_options=not factor.knob.choices,
        help=_("Choose values, or type your own. If none is chosen, these are compared: {values}.").format(
            values=by_itself
        ),
        **_KEEP,
    )


def _shown(name: str, text: str) -> str:
    value, problem = FACTORS[name].knob.read(text, None)
    return text if problem or value is None else settings.on_axis(name, value)


def _options(name: str, titles: Mapping[str, str]) -> None:
    st.segmented_control(
        _(knob(SweepSpec, name).label),
        list(titles),
        key=name,
        format_func=titles.__getitem__,
        required=True,
        label_visibility="collapsed",
        wrap=True,
        **_KEEP,
    )


def _forget_values(name: str) -> None:
    st.session_state[f"{name}_values"] = []


def _take() -> None:
    state.compare(PRESETS[st.session_state.comparison][1])
