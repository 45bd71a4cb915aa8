"""Assignments of a program: to names, items, attributes, and several of them at once.

In a doubt, when it isn't known whether a line is run, what was there before stays possible.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from mtl_core.graph.interpreter.containers import set_item
from mtl_core.graph.interpreter.evaluate import Evaluator, is_symbolic
from mtl_core.graph.interpreter.freezing import set_trainable
from mtl_core.graph.interpreter.values import Class, Data, Instance, Layer, Names, Pending, Tensor, Unknown
from mtl_core.language import _

__all__ = ["Assigner"]


class Assigner(Evaluator):
    """Assigns what an expression stands for."""

    def bind(self, target: ast.expr, value: Any, names: Names) -> None:
        """Assign a value to a name, an item, an attribute, or several of them."""
        if isinstance(target, ast.Name):
            _wish(value, target.id)
            place = names.elsewhere.get(target.id)
            if place is None:
                names.values[target.id] = value
            else:
                self.put(place.values, target.id, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target.elts, value, names)
        elif isinstance(target, ast.Attribute):
            owner = self.evaluate(target.value, names)
            self.set_attribute(owner, target.attr, value)
        elif isinstance(target, ast.Subscript):
            owner, index = self.evaluate(target.value, names), self.evaluate(target.slice, names)
            set_item(self.trace, owner, index, value)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, value, names)

    def set_attribute(self, owner: Any, name: str, value: Any) -> None:
        """`owner.name = value`."""
        _wish(value, name)
        if isinstance(owner, Instance):
            self.put(owner.names, name, value)
            owner = owner.layer
        elif isinstance(owner, Class):
            self.put(owner.names.values, name, value)
        if isinstance(owner, Layer):
            if name == "trainable":
                set_trainable(owner, value, self.budget.spend, surely=not self.trace.doubts)
            else:
                self.put(owner.attributes, name, value)
        elif name == "trainable" and value is not False:
            self.trace.may_have_thawed = True

    def put(self, values: dict[str, Any], name: str, value: Any) -> None:
        """Assign to a name outside the statements that are followed: what it was before stays possible in a doubt."""
        doubts = self.trace.doubts
        values[name] = self.trace.either(values[name], value, doubts[-1]) if doubts and name in values else value

    def _unpack(self, targets: Sequence[ast.expr], value: Any, names: Names) -> None:
        star = next((i for i, target in enumerate(targets) if isinstance(target, ast.Starred)), None)
        items = self._spread(value, targets, star)
        if star is not None:
            after = len(targets) - star - 1
            end = len(items) - after
            items = [*items[:star], items[star:end], *items[end:]]
        if len(items) != len(targets):
            items = [Unknown(_("This gives another number of values than there are names for."))] * len(targets)
        for target, item in zip(targets, items, strict=True):
            self.bind(target, item, names)

    def _spread(self, value: Any, targets: Sequence[ast.expr], star: int | None) -> list[Any]:
        number = len(targets)
        if isinstance(value, Pending) and value.tensor is None and star is None:
            wishes = [target.id if isinstance(target, ast.Name) else "" for target in targets]
            return [self.part(value, i, wish) for i, wish in enumerate(wishes)]
        if is_symbolic(value):
            return [self.take(value, i) for i in range(number)]
        if isinstance(value, (Unknown, Data)):
            return [self.take(value, i) for i in range(number)]
        return self.items(value)


def _wish(value: Any, name: str) -> None:
    """Remember what the program calls a layer, or what a layer's call made."""
    if isinstance(value, Instance):
        value = value.layer
    if isinstance(value, Tensor) and value.output == 0 and not value.call.layer.named:
        layer = value.call.layer
        if len(layer.calls) == 1 and name != "_":
            layer.wishes.append(name)
    elif isinstance(value, (Layer, Unknown)) and name != "_":
        value.wishes.append(name)
