"""An expression as a sentence names it: short, with its arguments left out."""

from __future__ import annotations

import ast

from mtl_core.graph.interpreter.constants import is_constant

__all__ = ["code"]


def code(node: ast.AST, depth: int = 3) -> str:
    """An expression as a sentence names it: short, with its arguments left out."""
    if isinstance(node, ast.Name):
        return node.id[:40]
    if isinstance(node, ast.Constant):
        return repr(node.value)[:20] if is_constant(node.value) and not _is_endless(node.value) else "…"
    if depth and isinstance(node, ast.Attribute):
        return f"{code(node.value, depth - 1)}.{node.attr[:40]}"
    if depth and isinstance(node, ast.Call):
        return f"{code(node.func, depth - 1)}(…)"
    if depth and isinstance(node, ast.Subscript):
        return f"{code(node.value, depth - 1)}[…]"
    if depth and isinstance(node, ast.Compare):
        return (
            f"{code(node.left, depth - 1)} {_SIGNS.get(type(node.ops[0]), '…')} {code(node.comparators[0], depth - 1)}"
        )
    if depth and isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return f"not {code(node.operand, depth - 1)}"
    return "…"


def _is_endless(value: object) -> bool:
    """Whether it is a number of more digits than Python itself writes."""
    return isinstance(value, int) and value.bit_length() > 10_000


_SIGNS = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is", ast.IsNot: "is not",
    ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
