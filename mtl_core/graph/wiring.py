"""Which inputs can each head see? A graph with one node per *call* answers exactly; one with a node per layer does not.

A layer that is called twice computes two separate things with one set of weights. `keras.utils.plot_model` draws it as one
box, so information seems to cross from one call to the other: in the question's case 2 it draws
tweet_b -> shared_lstm -> predictions1, a path that does not exist. With one node per call,

    head k may depend on input i   <=>   a path leads from i to k.

A path means *may depend*: weights can still be zero. No path means *cannot*: change that input and not one bit of the head
changes. `CallGraph` reads it from a Keras config.
"""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from mtl_core.graph.calls import Call, Head, Layer
from mtl_core.graph.config.untrusted import each
from mtl_core.graph.reach import marked, marks, shortest_route
from mtl_core.language import _

__all__ = ["Status", "Wiring"]

Status = Literal["cannot", "may", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Wiring:
    """All calls of a model, each after those that it reads.

    Parameters
    ----------
    name : str
        Of the model; two graphs that differ in nothing else are equal.
    calls : tuple of Call
    inputs : tuple of str
        Names of the inputs, which are also the ids of their calls.
    heads : tuple of Head
    layers, layer_edges : tuple of Layer, tuple of (str, str)
        What `keras.utils.plot_model` draws.
    own_class : str
        The model's class if it isn't Keras's, whose `call()` may do what the config doesn't tell; else empty.
    """

    name: str = field(compare=False)
    calls: tuple[Call, ...]
    inputs: tuple[str, ...]
    heads: tuple[Head, ...]
    layers: tuple[Layer, ...]
    layer_edges: tuple[tuple[str, str], ...]
    own_class: str = field(default="", compare=False)

    # What is in it

    def __getitem__(self, call_id: str) -> Call:
        """The call with this id."""
        return self.calls[self._position[call_id]]

    @functools.cached_property
    def outputs(self) -> tuple[str, ...]:
        """Names of the outputs, which are the heads."""
        return tuple(head.name for head in self.heads)

    @functools.cached_property
    def edges(self) -> tuple[tuple[str, str], ...]:
        """Which call's result is read by which call, as pairs of ids."""
        return tuple((source, call.id) for call in self.calls for source in call.reads)

    @functools.cached_property
    def shared_layers(self) -> Mapping[str, tuple[Call, ...]]:
        """Layers that are called more than once, with all their calls."""
        calls: dict[str, list[Call]] = {}
        for call in each(self.calls):
            calls.setdefault(call.layer, []).append(call)
        return {layer: tuple(several) for layer, several in calls.items() if len(several) > 1}

    @functools.cached_property
    def nested_models(self) -> tuple[str, ...]:
        """Names of the nested models, each once, in the order of their first calls."""
        groups = (group for call in each(self.calls) for group in call.groups)
        return tuple(dict.fromkeys(group.rpartition("#")[0] for group in groups))

    @functools.cached_property
    def parameters(self) -> int | None:
        """Weights of the whole model, each shared set counted once; None if some layer's are not known."""
        counts = {call.layer: call.parameters for call in self.calls}.values()
        return None if None in counts else sum(count or 0 for count in counts)

    # What it means

    def reaches(self, input_name: str, output_name: str) -> bool:
        """Whether a path leads from an input to a head: it may depend. If none does, it cannot, bit for bit.

        A path on which a slice leaves out all that comes from the input is none.

        Raises
        ------
        KeyError
            If there is no such input or output.
        """
        return self._input(input_name) in self.seen_by_head(output_name)

    def dependence(self) -> dict[tuple[str, str], bool]:
        """`reaches` for every pair, keyed (output, input)."""
        seen = {name: set(self.seen_by_head(name)) for name in self.outputs}
        return {(head, name): name in seen[head] for head in self.outputs for name in self.inputs}

    def status(self, output_name: str, input_name: str) -> Status:
        """How sure it is whether a head depends on an input.

        Parameters
        ----------
        output_name, input_name : str

        Returns
        -------
        "cannot", "may" or "unknown"
            *Cannot*: no path leads from the input to the head, or slices leave out all that comes from it; not one bit
            changes. *May*: one does, and it is known what
            every call on it does. *Unknown*: every path passes a call that was not read.

        Raises
        ------
        KeyError
            If there is no such input or output.

        Notes
        -----
        What was not read is an own class, a `Lambda` whose code isn't there, or a line of a program that could not be
        followed. Such a call may ignore what it is given: a path through it is no "may". It is given what its arrows
        say and nothing else: a functional model hands each layer its tensors at every call, and a layer that closes over
        another symbolic tensor fails. So "cannot" holds past it, as for any other call. That a class of somebody's own
        keeps something from one call for its next isn't considered, unless its config says that it is stateful.

        A line of a program that could not be followed may have read anything. It has arrows from every input. A model
        whose own class may have a `call()` of its own is unknown for every pair: what the config lists need not be run.
        """
        return self._status(self._input(input_name), self.head(output_name))

    def statuses(self) -> dict[tuple[str, str], Status]:
        """`status` for every pair, keyed (output, input)."""
        return {
            (head, name): status
            for head in each(self.outputs)
            for name, status in zip(self.inputs, self.row(head), strict=True)
        }

    def row(self, output_name: str) -> list[Status]:
        """`status` of a head for every input, in the model's order."""
        status: dict[str, Status] = dict.fromkeys(self.inputs, "cannot")
        for one in ("may", "unknown"):
            status |= dict.fromkeys(self.with_status(output_name, one), one)
        return list(status.values())

    def with_status(self, output_name: str, status: Status) -> tuple[str, ...]:
        """The inputs of which a head's dependence has this `status`, in the model's order."""
        return marked(self.inputs, self._by_status[self.head(output_name).name][status])

    def pairs(self, status: Status) -> int:
        """How many pairs of a head and an input have this `status`."""
        return sum(bits[status].bit_count() for bits in self._by_status.values())

    def _status(self, name: str, head: Head) -> Status:
        bits = self._by_status[head.name]
        return next(status for status in bits if bits[status] & self._bits[name])

    @functools.cached_property
    def _by_status(self) -> Mapping[str, Mapping[Status, int]]:
        """For each head, the inputs of each status, as bits."""
        every = (1 << len(self.inputs)) - 1
        by_status: dict[str, Mapping[Status, int]] = {}
        for head in each(self.heads):
            position = self._position[head.call]
            reached = every if self.own_class else self._sees[position] & ~self._of(head.unseen)
            sure = 0 if self.own_class else reached & self._surely_sees[position]
            by_status[head.name] = {"cannot": every & ~reached, "may": sure, "unknown": reached & ~sure}
        return by_status

    def _of(self, names: Iterable[str]) -> int:
        """The bits of inputs."""
        return sum(self._bits[name] for name in names)

    def seen_by(self, *call_ids: str) -> tuple[str, ...]:
        """The inputs that the results of one or more calls may depend on, in the model's order."""
        bits = 0
        for call_id in call_ids:
            bits |= self._sees[self._position[call_id]]
        return marked(self.inputs, bits)

    def surely_seen_by(self, *call_ids: str) -> tuple[str, ...]:
        """Those of `seen_by` from which a path leads on which every call was read; none if the model has an own class."""
        bits = 0
        for call_id in () if self.own_class else call_ids:
            bits |= self._sees[self._position[call_id]] & self._surely_sees[self._position[call_id]]
        return marked(self.inputs, bits)

    def seen_by_head(self, output_name: str) -> tuple[str, ...]:
        """The inputs that a head may depend on, in the model's order; less than its call, where that makes several heads."""
        head = self.head(output_name)
        return marked(self.inputs, self._sees[self._position[head.call]] & ~self._of(head.unseen))

    def reached_from(self, call_id: str) -> tuple[str, ...]:
        """The heads that may depend on a call's result, in the model's order."""
        return marked(self.outputs, self._reaches[self._position[call_id]] & ~self._left_out_by.get(call_id, 0))

    def surely_reached_from(self, call_id: str) -> tuple[str, ...]:
        """Those of `reached_from` to which a path leads on which every call was read; none if the model has an own class."""
        position = self._position[call_id]
        bits = 0 if self.own_class else self._reaches[position] & self._surely_reaches[position]
        return marked(self.outputs, bits & ~self._left_out_by.get(call_id, 0))

    def calls_between(self, input_name: str, output_name: str) -> tuple[Call, ...]:
        """Calls on the paths from an input to a head, both ends left out; none where it cannot depend on the input."""
        if not self.reaches(input_name, output_name):
            return ()
        lit = self.upstream(output_name) & self.downstream(input_name)
        ends = {input_name, self.head(output_name).call}
        return tuple(call for call in self.calls if call.id in lit and call.id not in ends)

    def unread_between(self, input_names: Iterable[str], output_name: str) -> tuple[Call, ...]:
        """The calls on paths from any of these inputs to a head, its own included, of which it isn't known what they do."""
        bit, inputs, end = self._bit(output_name), self._of(input_names), self.head(output_name).call
        return tuple(
            self.calls[number]
            for number in each(self._unread)
            if (self._reaches[number] & bit and self._sees[number] & inputs) or self.calls[number].id == end
        )

    @functools.cached_property
    def _unread(self) -> tuple[int, ...]:
        return tuple(number for number, call in enumerate(self.calls) if call.unread)

    def upstream(self, output_name: str) -> frozenset[str]:
        """Ids of all calls that a head may depend on, its own included."""
        bit = self._bit(output_name)
        return frozenset(call.id for call, heads in zip(self.calls, self._reaches, strict=True) if heads & bit)

    def downstream(self, input_name: str) -> frozenset[str]:
        """Ids of all calls that may depend on an input, its own included."""
        bit = self._bits[self._input(input_name)]
        return frozenset(call.id for call, inputs in zip(self.calls, self._sees, strict=True) if inputs & bit)

    def first_merges(self, output_name: str, input_name: str | None = None) -> tuple[Call, ...]:
        """Where information of different inputs first comes together on its way to a head.

        Parameters
        ----------
        output_name : str
        input_name : str, optional
            Only where this input's information first meets another's.

        Returns
        -------
        tuple of Call
            Those that see several inputs while nothing that they read does; with `input_name`, several of which it is one.
        """
        needed = 0 if input_name is None else self._bits[self._input(input_name)]
        bit = self._bit(output_name)
        return tuple(self.calls[number] for number in self._merges(needed) if self._reaches[number] & bit)

    def _merges(self, needed: int) -> tuple[int, ...]:
        """Numbers of the calls at which several inputs, those of the bits in `needed` among them, first come together."""
        if needed not in self._merges_by_input:
            mixed = [inputs.bit_count() > 1 and inputs & needed == needed for inputs in self._sees]
            self._merges_by_input[needed] = tuple(
                number
                for number, call in enumerate(self.calls)
                if mixed[number] and not any(mixed[self._position[source]] for source in call.reads)
            )
        return self._merges_by_input[needed]

    @functools.cached_property
    def _merges_by_input(self) -> dict[int, tuple[int, ...]]:
        return {}

    def false_paths(self, most: int | None = None) -> tuple[tuple[str, str], ...]:
        """Pairs (input, output) that plot_model's drawing connects although their status is "cannot"; all, or the first."""
        pairs = ((name, head) for head, bits in each(self._false.items()) for name in marked(self.inputs, bits))
        return tuple(itertools.islice(pairs, most))

    def count_false_paths(self) -> int:
        """How many `false_paths` there are."""
        return sum(bits.bit_count() for bits in self._false.values())

    @functools.cached_property
    def _false(self) -> Mapping[str, int]:
        """For each head, the inputs from which plot_model's drawing leads there on false paths, as bits."""
        return {head.name: self._drawn.get(head.layer, 0) & self._by_status[head.name]["cannot"] for head in self.heads}

    def drawn_route(self, input_name: str, output_name: str) -> tuple[str, ...]:
        """The shortest way from an input to a head in plot_model's drawing, as names of boxes; empty if there is none."""
        return shortest_route(self.layer_edges, self._input(input_name), self.head(output_name).layer)

    def sees_everything(self) -> tuple[str, ...]:
        """Heads that may depend on every input, as far as is known."""
        every = (1 << len(self.inputs)) - 1
        return tuple(head for head, bits in self._by_status.items() if bits["may"] == every)

    def reaches_nothing(self) -> tuple[str, ...]:
        """Inputs that no head can depend on."""
        never = (bits["cannot"] for bits in self._by_status.values())
        return marked(self.inputs, functools.reduce(operator.and_, never, (1 << len(self.inputs)) - 1))

    # How it is found out

    @functools.cached_property
    def _position(self) -> dict[str, int]:
        return {call.id: i for i, call in enumerate(self.calls)}

    def head(self, name: str) -> Head:
        """The head with this name; `KeyError` if there is none."""
        if name not in self._heads:
            raise KeyError(
                _("The model has no output “{name}”; it has {names}.").format(name=name, names=", ".join(self.outputs))
            )
        return self._heads[name]

    @functools.cached_property
    def _heads(self) -> dict[str, Head]:
        return {head.name: head for head in self.heads}

    def _bit(self, output_name: str) -> int:
        return self._head_bits[self.head(output_name).name]

    @functools.cached_property
    def _head_bits(self) -> Mapping[str, int]:
        return {name: 1 << number for number, name in enumerate(self.outputs)}

    def _input(self, name: str) -> str:
        if name not in self._inputs:
            raise KeyError(
                _("The model has no input “{name}”; it has {names}.").format(name=name, names=", ".join(self.inputs))
            )
        return name

    @functools.cached_property
    def _inputs(self) -> frozenset[str]:
        return frozenset(self.inputs)

    @functools.cached_property
    def _bits(self) -> dict[str, int]:
        return {name: 1 << i for i, name in enumerate(self.inputs)}

    @functools.cached_property
    def _left_out_by(self) -> Mapping[str, int]:
        """For each input that slices leave out on the way to a head, those heads, as bits."""
        left_out: dict[str, int] = {}
        for i, head in enumerate(self.heads):
            for name in {*head.unseen, *self[head.call].unseen}:
                left_out[name] = left_out.get(name, 0) | 1 << i
        return left_out

    @functools.cached_property
    def _after(self) -> list[list[int]]:
        """For each call, the calls that what it read can show in."""
        after: list[list[int]] = [[] for _call in self.calls]
        for i, call in enumerate(each(self.calls)):
            for source in call.reads:
                after[self._position[source]].append(i)
        for calls in self.shared_layers.values():
            if calls[0].stateful:  # in a circle: each call leaves its state to the next, the last one to the next batch
                numbers = [self._position[call.id] for call in calls]
                for one, other in zip(numbers, numbers[1:] + numbers[:1], strict=True):
                    after[one].append(other)
        return after

    @functools.cached_property
    def _before(self) -> list[list[int]]:
        """For each call, the calls whose results can show in it: the arrows of `_after`, backwards."""
        before: list[list[int]] = [[] for _call in self.calls]
        for i, afters in enumerate(self._after):
            for j in afters:
                before[j].append(i)
        return before

    @functools.cached_property
    def _sees(self) -> list[int]:
        """For each call, the inputs that it may depend on, as bits."""
        unseen = (self._of(call.unseen) for call in each(self.calls))
        return [bits & ~left for bits, left in zip(marks(self._after, self._starts), unseen, strict=True)]

    @functools.cached_property
    def _starts(self) -> list[int]:
        """Each input's own bit at its call."""
        starts = [0] * len(self.calls)
        for i, name in enumerate(self.inputs):
            starts[self._position[name]] = 1 << i
        return starts

    @functools.cached_property
    def _surely_sees(self) -> list[int]:
        """For each call, the inputs from which a path leads to it on which every call was read, as bits."""
        read = [[j for j in after if not self.calls[j].unread] for after in self._after]
        return marks(read, self._starts)

    @functools.cached_property
    def _surely_reaches(self) -> list[int]:
        """For each call, the heads to which a path leads on which every call behind it was read, as bits."""
        read = [[] if call.unread else before for call, before in zip(self.calls, self._before, strict=True)]
        return marks(read, self._ends)

    @functools.cached_property
    def _reaches(self) -> list[int]:
        """For each call, the heads that may depend on it, as bits."""
        return marks(self._before, self._ends)

    @functools.cached_property
    def _ends(self) -> list[int]:
        """Each head's own bit at its call."""
        ends = [0] * len(self.calls)
        for i, head in enumerate(self.heads):
            ends[self._position[head.call]] |= 1 << i
        return ends

    @functools.cached_property
    def _drawn(self) -> dict[str, int]:
        """For each box, the inputs from which the drawing leads to it, as bits."""
        number = {layer.name: i for i, layer in enumerate(self.layers)}
        arrows: list[list[int]] = [[] for _layer in self.layers]
        for source, target in each(self.layer_edges):
            arrows[number[source]].append(number[target])
        return dict(zip(number, marks(arrows, [self._bits.get(box, 0) for box in number]), strict=True))
