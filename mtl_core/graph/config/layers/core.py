"""Dense, embedding and Lambda layers, and all that act element by element."""

from __future__ import annotations

import math
from collections.abc import Mapping

from mtl_core.graph.config.layers.rule import (
    Config,
    Outputs,
    Rule,
    Shapes,
    Unknown,
    first,
    flag,
    integers,
    one_output,
    same_shape,
    size,
    weightless,
    whole,
)
from mtl_core.graph.config.untrusted import Shape, as_list, as_shape

__all__ = ["RULES"]


def _dense(config: Config, shapes: Shapes) -> int:
    """D x u + u."""
    return whole(config, "units") * (size(first(shapes)) + flag(config, "use_bias", True))


def _dense_shape(config: Config, shape: Shape) -> Shape:
    return (*shape[:-1], whole(config, "units"))


def _embedding(config: Config, _shapes: Shapes) -> int:
    return whole(config, "input_dim") * whole(config, "output_dim")


def _embedding_shape(config: Config, shape: Shape) -> Shape:
    return (*shape, whole(config, "output_dim"))


def _reversible_embedding(config: Config, shapes: Shapes) -> int:
    return _embedding(config, shapes) * (1 if flag(config, "tie_weights", True) else 2)


def _random_features(config: Config, shapes: Shapes) -> int:
    """D x u directions, u phases, and the width of the kernel that they stand for."""
    return whole(config, "output_dim") * (size(first(shapes)) + 1) + 1


def _random_features_shape(config: Config, shape: Shape) -> Shape:
    return (*shape[:-1], whole(config, "output_dim"))


def _unknown_shape(_config: Config, _shapes: Shapes) -> tuple[Shape | None, ...]:
    raise Unknown


def _prelu(config: Config, shapes: Shapes) -> int:
    """A slope for each feature; axes that share theirs count once."""
    shape = first(shapes)
    shared = integers(config.get("shared_axes") or [])
    return math.prod(size(shape, axis) for axis in range(1, len(shape)) if axis not in shared)


def _lambda_shape(config: Config, shapes: Shapes) -> tuple[Shape | None, ...]:
    """Known only where it was given as a list; the code of a Lambda is never run."""
    given = as_list(config.get("output_shape"))
    if config.get("output_shape_type", "raw") != "raw" or given is None:
        raise Unknown
    return (as_shape([first(shapes)[0], *given]),)


def _input_shape(config: Config, _shapes: Shapes) -> tuple[Shape | None, ...]:
    return (as_shape(config.get("batch_shape", config.get("batch_input_shape"))),)


def _elementwise(*needs: str, outputs: Outputs = same_shape) -> Rule:
    return Rule(count=weightless, outputs=outputs, needs=needs)


RULES: Mapping[str, Rule] = {
    "Dense": Rule(count=_dense, outputs=one_output(_dense_shape), needs=("units",)),
    "Embedding": Rule(count=_embedding, outputs=one_output(_embedding_shape), needs=("input_dim", "output_dim")),
    # Called with reverse=True it makes another shape.
    "ReversibleEmbedding": Rule(count=_reversible_embedding, outputs=_unknown_shape, needs=("tie_weights",)),
    "RandomFourierFeatures": Rule(
        count=_random_features, outputs=one_output(_random_features_shape), needs=("output_dim", "scale")
    ),
    "InputLayer": Rule(count=weightless, outputs=_input_shape),
    "Lambda": Rule(count=weightless, outputs=_lambda_shape, needs=("function",)),
    "PReLU": Rule(count=_prelu, outputs=same_shape, needs=("shared_axes",)),
    "Activation": _elementwise("activation"),
    "ActivityRegularization": _elementwise("l1", "l2"),
    **dict.fromkeys(("Dropout", "GaussianDropout", "AlphaDropout"), _elementwise()),
    **dict.fromkeys((f"SpatialDropout{n}D" for n in (1, 2, 3)), _elementwise()),
    **dict.fromkeys(("ELU", "GaussianNoise", "Identity", "LeakyReLU", "ReLU", "ThresholdedReLU"), _elementwise()),
    "Masking": _elementwise("mask_value"),
    "Softmax": _elementwise(),
}
