"""Compare: which settings matter, by how much, and how sure that is; over several seeds, each difference taken seed by seed."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mtl_core.language import _
from mtl_core.records import Score
from mtl_core.spec import ExperimentSpec
from mtl_core.study import Sweep, as_csv
from pages.components.shell import chart, notes, state
from pages.components.shell.terms import linked
from pages.components.study import controls, panel, plan, small_multiples

spec, problems = state.experiment()

st.title(_("Which settings matter, and how sure is that?"))
intro, presets = st.columns([4, 1], vertical_alignment="bottom")
intro.markdown(
    linked(
        _(
            "One run says little: another seed gives other numbers. Here each setting is trained once a seed, and what is compared "
            "is compared seed by seed. So a difference is a difference, or it is not to be seen."
        )
    )
)
with presets:
    controls.start_from()
with st.container(key="choose_comparison"):
    controls.choose(spec)
    wanted, unread = state.comparison()
    sweep, left_out = Sweep.of(spec, wanted)
    controls.the_rest(spec)
notes.show([*problems, *unread, *left_out], "comparison")


rows = plan.everything_known()


def picture(scores: Mapping[ExperimentSpec, Score]) -> None:
    """What is known of the comparison, and of which number of which head."""
    measure, output = controls.view()
    state.write_link()  # this block is drawn anew by itself, without the rest of the page
    chart.show(small_multiples.exhibit_of(sweep, scores, measure, output), key="comparison_chart")


with st.container(key="compared"):
    panel.show(sweep.specs, picture)
st.download_button(
    _("Rows (CSV)"),
    lambda: as_csv(sweep.specs, rows),
    "comparison.csv",
    "text/csv",
    key="comparison_csv",
    on_click="ignore",
    help=_("A row for each finished run, with its seed and all settings."),
)
st.caption(
    linked(
        _(
            "The bars are 95 % intervals over seeds. Each holds for one comparison: of twenty without any difference, one looks like "
            "one."
        )
    )
)
