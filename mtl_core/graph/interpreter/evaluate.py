"""Expressions of a program, followed symbolically: what each stands for, without running any of it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from mtl_core.graph.config.untrusted import whole
from mtl_core.graph.interpreter.budget import MAX_DEPTH, MAX_ITEMS
from mtl_core.graph.interpreter.constants import Unfollowed, is_constant, is_key
from mtl_core.graph.interpreter.containers import UnknownKey
from mtl_core.graph.interpreter.interpreter import Interpreter
from mtl_core.graph.interpreter.operations import OPERATORS
from mtl_core.graph.interpreter.python import binary, compare, small, unary
from mtl_core.graph.interpreter.shapes import sliced
from mtl_core.graph.interpreter.texts import formatted
from mtl_core.graph.interpreter.values import (
    Class,
    Data,
    Function,
    Imported,
    Instance,
    Layer,
    Method,
    Names,
    Pending,
    Tensor,
    Unknown,
)
from mtl_core.graph.interpreter.wording import code
from mtl_core.language import _

__all__ = ["Evaluator", "holds", "is_symbolic"]


def is_symbolic(value: Any) -> bool:
    """Whether it stands for a tensor."""
    return isinstance(value, (Tensor, Pending))


def holds(value: Any) -> bool | None:
    """Whether a condition is true; None where that can't be told."""
    if is_constant(value) or isinstance(value, (list, tuple, dict, set, range)):
        return bool(value)
    if isinstance(value, Tensor):
        return None if value.call.unread else True
    if isinstance(value, (Layer, Function, Class, Instance, Imported, Method)):
        return True
    return None


class Evaluator(Interpreter):
    """Evaluates expressions; `Follower`, which extends it, follows statements."""

    def evaluate(self, node: ast.expr, names: Names) -> Any:
        """What an expression stands for."""
        self.budget.spend()
        self.depth += 1
        line, self.trace.line = self.trace.line, getattr(node, "lineno", self.trace.line)
        try:
            if self.depth > MAX_DEPTH:
                return Unknown(_("This is nested too deeply to be followed."))
            handler = _HANDLERS.get(type(node))
            value = handler(self, node, names) if handler else Unknown(_("This kind of expression is not followed."))
            self.not_worked_out += isinstance(value, Unknown)
            return value
        except Unfollowed:
            self.not_worked_out += 1
            return Unknown(_("The value of “{code}” is not worked out.").format(code=code(node)))
        finally:
            self.depth -= 1
            self.trace.line = line

    # Names and constants

    def _constant(self, node: ast.Constant, names: Names) -> Any:
        if isinstance(node.value, int):
            return small(node.value)
        return whole(node.value) if isinstance(node.value, str) else node.value

    def _name(self, node: ast.Name, names: Names) -> Any:
        place = names.elsewhere.get(node.id) or names.find(node.id)
        if place is not None and node.id in place.values:
            return place.values[node.id]
        return self.unbound(node.id)

    def _attribute(self, node: ast.Attribute, names: Names) -> Any:
        return self.attribute(self.evaluate(node.value, names), node.attr)

    # Lists and their kin

    def _list(self, node: ast.List, names: Names) -> list[Any]:
        return self._items(node.elts, names)

    def _tuple(self, node: ast.Tuple, names: Names) -> tuple[Any, ...]:
        return tuple(self._items(node.elts, names))

    def _set(self, node: ast.Set, names: Names) -> Any:
        items = self._items(node.elts, names)
        return set(items) if all(map(is_key, items)) else items

    def _items(self, nodes: Sequence[ast.expr], names: Names) -> list[Any]:
        items: list[Any] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                items += self.items(self.evaluate(node.value, names))
            else:
                items.append(self.evaluate(node, names))
        return items

    def _dict(self, node: ast.Dict, names: Names) -> Any:
        made: dict[Any, Any] = {}
        for key_node, value_node in zip(node.keys, node.values, strict=True):
            value = self.evaluate(value_node, names)
            if key_node is None:
                made.update(value if isinstance(value, dict) else {})
                continue
            key = self.evaluate(key_node, names)
            made[key if is_key(key) else UnknownKey()] = value
        return made

    def items(self, value: Any) -> list[Any]:
        """The items of something that can be looped over; raises `Unfollowed` where they aren't known."""
        if isinstance(value, range):
            if len(value) > MAX_ITEMS:
                raise Unfollowed
            self.budget.spend(len(value))
            return list(value)
        if isinstance(value, (list, tuple, dict, set, str)):
            self.budget.spend(len(value))
            return sorted(value, key=str) if isinstance(value, set) else list(value)
        raise Unfollowed

    # Operators

    def _binary(self, node: ast.BinOp, names: Names) -> Any:
        return self.operate(type(node.op).__name__, self.evaluate(node.left, names), self.evaluate(node.right, names))

    def operate(self, operator: str, left: Any, right: Any) -> Any:
        """`left + right`, by the operator's name in `ast`."""
        if is_symbolic(left) or is_symbolic(right):
            if isinstance(left, (list, tuple, dict)) or isinstance(right, (list, tuple, dict)):
                return Unknown(_("A tensor and a list are combined in a way that is not followed."))
            return self.operation(OPERATORS.get(operator, operator), [left, right], {})
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return left if isinstance(left, Unknown) else right
        if isinstance(left, Data) or isinstance(right, Data):
            return Data()
        return binary(operator, left, right, self.budget)

    def _unary(self, node: ast.UnaryOp, names: Names) -> Any:
        value = self.evaluate(node.operand, names)
        operator = type(node.op).__name__
        if operator == "Not":
            truth = holds(value)
            return Unknown(_("It isn't known whether this condition holds.")) if truth is None else not truth
        if is_symbolic(value):
            return value if operator == "UAdd" else self.operation(OPERATORS[operator], [value], {})
        return value if isinstance(value, (Unknown, Data)) else unary(operator, value)

    def _boolean(self, node: ast.BoolOp, names: Names) -> Any:
        wanted = isinstance(node.op, ast.Or)
        value: Any = None
        uncertain = None
        for part in node.values:
            value = self.evaluate(part, names)
            truth = holds(value)
            if truth is wanted:
                return value if uncertain is None else uncertain
            if truth is None:
                uncertain = Unknown(_("It isn't known whether this condition holds."))
        return value if uncertain is None else uncertain

    def _compare(self, node: ast.Compare, names: Names) -> Any:
        left = self.evaluate(node.left, names)
        result: Any = True
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(right_node, names)
            name = type(op).__name__
            if name in OPERATORS and (is_symbolic(left) or is_symbolic(right)):
                return self.operation(OPERATORS[name], [left, right], {})
            if isinstance(left, (Unknown, Data, Pending)) or isinstance(right, (Unknown, Data, Pending)):
                return Unknown(_("It isn't known whether this condition holds."))
            result = compare(name, left, right)
            if not result:
                return False
            left = right
        return result

    def _either(self, node: ast.IfExp, names: Names) -> Any:
        truth = holds(self.evaluate(node.test, names))
        if truth is not None:
            return self.evaluate(node.body if truth else node.orelse, names)
        why = _("Which way “{code}” goes isn't known here.").format(code=code(node.test))
        one, other = self.evaluate(node.body, names), self.evaluate(node.orelse, names)
        return self.trace.either(one, other, why)

    # Slices

    def _subscript(self, node: ast.Subscript, names: Names) -> Any:
        return self.take(self.evaluate(node.value, names), self.evaluate(node.slice, names))

    def _slice(self, node: ast.Slice, names: Names) -> slice:
        parts = (node.lower, node.upper, node.step)
        return slice(*(None if part is None else self.evaluate(part, names) for part in parts))

    def take(self, value: Any, index: Any) -> Any:
        """`value[index]`."""
        if isinstance(value, Pending) and value.tensor is None and (isinstance(index, (int, str))):
            return self.part(value, index)
        if is_symbolic(value):
            return self._take_tensor(value, index)
        if isinstance(value, (Unknown, Data)):
            return Data() if isinstance(value, Data) else value
        if isinstance(index, (Unknown, Data)):
            return Unknown(_("It isn't known which item this takes."))
        try:
            if isinstance(value, dict):
                return value[index] if is_key(index) else Unknown(_("It isn't known which item this takes."))
            if isinstance(value, (list, tuple, str, range)) and isinstance(index, (int, slice)):
                return value[index]
        except (LookupError, TypeError, ValueError):
            raise Unfollowed from None
        if isinstance(value, Imported):  # List[int], and the like
            return value
        raise Unfollowed

    def part(self, value: Pending, key: Any, wish: str = "") -> Pending:
        """One of several inputs that were taken as one argument."""
        if key not in value.parts:
            name = wish or (key if isinstance(key, str) else f"{value.wish}_{key}")
            value.parts[key] = Pending(name)
        return value.parts[key]

    def _take_tensor(self, value: Any, index: Any) -> Any:
        tensor = self.trace.tensor(value)
        assert tensor is not None
        if tensor.call.unread and isinstance(index, (int, str)):
            number = index if isinstance(index, int) and index >= 0 else 0
            return Tensor(tensor.call, number) if number < 1_000 else tensor
        parts = index if isinstance(index, tuple) else (index,)
        plain = all(part is None or part is ... or isinstance(part, (int, slice)) for part in parts)
        made = self.operation("GetItem", [tensor, *(part for part in parts if is_symbolic(part))], {})
        if isinstance(made, Tensor) and plain:
            made.call.index = parts
            made.shape = sliced(tensor.shape, parts)
        return made

    # Functions

    def _call(self, node: ast.Call, names: Names) -> Any:
        function = self.evaluate(node.func, names)
        args = self._items(node.args, names)
        kwargs: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, names)
            if keyword.arg is not None:
                kwargs[keyword.arg] = value
            elif isinstance(value, dict):
                kwargs.update({key: item for key, item in value.items() if isinstance(key, str)})
        return self.call(function, args, kwargs, names)

    def _lambda(self, node: ast.Lambda, names: Names) -> Function:
        return self.function("<lambda>", node, names)

    def function(
        self,
        name: str,
        node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
        names: Names,
        owner: Class | None = None,
    ) -> Function:
        """A function of the program, with its defaults."""
        defaults = [self.evaluate(default, names) for default in node.args.defaults]
        named = {
            argument.arg: self.evaluate(default, names)
            for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            if default is not None
        }
        self.budget.spend(1)
        yields = any(isinstance(inner, (ast.Yield, ast.YieldFrom)) for inner in ast.walk(node))
        return Function(name, node, names, defaults, named, owner, kind="generator" if yields else "")

    # Comprehensions

    def _list_comprehension(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp, names: Names) -> Any:
        inner = Names(outer=names)
        return [self.evaluate(node.elt, inner) for _round in self._rounds(node.generators, inner)]

    def _dict_comprehension(self, node: ast.DictComp, names: Names) -> dict[Any, Any]:
        inner = Names(outer=names)
        made: dict[Any, Any] = {}
        for _round in self._rounds(node.generators, inner):
            key = self.evaluate(node.key, inner)
            made[key if is_key(key) else UnknownKey()] = self.evaluate(node.value, inner)
        return made

    def _rounds(self, generators: Sequence[ast.comprehension], names: Names) -> Iterator[None]:
        """Every round of a comprehension, with its names bound."""
        if not generators:
            yield None
            return
        first, *others = generators
        for item in self.items(self.evaluate(first.iter, names)):
            self.bind(first.target, item, names)
            truths = [holds(self.evaluate(condition, names)) for condition in first.ifs]
            if None in truths:
                raise Unfollowed
            if all(truths):
                yield from self._rounds(others, names)

    def _walrus(self, node: ast.NamedExpr, names: Names) -> Any:
        value = self.evaluate(node.value, names)
        self.bind(node.target, value, names)
        return value

    # Texts

    def _joined(self, node: ast.JoinedStr, names: Names) -> Any:
        parts = [self.evaluate(part, names) for part in node.values]
        if not all(isinstance(part, str) for part in parts) or sum(map(len, parts)) > 1_000:
            raise Unfollowed
        return "".join(parts)

    def _formatted(self, node: ast.FormattedValue, names: Names) -> Any:
        spec = self.evaluate(node.format_spec, names) if node.format_spec else ""
        value = self.evaluate(node.value, names)
        if not isinstance(spec, str):
            raise Unfollowed
        return formatted(value, node.conversion, spec)

    def _starred(self, node: ast.Starred, names: Names) -> Any:
        return self.evaluate(node.value, names)

    def _awaited(self, node: ast.Await, names: Names) -> Any:
        return self.evaluate(node.value, names)

    def _yield(self, node: ast.Yield, names: Names) -> Any:
        self.give(None if node.value is None else self.evaluate(node.value, names))
        return Unknown(_("What is sent to a generator isn't known."))

    def _yield_from(self, node: ast.YieldFrom, names: Names) -> Any:
        for item in self.items(self.evaluate(node.value, names)):
            self.give(item)
        return Unknown(_("What is sent to a generator isn't known."))


_HANDLERS: dict[type[ast.AST], Callable[[Any, Any, Names], Any]] = {
    ast.Constant: Evaluator._constant,
    ast.Name: Evaluator._name,
    ast.Attribute: Evaluator._attribute,
    ast.List: Evaluator._list,
    ast.Tuple: Evaluator._tuple,
    ast.Set: Evaluator._set,
    ast.Dict: Evaluator._dict,
    ast.BinOp: Evaluator._binary,
    ast.UnaryOp: Evaluator._unary,
    ast.BoolOp: Evaluator._boolean,
    ast.Compare: Evaluator._compare,
    ast.IfExp: Evaluator._either,
    ast.Subscript: Evaluator._subscript,
    ast.Slice: Evaluator._slice,
    ast.Call: Evaluator._call,
    ast.Lambda: Evaluator._lambda,
    ast.ListComp: Evaluator._list_comprehension,
    ast.GeneratorExp: Evaluator._list_comprehension,
    ast.SetComp: Evaluator._list_comprehension,
    ast.DictComp: Evaluator._dict_comprehension,
    ast.NamedExpr: Evaluator._walrus,
    ast.JoinedStr: Evaluator._joined,
    ast.FormattedValue: Evaluator._formatted,
    ast.Starred: Evaluator._starred,
    ast.Await: Evaluator._awaited,
    ast.Yield: Evaluator._yield,
    ast.YieldFrom: Evaluator._yield_from,
}
