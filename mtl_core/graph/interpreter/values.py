"""What a program's names stand for while it is followed: tensors, layers, models, functions, and what can't be told.

Numbers, texts, lists, tuples and dicts are Python's own. Everything else is one of these; none does anything by itself.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from mtl_core.graph.config.untrusted import Shape

__all__ = [
    "Class",
    "Data",
    "Function",
    "Imported",
    "Instance",
    "Kind",
    "Layer",
    "LayerCall",
    "Method",
    "Model",
    "Names",
    "Pending",
    "Sequential",
    "Super",
    "Tensor",
    "Unknown",
    "may_hold_tensors",
]

Kind = Literal["unknown", "refused", "note"]
"""Of a remark: what could not be followed; what Keras would refuse; anything else."""


@dataclass(eq=False, slots=True)
class Unknown:
    """A value that can't be told.

    Parameters
    ----------
    why : str
        In a sentence.
    name : str
        What the program calls it.
    closed : bool
        Whether, called as a function, it can't read other tensors than those it is called on: it comes from elsewhere.
    layer : Layer or None
        What stands for it once it was called on tensors.
    wishes : list of str
        Variables that it was assigned to.
    """

    why: str
    name: str = ""
    closed: bool = False
    layer: Layer | None = None
    wishes: list[str] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Data:
    """Numbers, or an object that is neither tensor nor layer: an array, an optimizer, a table.

    Parameters
    ----------
    name : str
        What the program calls it.
    is_kerass : bool
        Whether it is one of Keras's own objects, such as a loss, which reads what it is called on and nothing else.
    """

    name: str = ""
    is_kerass: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """A module or something in it, by its dotted path, such as "keras.layers.Dense"."""

    path: str

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]


@dataclass(eq=False, slots=True)
class Names:
    """The names of a module, a function or a class's body; those outside it are read, not written."""

    values: dict[str, Any] = field(default_factory=dict)
    outer: Names | None = None
    elsewhere: dict[str, Names] = field(default_factory=dict)

    def find(self, name: str) -> Names | None:
        """The names in which a name is, from the inside out."""
        names: Names | None = self
        while names is not None and name not in names.values:
            names = names.outer
        return names


@dataclass(eq=False, slots=True)
class Function:
    """A function of the program."""

    name: str
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    names: Names
    defaults: list[Any]
    keyword_defaults: dict[str, Any]
    owner: Class | None = None
    called: bool = False
    kind: str = ""


@dataclass(eq=False, slots=True)
class Method:
    """Something that belongs to a value and can be called: a function of the program, or a name that the reader knows."""

    of: Any
    function: Function | str


@dataclass(eq=False, slots=True)
class Class:
    """A class of the program."""

    name: str
    bases: tuple[Any, ...]
    names: Names
    line: int
    made: bool = False


@dataclass(eq=False, slots=True)
class Super:
    """What `super()` stands for."""

    instance: Instance
    cls: Class


@dataclass(eq=False, slots=True)
class Tensor:
    """Output number `output` of a call."""

    call: LayerCall
    output: int
    shape: Shape | None = None


@dataclass(eq=False, slots=True)
class LayerCall:
    """One call of a layer.

    Parameters
    ----------
    layer : Layer
    first : tuple of Tensor or None
        Leaves of the first argument in Keras's order; None where one is a constant.
    keys : tuple of str or None
        Their keys where the argument is a flat dict.
    rest : tuple of Tensor
        Tensors in every other argument.
    line : int
    unread : str
        Why it isn't known what it does with them; empty if it is.
    open : bool
        Whether it may read tensors that aren't among these.
    serial : int
        Calls are numbered as they are made.
    index : tuple or None
        What a slice takes: a slice, a whole number, None for a new axis, or an ellipsis for each axis.
    made : list of Tensor
    inside : tuple of (list of Tensor, list of Tensor) or None
        For one call whose insides were followed: the tensors that they read and those that they make.
    """

    layer: Layer
    first: tuple[Tensor | None, ...]
    keys: tuple[str, ...] | None
    rest: tuple[Tensor, ...]
    line: int
    serial: int
    unread: str = ""
    open: bool = False
    index: tuple[Any, ...] | None = None
    made: list[Tensor] = field(default_factory=list)
    inside: tuple[list[Tensor], list[Tensor]] | None = None

    def reads(self) -> tuple[Tensor, ...]:
        """Every tensor that is read."""
        return (*(tensor for tensor in self.first if tensor is not None), *self.rest)


@dataclass(eq=False, slots=True)
class Layer:
    """A layer, an operation, or a model.

    Parameters
    ----------
    class_name, module : str
    config : dict
        Its arguments by name, as far as they are known.
    line : int
        Where it is made.
    keras_name : str
        The name that Keras gives it: the one that the program gives, else one made of the class.
    named : bool
        Whether the program names it.
    wishes : list of str
        Variables that it, or what its only call made, was assigned to.
    calls : list of LayerCall
    unread : str
        Why it isn't known what its calls do; empty if it is.
    attributes : dict
        What the program has set on it.
    """

    class_name: str
    module: str
    config: dict[str, Any]
    line: int
    keras_name: str
    named: bool
    wishes: list[str] = field(default_factory=list)
    calls: list[LayerCall] = field(default_factory=list)
    unread: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    function: Any = None
    built_for: Shape | None = None

    @property
    def is_input(self) -> bool:
        """Whether it is an input layer."""
        return self.class_name == "InputLayer"


@dataclass(eq=False, slots=True)
class Model(Layer):
    """A functional model: what goes in and what comes out, in the program's own lists or dicts."""

    inputs: list[Tensor] = field(default_factory=list)
    input_keys: tuple[str, ...] | None = None
    outputs: Any = None
    doubtful: bool = False
    loss_weights: Any = None


@dataclass(eq=False, slots=True)
class Sequential(Layer):
    """A sequential model; `chain` holds its own calls once something asks for its tensors."""

    parts: list[Layer] = field(default_factory=list)
    chain: list[Tensor] = field(default_factory=list)
    chained: int = 0
    branches: Model | None = None
    loss_weights: Any = None


@dataclass(eq=False, slots=True)
class Instance:
    """An object of one of the program's own classes; with a layer if the class is a model's or a layer's."""

    cls: Class
    names: dict[str, Any] = field(default_factory=dict)
    layer: Layer | None = None
    traced: dict[Any, Any] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Pending:
    """An argument of a model's `call` that nobody has given: it becomes an input, or several, by the way it is used."""

    wish: str
    tensor: Tensor | None = None
    parts: dict[Any, Pending] = field(default_factory=dict)

    def tensors(self) -> list[tuple[Any, Tensor]]:
        """The inputs that came out of it, with the key or number of each."""
        if self.tensor is not None:
            return [(None, self.tensor)]
        return [(key, tensor) for key, part in self.parts.items() for _key, tensor in part.tensors()]


def may_hold_tensors(leaves: Iterable[Any]) -> bool:
    """Whether a function could get at tensors through what it is given, beside the tensors themselves."""
    return any(isinstance(leaf, (Unknown, Function, Method, Instance, Class)) for leaf in leaves)
