"""Every figure in words: what it shows, for whoever cannot see it or does not read charts.

Plain words come first and formal ones second: right answers in a hundred before the loss, "unseen pairs" for test rows. A
statement is made only if the numbers bear it: "≈ 0" needs an interval that includes 0 or a cost under `NEGLIGIBLE`, and it
is never said of a head that has no path to the input: there the cost is 0 by construction.

The numbers behind each figure are in `tables`, the answer to the question is in `answer`; both are offered here too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mtl_core.figures import names
from mtl_core.figures.answer import advice, answer, headline, question
from mtl_core.figures.lesson_words import block_scale, jacobian, value_of_other
from mtl_core.figures.numbers import capital, nats, number, share
from mtl_core.figures.tables import (
    block_scale_table,
    jacobian_table,
    loss_table,
    reliance_table,
    response_table,
    value_of_other_table,
    what_if_table,
)
from mtl_core.language import N_, _
from mtl_core.records import BoundLines, Epoch, Response, Run, WhatIf
from mtl_core.spec import INPUTS, OUTPUTS, OWN_INPUT, Float64, other_input

__all__ = [
    "NEGLIGIBLE",
    "advice",
    "answer",
    "block_scale",
    "block_scale_table",
    "cost_of_shuffling",
    "headline",
    "jacobian",
    "jacobian_table",
    "loss",
    "loss_table",
    "nats",
    "number",
    "question",
    "reliance",
    "reliance_table",
    "response",
    "response_table",
    "share",
    "value_of_other",
    "value_of_other_table",
    "what_if",
    "what_if_table",
]

NEGLIGIBLE = 0.005
"""Nats: a smaller cost of shuffling is called ≈ 0. Half the standard error of a loss on 2,048 rows."""

_OVERFIT = 0.02  # nats: a smaller rise of the test loss may be the noise of one epoch

Paths = Mapping[tuple[str, str], bool]


def loss(run: Run, other: Run | None, bounds: BoundLines, *, pinned: int | None) -> str:
    """The loss chart: how good both heads are, how good they could be, and where the other case is."""
    epoch = _at(run, pinned)
    if epoch is None:
        return _join(_("No curve yet."), _floor(bounds))
    when = _("After epoch {n},").format(n=epoch.index) if epoch.index else _("Before any training,")
    heads = _("head 1 is right on {first} unseen pairs and head 2 on {second}; their losses are {losses}.").format(
        first=share(epoch.test[OUTPUTS[0]].accuracy),
        second=share(epoch.test[OUTPUTS[1]].accuracy),
        losses=_pair(*(epoch.test[head].loss for head in OUTPUTS)),
    )
    return _join(when, heads, _floor(bounds), _overfitting(run, epoch), _other_case(other, pinned))


def reliance(run: Run, *, pinned: int | None = None) -> str:
    """The cost of one shuffle per epoch, read at the epoch shown."""
    epoch = _at(run, pinned)
    if epoch is None:
        return _("Nothing was shuffled yet: train first.")
    sentences = [
        _(
            "Cost of shuffling a tweet once between the unseen pairs, after epoch {n}; the table has the mean of several shuffles."
        ).format(n=epoch.index)
    ]
    for head in OUTPUTS:
        costs = (
            f"{name} {nats(epoch.reliance[head, name])}"
            if names.reads(run.spec.model, head, name)
            else _("{name} 0, because no path exists").format(name=name)
            for name in (other_input(head), OWN_INPUT[head])
        )
        sentences.append(f"{capital(names.head(head))}: {', '.join(costs)}.")
    return _join(*sentences)


def response(response: Response, graph_paths: Paths) -> str:
    """The response: what disturbing the *other* tweet does to each head, then the own one."""
    return _join(*(_response_of(response, head, graph_paths) for head in OUTPUTS), _spread(response))


def what_if(
    answer: WhatIf, other_evidence: Sequence[float] | Float64, *, output: str, at: float, connected: bool
) -> str:
    """One head's answer at the slider, against the data rule's."""
    x = np.asarray(other_evidence, dtype=float)
    said, ideal, expected = (
        float(np.interp(at, x, values))
        for values in (answer.probability, answer.ideal_probability, answer.expected_loss)
    )
    sentence = _(
        "With evidence of {at} in {other}, {head} gives a label of 1 a probability of {said}; by the data rule it is {ideal}. "
        "Its expected loss there is {expected}."
    ).format(
        at=number(at),
        other=other_input(output),
        head=names.head(output),
        said=number(said),
        ideal=number(ideal),
        expected=nats(expected),
    )
    flat = _("Its answer is the same wherever you slide {other}: no path exists. Only what is right changes.")
    return sentence if connected else _join(sentence, flat.format(other=other_input(output)))


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


_DISTURBED = {
    "permute": N_("When every pair gets another pair’s {name}"),
    "noise": N_("When noise as large as {name} itself is added to it"),
    "fade": N_("When {name} is faded out completely"),
}


def _floor(bounds: BoundLines) -> str:
    """What no model of this shape can go below, what that line coincides with, and what both tweets would allow."""
    name, pair = bounds.floor
    text = _("No model of this shape can go below {floor}: {nats}.").format(
        floor=names.bound_in_words(name), nats=_pair(*pair)
    )
    line = bounds.floor_line(0)
    if line == "both":
        return text
    same = _("Under this rule that is worth no more than the own tweet alone.")
    both = _("With both tweets, {nats} would be possible.").format(nats=_pair(*bounds.both))
    return _join(text, same if line == "own" != name else "", both)


def _overfitting(run: Run, epoch: Epoch) -> str:
    """Which heads were better before while their training loss went on falling."""
    worse = []
    for head in OUTPUTS:
        best = min((its for its in run.epochs if its.index <= epoch.index), key=lambda its: its.test[head].loss)
        rose = epoch.test[head].loss - best.test[head].loss
        if rose > _OVERFIT and epoch.train[head].loss < best.train[head].loss:
            worse.append(_("{head} was better at epoch {n}").format(head=names.head(head), n=best.index))
    if not worse:
        return ""
    return _(
        "{heads}; since then the training loss fell and the test loss rose: it learns the training pairs by heart."
    ).format(heads=capital(", ".join(worse)))


def _other_case(other: Run | None, pinned: int | None) -> str:
    if other is None:
        return ""
    epoch, name, origin = _at(other, pinned), names.case(other.spec.model), names.origin(other)
    if epoch is None:
        return _("Of the other case ({case}: {origin}) there is no curve at this epoch.").format(
            case=name, origin=origin
        )
    losses = _pair(*(epoch.test[head].loss for head in OUTPUTS))
    return _("The other case ({case}; {origin}) has {losses} at epoch {n}.").format(
        case=name, origin=origin, losses=losses, n=epoch.index
    )


def _response_of(response: Response, head: str, graph_paths: Paths) -> str:
    row, own, other = OUTPUTS.index(head), OWN_INPUT[head], other_input(head)
    before, after = (INPUTS.index(name) for name in (own, other))
    when = _(_DISTURBED[response.perturbation]).format(name=other)
    own_last = nats(response.loss[row, before, -1])
    if not graph_paths[head, other]:
        flat = _("{when}, {head} does not change by one bit: no path exists. The same done to {own}: loss {own_last}.")
        return flat.format(when=when, head=names.head(head), own=own, own_last=own_last)
    return _(
        "{when}, {head}’s loss goes from {first} to {last}, and it is right on {right} instead of {before}. "
        "The same done to {own}: loss {own_last}."
    ).format(
        when=when,
        head=names.head(head),
        first=number(response.loss[row, after, 0]),
        last=nats(response.loss[row, after, -1]),
        right=share(response.accuracy[row, after, -1]),
        before=share(response.accuracy[row, after, 0]),
        own=own,
        own_last=own_last,
    )


def _spread(response: Response) -> str:
    if response.perturbation == "fade":
        return ""  # nothing is drawn at random, so there is no interval
    return _(
        "The bands are 95 % intervals over {repeats} random disturbances of {rows} unseen pairs; "
        "they don’t cover the choice of the pairs."
    ).format(repeats=response.repeats, rows=f"{response.rows:,}")


def _pair(first: float, second: float) -> str:
    """Both heads' losses, as briefly as they can be said."""
    if number(first) == number(second):
        return _("{nats} for each head").format(nats=nats(first))
    return _("{first} and {second}").format(first=number(first), second=nats(second))


def _at(run: Run, pinned: int | None) -> Epoch | None:
    """The pinned epoch, else the newest; None if it has not come."""
    found = [its for its in run.epochs if pinned is None or its.index == pinned]
    return found[-1] if found else None


def _join(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
