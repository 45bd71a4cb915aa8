"""Functions of Keras, TensorFlow and numpy on tensors: what each is called in Keras 3, and the shape of what it makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Any

from mtl_core.graph.config.untrusted import Shape
from mtl_core.graph.interpreter.shapes import axis_of, broadcast, concatenated, reshaped
from mtl_core.graph.interpreter.values import Tensor

__all__ = ["OPERATORS", "config_of", "number_made", "operation_name", "shape_of"]

OPERATORS: Mapping[str, str] = {
    "Add": "Add", "Sub": "Subtract", "Mult": "Multiply", "Div": "TrueDivide", "FloorDiv": "FloorDivide", "Mod": "Mod",
    "Pow": "Power", "MatMult": "Matmul", "USub": "Negative", "Invert": "LogicalNot", "BitAnd": "LogicalAnd",
    "BitOr": "LogicalOr", "BitXor": "LogicalXor", "Eq": "Equal", "NotEq": "NotEqual", "Lt": "Less", "LtE": "LessEqual",
    "Gt": "Greater", "GtE": "GreaterEqual",
}  # fmt: skip
"""Python's operators, by the names of `ast`."""

_RENAMED: Mapping[str, str] = {
    "abs": "absolute", "batch_flatten": "reshape", "concat": "concatenate", "gather": "take", "l2_normalize": "normalize",
    "permute_dimensions": "transpose", "pow": "power", "neg": "negative", "truediv": "true_divide", "batch_dot": "matmul",
    **{f"reduce_{name}": name for name in ("mean", "sum", "max", "min", "prod", "any", "all", "logsumexp", "std")},
    "reduce_variance": "var", "cast": "cast", "clip_by_value": "clip", "sub": "subtract", "mul": "multiply", "div": "divide",
}  # fmt: skip
"""Functions of `tf` and of `K`, by Keras 3's names."""


def operation_name(function: str) -> str:
    """ "reduce_mean" -> "Mean": the class that Keras 3 has for a function."""
    function = _RENAMED.get(function, function)
    return "".join(part[:1].upper() + part[1:] for part in function.split("_")) or "Function"


def number_made(class_name: str, path: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> int:
    """How many tensors a function gives in a list; 0 for one without a list."""
    if class_name == "Split":
        pieces = _argument(args, kwargs, 1, "indices_or_sections", "num_or_size_splits")
        if isinstance(pieces, (list, tuple)):
            return min(len(pieces), 1_000) + (not path.startswith("tensorflow"))
        return pieces if isinstance(pieces, int) and 0 < pieces <= 1_000 else 0
    if class_name == "Unstack":
        number = _argument(args, kwargs, 1, "num")
        shape = _shape(args[0]) if args else None
        axis = axis_of(_argument(args, kwargs, 2, "axis", default=0), shape) if shape else None
        number = number if isinstance(number, int) else shape[axis] if shape and axis is not None else None
        return number if number is not None and 0 < number <= 1_000 else 0
    return 2 if class_name in ("TopK", "Moments") else 0


def config_of(class_name: str, path: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that say which part of what it reads goes where, as Keras 3 keeps them."""
    if class_name == "Concatenate":
        return {"axis": _argument(args, kwargs, 1, "axis", default=-1)}
    if class_name == "Split":
        pieces = _argument(args, kwargs, 1, "indices_or_sections", "num_or_size_splits")
        if path.startswith("tensorflow") and isinstance(pieces, (list, tuple)):  # lengths, and not where to cut
            known = all(isinstance(size, int) and size >= 0 for size in pieces)
            pieces = list(accumulate(pieces))[:-1] if known else None
        return {"indices_or_sections": pieces, "axis": _argument(args, kwargs, 2, "axis", default=0)}
    return {}


def shape_of(class_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Shape | None:
    """The shape of the first tensor that a function gives; None where it can't be told."""
    rule = _RULES.get(class_name)
    if class_name in _SAME:
        return _shape(args[0]) if args else None
    return rule(args, kwargs) if rule and args else None


def _shape(value: Any) -> Shape | None:
    """The shape of an argument; that of a plain number is ()."""
    if isinstance(value, Tensor):
        return value.shape
    return () if isinstance(value, (int, float)) else None


def _argument(args: Sequence[Any], kwargs: Mapping[str, Any], position: int, *names: str, default: Any = None) -> Any:
    for name in names:
        if name in kwargs:
            return kwargs[name]
    return args[position] if len(args) > position else default


Rule = Callable[[Sequence[Any], Mapping[str, Any]], Shape | None]


def _elementwise(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Shape | None:
    return broadcast([_shape(value) for value in args])


def _reduced(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Shape | None:
    shape = _shape(args[0])
    axes = _argument(args, kwargs, 1, "axis", "axes")
    if shape is None:
        return None
    keeps = bool(_argument(args, kwargs, 2, "keepdims", "keep_dims", default=False))
    if axes is None:
        return (1,) * len(shape) if keeps else ()
    numbers = {axis_of(axis, shape) for axis in (axes if isinstance(axes, (list, tuple)) else [axes])}
    if None in numbers:
        return None
    return tuple(1 if i in numbers else size for i, size in enumerate(shape) if keeps or i not in numbers)


def _joined(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Shape | None:
    if not isinstance(args[0], (list, tuple)):
        return None
    return concatenated([_shape(value) for value in args[0]], _argument(args, kwargs, 1, "axis", default=-1))


def _stacked(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Shape | None:
    shapes = [_shape(value) for value in args[0]] if isinstance(args[0], (list, tuple)) else []
    made = broadcast(shapes)
    axis = _argument(args, kwargs, 1, "axis", default=0)
    if made is None or not isinstance(axis, int) or not -len(made) - 1 <= axis <= len(made):
        return None
    axis %= len(made) + 1
    return (*made[:axis], len(shapes), *made[axis:])


def _expanded(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Shape | None:
    shape, axis = _shape(args[0]), _argument(args, kwargs, 1, "axis", default=-1)
    if shape is None or not isinstance(axis, int) or not -len(shape) - 1 <= axis <= len(shape):
        return None
    axis %= len(shape) + 1
    return (*shape[:axis], 1, *shape[axis:])


def _squeezed(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Shape | None:
    shape, axis = _shape(args[0]), _argument(args, kwargs, 1, "axis")
    number = axis_of(axis, shape) if shape is not None else None
    if shape is None or number is None:
        return None
    return (*shape[:number], *shape[number + 1 :])


def _reshaped(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Shape | None:
    return reshaped(_shape(args[0]), _argument(args, kwargs, 1, "newshape", "shape", default=(-1, -1)))


def _transposed(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Shape | None:
    shape, axes = _shape(args[0]), _argument(args, kwargs, 1, "axes", "perm", "pattern")
    if shape is None:
        return None
    order = list(axes) if isinstance(axes, (list, tuple)) else list(range(len(shape)))[::-1]
    numbers = [axis_of(axis, shape) for axis in order]
    if None in numbers or len(numbers) != len(shape):
        return None
    return tuple(shape[number or 0] for number in numbers)


def _multiplied(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Shape | None:
    left, right = _shape(args[0]), _shape(args[1]) if len(args) > 1 else None
    if not left or not right or len(left) != len(right) or len(left) < 2 or kwargs:
        return None
    batch = broadcast([left[:-2], right[:-2]])
    return None if batch is None else (*batch, left[-2], right[-1])


def _pieces(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Shape | None:
    shape, axis = _shape(args[0]), _argument(args, kwargs, 2, "axis", default=0)
    pieces = _argument(args, kwargs, 1, "indices_or_sections", "num_or_size_splits")
    number = axis_of(axis, shape) if shape else None
    if shape is None or number is None or not isinstance(pieces, int) or pieces < 1:
        return None
    size = shape[number]
    return (*shape[:number], None if size is None else size // pieces, *shape[number + 1 :])


def _unstacked(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Shape | None:
    shape, axis = _shape(args[0]), _argument(args, kwargs, 2, "axis", default=0)
    number = axis_of(axis, shape) if shape else None
    return None if shape is None or number is None else (*shape[:number], *shape[number + 1 :])


def _chosen(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Shape | None:
    return broadcast([_shape(value) for value in args]) if len(args) == 3 else None


_SAME = frozenset({
    "Absolute", "Cast", "Ceil", "Clip", "Cos", "Cosh", "Cumprod", "Cumsum", "Dropout", "Elu", "Erf", "Exp", "Expm1",
    "Flip", "Floor", "Gelu", "HardSigmoid", "HardSwish", "Identity", "IsFinite", "Isnan", "LeakyRelu", "Log",
    "Log1p", "LogSigmoid", "LogSoftmax", "LogicalNot", "Negative", "Normalize", "OnesLike", "Reciprocal", "Relu",
    "Relu6", "Rint", "Round", "Rsqrt", "Selu", "Sigmoid", "Sign", "Silu", "Sin", "Sinh", "Softmax", "Softplus",
    "Softsign", "Sqrt", "Square", "StopGradient", "Swish", "Tan", "Tanh", "ZerosLike", "Sort", "Mish",
    "BinaryCrossentropy",
})  # fmt: skip
"""Functions that change numbers and no shape."""

_RULES: Mapping[str, Rule] = {
    **dict.fromkeys((
        "Add", "Subtract", "Multiply", "Divide", "TrueDivide", "FloorDivide", "Mod", "Power", "Maximum",
        "Minimum", "Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual", "LogicalAnd", "LogicalOr",
        "LogicalXor", "SquaredDifference", "DivideNoNan"
    ), _elementwise),
    **dict.fromkeys((
        "Mean", "Sum", "Max", "Min", "Prod", "Any", "All", "Logsumexp", "Std", "Var", "Argmax", "Argmin",
        "CountNonzero", "Norm", "Median"
    ), _reduced),
    "Concatenate": _joined,
    "Stack": _stacked,
    "ExpandDims": _expanded,
    "Squeeze": _squeezed,
    "Reshape": _reshaped,
    "Transpose": _transposed,
    "Matmul": _multiplied,
    "Split": _pieces,
    "Unstack": _unstacked,
    "Where": _chosen,
}  # fmt: skip
