"""What training changes, in words and as a table: which loss may change which layer, and why another cannot.

The finding is where losses *meet*: in the layers that more than one of them may change. Tasks that meet nowhere are two models.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from mtl_core.graph.config.untrusted import each, shown, step
from mtl_core.graph.training import Obstacle, Training
from mtl_core.graph.wiring import Status
from mtl_core.graph.words import Quote, in_words, labels
from mtl_core.language import _, ngettext
from mtl_core.spec import OUTPUTS

__all__ = [
    "changes",
    "fits_a_table",
    "headline",
    "loss",
    "meetings",
    "notes",
    "obstacle",
    "training_alt",
    "training_findings",
    "training_rows",
    "training_table",
]


_MOST_CELLS = 50_000


def loss(graph: Training, output_name: str, quote: Quote = shown) -> str:
    """What a head's loss is called: "loss 1" in the models of this app, "the loss of price" in others."""
    if graph.outputs == OUTPUTS:
        return _("loss {n}").format(n=OUTPUTS.index(output_name) + 1)
    return _("the loss of {head}").format(head=quote(output_name))


def meetings(graph: Training) -> tuple[str, ...]:
    """The layers that more than one loss may change."""
    return tuple(layer for layer in each(graph.layers_with_weights) if graph.losses_that_change(layer)[0] > 1)


@step()
def headline(graph: Training, quote: Quote = shown) -> str:
    """Where the losses meet, in one line."""
    layers = graph.layers_with_weights
    counts = [graph.losses_that_change(layer) for layer in each(layers)]
    if counts and all(changed == len(graph.outputs) and not surely for changed, surely in counts):
        return _("Not known which loss changes which layer")
    if not any(changed for changed, _surely in counts):
        return _("No loss changes any weights")
    touched = sum(changed > 0 for changed, _surely in counts)
    sentence = _meeting(graph, quote) if len(graph.outputs) > 1 else _one_loss(touched, len(layers))
    unsure = any(surely < changed for changed, surely in counts)
    return _("{sentence}, as far as is known").format(sentence=sentence) if unsure else sentence


def _one_loss(touched: int, layers: int) -> str:
    if touched == layers:
        return _("The loss may change every layer that has weights")
    return _("The loss may change {n:,} of {all:,} layers that have weights").format(n=touched, all=layers)


def _meeting(graph: Training, quote: Quote) -> str:
    met, layers = meetings(graph), graph.layers_with_weights
    silent = [head for head in graph.outputs if not graph.changes_anything(head)]
    if silent and len(silent) + 1 == len(graph.outputs):
        (only,) = (head for head in graph.outputs if head not in silent)
        return _("Only {loss} changes any weights").format(loss=loss(graph, only, quote))
    if not met:
        return _("No layer is changed by more than one loss")
    if len(met) > 3:
        return _("{n:,} of {all:,} layers that have weights may be changed by more than one loss").format(
            n=len(met), all=len(layers)
        )
    if len(graph.outputs) == 2:
        return _("The two losses meet only in {layers}").format(layers=in_words(met, quote))
    return _("Losses meet only in {layers}").format(layers=in_words(met, quote))


@step()
def training_findings(graph: Training, quote: Quote = shown, *, most: int | None = None) -> list[str]:
    """All that there is to say, a sentence or two each: what each loss changes, then what holds for all.

    Parameters
    ----------
    graph : Training
    quote : Quote
    most : int or None
        No more than these are found; None for all.
    """
    return list(itertools.islice(itertools.chain(changes(graph, quote), notes(graph, quote)), most))


def changes(graph: Training, quote: Quote = shown) -> Iterator[str]:
    """What each loss may change, and what it cannot and why; frozen layers and silent losses are left to `notes`."""
    outcomes: tuple[tuple[Status | Obstacle, str], ...] = (
        ("may", _("{loss} may change {layers}.")),
        ("unknown", _("It is not known whether {loss} changes {layers}.")),
        ("stopped", _("{loss} cannot change {layers}: the way back is cut at {cuts}.")),
        ("no path", _("{loss} cannot change {layers}: no path leads from there to {head}.")),
    )
    for head in each(graph.outputs):
        sentences: list[str] = []
        for outcome, text in outcomes:
            if names := graph.layers_with(head, outcome):
                filled = text.format(
                    loss=_("it") if sentences else loss(graph, head, quote),
                    layers=in_words(names, quote),
                    head=quote(head),
                    cuts=_cuts(graph, head, names, quote) if "{cuts}" in text else "",
                )
                sentences.append(_capital(filled))
        if sentences:
            yield " ".join(sentences)


def _cuts(graph: Training, head: str, layers: Sequence[str], quote: Quote) -> str:
    """Where the gradient of a head ends on its way to some layers: calls, or arrows between two calls."""
    cuts = graph.cuts(head, *layers)
    places = (quote(reader) if graph[reader].cut else _arrow(source, reader, quote) for source, reader in cuts)
    return in_words(list(dict.fromkeys(places)), str)


def _arrow(source: str, reader: str, quote: Quote) -> str:
    return _("the arrow from {source} to {reader}").format(source=quote(source), reader=quote(reader))


def notes(graph: Training, quote: Quote = shown) -> Iterator[str]:
    """What holds whatever the head: losses that weigh 0, frozen layers, and statistics that no loss sets."""
    for head in each(graph.outputs):
        if graph.loss_weights.get(head) == 0:
            yield _capital(
                _("{loss} weighs 0 in what is minimised, so it changes nothing.").format(loss=loss(graph, head, quote))
            )
    if not graph.trainable:
        yield _("The whole model is frozen (trainable is false): no loss changes any weights.")
        return
    if frozen := [layer for layer in each(graph.layers_with_weights) if graph.layer(layer)[0].weights == "frozen"]:
        yield ngettext(
            "{layers} is frozen (trainable is false): no loss changes it.",
            "{layers} are frozen (trainable is false): no loss changes them.",
            len(frozen),
        ).format(layers=in_words(frozen, quote))
    normalising = (call for call in each(graph.calls) if "BatchNorm" in call.class_name and call.weights != "frozen")
    if running := list(dict.fromkeys(call.layer for call in normalising)):  # a frozen one uses what it has
        yield ngettext(
            "The running mean and variance of {layers} follow what it reads while training; no loss sets them.",
            "The running means and variances of {layers} follow what they read while training; no loss sets them.",
            len(running),
        ).format(layers=in_words(running, quote))


def obstacle(graph: Training, output_name: str, layer_name: str, quote: Quote = shown) -> str:
    """Why a head's loss cannot change a layer, as the end of a sentence; empty if it can."""
    reason = graph.obstacle(output_name, layer_name)
    if reason == "stopped":
        return _("the way back is cut at {cuts}").format(cuts=_cuts(graph, output_name, [layer_name], quote))
    return {
        None: "",
        "no weights": _("the layer has no weights that training changes"),
        "frozen": _("it is frozen (trainable is false)"),
        "weighs 0": _("the loss weighs 0"),
        "no path": _("no path leads from there to {head}").format(head=quote(output_name)),
    }[reason]


def training_table(graph: Training) -> list[dict[str, str]]:
    """One row a layer with weights: its class, its weights, and what each loss does to it; names as they may be shown."""
    called = labels(graph.outputs)
    losses = [_capital(loss(graph, head, lambda name: called[name])) for head in graph.outputs]
    headings = [_("layer"), _("class"), _("parameters"), *losses]
    return [
        dict(zip(headings, (shown(layer), shown(class_name), *cells), strict=True))
        for layer, class_name, *cells in training_rows(graph)
    ]


def fits_a_table(graph: Training) -> bool:
    """Whether the table is of a size that anybody reads, and that is made in a moment."""
    return len(graph.outputs) * len(graph.layers_with_weights) <= _MOST_CELLS


@step()
def training_rows(graph: Training) -> list[list[str]]:
    """The cells of that table, and names as they are in the file."""
    reasons = {
        "frozen": _("cannot: frozen"),
        "weighs 0": _("cannot: the loss weighs 0"),
        "no path": _("cannot: no path"),
        "stopped": _("cannot: the way back is cut"),
        "no weights": _("cannot: no weights"),
    }
    possible = {"may": _("may change"), "unknown": _("not known")}
    rows = []
    for layer in each(graph.layers_with_weights):
        call = graph.layer(layer)[0]
        row = [layer, call.class_name, _("not known") if call.parameters is None else f"{call.parameters:,}"]
        for head in graph.outputs:
            reason = graph.obstacle(head, layer)
            row.append(reasons[reason] if reason else possible[graph.training_status(head, layer)])
        rows.append(row)
    return rows


@step()
def training_alt(graph: Training) -> str:
    """The picture of training in a few sentences, as its alternative text."""
    first = _("What training changes, with arrows from each loss back to the weights that it may change.")
    return " ".join([first, *training_findings(graph, most=8)])


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
