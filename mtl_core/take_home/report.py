"""What a visitor takes home from a screen: the history as CSV, an exhibit as HTML, and the whole screen as a report.

The program and the notebook are made by `program`, the graph's DOT by `CallGraph.to_dot`, the trained model by
`keras_file` on a worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mtl_core.figures import answer, html, names
from mtl_core.figures.exhibit import Exhibit, Row
from mtl_core.inspect.spreadsheet import as_csv
from mtl_core.language import N_, _
from mtl_core.palette import LIGHT
from mtl_core.records import Epoch, Run
from mtl_core.spec import INPUTS, OUTPUTS, knobs
from mtl_core.take_home.program import script

__all__ = ["figure_html", "history_csv", "history_legend", "lesson_report", "report"]


def history_csv(*runs: Run) -> str:
    """A row for each run and epoch, in full precision; losses and costs of shuffling in nats, accuracies in 0..1.

    Each row has all settings of its run, seed among them, so that it says by itself which experiment it is of. Columns that
    begin with a weight, as `shared_lstm_kernel`, are how both tasks pull at it, see `mtl_core.train.pulls`: the norms of the
    two losses' gradients in nats a unit of the weight, the cosine between them, and the cosines of what the epoch changed
    with the way in which each loss fell fastest. They are empty where a run does not share that weight, and where there is
    nothing to compare.
    """
    rows = [
        dict(_history(run, epoch)) | _all_settings(run) | dict(_pulls(epoch)) for run in runs for epoch in run.epochs
    ]
    if not rows:
        return ""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return as_csv([columns, *([row.get(name, "") for name in columns] for row in rows)])


def history_legend() -> str:
    """What is in the columns of `history_csv`, for who takes it home."""
    return " ".join(
        (
            _(
                "A row for each epoch of each run, with all its settings; losses and costs of shuffling in nats, accuracies from 0 to 1."
            ),
            _(
                "Columns that begin with a weight are how both tasks pull at it: the length of each loss’s gradient, and their cosine."
            ),
            _("“change_cosine” is between what the epoch changed and the way in which that loss fell fastest."),
        )
    )


def figure_html(exhibit: Exhibit) -> str:
    """An exhibit's interactive charts with their words, as a file that needs nothing else."""
    return html.render("figure.html", title=exhibit.heading, exhibit=exhibit)


def report(run: Run, exhibits: Sequence[Exhibit], *, image: str, dot: str, graph_alt: str, link: str = "") -> str:
    """The experiment on screen as one HTML file: graph, exhibits, words, settings, versions and program.

    Parameters
    ----------
    run : Run
    exhibits : sequence of Exhibit
        What the screen shows of the run, in its order.
    image : str
        Address of an image of the graph; empty where there is none, and then its DOT source is shown.
    dot, graph_alt : str
        The graph as DOT source, and in words.
    link : str
        Address of the screen; only that of a page (http, https) becomes a link.
    """
    model = run.spec.model
    return html.render(
        "report.html",
        title=_("What does `concatenate` do? {case}").format(case=names.case(model)),
        answer=answer.answer(run.spec),
        headline=answer.headline(model),
        image=image,
        dot=dot,
        graph_alt=graph_alt,
        exhibits=exhibits,
        advice=answer.advice(),
        settings=_settings(run),
        world=_(_WORLDS[run.spec.data.tweets]),
        link=link if link.startswith(("http://", "https://")) else "",
        program=script(run.spec),
    )


def lesson_report(
    title: str,
    setup: str,
    runs: Mapping[str, Run],
    exhibits: Sequence[Exhibit],
    *,
    notices: Sequence[str] = (),
    link: str = "",
) -> str:
    """A step of the walkthrough as one HTML file: its figures as they are on screen, and each of its runs with settings and program.

    Parameters
    ----------
    title, setup : str
        The step's, translated.
    runs : mapping of str to Run
        By what they are called on screen.
    exhibits : sequence of Exhibit
        What the screen shows, in its order.
    notices : sequence of str
        What to notice, as the screen says it.
    link : str
        Address of the screen; only that of a page (http, https) becomes a link.
    """
    return html.render(
        "lesson.html",
        title=title,
        setup=setup,
        exhibits=[exhibit for exhibit in exhibits if exhibit.draw(LIGHT)],
        notices=notices,
        runs=[(name, _settings(run), script(run.spec)) for name, run in runs.items()],
        link=link if link.startswith(("http://", "https://")) else "",
    )


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


def _pulls(epoch: Epoch) -> Iterator[tuple[str, object]]:
    for weight, pull in (epoch.gradients or {}).items():
        if pull is not None:
            name = "_".join(weight)
            for head, norm in zip(OUTPUTS, (pull.norm1, pull.norm2), strict=True):
                yield f"{name}_{head}_gradient_norm", norm
            yield f"{name}_gradient_cosine", pull.cosine
            for head, cosine in zip(OUTPUTS, (pull.applied1, pull.applied2), strict=True):
                yield f"{name}_{head}_change_cosine", cosine


def _all_settings(run: Run) -> dict[str, str]:
    parts = (run.spec.model, run.spec.data, run.spec.train)
    return {name: knob.write(getattr(part, name)) for part in parts for name, knob in knobs(part).items()}


def _settings(run: Run) -> list[Row]:
    """Everything needed to get these numbers again: a row for each setting and version."""
    parts = (run.spec.model, run.spec.data, run.spec.train)
    values = {_(knob.label): str(getattr(part, name)) for part in parts for name, knob in knobs(part).items()}
    values |= {_("these curves are"): names.origin(run)} | dict(run.versions)
    return [{_("setting"): name, _("value"): value} for name, value in values.items()]


_WORLDS = {
    "numbers": N_("The tweets are synthetic sequences of numbers, not text."),
    "words": N_("The tweets are small made-up sentences whose words have known weights."),
}
