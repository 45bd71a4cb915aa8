"""What each head can read: structure at once, and after a run what shuffling each tweet costs.

"No path" is a fact about the graph; a small cost is a finding about one trained model. They are never the same sentence.
"""

from __future__ import annotations

import math

import streamlit as st

from mtl_core.figures import headings, narrate
from mtl_core.figures import numbers as formats
from mtl_core.jobs.runs import shared
from mtl_core.language import _
from mtl_core.records import Answer, Response, Run
from mtl_core.spec import INPUTS, OUTPUTS, ExperimentSpec, other_input
from mtl_core.theory import bayes_risk
from pages.components.playground import drawing

__all__ = ["show"]


def show(spec: ExperimentSpec, run: Run, epoch: int) -> None:
    """The heads x inputs matrix, and what the other tweet is worth."""
    paths = drawing.graph_of(spec.model, spec.data).dependence()
    answer = shuffled(run, epoch)
    st.header(headings.reading(spec.model, answer.value))
    st.markdown(_matrix(paths, answer.value, trained=epoch > 0))
    st.markdown(_worth(spec))
    st.caption(_source(run, epoch, answer))


def shuffled(run: Run, epoch: int) -> Answer:
    """The response to shuffling at an epoch; at the last one it came with the run."""
    if run.response is not None and run.epochs and epoch == run.epochs[-1].index:
        return Answer("ready", run.response)
    if epoch not in run.kept:
        return Answer("failed")
    return shared().ask(run.spec, epoch, "respond", perturbation="permute")


def _matrix(paths: dict[tuple[str, str], bool], response: Response | None, *, trained: bool) -> str:
    header = [_("head"), *(_tweet(name) for name in INPUTS)]
    rows = [header, ["---"] * len(header)]
    for head, output in enumerate(OUTPUTS):
        cells = [_cell(response, head, i, paths[output, name], trained) for i, name in enumerate(INPUTS)]
        rows.append([f"**{_('Head {n}').format(n=head + 1)}** `{output}`", *cells])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _worth(spec: ExperimentSpec) -> str:
    """Both heads' value is the same, because the two tasks mirror each other."""
    worth = bayes_risk(spec.data).value_of_other[0]
    return _(
        "To a head that has its own tweet, **the other tweet is worth {nats}** under this rule and angle (a nat is the "
        "unit of these losses; guessing costs {chance}). That is the mean over all possible pairs; the lines in the figures "
        "are of the unseen pairs here, so they lie a little apart from it."
    ).format(nats=formats.nats(worth), chance=formats.number(math.log(2)))


def _tweet(name: str) -> str:
    colour = "blue" if name == INPUTS[0] else "orange"
    return f":{colour}-background[**{name}**]"


def _cell(response: Response | None, head: int, name: int, path: bool, trained: bool) -> str:
    if response is None:
        return _("reads it") if path else _("**no path**")
    return narrate.cost_of_shuffling(
        float(response.loss[head, name, -1] - response.loss[head, name, 0]),
        float(response.low[head, name, -1] - response.loss[head, name, 0]),
        float(response.high[head, name, -1] - response.loss[head, name, 0]),
        formats.drop(response.accuracy[head, name].tolist()),
        path,
        trained=trained,
    )


def _source(run: Run, epoch: int, answer: Answer) -> str:
    if answer.state == "pending":
        return _("Measuring what each shuffle costs…")
    if run.cut_short:
        return _(
            "Structure only: this run did not finish, so its model was not kept and what shuffling costs not measured."
        )
    if answer.value is None:
        return answer.message or _("Structure only: train to see what shuffling each tweet costs.")
    said = _(
        "Cost of shuffling on {rows} test pairs after epoch {epoch} ({source}), with its 95 % interval over {repeats} shuffles."
    ).format(rows=answer.value.rows, epoch=epoch, source=source_of(run), repeats=answer.value.repeats)
    if _misleads(answer.value, bayes_risk(run.spec.data).value_of_other):
        said += " " + _(
            "Shuffling costs more than the tweet is worth, because it misleads a head that learned to trust it."
        )
    return said


def _misleads(response: Response, worth: tuple[float, float]) -> bool:
    """Whether shuffling the other tweet surely costs each head more than that tweet is worth to it."""
    others = [(i, INPUTS.index(other_input(output))) for i, output in enumerate(OUTPUTS)]
    return all(response.low[at][-1] - response.loss[at][0] > max(worth[at[0]], narrate.NEGLIGIBLE) for at in others)


def source_of(run: Run) -> str:
    """Where a run's numbers come from, in two words."""
    return {"live": _("trained live"), "stored": _("trained before"), "recorded": _("recorded")}[run.source]
