"""What answers a step's question: its runs, looked at the way the step asks for, and three sentences on what to notice."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping

import numpy as np
import streamlit as st

from mtl_core.figures import blocks, compare, learning, loss
from mtl_core.jobs.runs import shared
from mtl_core.language import _
from mtl_core.lessons.parts import Show, Step
from mtl_core.lessons.results import Results
from mtl_core.lessons.walkthrough import finished, spec_of
from mtl_core.records import Answer, Run
from mtl_core.spec import OUTPUTS, ViewSpec, knob
from mtl_core.theory import bayes_accuracy
from pages.components.lesson import pool
from pages.components.playground import response, training
from pages.components.shell import chart, state
from pages.components.shell.live import changed, live

__all__ = ["show"]

ALPHAS = tuple(np.linspace(0, 1, 21).tolist())
"""Factors of the other tweet's block that are measured."""

Runs = Mapping[str, Run]
Off = tuple[float, float] | None
Standing = tuple[bool, ...]

_NOT_ASKED: Off = (0.0, 0.0)

_IN_RIGHT_ANSWERS = ("losses", "shuffle", "worth", "match", "coupling")
"""Views whose charts count right answers, and losses on request."""


def show(step: Step) -> None:
    """The evidence, drawn anew by itself while a run is under way; what comes and goes has its place kept."""
    if step.experiments:
        _knobs(step)

    def draw() -> Standing:
        runs = _runs(step)
        if runs:
            _under_way(step, runs)
        with st.container(key=f"lesson_{step.show}"):
            off = _VIEWS[step.show](step, runs)
        if finished(step, runs) and off is not None:
            _notice(step, Results.of(runs, off))
        elif not finished(step, runs) and not any(_standing(step)):
            st.caption(_("What to notice is said of finished runs: run them again, or go back to the recorded ones."))
        return _standing(step)

    now = _standing(step)
    *busy, measuring = now
    live(draw, now=now, busy=any(now), watch=_watch(step) if any(busy) and not measuring else changed)


def _watch(step: Step) -> Callable[[], Hashable]:
    look, seed = state.looking(), st.session_state.seed
    specs = [spec_of(step, each.name, seed) for each in step.experiments]
    return lambda: training.progress_of(*map(look, specs))


def _standing(step: Step) -> Standing:
    """What is still under way: each run, and the measurement that a step may wait for."""
    runs = _runs(step)
    measuring = step.show == "scale" and finished(step, runs) and _block_scale(runs).state == "pending"
    return (*(run.busy for run in runs.values()), measuring)


def _runs(step: Step) -> dict[str, Run]:
    seed = st.session_state.seed
    return {each.name: state.look(spec_of(step, each.name, seed)) for each in step.experiments}


def _knobs(step: Step) -> None:
    row = st.container(horizontal=True, vertical_alignment="center")
    if any(run.busy for run in _runs(step).values()):
        row.button(_("Stop"), key="stop", on_click=_stop, args=(step,))
    else:
        row.button(
            _("Run it live"),
            key="train",
            on_click=_train,
            args=(step,),
            help=_("Trains these models now, from a seed of your own: other data, other first weights."),
        )
    if st.session_state.seed:
        row.button(_("Back to the recorded runs"), key="recorded", on_click=_set_seed, args=(0,))
    if step.show in _IN_RIGHT_ANSWERS:
        row.toggle(
            _(knob(ViewSpec, "nats").label),
            key="nats",
            help=_("Shows losses in place of right answers. A nat is the unit of a loss."),
            persist_state="session",
        )


def _set_seed(seed: int) -> None:
    st.session_state.seed = seed


def _train(step: Step) -> None:
    """The first of the step's runs is the visitor's own; the others queue behind it."""
    _set_seed(pool.seed())
    first, *others = (spec_of(step, each.name, st.session_state.seed) for each in step.experiments)
    shared().train(first, state.visitor())
    for spec in others:
        shared().background(spec, state.visitor())


def _stop(step: Step) -> None:
    for experiment in step.experiments:
        shared().stop(spec_of(step, experiment.name, st.session_state.seed), state.visitor())


def _under_way(step: Step, runs: Runs) -> None:
    """One line that is always there: which run is under way, or where the runs come from."""
    with st.container(key="lesson_runs"):
        busy = [experiment for experiment in step.experiments if runs[experiment.name].busy]
        if busy:
            place = step.experiments.index(busy[0]) + 1
            name = _("Run {n} of {all}, {name}").format(n=place, all=len(runs), name=busy[0].label)
            training.progress(runs[busy[0].name], name)
        else:
            st.caption(f"{_origin(runs)} {pool.expected(step)}")
    for experiment in step.experiments:
        run = runs[experiment.name]
        if run.message and not run.busy:
            st.info(f"{experiment.label}: {run.message}")


def _origin(runs: Runs) -> str:
    """Where the runs on screen come from, if that is one place."""
    if st.session_state.seed:
        return _("Your own runs, seed {seed}.").format(seed=st.session_state.seed)
    if all(run.source == "recorded" for run in runs.values()):
        return _("Recorded runs, so that a class sees them at once.")
    return ""


def _notice(step: Step, results: Results) -> None:
    st.header(_("What to notice"))
    for notice in step.notice:
        if notice.holds(results):
            st.markdown("* " + notice.sentence(results))
        else:
            st.markdown(
                "* "
                + _("In these runs it came out otherwise, as it does with some seeds: {sentence}").format(
                    sentence=notice.sentence(results)
                )
            )


# Each view draws what it can of the runs so far. It returns the pair of losses with the block off, which is what one step
# quotes (zeros elsewhere), or None while they are not measured.


def _losses(_step: Step, runs: Runs) -> Off:
    first, other = [*runs.values()][:2]
    best = bayes_accuracy(first.spec.data)
    made = (
        loss.exhibit(first, other, training.bounds_of(first.spec))
        if state.view().nats
        else learning.exhibit(first, other, best.both, best.own)
    )
    chart.show(made, key="lesson_loss")
    return _NOT_ASKED


def _nothing(_step: Step, _runs: Runs) -> Off:
    return _NOT_ASKED


def _shuffle(_step: Step, runs: Runs) -> Off:
    run, *others = runs.values()
    if run.response is not None:
        exhibit = response.exhibit_of(
            run.spec,
            run.response,
            training.bounds_of(run.spec),
            plain=not state.view().nats,
            beside=others[0] if others else None,
        )
        chart.show(exhibit, key="lesson_response")
    return _NOT_ASKED


def _scale(step: Step, runs: Runs) -> Off:
    if not finished(step, runs):
        return None
    answer = _block_scale(runs)
    if answer.value is None:
        st.caption(answer.message or _("Measuring on the trained model…"))
        return None
    scale = st.slider(_(knob(ViewSpec, "scale").label), 0.0, 1.0, step=0.05, key="scale", persist_state="session")
    state.write_link()  # this block is drawn anew by itself, without the rest of the page
    last = runs["case2"].epochs[-1]
    case2 = (last.test[OUTPUTS[0]].loss, last.test[OUTPUTS[1]].loss)
    chart.show(blocks.exhibit(ALPHAS, answer.value, case2, scale=scale), key="lesson_scale")
    return float(answer.value[0, 0]), float(answer.value[1, 0])


def _block_scale(runs: Runs) -> Answer:
    run = runs["case1"]
    return state.ask(run.spec, run.epochs[-1].index, "block_scale", alphas=ALPHAS)


def _worth(step: Step, runs: Runs) -> Off:
    """What the other tweet is worth is the distance of two lines in each world's chart."""
    best = {}
    for experiment in step.experiments:
        accuracy = bayes_accuracy(experiment.spec.data)
        best[_(experiment.world)] = accuracy.both[0], accuracy.own[0]
    return _compare(step, runs, best)


def _scores(step: Step, runs: Runs) -> Off:
    return _compare(step, runs, {})


def _compare(step: Step, runs: Runs, best: Mapping[str, tuple[float, float]]) -> Off:
    """A chart for each world: head 1, which the questions are about; both heads in words and numbers."""
    worlds: dict[str, dict[str, Run]] = {}
    for experiment in step.experiments:
        worlds.setdefault(_(experiment.world), {})[_(experiment.curve)] = runs[experiment.name]
    chart.show(compare.exhibit(worlds, plain=not state.view().nats, best=best), key="lesson_scores")
    return _NOT_ASKED


_VIEWS: Mapping[Show, Callable[[Step, Runs], Off]] = {
    "losses": _losses,
    "drawing": _nothing,
    "shuffle": _shuffle,
    "scale": _scale,
    "worth": _worth,
    "match": _scores,
    "coupling": _scores,
    "transfer": _nothing,
}
