"""Statements of a program, followed one after another: names, branches, loops, functions and classes.

Where it isn't known which way a program goes, both ways are followed, and everything that comes out of them is marked.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Sequence
from typing import Any

from mtl_core.graph.interpreter.attributes import attribute
from mtl_core.graph.interpreter.budget import MAX_ROUNDS, MAX_TEXT
from mtl_core.graph.interpreter.checks import check_operation
from mtl_core.graph.interpreter.constants import Unfollowed, is_key
from mtl_core.graph.interpreter.define import Broken, Continued, Definer, Leave, Raised, Returned
from mtl_core.graph.interpreter.evaluate import holds
from mtl_core.graph.interpreter.library import call_anything, unbound
from mtl_core.graph.interpreter.operations import config_of, number_made, shape_of
from mtl_core.graph.interpreter.values import (
    Class,
    Data,
    Function,
    Imported,
    Instance,
    Layer,
    Names,
    Tensor,
    Unknown,
)
from mtl_core.graph.interpreter.wording import code
from mtl_core.language import _

__all__ = ["Follower"]


class Follower(Definer):
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
        try:
            tree = ast.parse(text) if isinstance(text, str) and len(text) <= MAX_TEXT else None
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            tree = None
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

    # Branches and loops

    def _if(self, node: ast.If, names: Names) -> None:
        truth = holds(self.evaluate(node.test, names))
        if truth is not None:
            self.follow(node.body if truth else node.orelse, names)
            return
        why = _("It isn't known whether “{code}” holds, in line {line}.").format(code=code(node.test), line=node.lineno)
        self._maybe([node.body, node.orelse], names, why)

    def _maybe(self, ways: Sequence[Sequence[ast.stmt]], names: Names, why: str) -> None:
        """Follow each of several ways, of which it isn't known which is gone, and join what they assign."""
        before = dict(names.values)
        after: list[dict[str, Any]] = []
        left: list[Leave] = []
        for way in ways:
            names.values.clear()
            names.values.update(before)
            self.trace.doubts.append(why)
            try:
                self.follow(way, names)
            except (Returned, Raised) as leave:
                left.append(leave)
            except (Broken, Continued):
                after.append(dict(names.values))
            else:
                after.append(dict(names.values))
            finally:
                self.trace.doubts.pop()
        returned = [leave for leave in left if isinstance(leave, Returned)]
        if not after:
            returned, last = returned[:-1], (returned or left)[-1]
        if self.maybe_returned:
            self.maybe_returned[-1] += [leave.value for leave in returned]
        if not after:
            raise last
        names.values.clear()
        for name in dict.fromkeys(name for values in after for name in values):
            there = [values[name] for values in after if name in values]
            value = there[0]
            for other in there[1:]:
                value = self.trace.either(value, other, why)
            names.values[name] = value

    def _for(self, node: ast.For, names: Names) -> None:
        if isinstance(node.iter, ast.Attribute) and (flag := _every_layer_s_flag(node)) is not None:
            owner = self.evaluate(node.iter.value, names)
            if isinstance(owner, Layer) and owner.module == "keras.applications":
                self.set_attribute(owner, "trainable", flag)
                return
        iterable = self.evaluate(node.iter, names)
        items: Sequence[Any]
        if isinstance(iterable, range):
            items = iterable
        else:
            try:
                items = self.items(iterable)
            except Unfollowed:
                self._loop_of_unknown_length(node, iterable, names)
                return
        made = self.trace.calls_made
        for number, item in enumerate(items):
            if number == MAX_ROUNDS or (number == 50 and self.trace.calls_made == made and len(items) > 200):
                self._cut_short(node, made, names)
                return
            self.bind(node.target, item, names)
            try:
                self.follow(node.body, names)
            except Broken:
                return
            except Continued:
                continue
        self.follow(node.orelse, names)

    def _cut_short(self, node: ast.For | ast.While, made: int, names: Names) -> None:
        """Leave a loop that takes too long; what it assigns isn't known."""
        why = _("The loop in line {line} runs too often to be followed.").format(line=node.lineno)
        self.trace.may_have_thawed = True
        if self.trace.calls_made > made:
            self.trace.note(why, node.lineno)
        if self.yields:
            self.give(Unknown(why))
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                value = names.values.get(inner.id)
                if not isinstance(value, (Layer, Function, Class, Imported)):
                    names.values[inner.id] = Unknown(why)

    def _loop_of_unknown_length(self, node: ast.For, iterable: Any, names: Names) -> None:
        why = _("It isn't known how often the loop in line {line} runs.").format(line=node.lineno)
        item = Data() if isinstance(iterable, Data) else Unknown(why)
        self.bind(node.target, item, names)
        self._loop(node.body, names, why)

    def _loop(self, body: Sequence[ast.stmt], names: Names, why: str) -> None:
        """Follow a loop once of which it isn't known how often it runs: later rounds may mix what earlier ones made."""
        before = dict(names.values)
        self._maybe([body, ()], names, why)
        for name, value in names.values.items():
            if value is before.get(name):
                continue
            if isinstance(value, Tensor):
                names.values[name] = self.trace.unread(name, why, [value], is_open=True)
            elif isinstance(value, (list, tuple, dict)):
                names.values[name] = Unknown(why)

    def _while(self, node: ast.While, names: Names) -> None:
        made = self.trace.calls_made
        for number in range(MAX_ROUNDS):
            truth = holds(self.evaluate(node.test, names))
            if truth is None:
                why = _("It isn't known how often the loop in line {line} runs.").format(line=node.lineno)
                self._loop(node.body, names, why)
                return
            if not truth:
                self.follow(node.orelse, names)
                return
            if number == 50 and self.trace.calls_made == made and isinstance(node.test, ast.Constant):
                break
            try:
                self.follow(node.body, names)
            except Broken:
                return
            except Continued:
                continue
        self._cut_short(node, made, names)

    def _with(self, node: ast.With | ast.AsyncWith, names: Names) -> None:
        for item in node.items:
            value = self.evaluate(item.context_expr, names)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, value, names)
        self.follow(node.body, names)

    def _try(self, node: ast.Try, names: Names) -> None:
        before = self.not_worked_out
        for handler in node.handlers:
            if handler.name:
                names.values[handler.name] = Data(handler.name)
        try:
            self.follow([*node.body, *node.orelse], names)
        except Raised:
            if not node.handlers:
                raise
            self.follow(node.handlers[0].body, names)
        else:
            if self.not_worked_out > before and node.handlers:
                why = _("It isn't known whether an error is caught in line {line}.").format(line=node.lineno)
                self._maybe([(), *(handler.body for handler in node.handlers)], names, why)
        self.follow(node.finalbody, names)

    def _match(self, node: ast.Match, names: Names) -> None:
        subject = self.evaluate(node.subject, names)
        for case in node.cases:
            pattern = case.pattern
            if isinstance(pattern, ast.MatchValue) and case.guard is None:
                value = self.evaluate(pattern.value, names)
                if not (is_key(subject) and is_key(value)):
                    break
                if subject == value:
                    self.follow(case.body, names)
                    return
            elif isinstance(pattern, ast.MatchAs) and pattern.pattern is None and case.guard is None:
                if pattern.name:
                    names.values[pattern.name] = subject
                self.follow(case.body, names)
                return
            else:
                break
        else:
            return
        why = _("It isn't known which case holds, in line {line}.").format(line=node.lineno)
        self._maybe([case.body for case in node.cases], names, why)

    def run(self, tree: ast.Module) -> None:
        """Follow a whole program."""
        for statement in tree.body:
            try:
                self.follow([statement], self.module)
            except Leave:
                continue


def _every_layer_s_flag(node: ast.For) -> bool | None:
    """The flag in `for layer in model.layers: layer.trainable = flag`, which is about all of the model; None for other loops."""
    match node:
        case ast.For(
            target=ast.Name(id=name),
            iter=ast.Attribute(attr="layers"),
            body=[
                ast.Assign(
                    targets=[ast.Attribute(value=ast.Name(id=owner), attr="trainable")],
                    value=ast.Constant(value=bool() as flag),
                )
            ],
        ) if name == owner:
            return flag
    return None


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
    ast.If: Follower._if,
    ast.For: Follower._for,
    ast.AsyncFor: Follower._for,
    ast.While: Follower._while,
    ast.With: Follower._with,
    ast.AsyncWith: Follower._with,
    ast.Try: Follower._try,
    **({ast.TryStar: Follower._try} if sys.version_info >= (3, 11) else {}),
    ast.Match: Follower._match,
    ast.FunctionDef: Follower.define,
    ast.AsyncFunctionDef: Follower.define,
    ast.ClassDef: Follower.define_class,
}
