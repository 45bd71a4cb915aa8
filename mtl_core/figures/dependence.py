"""What each head can read: structure at once, and after a run what shuffling each tweet changes and what that costs.

"No path" is a fact about the graph; a small cost is a finding about one trained model. They are never the same sentence. Nor are a
head that does not react and one that reacts to no use: its answers change, and it is wrong as often as before.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from mtl_core.figures import names
from mtl_core.figures.exhibit import Exhibit, Row
from mtl_core.figures.learned import taught, unlearned
from mtl_core.figures.numbers import capital, drop, gap, nats, number, share
from mtl_core.language import _
from mtl_core.records import BoundLines, Response, Run
from mtl_core.spec import INPUTS, OUTPUTS, Float64, other_input

__all__ = ["NEGLIGIBLE", "exhibit", "verdict"]

NEGLIGIBLE = 0.005
"""Nats: a smaller cost of shuffling is called ≈ 0. Half the standard error of a loss on 2,048 rows."""

_STILL = 0.005
"""Share of answers: where fewer change, which rounds to 0 in 100, a head is said not to react."""

_AS_MANY = 0.02
"""Share of right answers that may be luck: two standard errors of a share on 2,048 rows."""

Paths = Mapping[tuple[str, str], bool]


def exhibit(run: Run, paths: Paths, bounds: BoundLines, response: Response | None = None, *, epoch: int = 0) -> Exhibit:
    """The heads x inputs table, and what the other tweet is worth; it has no chart.

    Parameters
    ----------
    run : Run
    paths : mapping of (output, input) to bool
        `CallGraph.dependence()`.
    bounds : BoundLines
        The lines that the other figures draw, of `run`'s model on its test split; nats.
    response : Response, optional
        To shuffling, at `epoch`; without it, only structure is told.
    epoch : int
        Index of the epoch that was measured.
    """
    return Exhibit(
        heading=_heading(paths, response),
        draw=lambda _colours: {},
        reading=" ".join(filter(None, (_worth(bounds), _measured(run, response, bounds, epoch)))),
        rows=lambda: _rows(run, paths, bounds, response, epoch),
    )


def verdict(
    delta: float, low: float, high: float, *, changed: float | None, fewer: float, path: bool, learned: bool = True
) -> str:
    """How a head responds to an input that is shuffled: how many answers change, and what that costs.

    One of: no path exists; not learned yet; does not react; reacts, and it is of no use; reacts, to its harm; relies on it.

    Parameters
    ----------
    delta, low, high : float
        Rise of the test loss and its 95 % interval; nats.
    changed : float or None
        Share of answers that change, 0..1; None where that was not counted.
    fewer : float
        Share of right answers lost; positive where shuffling harms.
    path : bool
        Whether the graph leads from the input to the head.
    learned : bool
        False while the head does no better than chance, though it could.
    """
    if not path:
        return _("0: no path exists")
    relies = not (low <= 0 <= high or abs(delta) < NEGLIGIBLE) or fewer > _AS_MANY
    harms = high < 0 and fewer <= _AS_MANY
    kind = _kind(changed, relies=relies, harms=harms, learned=learned)
    cost = _("≈ 0") if abs(delta) < NEGLIGIBLE else nats(delta)
    if high > low and cost != _("≈ 0"):
        cost = _("{cost} ({low} to {high})").format(cost=cost, low=number(low), high=number(high))
    lost = _("{n} in 100 fewer right").format(n=round(100 * fewer)) if relies and round(100 * fewer) > 0 else ""
    if changed is None:
        return _("{verdict}; cost {cost}").format(verdict=kind, cost=", ".join(filter(None, (cost, lost))))
    counted = _("{share} answers change, cost {cost}").format(share=share(changed), cost=cost)
    return _("{verdict}: {counted}").format(verdict=kind, counted=", ".join(filter(None, (counted, lost))))


def _kind(changed: float | None, *, relies: bool, harms: bool, learned: bool) -> str:
    if not learned:
        return _("not learned yet")
    if relies:
        return _("reacts, to its harm") if harms else _("relies on it")
    if changed is None:
        return _("of no use (changed answers were not counted)")
    return _("does not react") if changed < _STILL else _("reacts, and it is of no use")


def _heading(paths: Paths, response: Response | None) -> str:
    """What the other tweet's loss means to head 1."""
    if response is None:
        return _("What each head can read")
    output = OUTPUTS[0]
    place = 0, INPUTS.index(other_input(output))
    if not paths[output, other_input(output)]:
        return _("Shuffle tweet_b, and head 1 loses nothing: no path exists")
    lost = drop(response.accuracy[place].tolist())
    if lost > _AS_MANY:
        return _("Shuffle tweet_b, and head 1 gives {lost} fewer right answers").format(lost=share(lost))
    if response.changed is None or response.changed[place][-1] < _STILL:
        return _("Shuffle tweet_b, and head 1 gives about as many right answers")
    return _("Shuffle tweet_b, and {share} answers of head 1 change, but about as many are right").format(
        share=share(float(response.changed[place][-1]))
    )


def _worth(bounds: BoundLines) -> str:
    """The gap between two lines that are drawn beside it, in the numbers that stand there."""
    first, second = (_nats(gap(own, both)) for own, both in zip(bounds.own, bounds.both, strict=True))
    pair = (
        _("The other tweet is worth {nats} to each head").format(nats=first)
        if first == second
        else _("The other tweet is worth {first} to head 1 and {second} to head 2").format(first=first, second=second)
    )
    gap_of_lines = _("{pair}. That is how far the line “both tweets” lies below “own tweet” on these unseen pairs.")
    unit = _("A nat is the unit of these losses; guessing costs {chance}.").format(chance=number(math.log(2)))
    return f"{gap_of_lines.format(pair=pair)} {unit}"


def _nats(worth: float) -> str:
    return nats(worth) if worth >= NEGLIGIBLE else _("≈ 0 nats")


def _measured(run: Run, response: Response | None, bounds: BoundLines, epoch: int) -> str:
    """Where the costs in the table come from."""
    if response is None:
        if not run.cut_short:
            return ""
        once = _("This run did not finish, so its model was not kept: the costs are of one shuffle after epoch {n}.")
        return once.format(n=epoch)
    source = _(
        "Measured on {rows} unseen pairs after epoch {epoch} ({origin}); the interval is over {repeats} shuffles."
    ).format(rows=f"{response.rows:,}", epoch=epoch, origin=names.origin(run), repeats=response.repeats)
    learned = all(taught(run.spec)) and not any(unlearned(run, bounds, head, epoch) for head in range(len(OUTPUTS)))
    if not learned or not _misleads(response, bounds):
        return source
    more = _("Shuffling costs more than the tweet is worth, because it misleads a head that learned to trust it.")
    return f"{source} {more}"


def _misleads(response: Response, bounds: BoundLines) -> bool:
    """Whether shuffling the other tweet surely costs each head more than that tweet is worth to it."""
    return all(
        _rise(response.low, response, (i, INPUTS.index(other_input(output))))
        > max(bounds.own[i] - bounds.both[i], NEGLIGIBLE)
        for i, output in enumerate(OUTPUTS)
    )


def _rise(bound: Float64, response: Response, place: tuple[int, int]) -> float:
    return float(bound[place][-1] - response.loss[place][0])


def _rows(run: Run, paths: Paths, bounds: BoundLines, response: Response | None, epoch: int) -> Sequence[Row]:
    """A row for each head: what shuffling each tweet does to it, or only what it reads; all in words."""
    return [
        {_("head"): capital(names.head(output))}
        | {
            name: _cell(response, (i, j), paths[output, name], not unlearned(run, bounds, i, epoch))
            if response is not None
            else _unmeasured(run, (output, name), paths[output, name], epoch)
            for j, name in enumerate(INPUTS)
        }
        for i, output in enumerate(OUTPUTS)
    ]


def _cell(response: Response, place: tuple[int, int], path: bool, learned: bool) -> str:
    delta, low, high = (_rise(bound, response, place) for bound in (response.loss, response.low, response.high))
    changed = None if response.changed is None else float(response.changed[place][-1])
    fewer = drop(response.accuracy[place].tolist())
    return verdict(delta, low, high, changed=changed, fewer=fewer, path=path, learned=learned)


def _unmeasured(run: Run, pair: tuple[str, str], path: bool, epoch: int) -> str:
    """Structure; and of a run that ended early, what the one shuffle of each epoch cost."""
    if not path:
        return _("no path")
    measured = run.at(epoch) if run.cut_short else None
    if measured is None:
        return _("reads it")
    return _("reads it; one shuffle costs {nats}").format(nats=nats(measured.reliance[pair]))
