"""Sharing: what one task does to the other, and how sure we are; recorded over ten seeds, and live on request."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mtl_core.figures import pulls
from mtl_core.language import _
from mtl_core.lessons.steps.worlds import UNLIKE
from mtl_core.lessons.walkthrough import STEPS
from mtl_core.records import Score
from mtl_core.spec import ExperimentSpec
from mtl_core.study import as_csv, sharing
from pages.components.shell import chart, menu, state
from pages.components.shell.terms import linked
from pages.components.study import live_study, panel, plan, sharing_exhibits

seeds = live_study.seeds()
specs = sharing.specs(seeds)

st.title(_("What does one task do to the other?"))
st.markdown(
    linked(
        _(
            "Two tasks can be tied in two ways: by a shared LSTM, while training, and by a merge, when predicting too. Here both are "
            "switched on and off. Then something is done to **task 2 alone**, and head 1 is watched: same rows, same seeds, compared "
            "seed by seed."
        )
    )
)
live_study.choose(specs, seeds)


def pictures(scores: Mapping[ExperimentSpec, Score]) -> None:
    """All that is known of the study."""
    with st.container(key="ties"):
        chart.show(sharing_exhibits.ties(scores, seeds), key="ties_chart")
    for encoder in ("separate", "shared"):
        with st.container(key=f"interventions_{encoder}"):
            chart.show(sharing_exhibits.interventions(scores, encoder, seeds), key=f"interventions_{encoder}_chart")
    with st.container(key="capacity"):
        chart.show(sharing_exhibits.capacity(scores, seeds), key="capacity_chart")


if live_study.is_recorded(seeds):
    pictures(plan.known(specs))
else:
    panel.show(specs, pictures)
with st.container(key="tasks_pull"):
    chart.show(pulls.exhibit(state.look(UNLIKE)), key="tasks_pull_chart")
    st.caption(
        _(
            "One recorded run, not a comparison over seeds: world A of the lesson, where one unit serves two tasks in unrelated features. "
            "The same chart of any run is on the playground, under “Task pulls”."
        )
    )
live_study.about()
rows = plan.everything_known()
with st.container(horizontal=True, vertical_alignment="center"):
    st.download_button(
        _("Rows (CSV)"),
        lambda: as_csv(specs, rows),
        "sharing.csv",
        "text/csv",
        key="sharing_csv",
        on_click="ignore",
        help=_("A row for each finished run, with its seed and all settings."),
    )
    st.page_link(menu.page("compare"), label=_("Vary other settings"))
    lesson = next(number for number, step in enumerate(STEPS, start=1) if step.id == "sharing")
    st.page_link(
        menu.page("walkthrough"), label=_("The lesson on sharing"), query_params=state.query() | {"step": str(lesson)}
    )
