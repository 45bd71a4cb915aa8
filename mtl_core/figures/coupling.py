"""What training changes: which loss changes the weights of which layer, and where the two tasks are tied by it.

It is the graph read backwards. What it says holds for every run with these settings, before any number was measured.
"""

from __future__ import annotations

from mtl_core.figures.exhibit import Exhibit
from mtl_core.graph import CallGraph
from mtl_core.graph.training_words import headline, training_findings, training_table

__all__ = ["exhibit"]


def exhibit(graph: CallGraph) -> Exhibit:
    """Losses x layers. Its picture is `mtl_core.graph.draw.training`'s, which a page lays out as it does every graph.

    Parameters
    ----------
    graph : CallGraph
        Of an experiment (`CallGraph.from_experiment`), so that it knows which losses count and where a way back is cut.
    """
    return Exhibit(
        heading=headline(graph),
        draw=lambda _colours: {},
        reading="\n\n".join(training_findings(graph)),  # a paragraph a loss, in Markdown
        rows=lambda: training_table(graph),
    )
