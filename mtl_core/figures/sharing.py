"""What one task does to the other: four ways to tie them, what is done to task 2 alone, and who gets the units.

Every sentence is said only where the intervals over seeds say it; of numbers that are missing nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mtl_core.figures.differences import amount
from mtl_core.figures.exhibit import Exhibit
from mtl_core.figures.grid import Curve, Place, exhibit
from mtl_core.figures.names import head
from mtl_core.figures.numbers import nats
from mtl_core.figures.settings import in_words, on_axis
from mtl_core.language import _, ngettext
from mtl_core.records import Estimate
from mtl_core.spec import FACTORS, OUTPUTS

__all__ = ["Effects", "capacity", "interventions", "ties"]

_FAR_MORE = 3.0
_STYLES = {"separate": 1.5, "shared": 3.0}
_DASHES = {"none": "dash", "concatenate": "solid"}
_UNITS_WIDTH = {1: 1.2, 2: 2.2, 4: 3.4}

Effects = Mapping[str, Estimate | None]
"""Paired differences of head 1's loss by what was done; None while there are none. Nats."""


def ties(levels: Mapping[str, Sequence[Place]], sharing: Effects, merging: Effects, alone: Estimate | None) -> Exhibit:
    """Head 1's loss in a 2 x 2 of encoders and merges, beside head 1 as a single task.

    Parameters
    ----------
    levels : mapping of encoder to places
        Places for a single task, no merge, and a concatenation.
    sharing : Effects
        One shared LSTM against an LSTM each, by merge.
    merging : Effects
        A concatenation against no merge, by encoder.
    alone : Estimate or None
        An LSTM each without a merge against a single task.
    """
    told = []
    if alone is not None and alone.verdict == "same":
        told.append(
            _(
                "An LSTM each and no merge is two single tasks: head 1’s loss is that of a single task, to the last digit, with each "
                "of {n} seeds."
            ).format(n=alone.count)
        )
    for merge, effect in sharing.items():
        told += _effect(_("one shared LSTM in place of an LSTM each"), on_axis("merge", merge), effect)
    for encoder, effect in merging.items():
        told += _effect(_("concatenation"), on_axis("encoder", encoder), effect)
    names = [_("single task"), on_axis("merge", "none"), on_axis("merge", "concatenate")]
    curves = [
        Curve(on_axis("encoder", encoder), tuple(places), width=_STYLES[encoder]) for encoder, places in levels.items()
    ]
    return exhibit(
        {"": curves},
        FACTORS["merge"].title,
        names,
        (),
        measured="loss",
        output=OUTPUTS[0],
        heading=_ties_heading(sharing, merging),
        reading=_listed(told),
        y_title=_("head 1’s loss (nats)"),
    )


def interventions(
    encoder: str, labels: Mapping[str, tuple[str, str]], effects: Mapping[str, Mapping[str, Place]]
) -> Exhibit:
    """What happens to head 1's loss when something is done to task 2 alone, against the same without; with one kind of encoder.

    Parameters
    ----------
    encoder : {"separate", "shared"}
    labels : mapping of str to (str, str)
        By intervention: on the axis, and as a sentence's subject.
    effects : mapping of merge to (mapping of intervention to Place)
        Paired differences.
    """
    curves = [
        Curve(on_axis("merge", merge), tuple(places[name] for name in labels), _DASHES[merge])
        for merge, places in effects.items()
    ]
    known = {
        merge: {name: place.estimate for name, place in places.items() if place.estimate is not None}
        for merge, places in effects.items()
    }
    return exhibit(
        {"": curves},
        _("what is done to task 2 alone"),
        [label for label, _what in labels.values()],
        (),
        measured="loss",
        output=OUTPUTS[0],
        heading=_interventions_heading(encoder, known["none"]),
        reading=_listed([" ".join(told) for merge, at in known.items() if (told := _interventions(merge, at, labels))]),
        y_title=_("change of head 1’s loss (nats)"),
    )


def capacity(levels: Mapping[str, Mapping[int, Sequence[Place]]], weights: Sequence[float], gaps: Effects) -> Exhibit:
    """Both heads' losses over the loss weight of task 2, for LSTMs of a few units.

    Parameters
    ----------
    levels : mapping of head to (mapping of units to places)
        A place for each weight.
    weights : sequence of float
        Of task 2, from small to large.
    gaps : Effects
        By head and units, as `f"{output} {units}"`: the largest weight against the smallest.
    """
    panels = {
        head(output): [
            Curve(in_words("units", units), tuple(places), width=_UNITS_WIDTH[units])
            for units, places in by_units.items()
        ]
        for output, by_units in levels.items()
    }
    told = []
    for output in levels:
        for units in levels[output]:
            gap = gaps.get(f"{output} {units}")
            if gap is not None and gap.verdict == "differs":
                sentence = (
                    _("With {units}, weight {high} for task 2 in place of {low} raises {head}’s loss by {size}.")
                    if gap.mean > 0
                    else _("With {units}, weight {high} for task 2 in place of {low} lowers {head}’s loss by {size}.")
                )
                told.append(
                    sentence.format(
                        units=in_words("units", units),
                        high=on_axis("weight2", weights[-1]),
                        low=on_axis("weight2", weights[0]),
                        head=head(output),
                        size=amount("loss", gap),
                    )
                )
    return exhibit(
        panels,
        FACTORS["weight2"].title,
        [on_axis("weight2", weight) for weight in weights],
        (),
        measured="loss",
        output=OUTPUTS[0],
        heading=_capacity_heading(gaps),
        reading=_listed(told),
        y_title=_("loss (nats)"),
    )


def _effect(what: str, where: str, effect: Estimate | None) -> list[str]:
    if effect is None or effect.verdict == "too few":
        return []
    if effect.verdict == "same":
        sentence = _("With “{where}”, {what} changes no digit of head 1’s loss.")
    elif effect.verdict == "unseen":
        sentence = _("With “{where}”, {what} makes no difference to head 1’s loss that we can see with {n} seeds.")
    elif effect.mean < 0:
        sentence = _("With “{where}”, {what} lowers head 1’s loss by {size}.")
    else:
        sentence = _("With “{where}”, {what} raises head 1’s loss by {size}.")
    return [sentence.format(what=what, where=where, size=amount("loss", effect), n=effect.count)]


def _ties_heading(sharing: Effects, merging: Effects) -> str:
    shared, merged = ([effect for effect in effects.values() if effect is not None] for effects in (sharing, merging))
    if len(shared) < len(sharing) or len(merged) < len(merging):
        return _("Four ways to tie two tasks")
    lower = all(effect.verdict == "differs" and effect.mean < 0 for effect in merged)
    most, least = max(abs(effect.mean) for effect in shared), min(abs(effect.mean) for effect in merged)
    if lower and least > _FAR_MORE * most:
        helps = all(effect.verdict == "differs" and effect.mean < 0 for effect in shared)
        return (
            _("Here concatenation helps head 1 much, sharing the LSTM a little")
            if helps
            else _("Here concatenation helps head 1 far more than sharing the LSTM can")
        )
    return _("What a merge and a shared LSTM do to head 1 depends on each other")


def _interventions_heading(encoder: str, unmerged: Mapping[str, Estimate]) -> str:
    known = [effect for effect in unmerged.values() if effect.verdict != "too few"]
    if not known:
        return _("What is done to task 2, and what head 1 notices: {encoder}").format(
            encoder=on_axis("encoder", encoder)
        )
    if all(effect.verdict == "same" for effect in known):
        return _("An LSTM each, no merge: nothing done to task 2 changes a digit of head 1’s loss")
    costs = [effect for effect in known if effect.verdict == "differs" and effect.mean > 0]
    if len(costs) == len(known):
        return _("One shared LSTM, no merge: whatever is done to task 2, head 1 pays")
    if any(effect.verdict == "same" for effect in known):
        return _("No merge: some of what is done to task 2 reaches head 1")
    return _("One shared LSTM, no merge: head 1 notices what is done to task 2, and pays in {n} of {all} cases").format(
        n=len(costs), all=len(known)
    )


def _interventions(merge: str, effects: Mapping[str, Estimate], labels: Mapping[str, tuple[str, str]]) -> list[str]:
    known = {name: effect for name, effect in effects.items() if effect.verdict != "too few"}
    if not known:
        return []
    where = on_axis("merge", merge)
    seeds = min(effect.count for effect in known.values())
    if all(effect.verdict == "same" for effect in known.values()):
        return [
            _("“{where}”: exactly 0 for each of {n} interventions, with each of {seeds} seeds.").format(
                where=where, n=len(known), seeds=seeds
            )
        ]
    costs = {name: effect for name, effect in known.items() if effect.verdict == "differs" and effect.mean > 0}
    told = [
        ngettext(
            "“{where}”: {n} of {all} interventions raises head 1’s loss.",
            "“{where}”: {n} of {all} interventions raise head 1’s loss.",
            len(costs),
        ).format(where=where, n=len(costs), all=len(known))
    ]
    if costs:
        worst = max(costs, key=lambda name: costs[name].mean)
        told.append(
            _("The most costly is {what}: by {size}.").format(what=labels[worst][1], size=amount("loss", costs[worst]))
        )
    hidden = {name: effect for name, effect in known.items() if effect.verdict == "unseen"}
    if hidden:
        reach = max(max(abs(effect.low), abs(effect.high)) for effect in hidden.values())
        told.append(
            _("The others make no difference that we can see with {seeds} seeds: it is at most {size}.").format(
                seeds=seeds, size=nats(reach)
            )
        )
    return told


def _capacity_heading(gaps: Effects) -> str:
    known = [gap for gap in gaps.values() if gap is not None and gap.verdict != "too few"]
    if len(known) < len(gaps):
        return _("Where the units go")
    wins = all(
        gap is not None and gap.verdict == "differs" and (gap.mean > 0) == name.startswith(OUTPUTS[0])
        for name, gap in gaps.items()
    )
    return (
        _("The fewer the units, the more the task that weighs more takes them")
        if wins and _shrinks(gaps)
        else _("Who gets the units depends on the loss weights")
    )


def _shrinks(gaps: Effects) -> bool:
    """Whether what the heavier task takes from head 1 gets less with every step of units."""
    sizes = [gap.mean for name, gap in gaps.items() if gap is not None and name.startswith(OUTPUTS[0])]
    return sizes == sorted(sizes, reverse=True)


def _listed(told: Sequence[str]) -> str:
    """A point for each statement; where there is none yet, when there will be."""
    if not told:
        return _("Nothing to say yet: three seeds make a comparison.")
    return "\n".join(f"* {each}" for each in told)
