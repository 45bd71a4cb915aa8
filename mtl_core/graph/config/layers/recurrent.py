"""Recurrent layers and their cells: one step after another, with a state that is handed on."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mtl_core.graph.config.layers.convolution import windowed
from mtl_core.graph.config.layers.rule import (
    Config,
    Rule,
    Shapes,
    Unknown,
    channels,
    first,
    flag,
    inner,
    size,
    sizes,
    spatial,
    whole,
)
from mtl_core.graph.config.untrusted import Shape, as_list

__all__ = ["RULES"]


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a cell is in numbers: its weights, the length of its output, and those of its states."""

    weights: Callable[[int], int]
    output: int
    states: tuple[int, ...]


def _simple(gates: int, states: int, biases: int = 1) -> Callable[[Config], _Cell]:
    """gates x (D x u + u x u + u); a GRU that resets after the product has two biases."""

    def cell(config: Config) -> _Cell:
        units = whole(config, "units")
        double = gates == 3 and flag(config, "reset_after", False)
        bias = flag(config, "use_bias", True) * (2 if double else biases)
        return _Cell(lambda inputs: gates * units * (inputs + units + bias), units, (units,) * states)

    return cell


_CELLS: Mapping[str, Callable[[Config], _Cell]] = {
    "LSTM": _simple(4, 2),
    "GRU": _simple(3, 1),
    "SimpleRNN": _simple(1, 1),
    # Keras 2's layers for one kind of graphics card, which keep both biases of its library.
    "CuDNNLSTM": _simple(4, 2, biases=2),
    "CuDNNGRU": _simple(3, 1, biases=2),
}


def _cell(entry: Any) -> _Cell:
    """A cell that is an argument of another layer."""
    class_name, config = inner(entry)
    if class_name == "StackedRNNCells":
        return _stacked(config)
    if class_name not in ("LSTMCell", "GRUCell", "SimpleRNNCell"):
        raise Unknown
    return _CELLS[class_name.removesuffix("Cell")](config)


def _stacked(config: Config) -> _Cell:
    """Each cell reads what the one before it makes."""
    cells = [_cell(entry) for entry in as_list(config.get("cells")) or ()]
    if not cells:
        raise Unknown

    def weights(inputs: int) -> int:
        read = [inputs, *(cell.output for cell in cells[:-1])]
        return sum(cell.weights(length) for cell, length in zip(cells, read, strict=True))

    return _Cell(weights, cells[-1].output, tuple(length for cell in cells for length in cell.states))


def _recurrent(cell_of: Callable[[Config], _Cell]) -> Rule:
    def count(config: Config, shapes: Shapes) -> int:
        shape, cell = first(shapes), cell_of(config)
        if len(shape) != 3:
            raise Unknown
        return cell.weights(size(shape))

    def outputs(config: Config, shapes: Shapes) -> tuple[Shape | None, ...]:
        shape, cell = first(shapes), cell_of(config)
        if len(shape) != 3:
            raise Unknown
        made = (*shape[: 2 if flag(config, "return_sequences", False) else 1], cell.output)
        return (made, *((shape[0], length) for length in cell.states))

    return Rule(count=count, outputs=outputs)


def _cell_rule(cell_of: Callable[[Config], _Cell]) -> Rule:
    """A cell that is called by itself, on one step and its states."""

    def count(config: Config, shapes: Shapes) -> int:
        return cell_of(config).weights(size(first(shapes)))

    def outputs(config: Config, shapes: Shapes) -> tuple[Shape | None, ...]:
        cell, batch = cell_of(config), first(shapes)[0]
        return ((batch, cell.output), *((batch, length) for length in cell.states))

    return Rule(count=count, outputs=outputs)


def _convolving(rank: int) -> Rule:
    """An LSTM whose products are convolutions: 4 x (kernel x D x f + kernel x f x f + f)."""

    def count(config: Config, shapes: Shapes) -> int:
        shape, filters = first(shapes), whole(config, "filters")
        kernel = math.prod(sizes(config, "kernel_size", rank))
        inputs = size((shape[0], *shape[2:]), channels(config))
        return 4 * filters * (kernel * (inputs + filters) + flag(config, "use_bias", True))

    def outputs(config: Config, shapes: Shapes) -> tuple[Shape | None, ...]:
        shape, step = first(shapes), _step(config, shapes, rank)
        state = (shape[0], *step)
        made = (*shape[:2], *step) if flag(config, "return_sequences", False) else state
        return (made, state, state)

    return Rule(count=count, outputs=outputs, needs=("filters", "kernel_size", "strides", "padding"))


def _step(config: Config, shapes: Shapes, rank: int) -> Shape:
    """What one step makes, without the batch axis."""
    shape = first(shapes)
    step = [shape[0], *shape[2:]]
    where = spatial(config, tuple(step), rank)
    window, steps = sizes(config, "kernel_size", rank), sizes(config, "strides", rank)
    gaps = sizes(config, "dilation_rate", rank)
    step[where] = windowed(step[where], window, steps, gaps, config.get("padding"))
    step[channels(config)] = whole(config, "filters")
    return tuple(step[1:])


_RECURRENT: Mapping[str, Rule] = {
    **{name: _recurrent(cell) for name, cell in _CELLS.items()},
    "RNN": _recurrent(lambda config: _cell(config.get("cell"))),
    **{f"ConvLSTM{n}D": _convolving(n) for n in (1, 2, 3)},
}


def _directions(config: Config) -> list[tuple[Rule, Config]]:
    """The layer that reads forwards, and the one that reads backwards where it is written down."""
    entries = [config.get("layer"), config.get("backward_layer")]
    made = [inner(entry) for entry in entries if entry is not None]
    if not made or any(class_name not in _RECURRENT for class_name, _config in made):
        raise Unknown
    return [(_RECURRENT[class_name], arguments) for class_name, arguments in made]


def _both_directions(config: Config, shapes: Shapes) -> int:
    counts = [rule.count(arguments, shapes) for rule, arguments in _directions(config)]
    return counts[0] + counts[-1]


def _merged_directions(config: Config, shapes: Shapes) -> tuple[Shape | None, ...]:
    """Put together along the last axis, summed or otherwise merged, or each as it is; then the states of both."""
    forwards, *backwards = [rule.outputs(arguments, shapes) for rule, arguments in _directions(config)]
    made, states = forwards[0], (*forwards[1:], *(backwards[0] if backwards else forwards)[1:])
    mode = config.get("merge_mode", "concat")
    if made is None or mode not in ("concat", "sum", "mul", "ave", None):
        raise Unknown
    if mode is None:
        return (made, (backwards[0] if backwards else forwards)[0], *states)
    if mode == "concat":
        return ((*made[:-1], 2 * size(made)), *states)
    return (made, *states)


RULES: Mapping[str, Rule] = {
    **_RECURRENT,
    **{f"{name}Cell": _cell_rule(_CELLS[name]) for name in ("LSTM", "GRU", "SimpleRNN")},
    "StackedRNNCells": _cell_rule(_stacked),
    "Bidirectional": Rule(count=_both_directions, outputs=_merged_directions, needs=("layer", "merge_mode")),
}
