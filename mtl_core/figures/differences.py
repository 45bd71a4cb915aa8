"""Differences between experiments that differ in one thing, in words: what they are, and when there is none to speak of.

Three cases are told apart. It differs: the interval over seeds lies on one side of 0. No difference that we can see: it does not,
with so many seeds. Exactly the same: not one digit differs, with any seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mtl_core.figures.names import head
from mtl_core.figures.numbers import capital, plus_minus
from mtl_core.language import N_, _, ngettext
from mtl_core.records import Estimate

__all__ = ["Change", "amount", "finding", "measure", "plain", "scale", "sentences"]

_MEASURES: Mapping[str, tuple[str, str, str]] = {
    "right": (N_("right answers in 100"), N_("right answers"), N_("{number} in 100")),
    "loss": (N_("loss (nats)"), N_("loss"), N_("{number} nats")),
    "reliance": (N_("cost of shuffling (nats)"), N_("cost of shuffling the other tweet"), N_("{number} nats")),
    "distance": (N_("above the best possible (nats)"), N_("distance to the best possible"), N_("{number} nats")),
}
"""By measure: the title of an axis, its name in a sentence, and a number with its unit."""

_MOST_PLACES = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One change, made at several places.

    Parameters
    ----------
    what : str
        Such as "concatenation", a sentence's subject.
    at : mapping of str to Estimate
        The paired difference at each place; places as a sentence has them, such as "at 45°", "" where there is one only.
    """

    what: str
    at: Mapping[str, Estimate]


def measure(name: str) -> str:
    """The title of an axis of `mtl_core.spec.MEASURES`, with its unit."""
    return _(_MEASURES[name][0])


def plain(name: str) -> str:
    """A measure's name, without its unit."""
    return capital(_(_MEASURES[name][1]))


def scale(name: str) -> float:
    """By what a measure is multiplied where it is shown: right answers are counted in 100."""
    return 100.0 if name == "right" else 1.0


def amount(name: str, estimate: Estimate) -> str:
    """The size of a difference and its interval with the unit: "0.312 ± 0.021 nats"."""
    by = scale(name)
    return _(_MEASURES[name][2]).format(number=plus_minus(by * abs(estimate.mean), by * estimate.half))


def finding(changes: Sequence[Change], name: str, output: str) -> str:
    """The differences as a heading."""
    every = [estimate for each in changes for estimate in each.at.values()]
    known = [estimate for estimate in every if estimate.verdict != "too few"]
    whose = {"head": head(output), "measure": _(_MEASURES[name][1])}
    if not known:
        return _("Nothing to compare yet: three seeds of a pair make a comparison")
    if all(estimate.verdict == "same" for estimate in known):
        return _("Exactly the same, to the last digit: {head}’s {measure}").format(**whose)
    moved = [estimate for estimate in known if estimate.verdict == "differs"]
    if not moved:
        return _("No difference that we can see: {head}’s {measure}").format(**whose)
    if len(changes) > 1:
        sentence = _("{head}’s {measure}: a difference in {n} of {all} comparisons")
        return capital(sentence.format(n=len(moved), all=len(every), **whose))
    lowers = {estimate.mean < 0 for estimate in moved}
    if len(lowers) > 1:
        return capital(
            _("{what} raises or lowers {head}’s {measure}: it depends").format(what=changes[0].what, **whose)
        )
    sentence = _("{what} lowers {head}’s {measure}") if lowers.pop() else _("{what} raises {head}’s {measure}")
    heading = capital(sentence.format(what=changes[0].what, **whose))
    if len(every) == 1:
        return heading
    return _("{heading} in {n} of {all} settings").format(heading=heading, n=len(moved), all=len(every))


def sentences(changes: Sequence[Change], name: str, output: str) -> list[str]:
    """Each change in words, a sentence for each of the cases that hold; none where nothing is known."""
    return [sentence for change in changes for sentence in _of(change, name, output)]


def _of(change: Change, name: str, output: str) -> list[str]:
    groups: dict[str, dict[str, Estimate]] = {}
    for place, estimate in change.at.items():
        direction = "lowers" if estimate.mean < 0 else "raises"
        case = direction if estimate.verdict == "differs" else estimate.verdict
        groups.setdefault(case, {})[place] = estimate
    whose = {"head": head(output), "measure": _(_MEASURES[name][1])}
    told = []
    for kind, sentence in _MOVED.items():
        if at := groups.get(kind):
            told.append(_moved(_(sentence), change.what, at, name, whose))
    for kind, alone, placed in _UNMOVED:
        if at := groups.get(kind):
            sentence = _(placed if list(at) != [""] else alone)
            told.append(
                sentence.format(what=change.what, places=_places([*at]), size=_widest(at, name), n=_seeds(at), **whose)
            )
    return [capital(sentence) for sentence in told]


_MOVED = {
    "lowers": N_("With {n}, {what} lowers {head}’s {measure} by {size}."),
    "raises": N_("With {n}, {what} raises {head}’s {measure} by {size}."),
}

_UNMOVED = (
    (
        "unseen",
        N_("{what} makes no difference to it that we can see with {n}: it may be up to {size}."),
        N_("{places} {what} makes no difference to it that we can see with {n}: it may be up to {size}."),
    ),
    (
        "same",
        N_("{what} changes no digit of {head}’s {measure}, with each of {n}."),
        N_("{places} {what} changes no digit of it, with each of {n}."),
    ),
)
"""By verdict: the sentence where there is one place only, and where places are named."""


def _moved(sentence: str, what: str, at: Mapping[str, Estimate], name: str, whose: Mapping[str, str]) -> str:
    by_size = sorted(at.items(), key=lambda item: abs(item[1].mean))
    parts = [
        _("{amount} {place}").format(amount=amount(name, estimate), place=place) if place else amount(name, estimate)
        for place, estimate in ([by_size[0], by_size[-1]] if len(by_size) > 1 else by_size)
    ]
    size = _("{least} up to {most}").format(least=parts[0], most=parts[-1]) if len(parts) > 1 else parts[0]
    return sentence.format(what=what, size=size, n=_seeds(at), **whose)


def _places(places: Sequence[str]) -> str:
    if len(places) > _MOST_PLACES:
        return ngettext("in {n} place", "in {n} places", len(places)).format(n=len(places))
    *first, last = places
    return _("{places} and {last}").format(places=", ".join(first), last=last) if first else last


def _widest(at: Mapping[str, Estimate], name: str) -> str:
    """The largest difference that the intervals leave possible."""
    reach = max(max(abs(estimate.low), abs(estimate.high)) for estimate in at.values())
    return amount(name, Estimate(reach, reach, reach, 1))


def _seeds(at: Mapping[str, Estimate]) -> str:
    counts = sorted({estimate.count for estimate in at.values()})
    if len(counts) > 1:
        return _("{few} to {many} seeds").format(few=counts[0], many=counts[-1])
    return ngettext("{n} seed", "{n} seeds", counts[0]).format(n=counts[0])
