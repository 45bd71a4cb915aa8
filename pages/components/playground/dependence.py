"""What each head can read: structure at once, and after a run what shuffling each tweet costs.

"No path" is a fact about the graph; a small cost is a finding about one trained model. They are never the same sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mtl_core.figures import dependence
from mtl_core.figures.exhibit import Exhibit, Row
from mtl_core.language import _
from mtl_core.records import Answer, Run
from mtl_core.spec import INPUTS
from pages.components.playground import drawing, training
from pages.components.shell import state
from pages.components.shell.terms import linked

__all__ = ["exhibit_of", "show", "shuffled"]


def show(run: Run, epoch: int) -> None:
    """The heads x inputs matrix, and what the other tweet is worth."""
    exhibit, answer = exhibit_of(run, epoch), shuffled(run, epoch)
    st.header(exhibit.heading)
    st.markdown(_matrix(exhibit.rows()))
    st.markdown(linked(exhibit.reading))
    if answer.state == "pending":
        st.caption(_("Measuring what each shuffle costs…"))
    elif answer.value is None and not run.cut_short:
        st.caption(
            answer.message or _("This is what the picture alone tells. Train to see what shuffling each tweet costs.")
        )


def exhibit_of(run: Run, epoch: int) -> Exhibit:
    """What each head of a run can read, and what shuffling costs it at an epoch as far as that is known."""
    paths = drawing.graph_of(run.spec.model, run.spec.data).dependence()
    bounds = training.bounds_of(run.spec)
    return dependence.exhibit(run, paths, bounds, shuffled(run, epoch).value, epoch=epoch)


def shuffled(run: Run, epoch: int) -> Answer:
    """The response to shuffling at an epoch; at the last one it came with the run."""
    if run.response is not None and run.epochs and epoch == run.epochs[-1].index:
        return Answer("ready", run.response)
    if epoch not in run.kept:
        return Answer("failed")
    return state.ask(run.spec, epoch, "respond", perturbation="permute")


def _matrix(rows: Sequence[Row]) -> str:
    """The exhibit's table in markdown, each tweet in its colour."""
    columns = list(rows[0])
    table = [[_tweet(title) if title in INPUTS else title for title in columns], ["---"] * len(columns)]
    for row in rows:
        head, *cells = (str(row[title]) for title in columns)
        table.append([head.replace(" ", "\N{NO-BREAK SPACE}"), *cells])
    return "\n".join("| " + " | ".join(row) + " |" for row in table)


def _tweet(name: str) -> str:
    colour = "blue" if name == INPUTS[0] else "orange"
    return f":{colour}-background[**{name}**]"
