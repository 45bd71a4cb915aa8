"""Branches and loops of a program.

Where it isn't known which way a program goes, both ways are followed, and everything that comes out of them is marked.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Sequence
from typing import Any

from mtl_core.graph.interpreter.budget import MAX_ROUNDS
from mtl_core.graph.interpreter.constants import Unfollowed, is_key
from mtl_core.graph.interpreter.define import Broken, Continued, Definer, Leave, Raised, Returned
from mtl_core.graph.interpreter.evaluate import holds
from mtl_core.graph.interpreter.values import (
    Class,
    Data,
    Function,
    Imported,
    Layer,
    Names,
    Tensor,
    Unknown,
)
from mtl_core.graph.interpreter.wording import code
from mtl_core.language import _

__all__ = ["BRANCHES", "Brancher"]


class Brancher(Definer):
    """Chooses the ways that a program goes."""

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


BRANCHES: dict[type[ast.AST], Callable[[Any, Any, Names], None]] = {
    ast.If: Brancher._if,
    ast.For: Brancher._for,
    ast.AsyncFor: Brancher._for,
    ast.While: Brancher._while,
    ast.With: Brancher._with,
    ast.AsyncWith: Brancher._with,
    ast.Try: Brancher._try,
    **({ast.TryStar: Brancher._try} if sys.version_info >= (3, 11) else {}),
    ast.Match: Brancher._match,
}
"""What follows each statement that has ways to choose from."""
