"""What a head can have learned, from the settings and the bounds alone: so that no sentence says "yet" of what never comes.

Which loss changes which weights is asked of the graph, read backwards.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

from mtl_core.graph import CallGraph
from mtl_core.records import BoundLines, Run
from mtl_core.spec import ENCODERS, OUTPUTS, ExperimentSpec

__all__ = ["Trained", "able", "margin", "taught", "trained", "unlearned"]

_MARGIN, _ROWS = 0.02, 2048


@dataclass(frozen=True, slots=True)
class Trained:
    """What the two losses change, head 1's first.

    Parameters
    ----------
    heads : pair of bool
        Whether that head's own weights change.
    encoders : pair of bool
        Whether that head's loss changes the LSTM or LSTMs that the head reads.
    """

    heads: tuple[bool, bool]
    encoders: tuple[bool, bool]


def margin(test_rows: int) -> float:
    """Nats that may be noise in a loss on so many rows: two standard errors, 0.02 on 2,048 rows."""
    return _MARGIN * math.sqrt(_ROWS / test_rows)


@functools.lru_cache(maxsize=256)
def trained(spec: ExperimentSpec) -> Trained:
    """Which loss changes what, over the whole run: as the graph says, for the tasks that have a turn at all."""
    recipe, graph = spec.train, CallGraph.from_experiment(spec)
    updates = recipe.epochs * -(-spec.data.n_train // recipe.batch_size)
    # Where tasks alternate, the first batch is task 1's: in a run of one update, task 2 has none.
    turns = (updates > 0, updates > 1 or recipe.schedule == "together")
    first, second = (turn and graph.trains(output, output) for output, turn in zip(OUTPUTS, turns, strict=True))
    one, other = (
        turn and any(graph.trains(output, encoder) for encoder in ENCODERS[spec.model.encoder])
        for output, turn in zip(OUTPUTS, turns, strict=True)
    )
    return Trained((first, second), (one, other))


def taught(spec: ExperimentSpec) -> tuple[bool, bool]:
    """Whether each head is trained, and on its true labels."""
    first, second = trained(spec).heads
    wrong = spec.data.shuffled_labels
    return first and wrong != "y1", second and wrong != "y2"


def able(run: Run, bounds: BoundLines) -> tuple[bool, bool]:
    """Whether each head's shape lets it beat what its own tweet alone allows, by more than noise."""
    room = margin(run.spec.data.n_test)
    _name, floor = bounds.floor
    return floor[0] < bounds.own[0] - room, floor[1] < bounds.own[1] - room


def unlearned(run: Run, bounds: BoundLines, head: int, epoch: int) -> bool:
    """Whether a head that is taught shows nothing of it at an epoch: its loss is no better than chance, and could be.

    Parameters
    ----------
    run : Run
    bounds : BoundLines
        Of the run's model on its test split; nats.
    head : int
        0 or 1.
    epoch : int
        At epoch 0 nothing is learned, whatever the loss.
    """
    if not taught(run.spec)[head]:
        return False
    if epoch == 0:
        return True
    measured = run.at(epoch)
    least = bounds.chance[head] - margin(run.spec.data.n_test)
    return measured is not None and bounds.floor[1][head] < least <= measured.test[OUTPUTS[head]].loss
