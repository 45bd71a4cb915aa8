"""All that can be asked of what a visitor gave: what the page says, draws and hands out."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator

from mtl_core.graph import CallGraph, ModelFileError
from mtl_core.graph.draw.training import training_dot
from mtl_core.graph.program import Program
from mtl_core.graph.training_words import fits_a_table, headline, training_alt, training_findings, training_rows
from mtl_core.graph.words import alt, caveats, findings, labels, table
from mtl_core.inspect import compare
from mtl_core.inspect import findings as page
from mtl_core.inspect.description import describe
from mtl_core.inspect.everything import as_json
from mtl_core.inspect.markdown import code, plain
from mtl_core.inspect.spreadsheet import as_csv

__all__ = ["described"]

PARTS: tuple[Callable[[CallGraph], object], ...] = (
    lambda graph: dataclasses.asdict(describe(graph)),
    page.headline,
    page.size,
    page.matrix,
    page.false_paths,
    page.drawn,
    page.shared,
    page.shared_rows,
    alt,
    table,
    headline,
    training_alt,
    as_json,
    training_dot,
    lambda graph: list(graph.statuses().items()),
    CallGraph.to_dot,
    lambda graph: list(findings(graph)),
    lambda graph: list(caveats(graph, code)),
    lambda graph: list(page.who_sees_what(graph)),
    lambda graph: training_findings(graph, code, most=13),
    lambda graph: training_rows(graph) if fits_a_table(graph) else "",
    lambda graph: [page.between(graph, name, head) for name in graph.inputs[:3] for head in graph.outputs[:3]],
    lambda graph: as_csv([["", *graph.inputs], *page.matrix(graph)]),
    lambda graph: as_csv([list(row.values()) for row in table(graph)]),
    lambda graph: labels(tuple(call.id for call in graph.calls)),
    lambda graph: list(compare.sentences(compare.compare(graph, graph))),
    lambda graph: graph.to_dot("layers", explain=True, highlight=graph.outputs[0]),
    lambda graph: graph.to_dot(
        collapsed=graph.nested_models, open_runs=(), highlight=[*graph.inputs, *graph.outputs][0]
    ),
    lambda graph: training_dot(graph, collapsed=graph.nested_models, open_runs=()),
)


def described(program: Program) -> bool:
    """Ask for everything, and see that a browser can be sent it; a part that takes too long says so."""
    for text in _texts(program):
        text.encode()  # raises for half a character
    return bool(program.models)


def _texts(program: Program) -> Iterator[str]:
    yield program.text
    yield from program.models
    yield from (plain(remark.text) for remark in program.remarks)
    for graph in program.models.values():
        for part in PARTS:
            try:
                yield json.dumps(part(graph), ensure_ascii=False)
            except ModelFileError as error:
                yield str(error)
