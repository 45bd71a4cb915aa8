"""TensorFlow's own functions in a model of Keras 2: they have no weights, and the shape of those that work element by element.

Keras 2 writes `a * b` as a layer of class "TFOpLambda" whose config names the function, "math.multiply".
"""

from __future__ import annotations

from functools import reduce

from mtl_core.graph.config.layers.merging import broadcast
from mtl_core.graph.config.layers.rule import Shapes, Unknown
from mtl_core.graph.config.parts import LayerConfig
from mtl_core.graph.config.untrusted import Shape

__all__ = ["ELEMENTWISE", "elementwise_shape", "is_operation"]

ELEMENTWISE = frozenset(
    {
        "__operators__.add", "clip_by_value", "identity", "nn.elu", "nn.gelu", "nn.leaky_relu", "nn.relu", "nn.relu6",
        "nn.selu", "nn.silu", "nn.softmax", "stop_gradient",
        *(
            f"math.{name}"
            for name in (
                "abs", "add", "divide", "divide_no_nan", "exp", "log", "maximum", "minimum", "multiply", "negative", "pow",
                "rsqrt", "sigmoid", "softplus", "sqrt", "square", "squared_difference", "subtract", "tanh", "truediv",
            )
        ),
    }
)  # fmt: skip
"""Functions that make of each number one number; tensors of different shapes are matched from behind."""

_OLD_OPERATIONS = frozenset({"TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer"})


def is_operation(layer: LayerConfig) -> bool:
    """Whether it is a function and no layer: `keras.ops` in Keras 3, TensorFlow's functions in Keras 2."""
    return layer.module.startswith(("keras.ops", "keras.src.ops.")) or layer.class_name in _OLD_OPERATIONS


def elementwise_shape(layer: LayerConfig, read: Shapes) -> Shape | None:
    """The shape that one of TensorFlow's functions makes; None if it doesn't work element by element, or isn't known.

    Parameters
    ----------
    layer : LayerConfig
    read : sequence of shape or None
        Shapes of all tensors that it reads. Its other arguments must be single numbers.
    """
    known = [shape for shape in read if shape]
    function = layer.config.get("function")
    elementwise = layer.class_name == "TFOpLambda" and isinstance(function, str) and function in ELEMENTWISE
    if not elementwise or not known or len(known) < len(read):
        return None
    try:
        return reduce(broadcast, known)
    except Unknown:
        return None
