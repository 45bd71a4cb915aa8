"""The sidebar of the playground: presets, the two knobs the question is about, the angle, and everything else under "More".

Labels and ranges come from the specs' own tables; `mtl_core.spec.knob` owns them.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from mtl_core.figures import names, recipe
from mtl_core.language import _
from mtl_core.spec import PRESETS, DataSpec, ExperimentSpec, ModelSpec, TrainSpec, knob
from pages.components.shell import state
from pages.components.shell.terms import linked

__all__ = ["UNITS", "show"]

UNITS = [1, 2, 4, 8, 16, 32, 64, 128, 256]
_RATES = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0]
_BY_SPEC = {preset.spec: preset for preset in PRESETS.values()}
_KEEP: Any = {"persist_state": "session"}


def show(spec: ExperimentSpec) -> None:
    """Draw the controls; `spec` is the experiment they stand for now."""
    with st.sidebar:
        _presets(spec)
        merge = spec.model.merge if spec.model.merge != "none" else st.session_state.get("merge_kind") or "concatenate"
        st.toggle(
            names.connection(merge),
            key="concatenate",
            help=_(
                "On: both heads read both tweets, through merged_vector. Off: each head reads its own tweet only. "
                "A click on an arrow of the picture does the same."
            ),
            **_KEEP,
        )
        st.select_slider(
            _label(ModelSpec, "lstm_units"),
            _with_current(UNITS, "lstm_units"),
            key="lstm_units",
            help=linked(
                _(
                    "How many numbers an encoding has, which is what the LSTM makes of a tweet. More units mean more weights and "
                    "slower epochs. The question has 64; these short made-up tweets need fewer."
                )
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
                "Which tweet decides the right answer of a head. At 0° it is the head’s own tweet alone, so a second one cannot "
                "help. The larger the angle, the more there is to gain from the other tweet."
            ),
            **_KEEP,
        )
        more = st.expander(_("More"), key="more", on_change="rerun")
        if more.open:  # closed, its many widgets would be made and sent at every click
            with more:
                _more(spec)


def _presets(spec: ExperimentSpec) -> None:
    """A menu, which holds nothing: which preset is on screen follows from the settings, so that nobody has to keep it so."""
    chosen = _BY_SPEC.get(spec)
    st.menu_button(
        _("Start from"),
        list(PRESETS),
        key="preset",
        format_func=lambda name: _(PRESETS[name].title),
        on_click=_take_preset,
        help=_("Each sets everything below to an experiment that shows one thing."),
        width="stretch",
    )
    if chosen:
        st.caption(linked(f"**{_(chosen.title)}.** {_(chosen.about)}"))
    else:
        st.caption(_("**Your own settings.** The picture shows at once who reads what; press Train for the rest."))


def _take_preset() -> None:
    state.put(PRESETS[st.session_state.preset].spec)
    state.follow_newest()


def _angle_label(rule: str) -> str:
    ends = (
        _("own tweet (0°) … other tweet (90°)")
        if rule == "additive"
        else _("own tweet (0°) … whether the two match (90°)")
    )
    return f"{_label(DataSpec, 'mixing_deg')}: {ends}"


def _more(spec: ExperimentSpec) -> None:
    _choice(
        DataSpec,
        "rule",
        {"additive": _("additive: evidence adds up"), "match": _("match: do the two agree?")},
        _(
            "What makes an answer right: what both tweets say added up, or whether the two agree. No sum can tell if two agree."
        ),
    )
    if spec.model.merge != "none":
        st.selectbox(
            _label(ModelSpec, "merge"),
            [kind for kind in knob(ModelSpec, "merge").choices if kind != "none"],
            key="merge_kind",
            help=_(
                "The layer that joins the two encodings. add and multiply treat both alike, so with a shared LSTM a head "
                "cannot tell which tweet said what."
            ),
            **_KEEP,
        )
    _number(
        ModelSpec,
        "hidden_units",
        _("0 is the question’s model. With a hidden relu layer, a head can also learn whether the two tweets agree."),
    )
    _choice(
        ModelSpec,
        "encoder",
        {"shared": _("shared: one LSTM, called twice"), "separate": _("separate: one LSTM each")},
        _("With an LSTM each and no merge, nothing ties the two tasks: they are two models in one object."),
    )
    _number(
        TrainSpec,
        "epochs",
        _("Passes over all training pairs. After too many, a model knows those by heart and gets worse on others."),
    )
    _number(
        TrainSpec,
        "batch_size",
        _("Pairs for each change of the weights. Larger batches: faster epochs, but fewer changes."),
    )
    _choice(
        TrainSpec, "optimizer", {}, _("How weights are changed. The question uses rmsprop; sgd learns slower here.")
    )
    st.select_slider(
        _label(TrainSpec, "learning_rate"),
        _with_current(_RATES, "learning_rate"),
        key="learning_rate",
        format_func=lambda rate: f"{rate:g}",
        help=_(
            "How far each update changes the weights. Far too large, and the loss is no number any more; the page says so."
        ),
        **_KEEP,
    )
    for head in (1, 2):
        st.number_input(
            _("Loss weight of head {n}").format(n=head),
            *_range(TrainSpec, "loss_weights"),
            key=f"loss_weight_{head}",
            help=_("How much this head’s loss counts in what training makes smaller. At 0 it trains nothing."),
            **_KEEP,
        )
    _training_options(spec)
    _number(
        TrainSpec,
        "seed",
        _("Decides the random tweets, the first weights and the order of batches. The same seed gives the same run."),
    )


def _training_options(spec: ExperimentSpec) -> None:
    """What each loss may change, of which rows, and when; with a note on what makes no difference."""
    _choice(
        TrainSpec,
        "detach",
        {
            "none": _("of neither head"),
            "predictions1": _("of head 1"),
            "predictions2": _("of head 2"),
            "both": _("of both heads"),
        },
        _("Such a head still learns to read the encodings, but its loss no longer changes what makes them."),
    )
    for task in (1, 2):
        st.number_input(
            _("Share of training rows with a label for task {n}").format(n=task),
            *_range(TrainSpec, "labelled"),
            key=f"labelled_{task}",
            step=0.05,
            help=_("Rows without a label weigh nothing in that task’s loss. At 1 every row has one: no difference."),
            **_KEEP,
        )
    _choice(
        TrainSpec,
        "schedule",
        {"together": _("together: each batch trains both"), "alternate": _("by turns: each batch trains one")},
        _("By turns, task 1 has the first batch and task 2 the next, so each gets half of the updates."),
    )
    for note in recipe.idle(spec):
        st.caption(note)


def _label(spec: Any, name: str) -> str:
    return _(knob(spec, name).label)


def _range(spec: Any, name: str) -> tuple[Any, Any]:
    row = knob(spec, name)
    kind = int if row.kind == "int" else float
    return kind(row.low), kind(row.high)


def _number(spec: Any, name: str, about: str) -> None:
    st.number_input(_label(spec, name), *_range(spec, name), key=name, help=about, **_KEEP)


def _choice(spec: Any, name: str, titles: dict[str, str], about: str) -> None:
    st.selectbox(
        _label(spec, name),
        knob(spec, name).choices,
        key=name,
        format_func=lambda option: titles.get(option, option),
        help=about,
        **_KEEP,
    )


def _with_current(offered: list[Any], name: str) -> list[Any]:
    """The values offered, and the present one if a link brought another."""
    return sorted({*offered, st.session_state[name]})
