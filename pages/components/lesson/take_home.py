"""A step of the walkthrough to take home: its report with all its runs and figures, their numbers, programs and drawings."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence

import streamlit as st

from mtl_core.figures.exhibit import Exhibit
from mtl_core.graph import CallGraph
from mtl_core.inspect.examples import load_example
from mtl_core.language import _
from mtl_core.lessons.parts import Step
from mtl_core.lessons.walkthrough import spec_of
from mtl_core.records import Run
from mtl_core.take_home import program, report
from pages.components.shell import share, state
from pages.components.shell.file import file

__all__ = ["show"]


def show(step: Step, exhibits: Sequence[Exhibit]) -> None:
    """A popover with all files; made only while somebody looks.

    Parameters
    ----------
    step : Step
    exhibits : sequence of Exhibit
        What the screen shows of it, in its order.
    """
    opened = share.popover(_("Take it home"), "take_home")
    if not opened.open:
        return
    runs = {each.label: state.look(spec_of(step, each.name, st.session_state.seed)) for each in step.experiments}
    with opened:
        st.markdown(_("This step, as files of your own."))
        if exhibits:
            _report(step, runs, exhibits)
        if any(run.epochs for run in runs.values()):
            make = functools.partial(report.history_csv, *runs.values())
            file(_("Numbers of every epoch (CSV)"), "history.csv", "text/csv", make, about=report.history_legend())
        for n, (label, run) in enumerate(runs.items(), start=1):
            make = functools.partial(program.script, run.spec)
            file(_("Keras program: {label}").format(label=label), f"experiment{n}.py", "text/x-python", make)
        for name, graph in _graphs(step):
            file(_("Graph (DOT): {label}").format(label=name), f"{name}.dot", "text/vnd.graphviz", graph.to_dot)


def _report(step: Step, runs: Mapping[str, Run], exhibits: Sequence[Exhibit]) -> None:
    address = share.link()
    file(
        _("Report (one HTML file)"),
        "report.html",
        "text/html",
        lambda: report.lesson_report(_(step.title), _(step.setup), runs, exhibits, link=address),
    )


def _graphs(step: Step) -> Iterator[tuple[str, CallGraph]]:
    """The models that the step shows, by names that files can have."""
    for question in step.questions:
        if question.example:
            yield question.example, CallGraph.from_json(load_example(question.example))
    models = dict.fromkeys((picture.model, picture.data) for picture in (*step.pictures, *step.revealed))
    for n, (model, data) in enumerate(models, start=1):
        yield f"model{n}", CallGraph.from_spec(model, data)
