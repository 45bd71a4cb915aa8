"""Everything of the experiment on screen to take home: program, notebook, numbers, drawing, figures, model, report."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import streamlit as st

from mtl_core.figures import loss, pulls, reliance
from mtl_core.figures.exhibit import Exhibit
from mtl_core.graph import words as graph_words
from mtl_core.language import N_, _
from mtl_core.records import Run
from mtl_core.spec import ExperimentSpec, ViewSpec
from mtl_core.take_home import program, report
from pages.components.playground import dependence, drawing, response, training
from pages.components.shell import share, state
from pages.components.shell.drawn_file import drawn_file
from pages.components.shell.file import file
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
        file(_("Keras program"), "experiment.py", "text/x-python", lambda: program.script(spec))
        file(_("Jupyter notebook"), "experiment.ipynb", "application/x-ipynb+json", lambda: program.notebook(spec))
        graph = drawing.graph_of(spec.model, spec.data)
        file(_("Graph (DOT)"), "graph.dot", "text/vnd.graphviz", graph.to_dot)
        if run.epochs:
            _of_the_run(spec, run)


def _of_the_run(spec: ExperimentSpec, run: Run) -> None:
    other, view, address = state.look(spec.other_case), state.view(), share.link()
    graph, epoch = drawing.graph_of(spec.model, spec.data), run.nearest_kept(view.epoch)
    exhibits = dict(_exhibits(run, other, view, epoch))
    make_history = functools.partial(report.history_csv, run, other)
    file(_("Numbers of every epoch (CSV)"), "history.csv", "text/csv", make_history, about=report.history_legend())
    for name, label in _LABELS.items():
        if name in exhibits:
            make = functools.partial(report.figure_html, exhibits[name])
            file(_("{figure} (interactive HTML)").format(figure=_(label)), f"{name}.html", "text/html", make)
    drawn_file(
        _("Report (one HTML file)"),
        "report.html",
        lambda image: report.report(
            run,
            list(exhibits.values()),
            image=image(graph.to_dot()),
            dot=graph.to_dot(),
            graph_alt=graph_words.alt(graph),
            link=address,
        ),
    )
    if epoch in run.kept:
        _model(spec, epoch)


_LABELS = {
    "loss": N_("Loss"),
    "reliance": N_("Reliance"),
    "pulls": N_("Task pulls"),
    "response": N_("Response"),
    "what_if": N_("What if"),
}
"""What is offered as a file of its own."""


def _exhibits(run: Run, other: Run, view: ViewSpec, epoch: int) -> Iterator[tuple[str, Exhibit]]:
    """What is on screen, in its order, as far as it is known by now: a measurement may still be under way."""
    bounds, pinned = training.bounds_of(run.spec), training.pinned_epoch(run, view)
    yield "dependence", dependence.exhibit_of(run, epoch)
    yield "loss", loss.exhibit(run, other, bounds, pinned=pinned)
    yield "reliance", reliance.exhibit(run, pinned=pinned)
    if run.epochs[-1].gradients is not None:
        yield "pulls", pulls.exhibit(run, other, pinned=pinned)
    if (measured := response.response_of(run, epoch, view).value) is not None:
        yield "response", response.exhibit_of(run.spec, measured, bounds)
    if (answer := response.what_if_of(run.spec, epoch, view).value) is not None:
        yield "what_if", response.what_if_exhibit(run.spec, view, answer)


def _model(spec: ExperimentSpec, epoch: int) -> None:
    """The trained model is written by a worker, because this process has no Keras; asked for when somebody wants it."""
    if not st.toggle(
        _("Trained model (.keras) of epoch {n}").format(n=epoch),
        key="wants_model",
        help=_(
            "For keras.models.load_model: with its weights, and compiled with the loss, metrics and optimizer it was trained "
            "with, so that it can be evaluated and trained further at once."
        ),
    ):
        return

    def draw() -> str:
        answer = state.ask(spec, epoch, "keras_file")
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

    now = state.ask(spec, epoch, "keras_file").state
    live(draw, now=now, busy=now == "pending")
