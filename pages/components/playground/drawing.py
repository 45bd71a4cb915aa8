"""The graph: one box a call, colour for whose information; and what the learner had before, one click away."""

from __future__ import annotations

import functools

import streamlit as st

from mtl_core.figures import coupling, names
from mtl_core.figures.numbers import capital
from mtl_core.graph import CallGraph
from mtl_core.graph import words as graph_words
from mtl_core.graph.draw.training import training_dot
from mtl_core.graph.training_words import training_alt
from mtl_core.language import _
from mtl_core.records import Run
from mtl_core.spec import DataSpec, ExperimentSpec, ModelSpec, ViewSpec
from mtl_core.take_home import program as listing
from pages.components.shell import chart
from pages.components.shell.switch import switch

__all__ = ["choose", "confirmation", "draw", "draw_training", "graph_of", "show"]


@functools.lru_cache(maxsize=512)
def graph_of(model: ModelSpec, data: DataSpec) -> CallGraph:
    """The call graph of a model on screen."""
    return CallGraph.from_spec(model, data)


@functools.lru_cache(maxsize=64)
def _graph_in_keras(config: str) -> CallGraph:
    return CallGraph.from_json(config)


def choose() -> None:
    """The row of ways to draw the model."""
    titles = {
        "calls": _("Model"),
        "cases": _("Both"),
        "training": _("Training"),
        "layers": _("plot_model"),
        "code": _("Code"),
    }
    switch("drawing", titles, labelled=False)


def show(spec: ExperimentSpec, view: ViewSpec) -> None:
    """The drawing that the visitor chose instead of the picture."""
    {"cases": _cases, "training": _training, "layers": _layers, "code": _code}[view.drawing](spec)


def confirmation(graph: CallGraph, run: Run) -> str:
    """Whether the real Keras model confirms the drawing."""
    if run.config is None:
        return _("Drawn from your settings. Keras confirms it when the model is trained.")
    if _graph_in_keras(run.config) == graph:
        return _("Confirmed by Keras.")
    return _("Keras built a model with other calls than drawn here. Please report this: the drawing is wrong.")


def draw(graph: CallGraph, *, key: str, layers: bool = False, head: str = "both", explain: bool = False) -> None:
    """A graph in the visitor's theme, with its words for those who cannot see it."""
    dot = graph.to_dot(
        view="layers" if layers else "calls",
        highlight=None if head == "both" else head,
        explain=explain,
        prefix=key,
        dark=chart.dark(),
    )
    with st.container(key=key, horizontal_alignment="center"):
        st.graphviz_chart(dot, width="content", alt=graph_words.alt(graph))


def _cases(spec: ExperimentSpec) -> None:
    with_merge, without = (spec, spec.other_case) if spec.model.merge != "none" else (spec.other_case, spec)
    columns = st.columns(2)
    for column, name, case in ((columns[0], "merged", with_merge), (columns[1], "none", without)):
        with column:
            st.markdown(f"**{capital(names.case(case.model))}**", text_alignment="center")
            draw(graph_of(case.model, case.data), key=f"graph_{name}")


def draw_training(graph: CallGraph, *, key: str) -> None:
    """What each loss changes, as a graph in the visitor's theme, with its words for those who cannot see it."""
    with st.container(key=key, horizontal_alignment="center"):
        st.graphviz_chart(training_dot(graph, dark=chart.dark(), prefix=key), width="content", alt=training_alt(graph))


def _training(spec: ExperimentSpec) -> None:
    graph = CallGraph.from_experiment(spec)
    exhibit = coupling.exhibit(graph)
    st.subheader(exhibit.heading)
    draw_training(graph, key="graph_training")
    st.markdown(exhibit.reading)
    table = st.expander(_("As a table"), key="training_rows", on_change="rerun")
    if table.open:
        table.dataframe(list(exhibit.rows()), hide_index=True, alt=exhibit.heading)


def _layers(spec: ExperimentSpec) -> None:
    graph = graph_of(spec.model, spec.data)
    draw(graph, key="graph_layers", layers=True)
    false = graph.false_paths()
    if not false:
        st.markdown(_("`plot_model` draws one box per *layer*. Here, every path it draws exists."))
        return
    ties = ", ".join(sorted(graph.shared_layers))
    lines = [
        _(
            "`plot_model` draws one box per *layer*, so **the two calls of `{ties}` look like one place where the tweets meet.** These paths of the drawing do not exist:"
        ).format(ties=ties)
    ]
    lines += [
        _("* `{input}` → `{ties}` → `{output}`: `{output}` never sees `{input}`, bit for bit.").format(
            input=name, output=output, ties=ties
        )
        for name, output in false
    ]
    st.markdown("\n".join(lines))


def _code(spec: ExperimentSpec) -> None:
    program = listing.script(spec)
    st.code(_model_lines(program), language="python", height=300)
    whole = st.expander(_("The whole program: Keras 3, runnable as it is"), key="whole_program", on_change="rerun")
    if whole.open:
        whole.code(program, language="python", height=480)
    old = st.expander(
        _("The question’s program of 2019, and what no longer runs"), key="old_program", on_change="rerun"
    )
    if old.open:
        with old:
            _old_program()


def _model_lines(program: str) -> str:
    """The lines that make the model, of a program in sections."""
    section = program.partition("# %% The model\n")[2].partition("# %%")[0]
    return "\n".join(line for line in section.splitlines() if line and not line.startswith("#"))


def _old_program() -> None:
    marked = listing.question_2019()
    st.code(
        "\n".join(line + (f"  # ({n}) {_('no longer runs')}" if n else "") for line, n in _numbered(marked)),
        language="python",
        height=480,
    )
    st.markdown(
        "\n".join(f"{n}. {problem}" for n, problem in enumerate(filter(None, dict.fromkeys(p for _l, p in marked)), 1))
    )


def _numbered(marked: list[tuple[str, str | None]]) -> list[tuple[str, int]]:
    """Each line with the number of its problem; 0 if it has none."""
    problems = [problem for problem in dict.fromkeys(p for _line, p in marked) if problem]
    return [(line, problems.index(problem) + 1 if problem else 0) for line, problem in marked]
