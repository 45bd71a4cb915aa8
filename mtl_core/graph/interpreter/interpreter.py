"""What the parts of the reader ask of one another: evaluate, assign, call, follow. `Follower` is the whole.

Functions of a program, its classes, its lists and Keras's own layers each have a file; all of them are handed the reader itself,
for a function evaluates its default arguments, and a class calls its functions.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from mtl_core.graph.interpreter.trace import Trace
from mtl_core.graph.interpreter.values import Class, Function, Names, Pending

__all__ = ["Interpreter"]


class Interpreter(ABC):
    """Reads a program symbolically.

    Attributes
    ----------
    trace : Trace
        The calls of layers that the program has made so far.
    budget : Budget
        What reading it may still cost.
    module : Names
        The program's own names, outside functions and classes.
    depth : int
        How many expressions and functions are being followed within one another.
    not_worked_out : int
        How many expressions so far had no value that is known.
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.budget = trace.budget
        self.module = Names()
        self.depth = 0
        self.not_worked_out = 0

    # Expressions

    @abstractmethod
    def evaluate(self, node: ast.expr, names: Names) -> Any:
        """What an expression stands for."""

    @abstractmethod
    def operate(self, operator: str, left: Any, right: Any) -> Any:
        """`left + right`, by the operator's name in `ast`."""

    @abstractmethod
    def operation(self, class_name: str, args: Sequence[Any], kwargs: dict[str, Any], path: str = "") -> Any:
        """A function of Keras's on tensors."""

    @abstractmethod
    def items(self, value: Any) -> list[Any]:
        """The items of something that can be looped over; raises `Unfollowed` where they aren't known."""

    @abstractmethod
    def part(self, value: Pending, key: Any, wish: str = "") -> Pending:
        """One of several inputs that were taken as one argument."""

    # Names and attributes

    @abstractmethod
    def unbound(self, name: str) -> Any:
        """What a name stands for that the program doesn't define."""

    @abstractmethod
    def bind(self, target: ast.expr, value: Any, names: Names) -> None:
        """Assign a value to a name, an item, an attribute, or several of them."""

    @abstractmethod
    def attribute(self, value: Any, name: str) -> Any:
        """`value.name`."""

    @abstractmethod
    def set_attribute(self, owner: Any, name: str, value: Any) -> None:
        """`owner.name = value`."""

    # Functions

    @abstractmethod
    def function(
        self,
        name: str,
        node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
        names: Names,
        owner: Class | None = None,
    ) -> Function:
        """A function of the program, with its defaults."""

    @abstractmethod
    def call(self, function: Any, args: list[Any], kwargs: dict[str, Any], names: Names | None = None) -> Any:
        """`function(*args, **kwargs)`."""

    @abstractmethod
    def call_function(self, function: Function, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Follow a function of the program, and give what it returns."""

    @abstractmethod
    def give(self, value: Any) -> None:
        """`yield value`."""

    # Statements

    @abstractmethod
    def follow(self, body: Sequence[ast.stmt], names: Names) -> None:
        """Follow statements one after another."""

    @abstractmethod
    def follow_text(self, text: Any) -> None:
        """Follow what `exec` would run, in the module's names; where it isn't known, nothing is known any more."""
