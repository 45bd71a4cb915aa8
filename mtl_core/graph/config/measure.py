"""How many weights the layers of a model have, and which shapes its calls make.

Shapes come from the file where it gives them and from the rules of `mtl_core.graph.config.layers` where it doesn't. A model
inside a wrapper, `TimeDistributed(encoder)`, is opened up and measured like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mtl_core.graph.config.layers.operations import elementwise_shape, is_operation
from mtl_core.graph.config.layers.table import is_known_layer, output_shapes, parameters
from mtl_core.graph.config.parts import ModelConfig
from mtl_core.graph.config.unroll import Node, Path, Tensor, Unrolled, unroll
from mtl_core.graph.config.untrusted import Budget, ModelFileError, Shape

__all__ = ["measure", "owners"]

Measures = tuple[int | None, Shape | None]
"""The weights of a layer and the shape that it makes."""


def measure(unrolled: Unrolled, paths: Sequence[Path], budget: Budget) -> dict[Path, int | None]:
    """Note the shape of every call in `unrolled.shapes`, and count the weights of every layer.

    Parameters
    ----------
    unrolled : Unrolled
    paths : sequence of path
        The layer that each node calls; the same for all calls of one layer.
    budget : Budget
        What measuring may cost.

    Returns
    -------
    dict of path to int or None
        From whichever of a layer's calls tells.

    Raises
    ------
    ModelFileError
        If the time is over.
    """
    weights: dict[Path, int | None] = {}
    wrapped: dict[tuple[Path, Shape], Measures] = {}
    for number, (node, path) in enumerate(zip(unrolled.nodes, paths, strict=True)):
        budget.clock()
        read = [unrolled.shapes.get(tensor) for tensor in node.first]
        if node.layer.wrapped and is_known_layer(node.layer) and read and read[0]:
            if (path, read[0]) not in wrapped:
                wrapped[path, read[0]] = _at_each_step(node.layer.wrapped, read[0], budget)
            count, made = wrapped[path, read[0]]
            shapes: Sequence[Shape | None] = (made,)
        elif is_operation(node.layer):
            everything = [unrolled.shapes.get(tensor) for tensor in node.reads]
            shapes = () if node.arrays else (elementwise_shape(node.layer, everything),)
            count = 0
        else:
            shapes = output_shapes(node.layer, read)
            count = parameters(node.layer, read) if weights.get(path) is None else None
        for output, shape in enumerate(shapes):
            if shape is not None:
                unrolled.shapes.setdefault(Tensor(number, output), shape)
        if weights.get(path) is None:
            weights[path] = count
    return weights


def _at_each_step(model: ModelConfig, sequence: Shape, budget: Budget) -> Measures:
    """The weights of a model that is called on each step of a sequence, and the sequence that it makes."""
    if len(sequence) < 3:
        return None, None
    try:
        unrolled = unroll(model, budget)
    except ModelFileError:
        return None, None
    inputs, outputs = list(unrolled.inputs.values()), list(unrolled.outputs.values())
    step, written = (sequence[0], *sequence[2:]), unrolled.shapes.get(inputs[0])
    if len(inputs) > 1 or (written and len(written) != len(step)):
        return None, None
    unrolled.shapes[inputs[0]] = step
    owned = owners(unrolled, budget)
    weights = measure(unrolled, [owned.get(node.path, node.path) for node in unrolled.nodes], budget)
    known = [count for count in weights.values() if count is not None]
    made = unrolled.shapes.get(outputs[0][0]) if len(outputs) == 1 else None
    return (
        sum(known) if len(known) == len(weights) else None,
        (made[0], sequence[1], *made[1:]) if made else None,
    )


def owners(unrolled: Unrolled, budget: Budget) -> dict[Path, Path]:
    """For each layer that a file has in several places, the place that stands for all.

    Keras marks the entries of one layer with one number, but its functional models lose the first entry's
    (`copy.deepcopy` at the end of `get_config`). That one is known by having the same class, name and arguments.

    An input stands for itself, whatever number a file gives it: what is asked of a model names its inputs.
    """
    inputs = {tensor.node for tensor in unrolled.inputs.values()}
    nodes = [node for number, node in enumerate(unrolled.nodes) if number not in inputs]
    unmarked: dict[tuple[str, str], Node] = {}
    for node in nodes:
        if node.layer.shared_id is None:
            unmarked.setdefault((node.layer.class_name, node.layer.name), node)
    first: dict[int, Path] = {}
    owners: dict[Path, Path] = {}
    for node in nodes:
        if node.layer.shared_id is not None and node.path not in owners:
            budget.clock()  # twins may have many arguments to compare
            twin = unmarked.get((node.layer.class_name, node.layer.name), node)
            path = twin.path if _plain(twin.layer.config) == _plain(node.layer.config) else node.path
            owners[node.path] = first.setdefault(node.layer.shared_id, path)
    return owners


def _plain(config: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that are no objects, which may be marked with numbers of their own."""
    return {key: value for key, value in config.items() if not isinstance(value, Mapping)}
