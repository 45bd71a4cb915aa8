"""The sidebar of the playground: presets, the two knobs the question is about, the angle, and everything else under "More".

Ranges come from the specs' own tables; `mtl_core.spec.knob` owns them.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from mtl_core.language import _
from mtl_core.spec import PRESETS, DataSpec, ExperimentSpec, ModelSpec, TrainSpec, knob
from pages.components.shell import state

__all__ = ["show"]

_UNITS = [1, 2, 4, 8, 16, 32, 64, 128, 256]
_RATES = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0]
_KEEP: Any = {"persist_state": "session"}


def show(spec: ExperimentSpec) -> None:
    """Draw the controls; `spec` is the experiment they stand for now."""
    with st.sidebar:
        _presets(spec)
        st.toggle(
            _("Concatenate"),
            key="concatenate",
            help=_(
                "On: both heads read merged_vector, the two encodings side by side. "
                "Off: each head reads its own tweet's encoding. Expect the graph to lose or gain two paths."
            ),
            **_KEEP,
        )
        st.select_slider(
            _("LSTM units"),
            _with_current(_UNITS, "lstm_units"),
            key="lstm_units",
            help=_(
                "Numbers in each encoding. More units mean more weights and slower epochs; "
                "these synthetic tweets need few. Expect no change in who can read what."
            ),
            **_KEEP,
        )
        st.slider(
            _angle_label(spec.data.rule),
            *_range(DataSpec, "mixing_deg"),
            step=1.0,
            format="%g°",
            key="mixing_deg",
            help=_(
                "Which tweet decides a label. At 0° only the head's own tweet does, so the other is worth nothing; "
                "the worth grows with the angle."
            ),
            **_KEEP,
        )
        with st.expander(_("More")):
            _more(spec)


def _presets(spec: ExperimentSpec) -> None:
    current = next((name for name, preset in PRESETS.items() if preset.spec == spec), None)
    st.session_state.preset = current
    st.selectbox(
        _("Start from"),
        list(PRESETS),
        key="preset",
        placeholder=_("Your own settings"),
        format_func=lambda name: _(PRESETS[name].title),
        on_change=_take_preset,
        help=_("Each sets all the controls below to an experiment that shows one thing."),
    )
    st.caption(
        _(PRESETS[current].about)
        if current
        else _(
            "Your own settings, unlike any of these. The graph shows at once who reads what; press Train for the curves."
        )
    )


def _take_preset() -> None:
    if st.session_state.preset:
        state.put(PRESETS[st.session_state.preset].spec)
        state.follow_newest()


def _angle_label(rule: str) -> str:
    if rule == "additive":
        return _("Who knows the label: own tweet (0°) … other tweet (90°)")
    return _("Who knows the label: own tweet (0°) … whether the two match (90°)")


def _more(spec: ExperimentSpec) -> None:
    _choice(
        DataSpec,
        "rule",
        _("Label rule"),
        {"additive": _("additive: evidence adds up"), "match": _("match: do the two agree?")},
        _("Match asks whether the two tweets agree, which no sum of two separate readings can tell."),
    )
    if spec.model.merge != "none":
        st.selectbox(
            _("Merge"),
            [kind for kind in knob(ModelSpec, "merge").choices if kind != "none"],
            key="merge_kind",
            help=_(
                "Keras's merge layers. add and multiply treat both tweets alike, so with a shared LSTM "
                "a head can't tell whose evidence is whose."
            ),
            **_KEEP,
        )
    _number(
        ModelSpec,
        "hidden_units",
        _("Hidden units before each head"),
        _("0 is the question's model. A hidden relu layer is what lets a head learn how the two tweets match."),
    )
    _choice(
        ModelSpec,
        "encoder",
        _("LSTM"),
        {"shared": _("shared: one LSTM, called twice"), "separate": _("separate: one LSTM each")},
        _("Separate LSTMs without a merge leave no tie at all: two models in one object."),
    )
    _number(TrainSpec, "epochs", _("Epochs"), _("Passes over the training rows. More take longer, and may overfit."))
    _number(
        TrainSpec, "batch_size", _("Batch size"), _("Rows an update. Larger batches: faster epochs, fewer updates.")
    )
    _choice(TrainSpec, "optimizer", _("Optimizer"), {}, _("The question's model uses rmsprop. sgd learns slower here."))
    st.select_slider(
        _("Learning rate"),
        _with_current(_RATES, "learning_rate"),
        key="learning_rate",
        format_func=lambda rate: f"{rate:g}",
        help=_("Size of an update. Too large, and the loss stops being a number; the page then says so."),
        **_KEEP,
    )
    for head in (1, 2):
        _number(
            TrainSpec,
            "loss_weights",
            _("Loss weight of head {n}").format(n=head),
            _("How much this task counts in the sum that training minimises. 0: the task trains nothing."),
            key=f"loss_weight_{head}",
        )
    _number(TrainSpec, "seed", _("Seed"), _("Of the data, the first weights and the order of batches."))


def _range(spec: Any, name: str) -> tuple[Any, Any]:
    its = knob(spec, name)
    kind = int if its.kind == "int" else float
    return kind(its.low), kind(its.high)


def _number(spec: Any, name: str, label: str, about: str, key: str | None = None) -> None:
    st.number_input(label, *_range(spec, name), key=key or name, help=about, **_KEEP)


def _choice(spec: Any, name: str, label: str, titles: dict[str, str], about: str) -> None:
    st.selectbox(
        label,
        knob(spec, name).choices,
        key=name,
        format_func=lambda option: titles.get(option, option),
        help=about,
        **_KEEP,
    )


def _with_current(offered: list[Any], name: str) -> list[Any]:
    """The values offered, and the present one if a link brought another."""
    return sorted({*offered, st.session_state[name]})
