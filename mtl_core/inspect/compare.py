"""Two models side by side, such as one before and after an edit: which pairs changed, which layers became shared.

Heads and inputs belong together by name. Where two models name theirs differently but have equally many, they belong
together by position, and that is said. A layer is shared if it is called more than once.
"""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mtl_core.graph import CallGraph, Status
from mtl_core.graph.config.untrusted import each, step
from mtl_core.graph.words import in_words, parameters_in_words
from mtl_core.inspect.markdown import code
from mtl_core.language import _, ngettext

__all__ = ["Change", "Comparison", "compare", "headline", "rows", "sentences"]

Pairing = tuple[tuple[str, str], ...]
"""Names of the first model, each with the second model's name of the same."""


@dataclass(frozen=True, slots=True)
class Change:
    """A pair of a head and an input, by the first model's names, and its status in each model."""

    head: str
    input: str
    before: Status
    after: Status


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What differs between two models.

    Parameters
    ----------
    heads, inputs : tuple of (str, str)
        What belongs together.
    statuses : tuple of (tuple of Status, tuple of Status)
        For each of `heads`, that of each of `inputs`, in the first model and in the second.
    lost, new : tuple of str
        Heads and inputs that only the first, only the second model has.
    by_position : bool
        Whether heads or inputs belong together by position, not by name.
    became_shared, stopped_being_shared, still_shared : tuple of str
        Layers that are called more than once in the second model only, in the first only, in both.
    parameters : (int or None, int or None)
        Of the two models.
    """

    heads: Pairing
    inputs: Pairing
    statuses: tuple[tuple[tuple[Status, ...], tuple[Status, ...]], ...]
    lost: tuple[str, ...]
    new: tuple[str, ...]
    by_position: bool
    became_shared: tuple[str, ...]
    stopped_being_shared: tuple[str, ...]
    still_shared: tuple[str, ...]
    parameters: tuple[int | None, int | None]

    @property
    def changes(self) -> tuple[Change, ...]:
        """The pairs whose status differs."""
        return tuple(self.pairs(changed=True))

    @functools.cached_property
    def changed(self) -> int:
        """How many pairs those are."""
        return sum(sum(map(operator.ne, before, after)) for before, after in self.statuses)

    def pairs(self, *, changed: bool) -> Iterator[Change]:
        """The pairs of a head and an input that both models have, and whose status differs, or does not."""
        names = [name for name, _other in self.inputs]
        for (head, _other), (before, after) in zip(self.heads, each(self.statuses), strict=True):
            if before != after or not changed:
                for name, one, other in zip(names, before, after, strict=True):
                    if (one != other) == changed:
                        yield Change(head, name, one, other)


@step()
def compare(before: CallGraph, after: CallGraph) -> Comparison:
    """What differs between two models.

    Examples
    --------
    >>> from mtl_core.inspect.examples import load_example
    >>> one, other = (CallGraph.from_json(load_example(name)) for name in ("case1", "case2"))
    >>> [(change.head, change.input, change.before, change.after) for change in compare(one, other).changes]
    [('predictions1', 'tweet_b', 'may', 'cannot'), ('predictions2', 'tweet_a', 'may', 'cannot')]
    """
    heads, inputs = _paired(before.outputs, after.outputs), _paired(before.inputs, after.inputs)
    return Comparison(
        heads=heads,
        inputs=inputs,
        statuses=tuple(
            (
                _row(before, head, [name for name, _other in inputs]),
                _row(after, other_head, [name for _name, name in inputs]),
            )
            for head, other_head in each(heads)
        ),
        lost=_left_over((*before.outputs, *before.inputs), [pair[0] for pair in (*heads, *inputs)]),
        new=_left_over((*after.outputs, *after.inputs), [pair[1] for pair in (*heads, *inputs)]),
        by_position=any(one != other for one, other in (*heads, *inputs)),
        became_shared=tuple(name for name in after.shared_layers if name not in before.shared_layers),
        stopped_being_shared=tuple(name for name in before.shared_layers if name not in after.shared_layers),
        still_shared=tuple(name for name in before.shared_layers if name in after.shared_layers),
        parameters=(before.parameters, after.parameters),
    )


def _row(graph: CallGraph, head: str, inputs: Sequence[str]) -> tuple[Status, ...]:
    status = dict(zip(graph.inputs, graph.row(head), strict=True))
    return tuple(map(status.__getitem__, inputs))


def _paired(before: tuple[str, ...], after: tuple[str, ...]) -> Pairing:
    if len(before) == len(after) and set(before) != set(after):
        return tuple(zip(before, after, strict=True))
    known = set(after)
    return tuple((name, name) for name in before if name in known)


def _left_over(names: tuple[str, ...], paired: list[str]) -> tuple[str, ...]:
    taken = set(paired)
    return tuple(dict.fromkeys(name for name in names if name not in taken))


def headline(comparison: Comparison) -> str:
    """What changed, in one line."""
    changed, pairs = comparison.changed, len(comparison.heads) * len(comparison.inputs)
    if not pairs:
        return _("The two models have no head and input in common")
    if not changed:
        return _("No pair of a head and an input changed")
    return ngettext("{n:,} of {all:,} pairs changed", "{n:,} of {all:,} pairs changed", changed).format(
        n=changed, all=pairs
    )


def sentences(comparison: Comparison, most: int = 12) -> Iterator[str]:
    """What changed, a sentence each, in Markdown; `most` pairs at most."""
    for change in itertools.islice(comparison.pairs(changed=True), most):
        names = {"head": code(change.head), "name": code(change.input)}
        yield _verdicts()[change.before, change.after].format(**names)
    if comparison.changed > most:
        yield _("And {n:,} more.").format(n=comparison.changed - most)
    for layers, sentence in (
        (comparison.became_shared, _("Shared in the second model only: {layers}.")),
        (comparison.stopped_being_shared, _("Shared in the first model only: {layers}.")),
        (comparison.still_shared, _("Shared in both: {layers}.")),
        (comparison.lost, _("Only the first model has {layers}.")),
        (comparison.new, _("Only the second model has {layers}.")),
    ):
        if layers:
            yield sentence.format(layers=in_words(layers, code))
    first, second = map(parameters_in_words, comparison.parameters)
    if None not in comparison.parameters:
        yield _("The first model has {first}, the second {second}.").format(first=first, second=second)
    if comparison.by_position:
        together = [pair for pair in (*comparison.heads, *comparison.inputs) if pair[0] != pair[1]]
        yield _("Names differ, so these are taken for the same by their position: {pairs}.").format(
            pairs=in_words([f"{code(one)} = {code(other)}" for one, other in together], str)
        )


@step()
def rows(comparison: Comparison, most: int | None = None) -> list[dict[str, str]]:
    """A row a pair: its head, its input, its status in each model, and whether that changed; changed ones first, or the first `most`."""
    words = {"may": _("may depend"), "cannot": _("cannot"), "unknown": _("not known")}
    ordered = itertools.chain(comparison.pairs(changed=True), comparison.pairs(changed=False))
    return [
        {
            _("head"): pair.head,
            _("input"): pair.input,
            _("first model"): words[pair.before],
            _("second model"): words[pair.after],
            _("changed"): _("yes") if pair.before != pair.after else _("no"),
        }
        for pair in itertools.islice(ordered, most)
    ]


def _verdicts() -> dict[tuple[Status, Status], str]:
    return {
        ("may", "cannot"): _("{head} could depend on {name}, and no longer can: no path is left."),
        ("cannot", "may"): _("{head} could not depend on {name}, and now may: a path leads there."),
        ("may", "unknown"): _("{head} might depend on {name}; now that is not known."),
        ("cannot", "unknown"): _("{head} could not depend on {name}; now that is not known."),
        ("unknown", "may"): _("It was not known whether {head} depends on {name}; now it may."),
        ("unknown", "cannot"): _("It was not known whether {head} depends on {name}; now it cannot."),
    }
