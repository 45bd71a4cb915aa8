"""The graph read backwards: which head's loss can change which layer's weights?

While a model learns, each loss sends a gradient back along the very paths on which its head reads. It changes the weights of
every layer that it passes. So two tasks can be tied by weights without either head seeing the other's input:

    loss k can change layer L   <=>   L has weights that may change, and a path leads from one of its calls to head k
                                      on which nothing stops the gradient.

As for predictions, a path means *may*: a gradient can still be zero. No such path means *cannot*, in any epoch.
"""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from mtl_core.graph.calls import Call
from mtl_core.graph.config.untrusted import each
from mtl_core.graph.reach import marked, marks, shortest_route, turned
from mtl_core.graph.wiring import Status, Wiring
from mtl_core.language import _

__all__ = ["Obstacle", "Training"]

Obstacle = Literal["no weights", "frozen", "weighs 0", "no path", "stopped"]
"""Why a loss cannot change a layer: it has no weights, they are not trainable, the loss counts for nothing, no path leads from
the layer to the head, or each that does is cut."""


@dataclass(frozen=True, kw_only=True)
class Training(Wiring):
    """A `Wiring` that also answers for training.

    Parameters
    ----------
    trainable : bool
        Whether the model as a whole is.
    loss_weights : mapping of head name to float
        What each loss weighs in the sum that is minimised; a head that isn't in it weighs something.
    stops : tuple of (str, str)
        Arrows, as ids of the call that is read and of the call that reads it, which carry values and no gradient.
    """

    trainable: bool = True
    loss_weights: Mapping[str, float] = field(default_factory=dict, compare=False)
    stops: tuple[tuple[str, str], ...] = ()

    def trains(self, output_name: str, layer_name: str) -> bool:
        """Whether a head's loss may change a layer's weights. False is certain: it cannot.

        Parameters
        ----------
        output_name : str
        layer_name : str
            As in `Call.layer`: a layer inside a nested model stands behind its model, "encoder/dense".

        Raises
        ------
        KeyError
            If there is no such output or layer.
        """
        return self.training_status(output_name, layer_name) != "cannot"

    def training(self) -> dict[tuple[str, str], bool]:
        """`trains` for every pair, keyed (output, layer)."""
        return {pair: status != "cannot" for pair, status in self.training_statuses().items()}

    def training_status(self, output_name: str, layer_name: str) -> Status:
        """How sure it is whether a head's loss changes a layer's weights.

        Returns
        -------
        "cannot", "may" or "unknown"
            *Cannot*: the layer has no weights that gradients change, or none that are trainable; or the loss weighs 0; or no
            path leads from a call of the layer to the head on which nothing stops the gradient. *May*: one does, and all
            on it was read. *Unknown*: otherwise. What a class of somebody's own does isn't known, nor whether it has weights.

        Raises
        ------
        KeyError
            If there is no such output or layer.

        Notes
        -----
        The loss is that of the head alone. Regularisers add a loss of their own, whatever the heads do, and running
        statistics (`BatchNormalization`) follow what a layer reads, in training, without any loss. What one call of a stateful
        layer leaves to the next carries a gradient in some of Keras's backends and in others none: unknown.
        """
        self.layer(layer_name)
        changed, surely = self._changers[layer_name]
        bit = self._bit(output_name)
        return "may" if surely & bit else "unknown" if changed & bit else "cannot"

    def training_statuses(self) -> dict[tuple[str, str], Status]:
        """`training_status` for every pair, keyed (output, layer)."""
        return {(head, layer): self.training_status(head, layer) for head in self.outputs for layer in self._calls_of}

    def layer(self, name: str) -> tuple[Call, ...]:
        """The calls of the layer with this name; `KeyError` if there is none."""
        if name not in self._calls_of:
            raise KeyError(
                _("The model has no layer “{name}”; it has {names}.").format(name=name, names=", ".join(self._calls_of))
            )
        return self._calls_of[name]

    @functools.cached_property
    def layers_with_weights(self) -> tuple[str, ...]:
        """The layers that have weights which a loss could change, were they trainable, or of which that isn't known."""
        return tuple(layer for layer, calls in self._calls_of.items() if calls[0].weights != "none")

    def trained_by(self, layer_name: str) -> tuple[str, ...]:
        """The heads whose loss may change a layer's weights, in the model's order."""
        self.layer(layer_name)
        return marked(self.outputs, self._changers[layer_name][0])

    def surely_trained_by(self, layer_name: str) -> tuple[str, ...]:
        """Those of `trained_by` of which it is known that they may: a path leads to them on which all was read."""
        self.layer(layer_name)
        return marked(self.outputs, self._changers[layer_name][1])

    def layers_with(self, output_name: str, outcome: Status | Obstacle) -> tuple[str, ...]:
        """The layers with weights to which a head's loss does this: its `training_status`, or its `obstacle` where it cannot."""
        return marked(self.layers_with_weights, self._by_outcome[self.head(output_name).name].get(outcome, 0))

    def losses_that_change(self, layer_name: str) -> tuple[int, int]:
        """How many heads are in `trained_by`, and how many in `surely_trained_by`."""
        self.layer(layer_name)
        changed, surely = self._changers[layer_name]
        return changed.bit_count(), surely.bit_count()

    def obstacle(self, output_name: str, layer_name: str) -> Obstacle | None:
        """Why a head's loss cannot change a layer's weights, the most general reason first; None if it can."""
        head, calls = self.head(output_name), self.layer(layer_name)
        if self.training_status(output_name, layer_name) != "cannot":
            return None
        if calls[0].weights == "none":
            return "no weights"
        if calls[0].weights == "frozen" or not self.trainable:
            return "frozen"
        if self.loss_weights.get(head.name) == 0:
            return "weighs 0"
        bit = self._bit(head.name)
        return "stopped" if any(self._cut_off[self._position[call.id]] & bit for call in calls) else "no path"

    def arrives(self, output_name: str, call_id: str) -> bool:
        """Whether a gradient of a head may arrive at what a call makes."""
        head = self.head(output_name)
        return bool(self._arrives[self._position[call_id]] & self._bit(output_name)) and call_id not in head.spared

    def cuts(self, output_name: str, *layer_names: str) -> tuple[tuple[str, str], ...]:
        """The arrows (read, reader) at which the gradient of a head ends on its way back to layers that it doesn't reach."""
        bit, upstream = self._bit(output_name), {call.id for name in layer_names for call in self.layer(name)}
        leads = marks(self._after, [int(call.id in upstream) for call in self.calls])
        return tuple(
            (source, call.id)
            for number, call in enumerate(self.calls)
            if self._arrives[number] & bit
            for source in call.reads
            if leads[self._position[source]] and (call.cut or (source, call.id) in self._stopped)
        )

    def way_back(self, output_name: str, layer_name: str) -> tuple[str, ...]:
        """A shortest way of the gradient, from a head's call back to a call of the layer, as ids; empty if there is none."""
        end = self.head(output_name).call
        arrows = [(call.id, source) for call in self.calls for source in self._passes(call)]
        routes = (shortest_route(arrows, end, call.id) for call in self.layer(layer_name))
        return min((route for route in routes if route), key=len, default=())

    def gradient_arrows(self, output_name: str) -> frozenset[tuple[str, str]]:
        """The arrows (read, reader) on which a head's loss sends a gradient that changes any weights."""
        bit = self._bit(output_name)
        return frozenset(
            (source, call.id)
            for number, call in enumerate(each(self.calls))
            if self._arrives[number] & bit
            for source in self._passes(call)
            if self._worth[self._position[source]] & bit
        )

    def losses_on(self, source: str, reader: str) -> tuple[str, ...]:
        """The heads whose loss sends such a gradient along the arrow from a call to one that reads it."""
        call = self[reader]
        bits = self._arrives[self._position[reader]] & self._worth[self._position[source]]
        return marked(self.outputs, bits if source in self._passes(call) else 0)

    def changes_anything(self, output_name: str) -> bool:
        """Whether a head's loss may change any weights."""
        return bool(self._heard & self._bit(output_name))

    # How it is found out

    @functools.cached_property
    def _calls_of(self) -> Mapping[str, tuple[Call, ...]]:
        calls: dict[str, list[Call]] = {}
        for call in self.calls:
            calls.setdefault(call.layer, []).append(call)
        return {layer: tuple(several) for layer, several in calls.items()}

    @functools.cached_property
    def _changers(self) -> Mapping[str, tuple[int, int]]:
        """For each layer, the heads whose loss may change it, and those of them of which that is sure; as bits."""
        return {layer: self._changed_at(calls) for layer, calls in each(self._calls_of.items())}

    def _changed_at(self, calls: Sequence[Call]) -> tuple[int, int]:
        """The same for the weights of one layer as these of its calls use them."""
        weights = calls[0].weights
        if weights in ("none", "frozen") or not self.trainable:
            return 0, 0
        if self.own_class:
            return (1 << len(self.heads)) - 1, 0
        changed = surely = 0
        for call in calls:
            number, counts = self._position[call.id], self._counted & ~self._spared_by.get(call.id, 0)
            changed |= self._arrives[number] & counts
            if weights == "trainable":
                surely |= self._surely_arrives[number] & counts
        return changed, surely & changed

    @functools.cached_property
    def _heard(self) -> int:
        """The heads whose loss may change any weights, as bits."""
        return functools.reduce(operator.or_, (changed for changed, _surely in self._changers.values()), 0)

    @functools.cached_property
    def _by_outcome(self) -> Mapping[str, Mapping[Status | Obstacle, int]]:
        """For each head, the layers with weights by what its loss does to them, or why it cannot change them; as bits."""
        rows: list[tuple[int, int, int, int]] = []  # bits of heads: frozen for them, may change, surely, cut off
        everybody = (1 << len(self.heads)) - 1
        for layer in each(self.layers_with_weights):
            calls = self._calls_of[layer]
            frozen = everybody if calls[0].weights == "frozen" or not self.trainable else 0
            cut_off = functools.reduce(operator.or_, (self._cut_off[self._position[call.id]] for call in calls))
            rows.append((frozen, *self._changers[layer], cut_off))
        columns = zip(*(turned([row[i] for row in rows], len(self.heads)) for i in range(4)), strict=True)
        every = (1 << len(rows)) - 1
        by_outcome: dict[str, Mapping[Status | Obstacle, int]] = {}
        for head, (frozen, changed, surely, cut_off) in zip(self.outputs, columns, strict=True):
            left = every & ~changed & ~frozen
            silent = left if self.loss_weights.get(head) == 0 else 0
            left &= ~silent
            by_outcome[head] = {
                "may": surely, "unknown": changed & ~surely, "frozen": every & ~changed & frozen,
                "weighs 0": silent, "stopped": left & cut_off, "no path": left & ~cut_off,
            }  # fmt: skip
        return by_outcome

    @functools.cached_property
    def _worth(self) -> list[int]:
        """For each call, the heads whose gradient, where it comes by, changes weights there or before; as bits."""
        changed: list[int] = []
        forwards: list[list[int]] = [[] for _call in self.calls]
        for number, call in enumerate(each(self.calls)):
            changed.append(self._arrives[number] & self._changed_at((call,))[0])
            for source in self._passes(call):
                forwards[self._position[source]].append(number)
        return marks(forwards, changed)

    @functools.cached_property
    def _counted(self) -> int:
        """The heads whose loss weighs anything, as bits."""
        return sum(bit for name, bit in self._head_bits.items() if self.loss_weights.get(name) != 0)

    @functools.cached_property
    def _spared_by(self) -> Mapping[str, int]:
        """For each call that slices leave out on the way to a head, those heads, as bits."""
        spared: dict[str, int] = {}
        for head in self.heads:
            for call_id in head.spared:
                spared[call_id] = spared.get(call_id, 0) | self._head_bits[head.name]
        return spared

    @functools.cached_property
    def _stopped(self) -> frozenset[tuple[str, str]]:
        return frozenset(self.stops)

    def _passes(self, call: Call) -> Iterator[str]:
        """The calls to which a gradient passes on from a call."""
        return (source for source in call.reads if not call.cut and (source, call.id) not in self._stopped)

    @functools.cached_property
    def _arrives(self) -> list[int]:
        """For each call, the heads whose gradient may arrive at what it makes, as bits."""
        back = [[self._position[source] for source in self._passes(call)] for call in self.calls]
        for calls in self.shared_layers.values():
            if calls[0].stateful:
                for before, after in itertools.pairwise(calls):
                    back[self._position[after.id]].append(self._position[before.id])
        arrives = marks(back, self._ends)
        readers = [number for number, call in enumerate(self.calls) if call.anything]
        if readers:  # each may send a gradient to all that isn't made of what it makes
            behind = marks(self._after, [1 << readers.index(n) if n in readers else 0 for n in range(len(self.calls))])
            anywhere = functools.reduce(operator.or_, (arrives[number] for number in readers))
            every = (1 << len(readers)) - 1
            arrives = [
                heads | anywhere if made_of != every else heads for heads, made_of in zip(arrives, behind, strict=True)
            ]
        return arrives

    @functools.cached_property
    def _cut_off(self) -> list[int]:
        """For each call, the heads whose gradient would arrive at what it makes if nothing cut the way; as bits."""
        ends = [0] * len(self.calls)
        for number, call in enumerate(self.calls):
            for source in call.reads:
                if call.cut or (source, call.id) in self._stopped:
                    ends[self._position[source]] |= self._arrives[number]
        return marks(self._before, ends)

    @functools.cached_property
    def _surely_arrives(self) -> list[int]:
        """The same on ways back on which every call was read."""
        back = [[] if call.unread else [self._position[source] for source in self._passes(call)] for call in self.calls]
        return marks(back, self._ends)
