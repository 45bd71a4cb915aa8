"""How both tasks pull at the weights that they share, epoch by epoch: how strongly, and whether the same way.

A pull is the gradient of a task's loss with the sign turned; `mtl_core.train.pulls` has the formulas and the sources.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mtl_core.figures import names
from mtl_core.figures.curves import dash_of
from mtl_core.figures.exhibit import Exhibit, Figure, Row
from mtl_core.figures.numbers import number
from mtl_core.figures.panel import Axis, Panel
from mtl_core.language import N_, _
from mtl_core.palette import Theme
from mtl_core.records import Epoch, Pull, Run
from mtl_core.spec import OUTPUTS, OWN_INPUT

__all__ = ["along", "exhibit"]

_PARTS = {"kernel": N_("input"), "recurrent_kernel": N_("recurrent"), "bias": N_("bias")}
"""Weights of an LSTM as Keras names them, and in a word."""


def exhibit(run: Run, other: Run | None = None, *, pinned: int | None = None) -> Exhibit:
    """Lengths of both tasks' pulls and the cosine between them; no chart where no weight is reached by both losses.

    Parameters
    ----------
    run : Run
        The case on screen; may have no epoch yet.
    other : Run or None
        The other case, whose cosines are drawn thin behind; None leaves it out.
    pinned : int or None
        Index of the epoch that the words are about; None is the newest.
    """
    shown = [each for each in (run, other) if each is not None]
    return Exhibit(
        heading=_heading(run),
        draw=lambda colours: _charts(run, other, pinned, colours) if _curves(run) else {},
        reading=" ".join(_reading(run, other, run.at(pinned))),
        rows=lambda: [row for each in shown for row in _rows(each)],
    )


def along(epoch: Epoch, layer: str = "") -> float | None:
    """Cosine between both tasks' pulls at all weights together that both reach; None where there is nothing to compare.

    Parameters
    ----------
    epoch : Epoch
    layer : str
        Only the weights of this layer; all if empty.
    """
    pulls = [pull for (name, _part), pull in _shared(epoch).items() if layer in ("", name)]
    return _together(pulls).cosine if pulls else None


@dataclass(frozen=True, slots=True)
class _Curve:
    """What is drawn of a run: one weight of its one shared layer, or one of its shared layers as a whole."""

    name: str
    epochs: tuple[int, ...]
    lengths: tuple[tuple[float, ...], tuple[float, ...]]
    cosines: tuple[float, ...]


def _heading(run: Run) -> str:
    cosines = [cosine for epoch in run.epochs if (cosine := along(epoch)) is not None]
    if cosines:
        same = sum(cosine > 0 for cosine in cosines)
        return _("Both tasks pull at what they share the same way in {same} of {all} epochs").format(
            same=same, all=len(cosines)
        )
    if run.epochs and run.epochs[-1].gradients is None:
        return _("How both tasks pull at what they share was not measured in this run")
    if run.epochs and not _shared(run.epochs[-1]):
        return _("No weight is reached by both losses, so nothing is pulled two ways")
    if run.epochs:
        return _("Only one task pulls at what they share")
    return _("How do both tasks pull at what they share? Train to see")


def _shared(epoch: Epoch) -> Mapping[tuple[str, str], Pull]:
    """Pulls at the weights that both losses reach."""
    return {name: pull for name, pull in (epoch.gradients or {}).items() if pull is not None}


def _together(pulls: Sequence[Pull]) -> Pull:
    """The pull at several weights together: lengths add in squares, and products of two gradients add up."""
    first, second = (math.hypot(*lengths) for lengths in zip(*((p.norm1, p.norm2) for p in pulls), strict=True))
    product = sum(pull.norm1 * pull.norm2 * (pull.cosine or 0) for pull in pulls)
    return Pull(first, second, product / (first * second) if first and second else None)


def _curves(run: Run) -> list[_Curve]:
    epochs = [epoch for epoch in run.epochs if _shared(epoch)]
    if not epochs:
        return []
    layers = dict.fromkeys(layer for layer, _part in _shared(epochs[0]))
    if len(layers) == 1:
        groups = {_(_PARTS.get(part, part)): [(layer, part)] for layer, part in _shared(epochs[0])}
    else:
        groups = {layer: [name for name in _shared(epochs[0]) if name[0] == layer] for layer in layers}
    return [_curve(name, group, epochs) for name, group in groups.items()]


def _curve(name: str, group: Sequence[tuple[str, str]], epochs: Sequence[Epoch]) -> _Curve:
    pulls = [_together([_shared(epoch)[weight] for weight in group]) for epoch in epochs]
    return _Curve(
        name,
        tuple(epoch.index for epoch in epochs),
        (tuple(pull.norm1 for pull in pulls), tuple(pull.norm2 for pull in pulls)),
        tuple(math.nan if pull.cosine is None else pull.cosine for pull in pulls),
    )


def _charts(run: Run, other: Run | None, pinned: int | None, colours: Theme) -> dict[str, Figure]:
    return {"lengths": _lengths(run, pinned, colours), "cosines": _cosines(run, other, pinned, colours)}


def _lengths(run: Run, pinned: int | None, colours: Theme) -> Figure:
    curves = _curves(run)
    most = max(value for curve in curves for lengths in curve.lengths for value in lengths)
    panel = Panel(
        title=_("How strongly each task pulls"),
        x=Axis(title=_("epoch"), low=0, high=run.spec.train.epochs),
        y=Axis(title=_("length (nats per unit of weight)"), low=0, high=1.06 * most or 1.0),
        colours=colours,
    )
    for head, output in enumerate(OUTPUTS):
        colour = colours.line[OWN_INPUT[output]]
        for curve, width in zip(curves, _WIDTHS, strict=False):
            name = f"{names.head(output)}, {curve.name}"
            panel.curve(curve.epochs, curve.lengths[head], name, colour, dash=dash_of(run), width=width)
            label = f"{curve.name} ({head + 1})"
            panel.label(curve.lengths[head][-1], label, colour=colours.text[OWN_INPUT[output]])
        panel.legend(_("loss of {head}").format(head=names.head(output)), colour, dash=dash_of(run), width=3)
    _moment(panel, pinned)
    return panel.figure()


def _cosines(run: Run, other: Run | None, pinned: int | None, colours: Theme) -> Figure:
    panel = Panel(
        title=_("Do they pull the same way?"),
        x=Axis(title=_("epoch"), low=0, high=run.spec.train.epochs),
        y=Axis(title=_("cosine: 1 same way, −1 opposite"), low=-1.05, high=1.05),
        colours=colours,
    )
    panel.level(0, colours.muted)
    for each, colour, thinner in ((other, colours.muted, 0.5), (run, colours.ink, 1.0)):
        curves = _curves(each) if each is not None else []
        for curve, width in zip(curves, _WIDTHS, strict=False):
            if each is not None:
                panel.curve(curve.epochs, curve.cosines, curve.name, colour, dash=dash_of(each), width=thinner * width)
            if each is run:
                panel.label(curve.cosines[-1], curve.name, colour=colours.ink)
    for each, colour, width in ((run, colours.ink, 3.0), (other, colours.muted, 1.5)):
        if each is not None and _curves(each):
            name = f"{names.case(each.spec.model)} — {names.origin(each)}"
            panel.legend(name, colour, dash=dash_of(each), width=width)
    _moment(panel, pinned)
    return panel.figure()


_WIDTHS = (3.0, 2.0, 1.25)


def _moment(panel: Panel, pinned: int | None) -> None:
    if pinned is not None:
        panel.moment(pinned, _("epoch {n}").format(n=pinned))


def _reading(run: Run, other: Run | None, epoch: Epoch | None) -> Iterator[str]:
    if epoch is None:
        yield _("Nothing was measured yet: train first.")
        return
    if epoch.gradients is None:
        yield _("This run was recorded before pulls were measured, or they were no finite numbers.")
        yield _("Press Train to measure them.")
        return
    shared = _shared(epoch)
    if not shared:
        yield _why_nothing(run)
        yield from _of_the_other_case(other, epoch.index)
        return
    yield _("A pull is the direction and the strength in which one task’s loss asks a shared weight to change.")
    for layer in dict.fromkeys(layer for layer, _part in shared):
        cosine = along(epoch, layer)
        if cosine is None:
            yield _("At {layer}, one of the two does not pull at all after epoch {n}.").format(
                layer=layer, n=epoch.index
            )
        else:
            sentence = _("At {layer} as a whole, the cosine between both pulls after epoch {n} is {cosine}.")
            yield sentence.format(layer=layer, n=epoch.index, cosine=number(cosine))
    yield from _of_the_other_case(other, epoch.index)
    yield _("It is taken on a few fixed training pairs, and the loss weights are left out.")
    if 0 in run.spec.train.loss_weights:
        yield _("A loss with a weight of 0 is measured all the same; no update follows it.")
    if run.spec.train.labelled != (1.0, 1.0):
        yield _("Pairs without a label add nothing to that task’s pull.")
    yield _(
        "This is a diagnostic: pulls that oppose each other do not by themselves mean that sharing hurts "
        "(Yu et al. 2020; Kurin et al. 2022)."
    )


def _of_the_other_case(other: Run | None, index: int) -> Iterator[str]:
    epoch = other.at(index) if other is not None else None
    cosine = along(epoch) if epoch is not None else None
    if other is not None and cosine is not None:
        yield _("In the other case ({case}) it is {cosine}.").format(
            case=names.case(other.spec.model), cosine=number(cosine)
        )


def _why_nothing(run: Run) -> str:
    if run.spec.train.detach == "both":
        return _("Both losses stop before the encoders, so each changes the weights of its own head only.")
    if run.spec.train.detach != "none":
        head = names.head(run.spec.train.detach)
        return _("The loss of {head} stops before the encoders, so only the other one changes them.").format(head=head)
    return _("Each task has an LSTM of its own, and nothing joins them: each loss changes weights of its own.")


def _rows(run: Run) -> Iterator[Row]:
    """For each epoch a row for each shared weight and for its layer as a whole; what is not defined is left out."""
    for epoch in run.epochs:
        shared = _shared(epoch)
        weights = {f"{layer}/{part}": pull for (layer, part), pull in shared.items()}
        layers = dict.fromkeys(layer for layer, _part in shared)
        wholes = {
            layer: _together([pull for (name, _part), pull in shared.items() if name == layer]) for layer in layers
        }
        for weight, pull in (weights | wholes).items():
            cosines = {
                _("cosine"): pull.cosine,
                _("change went with head 1 (cosine)"): pull.applied1,
                _("change went with head 2 (cosine)"): pull.applied2,
            }
            row: Row = {
                _("case"): names.case(run.spec.model),
                _("epoch"): epoch.index,
                _("weight"): weight,
                _("length, head 1 (nats per unit)"): pull.norm1,
                _("length, head 2 (nats per unit)"): pull.norm2,
            }
            yield {**row, **{title: cosine for title, cosine in cosines.items() if cosine is not None}}
