"""What a program says of training: `trainable = False`, and what each `compile` is told.

A program may train in several stages: frozen first, then not; one loss first, then the other. What is told of a model is what
*any* of its stages can change. So a layer is frozen only where it was at every `compile` of the model and is at the end, and a
loss weighs nothing only where every `compile` says so. (Keras 3 takes `trainable` as it is at the first `fit` after a `compile`,
Keras 2 as it is at the `compile`.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mtl_core.graph.config.loss_weights import plain_weights
from mtl_core.graph.interpreter.models import is_part, layers_of
from mtl_core.graph.interpreter.values import Layer, Model, Sequential

__all__ = ["compiled", "frozen_late", "loss_weights", "set_trainable", "trainable_layers"]

_COMPILES = "compiles"


def set_trainable(layer: Layer, value: Any, spend: Callable[[], None], *, surely: bool) -> None:
    """`layer.trainable = value`, which holds for everything inside.

    Parameters
    ----------
    layer : Layer
    value
        What is no plain yes or no isn't known.
    spend
        Counts a step of the reader.
    surely : bool
        Whether it is known that the line is run.
    """
    for inner in layers_of(layer, spend):
        before = inner.config.get("trainable", True)
        known = isinstance(value, bool) and ((surely and not is_part(inner)) or value == before)
        inner.config["trainable"] = value if known else None


def compiled(model: Layer, weights: Any, spend: Callable[[], None]) -> None:
    """Remember what `model.compile(loss_weights=weights)` finds."""
    frozen = {id(inner) for inner in layers_of(model, spend) if inner.config.get("trainable", True) is False}
    model.attributes.setdefault(_COMPILES, []).append((frozen, plain_weights(weights)))


def loss_weights(model: Layer) -> tuple[float, ...] | Mapping[str, float]:
    """What each loss weighs: as the last `compile` says; a weight of 0 counts only if all of them say so."""
    several = [weights for _frozen, weights in model.attributes.get(_COMPILES, ())]
    last = several[-1] if several else ()
    if isinstance(last, Mapping):
        return {name: weight for name, weight in last.items() if weight or all(_zero(each, name) for each in several)}
    return last if all(last) or all(each == last for each in several) else ()


def _zero(weights: tuple[float, ...] | Mapping[str, float], name: str) -> bool:
    return isinstance(weights, Mapping) and weights.get(name) == 0


def trainable_layers(model: Layer, spend: Callable[[], None]) -> set[int]:
    """The ids of layers that are frozen at the end of the program and that some `compile` of the model found trainable."""
    compiles = model.attributes.get(_COMPILES, ())
    layers = layers_of(model, spend) if compiles else ()
    return {id(inner) for inner in layers if not all(id(inner) in frozen for frozen, _weights in compiles)}


def frozen_late(model: Layer, spend: Callable[[], None]) -> list[Layer]:
    """Layers that are frozen at the end of the program and were not at the last `compile` of the model; models before others."""
    compiles = model.attributes.get(_COMPILES, ())
    inside = layers_of(model, spend) if compiles else []
    late = [inner for inner in inside if inner.config.get("trainable") is False and id(inner) not in compiles[-1][0]]
    return [inner for inner in late if isinstance(inner, (Model, Sequential))] or late
