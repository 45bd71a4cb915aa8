"""The calls that a program makes, as they are made: which layer, on which tensors, on which line.

Nothing is computed. A call notes what it reads and, where it can be told, the shape of what it makes. What can't be told
becomes a call as well, marked with the reason: so whatever reads it later is known to be uncertain.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mtl_core.graph.config.inbound import flat_keys
from mtl_core.graph.config.untrusted import MAX_NAME, Shape, as_shape
from mtl_core.graph.interpreter.budget import Budget
from mtl_core.graph.interpreter.checks import check
from mtl_core.graph.interpreter.layers import arguments, snake_case
from mtl_core.graph.interpreter.paths import is_foreign
from mtl_core.graph.interpreter.shapes import shapes_made
from mtl_core.graph.interpreter.signatures import ALIASES
from mtl_core.graph.interpreter.values import (
    Data,
    Imported,
    Instance,
    Kind,
    Layer,
    LayerCall,
    Pending,
    Tensor,
    Unknown,
)
from mtl_core.language import _

__all__ = ["Trace", "batch_shape"]

_IGNORED = {"training", "name", "dtype", "verbose"}
"""Arguments of a call that can't carry a tensor which an output depends on."""


class Trace:
    """What a program has made so far.

    Attributes
    ----------
    line : int
        The line that is being followed.
    models : list of Model or Sequential
        In the order in which they are made.
    doubts : list of str
        Why it isn't known whether the lines that are being followed are run at all, or how often.
    may_have_thawed : bool
        Whether a line that could not be followed may have made any layer trainable again.
    notes : dict of (line, text)
        What there is to say, each once; in order.
    """

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.line = 0
        self.models: list[Layer] = []
        self.doubts: list[str] = []
        self.may_have_thawed = False
        self.notes: dict[tuple[int, str], Kind] = {}
        self._names: Counter[str] = Counter()
        self._serial = 0

    @property
    def calls_made(self) -> int:
        """How many calls and layers there are: whether something was made since."""
        return self._serial

    def note(self, text: str, line: int = 0, kind: Kind = "unknown") -> None:
        """Say something about a line, by default the one that is being followed."""
        self.notes.setdefault((line or self.line, text), kind)

    # Layers

    def layer(self, written: str, module: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Layer:
        """A layer of Keras's, made with these arguments."""
        named = kwargs.get("name")
        config = arguments(written, args, {key: value for key, value in kwargs.items() if key != "name"})
        class_name = ALIASES.get(written, written)
        made: Layer = self.new(Layer, class_name, module, config, named)
        return made

    def new(
        self, kind: type[Any], class_name: str, module: str, config: Mapping[str, Any], name: Any = None, **more: Any
    ) -> Any:
        """A layer, an operation or a model of any class."""
        self._serial += 1
        self.budget.spend()
        named = isinstance(name, str) and bool(name)
        own = str(name)[:MAX_NAME] if named else self.free_name(snake_case(class_name) or "layer")
        unread = self.doubts[-1] if self.doubts else ""
        return kind(class_name[:MAX_NAME], module, dict(config), self.line, own, named, unread=unread, **more)

    def free_name(self, base: str) -> str:
        """A name as Keras makes them: dense, dense_1, dense_2."""
        base = base[:MAX_NAME]
        self._names[base] += 1
        times = self._names[base] - 1
        return f"{base}_{times}" if times else base

    def input(self, shape: Shape | None, name: Any = None, wish: str = "") -> Tensor:
        """A new input of a shape that includes the batch axis."""
        layer = self.new(Layer, "InputLayer", "keras.layers", {"batch_shape": shape}, name)
        layer.config["name"] = layer.keras_name
        if wish:
            layer.wishes.append(wish)
        layer.unread = ""
        call = self._note_call(layer, (), None, ())
        call.made = [Tensor(call, 0, shape)]
        return call.made[0]

    # Calls

    def call(self, layer: Layer, args: Sequence[Any], kwargs: Mapping[str, Any], outputs: int = 0) -> Any:
        """Call a layer or an operation.

        Parameters
        ----------
        layer : Layer
        args, kwargs
            What it is called on.
        outputs : int
            How many tensors it gives, in a list; 0 for one without a list.

        Returns
        -------
        Tensor, list of Tensor, or Data
            Data where nothing that it reads depends on any input: then it's a number like another.
        """
        given = {key: value for key, value in kwargs.items() if key not in _IGNORED}
        positional = list(args) or [given.pop("inputs", ())]
        first = [self._leaf(leaf) for leaf in self.leaves(positional[0])]
        rest = [self._leaf(leaf) for leaf in self.leaves([positional[1:], given])]
        if not any((*first, *rest)):
            return Data(layer.class_name)
        keys = flat_keys(positional[0], lambda value: isinstance(value, (Tensor, Unknown, Pending)))
        made = self._note_call(layer, tuple(first), keys, tuple(tensor for tensor in rest if tensor))
        shapes = shapes_made(made, max(outputs, 1))
        check(self, made)
        made.made = tensors = [Tensor(made, i, shape) for i, shape in enumerate(shapes)]
        return tensors if outputs else tensors[0]

    def operation(
        self,
        class_name: str,
        config: Mapping[str, Any],
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        outputs: int = 0,
    ) -> Any:
        """Call a function of Keras's or TensorFlow's, which is its own layer each time."""
        return self.call(self.new(Layer, class_name, "keras.ops", config), args, kwargs, outputs)

    def unread(self, name: str, why: str, values: Any, *, is_open: bool, layer: Layer | None = None) -> Tensor:
        """A call of which it isn't known what it does with the tensors in `values`."""
        layer = layer or self.new(Layer, re.sub(r"\W+", "", name) or _("unread"), "", {})
        first = tuple(leaf for leaf in map(self._leaf, self.leaves(values)) if leaf)
        made = self._note_call(layer, first, None, ())
        made.unread = made.unread or why
        made.open = is_open
        made.made = [Tensor(made, 0)]
        return made.made[0]

    def either(self, one: Any, other: Any, why: str) -> Any:
        """What is one of two values, and it isn't known which."""
        if one is other or (_is_scalar(one) and _is_scalar(other) and type(one) is type(other) and one == other):
            return one
        if isinstance(one, Tensor) or isinstance(other, Tensor):
            both = [value for value in (one, other) if isinstance(value, Tensor)]
            made = self.unread(_("either"), why, both, is_open=len(both) < 2)
            made.shape = both[0].shape if len({tensor.shape for tensor in both}) == 1 else None
            return made
        if isinstance(one, (list, tuple)) and type(one) is type(other) and len(one) == len(other):
            self.budget.spend(len(one))
            return type(one)(self.either(a, b, why) for a, b in zip(one, other, strict=True))
        for layer in (one, other):
            if isinstance(layer, Layer):
                layer.unread = layer.unread or why
                return layer
        return Unknown(why)

    def leaves(self, value: Any) -> Iterator[Any]:
        """Leaves of nested lists and dicts in Keras's order, which takes dicts by sorted key."""
        stack = [value]
        while stack:
            self.budget.spend()
            top = stack.pop()
            if isinstance(top, (list, tuple)):
                stack.extend(reversed(top))
            elif isinstance(top, Mapping):
                stack.extend(top[key] for key in sorted(top, key=str, reverse=True))
            else:
                yield top

    def tensor(self, value: Any) -> Tensor | None:
        """A value as the tensor that it stands for: None where it is a constant."""
        return self._leaf(value)

    def _leaf(self, value: Any) -> Tensor | None:
        if isinstance(value, Tensor):
            return value
        if isinstance(value, Pending):
            if value.tensor is None:
                value.tensor = self.input(None, None, value.wish)
            return value.tensor
        if value is ...:
            return self.unread("", _("What stands here can't be read."), (), is_open=True)
        if isinstance(value, Unknown):
            return self.unread(value.name, value.why, (), is_open=True)
        if isinstance(value, Imported) and is_foreign(value.path):
            why = _("“{path}” is not in this text.").format(path=value.path[:80])
            return self.unread(value.name, why, (), is_open=True)
        if isinstance(value, Instance) and value.layer is None:
            return self.unread(value.cls.name, _("It isn't known what this object is."), (), is_open=True)
        return None

    def _note_call(
        self, layer: Layer, first: tuple[Tensor | None, ...], keys: tuple[str, ...] | None, rest: tuple[Tensor, ...]
    ) -> LayerCall:
        self._serial += 1
        self.budget.spend()
        made = LayerCall(layer, first, keys, rest, self.line, self._serial, unread=layer.unread)
        if self.doubts and not layer.is_input:
            made.unread = made.unread or self.doubts[-1]
        layer.calls.append(made)
        return made


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, (bool, int, float, str))


def batch_shape(value: Any) -> Shape | None:
    """A shape that a program gives, without the batch axis, as one with it."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = (value,)
    if not isinstance(value, (list, tuple)):
        return None
    return as_shape((None, *(size if isinstance(size, int) else None for size in value)))
