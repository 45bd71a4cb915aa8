"""Functions and classes of a program: defined, called, and what they return or yield."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from mtl_core.graph.interpreter.arguments import bound
from mtl_core.graph.interpreter.assign import Assigner
from mtl_core.graph.interpreter.budget import MAX_DEPTH, MAX_YIELDS
from mtl_core.graph.interpreter.paths import is_foreign
from mtl_core.graph.interpreter.trace import Trace
from mtl_core.graph.interpreter.values import (
    Class,
    Data,
    Function,
    Imported,
    Layer,
    Names,
    Pending,
    Tensor,
    Unknown,
    may_hold_tensors,
)
from mtl_core.language import _

__all__ = ["Broken", "Continued", "Definer", "Leave", "Raised", "Returned"]


class Leave(Exception):
    """What is being followed is left before its end."""

    def __init__(self, value: Any = None) -> None:
        super().__init__()
        self.value = value


class Returned(Leave):
    """A function returns."""


class Raised(Leave):
    """An error is raised."""


class Broken(Leave):
    """A loop is left."""


class Continued(Leave):
    """A round of a loop is left."""


class Enough(Exception):
    """A generator gives more than is looked at."""


class Definer(Assigner):
    """Defines functions and classes, and calls them.

    Attributes
    ----------
    maybe_returned : list of list
        For each function that is being followed, what it may have returned on ways of which it isn't known whether they are gone.
    yields : list of list
        For each generator that is being followed, what it gave so far.
    """

    def __init__(self, trace: Trace) -> None:
        super().__init__(trace)
        self.maybe_returned: list[list[Any]] = []
        self.yields: list[list[Any]] = []

    def define(self, node: ast.FunctionDef | ast.AsyncFunctionDef, names: Names) -> None:
        """`def name(...):`, with its decorators."""
        made: Any = self.function(node.name, node, names)
        for decorator in reversed(node.decorator_list):
            function = self.evaluate(decorator, names)
            known = isinstance(function, Data) or (isinstance(function, Imported) and not is_foreign(function.path))
            if not known:
                made = self.call(function, [made], {})
        names.values[node.name] = made

    def define_class(self, node: ast.ClassDef, names: Names) -> None:
        """`class Name(...):`."""
        bases = tuple(self.evaluate(base, names) for base in node.bases)
        made = Class(node.name, bases, Names(outer=names), node.lineno)
        body = Names(outer=names)
        names.values[node.name] = made
        for statement in node.body:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                # A method's names are looked up outside the class, as in Python.
                body.values[statement.name] = self.function(statement.name, statement, names, made)
                _decorated(body.values[statement.name])
            else:
                self.follow([statement], body)
        made.names = body

    def call_function(self, function: Function, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Follow a function of the program, and give what it returns."""
        function.called = True
        self.depth += 1
        line = self.trace.line
        try:
            if self.depth > MAX_DEPTH:
                return Unknown(_("This is nested too deeply to be followed."))
            values = bound(function, args, kwargs)
            if values is None:
                return Unknown(_("The arguments of “{name}” don't fit.").format(name=function.name))
            names = Names(values, function.names)
            if function.owner is not None:
                names.values["__class__"] = function.owner  # as Python does, for super()
            if isinstance(function.node, ast.Lambda):
                return self.evaluate(function.node.body, names)
            if function.kind == "generator":
                return self._yielded(function, names)
            return self._returned(function.node, names)
        finally:
            self.depth -= 1
            self.trace.line = line

    def _yielded(self, function: Function, names: Names) -> Any:
        """What a generator gives, as a list; numbers if there are no tensors in it, as in those that read files."""
        assert not isinstance(function.node, ast.Lambda)
        self.yields.append([])
        doubts = len(self.trace.doubts)
        try:
            self._returned(function.node, names)
            is_over = True
        except Enough:
            is_over = False
        items = self.yields.pop()
        del self.trace.doubts[doubts:]
        leaves = list(self.trace.leaves(items))
        if not any(isinstance(leaf, (Tensor, Pending, Layer)) for leaf in leaves) and not may_hold_tensors(leaves):
            return Data(function.name)
        unsure = not is_over or any(isinstance(leaf, Unknown) for leaf in leaves)
        return Unknown(_("It isn't known what “{name}” yields.").format(name=function.name)) if unsure else items

    def give(self, value: Any) -> None:
        """`yield value`."""
        if not self.yields:
            return
        doubts = self.trace.doubts
        self.yields[-1].append(Unknown(doubts[-1]) if doubts else value)
        if len(self.yields[-1]) >= MAX_YIELDS:
            raise Enough

    def _returned(self, node: ast.FunctionDef | ast.AsyncFunctionDef, names: Names) -> Any:
        self.maybe_returned.append([])
        try:
            self.follow(node.body, names)
            value = None
        except Returned as leave:
            value = leave.value
        except Raised:
            value = Unknown(_("“{name}” raises an error.").format(name=node.name))
        except (Broken, Continued):
            value = None
        finally:
            maybe = self.maybe_returned.pop()
        for other in reversed(maybe):
            why = _("It isn't known where “{name}” returns.").format(name=node.name)
            value = other if value is None else self.trace.either(value, other, why)
        return value


def _decorated(function: Function) -> None:
    """Mark a property, or a method that gets no `self`."""
    decorators = getattr(function.node, "decorator_list", [])
    names = {decorator.id for decorator in decorators if isinstance(decorator, ast.Name)}
    function.kind = next((kind for kind in ("property", "staticmethod", "classmethod") if kind in names), "")
