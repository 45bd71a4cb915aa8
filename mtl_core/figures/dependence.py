"""What each head can read: structure at once, and after a run what shuffling each tweet costs.

"No path" is a fact about the graph; a small cost is a finding about one trained model. They are never the same sentence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from mtl_core.figures import names
from mtl_core.figures.exhibit import Exhibit, Row
from mtl_core.figures.numbers import capital, drop, nats, number, share
from mtl_core.language import _
from mtl_core.records import Pair, Response, Run
from mtl_core.spec import INPUTS, OUTPUTS, Float64, other_input

__all__ = ["NEGLIGIBLE", "cost_of_shuffling", "exhibit"]

NEGLIGIBLE = 0.005
"""Nats: a smaller cost of shuffling is called ≈ 0. Half the standard error of a loss on 2,048 rows."""

Paths = Mapping[tuple[str, str], bool]


def exhibit(run: Run, paths: Paths, worth: Pair, response: Response | None = None, *, epoch: int = 0) -> Exhibit:
    """The heads x inputs table, and what the other tweet is worth; it has no chart.

    Parameters
    ----------
    run : Run
    paths : mapping of (output, input) to bool
        `CallGraph.dependence()`.
    worth : Pair
        What the other tweet is worth to each head: `bayes_risk(...).value_of_other`; nats.
    response : Response, optional
        To shuffling, at `epoch`; without it, only structure is told.
    epoch : int
        Index of the epoch that was measured.
    """
    return Exhibit(
        heading=_heading(paths, response),
        draw=lambda _colours: {},
        reading=" ".join(filter(None, (_worth(worth), _measured(run, response, worth, epoch)))),
        rows=lambda: _rows(paths, response, trained=epoch > 0),
    )


def cost_of_shuffling(
    delta: float, low: float, high: float, accuracy_drop: float, path_exists: bool, *, trained: bool = True
) -> str:
    """What shuffling an input costs a head, in words that keep "cannot" apart from "does not".

    Parameters
    ----------
    delta, low, high : float
        Rise of the test loss and its 95 % interval; nats.
    accuracy_drop : float
        Share of right answers lost; positive where shuffling harms.
    path_exists : bool
        Whether the graph leads from the input to the head.
    trained : bool
        False before the first update, when a head has learned nothing, not even to ignore.
    """
    if not path_exists:
        return _("0: no path exists")
    if low <= 0 <= high or abs(delta) < NEGLIGIBLE:
        return _("≈ 0: learned to ignore it") if trained else _("≈ 0: has not learned to use it")
    cost = _("{delta} ({low} to {high})").format(delta=nats(delta), low=number(low), high=number(high))
    fewer = round(100 * accuracy_drop)
    if delta < 0:
        return _("{cost}: the head does better without it").format(cost=cost)
    if fewer <= 0:
        return cost
    return _("{cost}, {n} in 100 fewer right").format(cost=cost, n=fewer)


def _heading(paths: Paths, response: Response | None) -> str:
    """What the other tweet's loss means to head 1."""
    if response is None:
        return _("What each head can read")
    output = OUTPUTS[0]
    if not paths[output, other_input(output)]:
        return _("Shuffle tweet_b, and head 1 loses nothing: no path exists")
    lost = drop(response.accuracy[0, INPUTS.index(other_input(output))].tolist())
    if lost <= 0:
        return _("Shuffle tweet_b, and head 1 gives no fewer right answers")
    return _("Shuffle tweet_b, and head 1 gives {lost} fewer right answers").format(lost=share(lost))


def _worth(worth: Pair) -> str:
    """Both heads' value is the same, because the two tasks mirror each other."""
    return _(
        "To a head that has its own tweet, the other tweet is worth {nats} under this rule and angle (a nat is the "
        "unit of these losses; guessing costs {chance}). That is the mean over all possible pairs; the lines in the figures "
        "are of the unseen pairs here, so they lie a little apart from it."
    ).format(nats=nats(worth[0]), chance=number(math.log(2)))


def _measured(run: Run, response: Response | None, worth: Pair, epoch: int) -> str:
    """Where the costs in the table come from."""
    if response is None:
        cut_short = _(
            "Structure only: this run did not finish, so its model was not kept and what shuffling costs not measured."
        )
        return cut_short if run.cut_short else ""
    source = _(
        "Cost of shuffling on {rows} test pairs after epoch {epoch} ({origin}), with its 95 % interval over {repeats} shuffles."
    ).format(rows=f"{response.rows:,}", epoch=epoch, origin=names.origin(run), repeats=response.repeats)
    if not _misleads(response, worth):
        return source
    more = _("Shuffling costs more than the tweet is worth, because it misleads a head that learned to trust it.")
    return f"{source} {more}"


def _misleads(response: Response, worth: Pair) -> bool:
    """Whether shuffling the other tweet surely costs each head more than that tweet is worth to it."""
    places = [(i, INPUTS.index(other_input(output))) for i, output in enumerate(OUTPUTS)]
    return all(_rise(response.low, response, place) > max(worth[place[0]], NEGLIGIBLE) for place in places)


def _rise(bound: Float64, response: Response, place: tuple[int, int]) -> float:
    return float(bound[place][-1] - response.loss[place][0])


def _rows(paths: Paths, response: Response | None, *, trained: bool) -> Sequence[Row]:
    """A row for each head: what shuffling each tweet costs it, or only what it reads; all in words."""
    return [
        {_("head"): capital(names.head(output))}
        | {name: _cell(response, (i, j), paths[output, name], trained) for j, name in enumerate(INPUTS)}
        for i, output in enumerate(OUTPUTS)
    ]


def _cell(response: Response | None, place: tuple[int, int], path: bool, trained: bool) -> str:
    if response is None:
        return _("reads it") if path else _("no path")
    delta, low, high = (_rise(bound, response, place) for bound in (response.loss, response.low, response.high))
    return cost_of_shuffling(delta, low, high, drop(response.accuracy[place].tolist()), path, trained=trained)
