"""Layers that have another layer inside, of any class."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mtl_core.graph.config.layers.einsum import einsum_kernel
from mtl_core.graph.config.layers.rule import Config, Rule, Shapes, Unknown, channels, first, inner, size, whole
from mtl_core.graph.config.untrusted import Shape, as_list, as_shape

__all__ = ["wrappers"]

_COLUMNS: Mapping[str, Callable[[Config, Shapes], int]] = {
    "Dense": lambda config, _shapes: whole(config, "units"),
    "EinsumDense": lambda config, shapes: einsum_kernel(config, shapes)[-1],
    "Embedding": lambda config, _shapes: whole(config, "output_dim"),
    **{f"Conv{n}D": lambda config, _shapes: whole(config, "filters") for n in (1, 2, 3)},
    **{f"Conv{n}DTranspose": lambda config, shapes: size(first(shapes), channels(config)) for n in (1, 2, 3)},
    **{f"DepthwiseConv{n}D": lambda config, _shapes: whole(config, "depth_multiplier") for n in (1, 2)},
}
"""The last axis of the kernel of each class that `SpectralNormalization` can hold."""


def wrappers(rule_of: Callable[[str, Config], Rule | None]) -> Mapping[str, Rule]:
    """The rules of all wrappers.

    Parameters
    ----------
    rule_of : function of (class name, arguments) to Rule or None
        The rule of the layer inside.
    """

    def inside(entry: object) -> tuple[Rule, Config]:
        class_name, config = inner(entry)
        rule = rule_of(class_name, config)
        if rule is None:
            raise Unknown
        return rule, config

    def step(shapes: Shapes) -> Shapes:
        shape = first(shapes)
        if len(shape) < 3:
            raise Unknown
        return ((shape[0], *shape[2:]),)

    def at_each_step(config: Config, shapes: Shapes) -> int:
        rule, arguments = inside(config.get("layer"))
        return rule.count(arguments, step(shapes))

    def all_steps(config: Config, shapes: Shapes) -> tuple[Shape | None, ...]:
        rule, arguments = inside(config.get("layer"))
        made = first(rule.outputs(arguments, step(shapes))[:1])
        return ((made[0], first(shapes)[1], *made[1:]),)

    def wrapped(config: Config, shapes: Shapes) -> int:
        rule, arguments = inside(config.get("layer"))
        return rule.count(arguments, shapes)

    def as_inside(config: Config, shapes: Shapes) -> tuple[Shape | None, ...]:
        rule, arguments = inside(config.get("layer"))
        return rule.outputs(arguments, shapes)

    def spectral(config: Config, shapes: Shapes) -> int:
        """One more number for each column of the kernel: its first singular vector."""
        class_name, arguments = inner(config.get("layer"))
        columns = _COLUMNS.get(class_name)
        if columns is None:
            raise Unknown
        return wrapped(config, shapes) + columns(arguments, shapes)

    def chained(config: Config, shapes: Shapes) -> tuple[int, Shapes]:
        entries, total = as_list(config.get("layers")), 0
        if entries is None:
            raise Unknown
        for entry in entries:
            rule, arguments = inside(entry)
            total += rule.count(arguments, shapes)
            shapes = [as_shape(shape) for shape in rule.outputs(arguments, shapes)[:1]]
        return total, shapes

    def chain(config: Config, shapes: Shapes) -> tuple[Shape | None, ...]:
        return tuple(chained(config, shapes)[1])

    return {
        "TimeDistributed": Rule(count=at_each_step, outputs=all_steps, needs=("layer",)),
        "SpectralNormalization": Rule(count=spectral, outputs=as_inside, needs=("layer", "power_iterations")),
        "Pipeline": Rule(count=lambda config, shapes: chained(config, shapes)[0], outputs=chain, needs=("layers",)),
    }
