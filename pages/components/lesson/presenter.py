"""For whoever leads a lesson: large type without a sidebar, hidden answers, and links that put everybody at one place."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mtl_core.language import _
from mtl_core.lessons.parts import Step
from mtl_core.spec import ViewSpec, knob
from pages.components.shell import share

__all__ = ["controls", "hidden", "setup", "style"]

_HERE = Path(__file__).parent

_WALL = st.components.v2.component(
    "presenter",
    css=(_HERE / "presenter.css").read_text(encoding="utf-8"),
    js=(_HERE / "presenter.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # what it enlarges is outside
)


def style(view: ViewSpec) -> None:
    """Everything larger while presenting, and the keys of a clicker."""
    if view.presenter:
        _WALL(key="presenting")


def setup(*, folded: bool) -> DeltaGenerator:
    """The place for what to know before a question; on a wall it gives way to the answer."""
    if st.session_state.presenter and folded:
        return st.expander(_("What this is about"), key="setup")
    return st.container(key="setup")


def hidden() -> None:
    """That a prediction is noted and the answers are hidden; off the teacher's screen, with the way to see them."""
    st.info(_("Your prediction is noted in the link. The answers are hidden until the teacher shows them."))
    if not st.session_state.presenter:
        st.button(_("Show the answers"), key="unhide", on_click=_unhide)


def controls(step: Step, view: ViewSpec) -> None:
    """Switches at the foot of a step, for whoever presents it: students have no use for them."""
    if not view.presenter:
        return
    st.divider()
    row = st.container(horizontal=True, vertical_alignment="center")
    row.toggle(_(knob(ViewSpec, "presenter").label), key="presenter", persist_state="session")
    if view.room:
        return
    row.toggle(
        _(knob(ViewSpec, "hide_answers").label),
        key="hide_answers",
        help=_("Predictions can be made, but nobody sees on this screen which is right."),
        persist_state="session",
    )
    with row.popover(_("Links for the class"), key="class_links", on_change="rerun") as links:
        if links.open:
            _links(view)


def _unhide() -> None:
    st.session_state.hide_answers = False


def _links(view: ViewSpec) -> None:
    links = {_("This step"): share.link()}
    if view.step > 1:
        links[_("The walkthrough from its beginning")] = share.link(step="")
    for title, address in links.items():
        st.markdown(title)
        st.code(address, language=None, wrap_lines=True)
