"""Statements of a program, followed one after another."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from mtl_core.graph.interpreter.attributes import attribute
from mtl_core.graph.interpreter.branches import BRANCHES, Brancher
from mtl_core.graph.interpreter.budget import MAX_TEXT
from mtl_core.graph.interpreter.checks import check_operation
from mtl_core.graph.interpreter.constants import Unfollowed, is_key
from mtl_core.graph.interpreter.define import Broken, Continued, Leave, Raised, Returned
from mtl_core.graph.interpreter.library import call_anything, unbound
from mtl_core.graph.interpreter.operations import config_of, number_made, shape_of
from mtl_core.graph.interpreter.source import parsed
from mtl_core.graph.interpreter.values import (
    Imported,
    Instance,
    Layer,
    Names,
    Tensor,
    Unknown,
)
from mtl_core.language import _

__all__ = ["Follower"]


_CHARACTERS_A_STEP = 4
"""Of a text that is parsed while a program is followed: Python's parser takes 30 ms for the longest."""


class Follower(Brancher):
    """Follows a program, statement by statement."""

    def follow(self, body: Sequence[ast.stmt], names: Names) -> None:
        """Follow statements one after another."""
        for node in body:
            self.budget.spend()
            self.trace.line = node.lineno
            handler = _STATEMENTS.get(type(node))
            if handler:
                try:
                    handler(self, node, names)
                except (Unfollowed, RecursionError) as problem:
                    self._forget(node, names, problem)

    def _forget(self, node: ast.stmt, names: Names, problem: Exception) -> None:
        """What a statement that can't be followed assigns isn't known any more."""
        why = _("Line {line} can't be followed.").format(line=node.lineno)
        self.trace.may_have_thawed = True
        if isinstance(problem, RecursionError):
            self.trace.note(why, node.lineno)
        for target in getattr(node, "targets", [getattr(node, "target", None)]):
            if isinstance(target, ast.expr):
                try:
                    self.bind(target, Unknown(why), names)
                except (Unfollowed, RecursionError):
                    continue

    # Names

    def unbound(self, name: str) -> Any:
        """What a name stands for that the program doesn't define."""
        return unbound(name)

    def attribute(self, value: Any, name: str) -> Any:
        """`value.name`."""
        return attribute(self, value, name)

    def call(self, function: Any, args: list[Any], kwargs: dict[str, Any], names: Names | None = None) -> Any:
        """`function(*args, **kwargs)`."""
        return call_anything(self, function, args, kwargs, names)

    def operation(self, class_name: str, args: Sequence[Any], kwargs: dict[str, Any], path: str = "") -> Any:
        """A function of Keras's on tensors."""
        outputs = number_made(class_name, path, args, kwargs)
        check_operation(self.trace, class_name, args)
        made = self.trace.operation(class_name, config_of(class_name, path, args, kwargs), args, kwargs, outputs)
        for tensor in made if isinstance(made, list) else [made]:
            if isinstance(tensor, Tensor):
                tensor.shape = shape_of(class_name, args, kwargs)
        return made

    def follow_text(self, text: Any) -> None:
        """Follow what `exec` would run, in the module's names; where it isn't known, nothing is known any more."""
        tree = None
        if isinstance(text, str) and len(text) <= MAX_TEXT:
            self.budget.spend(len(text) // _CHARACTERS_A_STEP)
            tree = parsed(text)
        if tree is None:
            self._forget_everything(_("What “exec” runs in line {line} is not known.").format(line=self.trace.line))
            return
        for node in ast.walk(tree):
            if isinstance(node, (ast.stmt, ast.expr)):
                node.lineno = self.trace.line
        self.follow(tree.body, self.module)

    def _forget_everything(self, why: str) -> None:
        """Nothing that holds a tensor is known any more."""
        for name, value in self.module.values.items():
            if isinstance(value, (Tensor, list, tuple, dict, Instance, Layer)):
                self.module.values[name] = Unknown(why)

    # Simple statements

    def _assign(self, node: ast.Assign, names: Names) -> None:
        value = self.evaluate(node.value, names)
        for target in node.targets:
            self.trace.line = node.lineno
            self.bind(target, value, names)

    def _annotated(self, node: ast.AnnAssign, names: Names) -> None:
        if node.value is not None:
            self.bind(node.target, self.evaluate(node.value, names), names)

    def _augmented(self, node: ast.AugAssign, names: Names) -> None:
        value = self.evaluate(node.value, names)
        before = self.evaluate(node.target, names)
        operator = type(node.op).__name__
        if operator == "Add" and isinstance(before, list) and isinstance(value, (list, tuple)):
            self.call(self.attribute(before, "extend"), [list(value)], {})
            return
        self.bind(node.target, self.operate(operator, before, value), names)

    def _expression(self, node: ast.Expr, names: Names) -> None:
        self.evaluate(node.value, names)

    def _import(self, node: ast.Import, names: Names) -> None:
        for alias in node.names:
            path = alias.name if alias.asname else alias.name.partition(".")[0]
            names.values[alias.asname or path] = Imported(path)

    def _import_from(self, node: ast.ImportFrom, names: Names) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name != "*":
                names.values[alias.asname or alias.name] = Imported(f"{module}.{alias.name}")

    def _delete(self, node: ast.Delete, names: Names) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                names.values.pop(target.id, None)
            elif isinstance(target, ast.Subscript):
                owner, index = self.evaluate(target.value, names), self.evaluate(target.slice, names)
                if isinstance(owner, (list, dict)) and (is_key(index) or isinstance(index, slice)):
                    try:
                        del owner[index]
                    except (LookupError, TypeError):
                        raise Unfollowed from None

    def _global(self, node: ast.Global, names: Names) -> None:
        names.elsewhere.update(dict.fromkeys(node.names, self.module))

    def _nonlocal(self, node: ast.Nonlocal, names: Names) -> None:
        for name in node.names:
            place = names.outer.find(name) if names.outer else None
            if place is not None:
                names.elsewhere[name] = place

    def _return(self, node: ast.Return, names: Names) -> None:
        raise Returned(None if node.value is None else self.evaluate(node.value, names))

    def _raise(self, node: ast.Raise, names: Names) -> None:
        raise Raised

    def _break(self, node: ast.Break, names: Names) -> None:
        raise Broken

    def _continue(self, node: ast.Continue, names: Names) -> None:
        raise Continued

    def run(self, tree: ast.Module) -> None:
        """Follow a whole program."""
        for statement in tree.body:
            try:
                self.follow([statement], self.module)
            except Leave:
                continue


_STATEMENTS: dict[type[ast.AST], Callable[[Any, Any, Names], None]] = {
    ast.Assign: Follower._assign,
    ast.AnnAssign: Follower._annotated,
    ast.AugAssign: Follower._augmented,
    ast.Expr: Follower._expression,
    ast.Import: Follower._import,
    ast.ImportFrom: Follower._import_from,
    ast.Delete: Follower._delete,
    ast.Global: Follower._global,
    ast.Nonlocal: Follower._nonlocal,
    ast.Return: Follower._return,
    ast.Raise: Follower._raise,
    ast.Break: Follower._break,
    ast.Continue: Follower._continue,
    **BRANCHES,
    ast.FunctionDef: Follower.define,
    ast.AsyncFunctionDef: Follower.define,
    ast.ClassDef: Follower.define_class,
}
