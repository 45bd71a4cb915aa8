"""Everything of the experiment on screen to take home: program, notebook, numbers, drawing, figures, model, report."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import streamlit as st

from mtl_core.figures import figures, headings, narrate
from mtl_core.graph import words as graph_words
from mtl_core.jobs.runs import shared
from mtl_core.language import _, speaking
from mtl_core.records import BoundLines, Run
from mtl_core.spec import ExperimentSpec, ViewSpec, other_input
from mtl_core.take_home import program as listing
from mtl_core.take_home import report as exports
from pages.components.playground import dependence, drawing, response, training
from pages.components.shell import share, state
from pages.components.shell.live import live

__all__ = ["show"]


def show(spec: ExperimentSpec) -> None:
    """A popover with all files; made only while somebody looks."""
    opened = share.popover(_("Take it home"), "take_home")
    if not opened.open:
        return
    run = state.look(spec)
    with opened:
        st.markdown(_("The experiment on screen, as files of your own."))
        _file(_("Keras program"), "experiment.py", "text/x-python", functools.partial(listing.script, spec))
        _file(
            _("Jupyter notebook"),
            "experiment.ipynb",
            "application/x-ipynb+json",
            functools.partial(listing.notebook, spec),
        )
        graph = drawing.graph_of(spec.model, spec.data)
        _file(_("Graph (DOT)"), "graph.dot", "text/vnd.graphviz", graph.to_dot)
        if run.epochs:
            _of_the_run(spec, run)


def _of_the_run(spec: ExperimentSpec, run: Run) -> None:
    other, bounds, view = state.look(spec.other_case), training.bounds_of(spec), state.view()
    graph, epoch = drawing.graph_of(spec.model, spec.data), run.nearest_kept(view.epoch)
    shuffled, pinned = dependence.shuffled(run, epoch).value, training.pinned_epoch(run, view)
    address = share.link()
    _file(
        _("Numbers of every epoch (CSV)"), "history.csv", "text/csv", functools.partial(exports.history_csv, run, other)
    )
    for figure in _figures(run, other, bounds, view):
        _file(
            _("{figure} (interactive HTML)").format(figure=figure.label),
            f"{figure.name}.html",
            "text/html",
            functools.partial(_figure_html, figure),
        )
    _file(
        _("Report (one HTML file)"),
        "report.html",
        "text/html",
        lambda: exports.report(
            run,
            bounds=bounds,
            graph_paths=graph.dependence(),
            graph=exports.svg(graph.to_dot()),
            graph_alt=graph_words.alt(graph),
            other=other,
            response=shuffled,
            pinned=pinned,
            link=address,
        ),
    )
    if epoch in run.kept:
        _model(spec, epoch)


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure of the screen: what it is called, its file, and how it is drawn and put into words."""

    label: str
    name: str
    heading: str
    draw: Callable[..., dict[str, Any]]
    reading: Callable[[], str]


def _figures(run: Run, other: Run, bounds: BoundLines, view: ViewSpec) -> Iterator[_Figure]:
    """Those that are known by now: a measurement may still be under way."""
    spec, epoch, pinned = run.spec, run.nearest_kept(view.epoch), training.pinned_epoch(run, view)
    yield _Figure(
        _("Loss"),
        "loss",
        headings.learning(run, bounds, exports.shown(run, pinned)),
        functools.partial(figures.loss, run, other, bounds, pinned=pinned),
        functools.partial(narrate.loss, run, other, bounds, pinned=pinned),
    )
    yield _Figure(
        _("Reliance"),
        "reliance",
        headings.reliance(spec.model),
        functools.partial(figures.reliance, run, pinned=pinned),
        functools.partial(narrate.reliance, run, pinned=pinned),
    )
    graph = drawing.graph_of(spec.model, spec.data)
    if (measured := response.response_of(run, epoch, view).value) is not None:
        yield _Figure(
            _("Response"),
            "response",
            headings.responding(spec.model),
            functools.partial(figures.response, measured, graph.dependence(), bounds),
            functools.partial(narrate.response, measured, graph.dependence()),
        )
    if (answer := response.what_if_of(spec, epoch, view).value) is not None:
        head = view.what_if_head
        about = {"output": head, "at": view.other, "connected": graph.reaches(other_input(head), head)}
        yield _Figure(
            _("What if"),
            "what_if",
            headings.what_if(),
            functools.partial(figures.what_if, answer, response.EVIDENCE, **about),
            functools.partial(narrate.what_if, answer, response.EVIDENCE, **about),
        )


def _figure_html(figure: _Figure) -> str:
    return exports.figure_html(figure.draw(dark=False), title=figure.heading, reading=figure.reading())


def _model(spec: ExperimentSpec, epoch: int) -> None:
    """The trained model is written by a worker, because this process has no Keras; asked for when somebody wants it."""
    if not st.toggle(
        _("Trained model (.keras) of epoch {n}").format(n=epoch),
        key="wants_model",
        help=_("With its weights, for keras.models.load_model. It predicts; to train it on, compile it first."),
    ):
        return

    def draw() -> str:
        answer = shared().ask(spec, epoch, "keras_file")
        if answer.state == "ready":
            st.download_button(
                _("Download the model"),
                answer.value,
                "model.keras",
                "application/zip",
                key="model_file",
                on_click="ignore",
            )
        else:
            st.caption(answer.message or _("A worker is writing the file…"))
        return answer.state

    now = shared().ask(spec, epoch, "keras_file").state
    live(draw, now=now, busy=now == "pending")


def _file(label: str, name: str, mime: str, make: Callable[[], Any]) -> None:
    """A file that is made when it is asked for, in the visitor's language."""
    language = st.session_state.language

    def made() -> Any:
        with speaking(language):
            return make()

    st.download_button(label, made, name, mime, key=f"file_{name}", on_click="ignore")
