"""What a visitor takes home from a screen: the history as CSV, a figure as HTML, and the whole screen as a report.

The program and the notebook are made by `listing`, the graph's DOT by `CallGraph.to_dot`, the trained model by
`keras_file` on a worker.
"""

from __future__ import annotations

import csv
import functools
import html
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import graphviz

from mtl_core.figures import figures, headings, names, narrate
from mtl_core.figures import html as standalone
from mtl_core.figures import numbers as formats
from mtl_core.language import _
from mtl_core.records import BoundLines, Epoch, Response, Run
from mtl_core.spec import INPUTS, OUTPUTS, ExperimentSpec, knobs
from mtl_core.take_home import program as listing
from mtl_core.theory import bayes_risk

__all__ = ["figure_html", "history_csv", "report", "shown", "svg"]


def history_csv(*runs: Run) -> str:
    """A row for each run and epoch, in full precision; losses and costs of shuffling in nats, accuracies in 0..1."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for number, run in enumerate(runs):
        for epoch in run.epochs:
            values = dict(_history(run, epoch))
            if number == 0 and epoch is run.epochs[0]:
                writer.writerow(values)
            writer.writerow(values.values())
    return out.getvalue()


def figure_html(figure: Mapping[str, Any], *, title: str, reading: str) -> str:
    """One figure with its words as an interactive file that needs nothing else."""
    parts = (f"<h1>{html.escape(title)}</h1>", standalone.chart(figure, alt=reading), standalone.prose(reading))
    return standalone.page(title, *parts)


def svg(dot: str) -> str:
    """A drawing as SVG where Graphviz's own `dot` is installed; else the DOT text as it is."""
    try:
        return str(graphviz.Source(dot).pipe(format="svg", encoding="utf-8"))
    except (graphviz.ExecutableNotFound, graphviz.CalledProcessError):
        return dot


def report(
    run: Run,
    *,
    bounds: BoundLines,
    graph_paths: Mapping[tuple[str, str], bool],
    graph: str,
    graph_alt: str,
    other: Run | None = None,
    response: Response | None = None,
    pinned: int | None = None,
    link: str = "",
) -> str:
    """The experiment on screen as one HTML file: graph, curves, response, words, settings, versions and program.

    Parameters
    ----------
    run : Run
    bounds : BoundLines
    graph_paths : mapping of (output, input) to bool
        `CallGraph.dependence()`.
    graph, graph_alt : str
        The drawing as SVG, or its DOT text where there is no SVG; and the same in words.
    other : Run, optional
        The other case.
    response : Response, optional
        At the epoch shown.
    pinned : int, optional
        The epoch shown; the newest by default.
    link : str
        Address of the screen.
    """
    model = run.spec.model
    title = _("What does `concatenate` do? {case}").format(case=names.case(model))
    svg = graph.lstrip().startswith(("<svg", "<?xml"))
    parts = [
        f"<h1>{standalone.prose(title)[3:-4]}</h1>",
        standalone.prose(narrate.answer(model)),
        _heading(narrate.headline(model)),
        standalone.drawing(graph, alt=graph_alt) if svg else f"<pre>{html.escape(graph)}</pre>",
        standalone.prose(graph_alt),
        _heading(headings.reading(model, response)),
        standalone.table(_readings(run.spec, graph_paths, response)),
        *_block(
            headings.learning(run, bounds, shown(run, pinned)),
            functools.partial(figures.loss, run, other, bounds, pinned=pinned),
            narrate.loss(run, other, bounds, pinned=pinned),
            narrate.loss_table(run, other),
        ),
        *_block(
            headings.reliance(model),
            functools.partial(figures.reliance, run, pinned=pinned),
            narrate.reliance(run, pinned=pinned),
            narrate.reliance_table(run),
        ),
    ]
    if response is not None:
        parts += _block(
            headings.responding(model),
            functools.partial(figures.response, response, graph_paths, bounds),
            narrate.response(response, graph_paths),
            narrate.response_table(response),
        )
    parts += [_heading(_("When to concatenate")), standalone.prose(narrate.advice()), *_colophon(run, link)]
    return standalone.page(title.replace("`", ""), *parts)


def _history(run: Run, epoch: Epoch) -> Iterator[tuple[str, object]]:
    yield "merge", run.spec.model.merge
    yield "source", run.source
    yield "epoch", epoch.index
    yield "seconds", round(epoch.seconds, 4)
    for head in OUTPUTS:
        for split, metrics in (("test", epoch.test), ("train", epoch.train)):
            yield f"{head}_{split}_loss", metrics[head].loss
            yield f"{head}_{split}_accuracy", metrics[head].accuracy
        for name in INPUTS:
            yield f"{head}_shuffling_{name}", epoch.reliance[head, name]


def shown(run: Run, pinned: int | None) -> Epoch | None:
    """The epoch on screen: the pinned one, else the newest."""
    found = [its for its in run.epochs if pinned is None or its.index == pinned]
    return found[-1] if found else None


def _heading(text: str) -> str:
    return f"<h2>{html.escape(text)}</h2>"


def _block(
    heading: str, draw: Callable[..., dict[str, Any]], reading: str, rows: Sequence[Mapping[str, object]]
) -> list[str]:
    """A figure under its heading, with its reading and its numbers."""
    wide, narrow = (draw(dark=False, narrow=narrow) for narrow in (False, True))
    numbers = f"<details><summary>{html.escape(_('The numbers'))}</summary>{standalone.table(rows)}</details>"
    return [_heading(heading), standalone.chart(wide, narrow, alt=reading), standalone.prose(reading), numbers]


def _readings(
    spec: ExperimentSpec, graph_paths: Mapping[tuple[str, str], bool], response: Response | None
) -> list[dict[str, str]]:
    """A row for each head: what shuffling each tweet costs it, or only what it reads; and what the other is worth."""
    worth = bayes_risk(spec.data).value_of_other
    return [
        {"": names.head(head)}
        | {name: _reading(response, i, j, graph_paths[head, name]) for j, name in enumerate(INPUTS)}
        | {_("the other tweet is worth"): narrate.nats(worth[i])}
        for i, head in enumerate(OUTPUTS)
    ]


def _reading(response: Response | None, head: int, name: int, path: bool) -> str:
    if response is None or response.perturbation != "permute":
        return _("reads it") if path else _("no path")
    first = float(response.loss[head, name, 0])
    rise, low, high = (float(its[head, name, -1]) - first for its in (response.loss, response.low, response.high))
    return narrate.cost_of_shuffling(rise, low, high, formats.drop(response.accuracy[head, name].tolist()), path)


def _colophon(run: Run, link: str) -> Iterator[str]:
    """Everything needed to get these numbers again."""
    yield _heading(_("Settings and versions"))
    settings = [
        {_("setting"): name, _("value"): str(getattr(part, name))}
        for part in (run.spec.model, run.spec.data, run.spec.train)
        for name in knobs(part)
    ]
    versions = [{_("setting"): name, _("value"): version} for name, version in run.versions.items()]
    origin = {_("setting"): _("these curves are"), _("value"): names.origin(run)}
    yield standalone.table([*settings, origin, *versions])
    if link.startswith(("http://", "https://")):
        yield f'<p><a href="{html.escape(link)}">{html.escape(_("The same screen in the app"))}</a></p>'
    yield standalone.prose(_("The tweets are synthetic sequences of numbers, not text."))
    yield _heading(_("The program"))
    yield f"<details><summary>{html.escape(_('The same experiment in Keras 3'))}</summary>"
    yield f"<pre>{html.escape(listing.script(run.spec))}</pre></details>"
