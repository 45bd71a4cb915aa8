"""For whoever leads a lesson: large type without a sidebar, hidden answers, and links that put everybody at one place."""

from __future__ import annotations

import streamlit as st

from mtl_core.language import _
from mtl_core.lessons.parts import Step
from mtl_core.lessons.walkthrough import restart
from mtl_core.spec import ViewSpec, knob
from pages.components.shell import share

__all__ = ["controls", "style"]

# Each element is zoomed by itself, so that text and drawings keep their proportions; all but the charts, because Plotly
# measures in pixels of the screen, and puts axes and labels elsewhere within anything that is zoomed.
_LARGE = """<style>
[data-testid='stMainBlockContainer'] [data-testid='stElementContainer']:not(:has([data-testid='stPlotlyChart'])) { zoom: 1.3; }
</style>"""


def style(view: ViewSpec) -> None:
    """Everything larger while presenting."""
    if view.presenter:
        st.html(_LARGE)


def controls(step: Step, view: ViewSpec) -> None:
    """Switches at the foot of a step."""
    st.divider()
    row = st.container(horizontal=True, vertical_alignment="center")
    row.toggle(
        _(knob(ViewSpec, "presenter").label),
        key="presenter",
        help=_("Large type and no sidebar; the arrow keys go back and on."),
        persist_state="session",
    )
    row.toggle(
        _(knob(ViewSpec, "hide_answers").label),
        key="hide_answers",
        help=_("Predictions can be made, but nobody sees which is right. The switch is part of the link."),
        persist_state="session",
    )
    with row.popover(_("Links for the class"), key="class_links", on_change="rerun") as links:
        if links.open:
            _links(step, view)


def _links(step: Step, view: ViewSpec) -> None:
    for title, overrides in (
        (_("This step, as on your screen, without your predictions"), {"a": "", "pres": ""}),
        (_("This step with the answers hidden"), {"a": "", "pres": "", "hide": "1"}),
        (_("Back to the start of this step, other predictions kept"), {"a": restart(view.answers, step), "pres": ""}),
        (_("The walkthrough from its beginning"), {"a": "", "pres": "", "step": ""}),
    ):
        st.markdown(title)
        st.code(share.link(**overrides), language=None, wrap_lines=True)
