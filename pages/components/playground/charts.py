"""One chart at a time, with its control beside it: learning, disturbing, what if, which words, and how tasks pull. It has a fixed place."""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable
from dataclasses import replace

import streamlit as st

from mtl_core.data import words_of
from mtl_core.figures import learning, loss, pulls, reliance, words
from mtl_core.figures.exhibit import Exhibit
from mtl_core.forward import word_effects
from mtl_core.language import _, spoken
from mtl_core.records import BoundLines, Run
from mtl_core.spec import INPUTS, ExperimentSpec, ViewSpec, knob
from mtl_core.theory import bayes_accuracy
from pages.components.playground import answers, dependence, response, training, tweets
from pages.components.shell import chart, state
from pages.components.shell.live import AT_REST, USUALLY, live
from pages.components.shell.switch import switch
from pages.components.shell.terms import linked

__all__ = ["show"]


def show(spec: ExperimentSpec, view: ViewSpec, run: Run, other: Run, bounds: BoundLines) -> None:
    """The row of choices, and the chart that was chosen; `other` is the other case's run."""
    titles = {
        "learning": _("Learning"),
        "disturb": _("Disturb"),
        "what_if": _("What if"),
        "words": _("Which words"),
        "pulls": _("Task pulls"),
    }
    with st.container(horizontal=True, vertical_alignment="center", key="choose_chart"):
        switch("chart", titles, labelled=False)
        st.toggle(
            _(knob(ViewSpec, "nats").label),
            key="nats",
            persist_state="session",
            help=linked(
                _(
                    "Shows the losses that training makes smaller, how sure each measurement is, and the lowest losses that are "
                    "possible. Their unit is called nat."
                )
            ),
        )
    with st.container(key=view.chart):
        _CHARTS[view.chart](spec, view, run, other, bounds)


def _learning(spec: ExperimentSpec, view: ViewSpec, run: Run, other: Run, bounds: BoundLines) -> None:
    shuffled = view.nats and _of_shuffles()

    def draw(seen: Run, beside: Run) -> None:
        pinned = training.pinned_epoch(seen, view)
        if shuffled:
            chart.show(reliance.exhibit(seen, pinned=pinned), key="reliance_chart")
        elif view.nats:
            chart.show(loss.exhibit(seen, beside, bounds, pinned=pinned), key="loss_chart")
        else:
            # A finished run is one object for all who look at it; any other is made anew at each look.
            done = seen.state == beside.state == "finished"
            make = _learned if done else _learned.__wrapped__
            chart.show(make(seen, beside, pinned, spoken()), key="learning_chart")

    _follow(spec, run, other, draw)


@functools.lru_cache(maxsize=128)
def _learned(run: Run, other: Run, pinned: int | None, _language: str) -> Exhibit:
    """Made once for a class that looks at the same finished runs."""
    best = bayes_accuracy(run.spec.data)
    exhibit = learning.exhibit(run, other, best.both, best.own, pinned=pinned)
    return replace(exhibit, draw=functools.cache(exhibit.draw))


def _of_shuffles() -> bool:
    """Which of two losses is drawn by epoch: that of the tweets as they are, or what shuffling one of them adds."""
    titles = {False: _("Loss"), True: _("Cost of shuffling")}
    return bool(
        st.segmented_control(
            _("By epoch"),
            titles,
            key="of_shuffles",
            format_func=titles.__getitem__,
            default=False,
            required=True,
            label_visibility="collapsed",
        )
    )


def _disturb(spec: ExperimentSpec, view: ViewSpec, run: Run, _other: Run, bounds: BoundLines) -> None:
    if (epoch := _measured(view, run)) is not None:
        response.show(spec, view, run, epoch, bounds)
        if view.nats:
            with st.container(key="dependence"):
                dependence.show(run, epoch)


def _what_if(spec: ExperimentSpec, view: ViewSpec, run: Run, _other: Run, _bounds: BoundLines) -> None:
    if (epoch := _measured(view, run)) is not None:
        response.what_if(spec, view, run, epoch)


def _words(spec: ExperimentSpec, view: ViewSpec, run: Run, _other: Run, _bounds: BoundLines) -> None:
    network = answers.network_of(spec, view)
    if spec.data.tweets == "numbers":
        st.info(_("These tweets are numbers. Which words a head listens to is shown where tweets are words."))
        return
    if network is None:
        _nothing(run)
        return
    if run.busy:
        st.caption(_("Of the earlier run, until this training ends."))
    pair = tweets.arrays(spec.data, view)
    sentences = {name: words_of(tweet, view.language) for name, tweet in zip(INPUTS, pair, strict=True)}
    chart.show(words.exhibit(word_effects(network, *pair), sentences, spec.model), key="words_chart")


def _pulls(spec: ExperimentSpec, view: ViewSpec, run: Run, other: Run, _bounds: BoundLines) -> None:
    def draw(seen: Run, beside: Run) -> None:
        chart.show(pulls.exhibit(seen, beside, pinned=training.pinned_epoch(seen, view)), key="pulls_chart")

    _follow(spec, run, other, draw)


def _follow(spec: ExperimentSpec, run: Run, other: Run, draw: Callable[[Run, Run], None]) -> None:
    """Draw the curves of both cases, again with every epoch that comes."""
    now = run.busy, other.busy
    if not any(now):
        draw(run, other)
        return
    look = state.looking()

    def follow() -> tuple[bool, bool]:
        seen, beside = look(spec), look(spec.other_case)
        draw(seen, beside)
        return seen.busy, beside.busy

    def watch() -> Hashable:
        return tuple((each.state, len(each.epochs)) for each in (look(spec), look(spec.other_case)))

    live(follow, now=now, busy=True, every=USUALLY if run.busy else AT_REST, watch=watch)


_CHARTS = {"learning": _learning, "disturb": _disturb, "what_if": _what_if, "words": _words, "pulls": _pulls}


def _measured(view: ViewSpec, run: Run) -> int | None:
    """The epoch that is measured; says so where there is none, or where it is another than the one shown."""
    if run.cut_short:
        st.info(
            _("What a disturbed tweet does is measured on a finished model. This run did not finish: train it again.")
        )
    elif not run.kept:
        _nothing(run)
    if not run.kept:
        return None
    epoch = run.nearest_kept(view.epoch)
    if epoch != (shown := run.nearest(view.epoch)):
        st.info(_("The weights of epoch {n} are not kept; what follows is of epoch {m}.").format(n=shown, m=epoch))
    return epoch


def _nothing(run: Run) -> None:
    """Say why there is no trained model to ask."""
    st.info(_("A model is measured when its training ends.") if run.busy else _("Nothing to measure yet: train first."))
