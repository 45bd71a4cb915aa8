"""The graph: one box a call, colour for whose information; and what the learner had before, one click away."""

from __future__ import annotations

import functools

import streamlit as st

from mtl_core.figures import names
from mtl_core.figures.numbers import capital
from mtl_core.graph import CallGraph
from mtl_core.graph import words as graph_words
from mtl_core.language import _
from mtl_core.records import Run
from mtl_core.spec import OUTPUTS, DataSpec, ExperimentSpec, ModelSpec, ViewSpec
from mtl_core.take_home.program import question_2019, script
from pages.components.shell import chart, graph_tools
from pages.components.shell.switch import switch

__all__ = ["draw", "graph_of", "show"]


@functools.lru_cache(maxsize=512)
def graph_of(model: ModelSpec, data: DataSpec) -> CallGraph:
    """The call graph of a model on screen."""
    return CallGraph.from_spec(model, data)


def show(spec: ExperimentSpec, view: ViewSpec, run: Run) -> None:
    """The drawing that the visitor chose, its switch, and whether the real Keras model confirms it."""
    titles = {
        "calls": _("Call graph"),
        "cases": _("Both cases"),
        "layers": _("plot_model’s"),
        "code": _("The code"),
    }
    switch("drawing", titles, labelled=False)
    {"calls": _calls, "cases": _cases, "layers": _layers, "code": _code}[view.drawing](spec, view, run)


def _head_switch() -> None:
    """Choose a head, and only what reaches it lights up."""
    titles = {"both": _("Both heads"), "predictions1": _("Head 1"), "predictions2": _("Head 2")}
    switch("head", titles, labelled=False)


def _light_up(box: str) -> None:
    """A click on a head lights up what reaches it; on anything else, everything again."""
    st.session_state.head = box if box in OUTPUTS else "both"


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


def _calls(spec: ExperimentSpec, view: ViewSpec, run: Run) -> None:
    graph = graph_of(spec.model, spec.data)
    draw(graph, key="call_graph", head=view.head)
    with st.container(horizontal=True, vertical_alignment="center"):
        _head_switch()
        graph_tools.show("call_graph", model="playground", zoom=False, picked=_light_up)
    st.caption(_confirmation(graph, run))


def _confirmation(graph: CallGraph, run: Run) -> str:
    if run.config is None:
        return _("Drawn from your settings; Keras confirms it when the model is built for training.")
    if CallGraph.from_json(run.config) == graph:
        return _("Confirmed by Keras: the model it built has exactly these calls.")
    return _("Keras built a model with other calls than drawn here. Please report this: the drawing is wrong.")


def _cases(spec: ExperimentSpec, _view: ViewSpec, _run: Run) -> None:
    with_merge, without = (spec, spec.other_case) if spec.model.merge != "none" else (spec.other_case, spec)
    columns = st.columns(2)
    for column, name, case in ((columns[0], "merged", with_merge), (columns[1], "none", without)):
        with column:
            st.markdown(f"**{capital(names.case(case.model))}**", text_alignment="center")
            draw(graph_of(case.model, case.data), key=f"graph_{name}")


def _layers(spec: ExperimentSpec, _view: ViewSpec, _run: Run) -> None:
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


def _code(spec: ExperimentSpec, _view: ViewSpec, _run: Run) -> None:
    new, old = st.columns(2)
    with new:
        st.markdown(_("**Keras 3: this experiment**, runnable as it is with `keras` and `numpy`"))
        st.code(script(spec), language="python", height=640)
    with old:
        st.markdown(_("**The question's program of 2019**, and what no longer runs"))
        marked = question_2019()
        st.code(
            "\n".join(line + (f"  # ({n}) {_('no longer runs')}" if n else "") for line, n in _numbered(marked)),
            language="python",
            height=480,
        )
        st.markdown(
            "\n".join(
                f"{n}. {problem}" for n, problem in enumerate(filter(None, dict.fromkeys(p for _l, p in marked)), 1)
            )
        )


def _numbered(marked: list[tuple[str, str | None]]) -> list[tuple[str, int]]:
    """Each line with the number of its problem; 0 if it has none."""
    problems = [problem for problem in dict.fromkeys(p for _line, p in marked) if problem]
    return [(line, problems.index(problem) + 1 if problem else 0) for line, problem in marked]
