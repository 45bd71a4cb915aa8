"""All that a page says of a model whatever is chosen on it: told in one step, so that it can be kept and said again."""

from __future__ import annotations

from dataclasses import dataclass

from mtl_core.graph import CallGraph, training_words, words
from mtl_core.graph.config.untrusted import step
from mtl_core.inspect import findings
from mtl_core.inspect.markdown import code

__all__ = ["MOST_CELLS", "MOST_SAID", "Description", "describe"]

MOST_CELLS = 20_000
"""Most pairs of a head and an input that are shown in a table."""

MOST_SAID = 12
"""Most sentences on training."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What is said of a model, in Markdown and in the language of whoever asked.

    Parameters
    ----------
    headline, size, alt : str
        The finding; how large the model is; the drawing in words.
    caveats : tuple of str
        What its file can't tell.
    matrix : list of lists of str
        As in `findings.matrix`; empty where it would be larger than `MOST_CELLS`.
    who_sees_what : tuple of str
    training, training_alt : str
        The finding about training; its picture in words.
    training_findings : tuple of str
        At most one more than `MOST_SAID`.
    drawn : str
        The finding about plot_model's drawing.
    false_paths : list of str
    shared : str
        The finding about shared layers.
    shared_rows : list of dict
    """

    headline: str
    size: str
    alt: str
    caveats: tuple[str, ...]
    matrix: list[list[str]]
    who_sees_what: tuple[str, ...]
    training: str
    training_alt: str
    training_findings: tuple[str, ...]
    drawn: str
    false_paths: list[str]
    shared: str
    shared_rows: list[dict[str, str]]


@step()
def describe(graph: CallGraph) -> Description:
    """Say all of it; raises `ModelFileError` if that takes too long."""
    return Description(
        headline=findings.headline(graph),
        size=findings.size(graph),
        alt=words.alt(graph),
        caveats=tuple(words.caveats(graph, code)),
        matrix=findings.matrix(graph) if len(graph.inputs) * len(graph.outputs) <= MOST_CELLS else [],
        who_sees_what=tuple(findings.who_sees_what(graph)),
        training=training_words.headline(graph, code),
        training_alt=training_words.training_alt(graph),
        training_findings=tuple(training_words.training_findings(graph, code, most=MOST_SAID + 1)),
        drawn=findings.drawn(graph),
        false_paths=findings.false_paths(graph),
        shared=findings.shared(graph),
        shared_rows=findings.shared_rows(graph),
    )
