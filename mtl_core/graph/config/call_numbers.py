"""Which call of a layer is meant: calls counted from 0, however a file counts them.

One oddity has to be undone (`get_config` in keras/src/models/functional.py): a nested functional model counts as called
once when it was made, so its calls are numbered from 1. Keras 2 does that everywhere, Keras 3 in `output_layers` only.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping

from mtl_core.graph.config.layers.table import is_known_layer
from mtl_core.graph.config.parts import CallConfig, LayerConfig, ModelConfig, Ref
from mtl_core.graph.config.untrusted import ModelFileError, shown
from mtl_core.language import _

__all__ = ["counted_from_zero"]


def counted_from_zero(model: ModelConfig, keras_3: bool) -> ModelConfig:
    """Renumber the calls of nested models from 0, wherever the file counts them from 1.

    Parameters
    ----------
    model : ModelConfig
    keras_3 : bool
        Whether Keras 3 wrote the calls.

    Raises
    ------
    ModelFileError
        If a tensor comes from a layer or a call that the model doesn't have, or that can't be told.
    """
    inside: dict[str, set[int]] = {}
    at_end: dict[str, set[int]] = {}
    for layer in model.layers.values():
        for ref in itertools.chain.from_iterable(call.refs() for call in layer.calls):
            inside.setdefault(ref.layer, set()).add(ref.call)
    for ref in model.outputs:
        at_end.setdefault(ref.layer, set()).add(ref.call)
    if keras_3:
        ends = {
            name: _first_at_end(model.layers[name], inside.get(name, set()), used)
            for name, used in at_end.items()
            if name in model.layers
        }
        known = {name: first for name, first in ends.items() if first is not None}
        outputs = tuple(_from_zero(ref, known) for ref in model.outputs)
        return _checked(_either_call(dataclasses.replace(model, outputs=outputs), frozenset(ends) - frozenset(known)))
    # Keras saves only calls whose results are used, so the numbers in use tell where counting began.
    starts = {
        name: 1
        for name, layer in model.layers.items()
        if layer.calls
        and not is_known_layer(layer)
        and inside.get(name, set()) | at_end.get(name, set()) == set(range(1, len(layer.calls) + 1))
    }
    if not starts:
        return _checked(model)
    layers = {name: _renumbered(layer, starts) for name, layer in model.layers.items()}
    outputs = tuple(_from_zero(ref, starts) for ref in model.outputs)
    return _checked(dataclasses.replace(model, layers=layers, outputs=outputs))


def _first_at_end(layer: LayerConfig, inside: set[int], at_end: set[int]) -> int | None:
    """The number of a layer's first call in Keras 3's `output_layers`; elsewhere it is 0. None where that can't be told."""
    if layer.model and not layer.model.sequential:
        return 0 if 0 in at_end else 1
    if layer.model or not layer.own_class:
        return 0
    # Whether a stranger's class is a functional model isn't said, but every call that is saved is used.
    calls = set(range(len(layer.calls)))
    fits = [first for first in (0, 1) if inside | {call - first for call in at_end} == calls]
    if len(fits) > 1:
        return None
    return fits[0] if fits else 0


def _either_call(model: ModelConfig, names: frozenset[str]) -> ModelConfig:
    """For outputs made by one of two calls, and the file doesn't tell which: a step that has read either, or none.

    So a head never "cannot" depend on what only the other call has read.
    """
    layers, outputs, aliases = dict(model.layers), [], dict(model.aliases)
    for ref in model.outputs:
        if ref.layer in names:
            label = f"{ref.layer} ({ref.call} / {ref.call + 1})"
            either = (ref._replace(call=max(0, ref.call - 1)), ref)
            layers[label] = LayerConfig(
                label, "?", "", "", {}, {}, (CallConfig(first=either),), None, None, unread=True
            )
            aliases[label] = ref.layer
            ref = Ref(label, 0, 0)
        outputs.append(ref)
    return dataclasses.replace(model, layers=layers, outputs=tuple(outputs), aliases=aliases)


def _from_zero(ref: Ref, starts: Mapping[str, int]) -> Ref:
    return ref._replace(call=ref.call - starts.get(ref.layer, 0))


def _renumbered(layer: LayerConfig, starts: Mapping[str, int]) -> LayerConfig:
    calls = tuple(call.renamed(lambda ref: _from_zero(ref, starts)) for call in layer.calls)
    return dataclasses.replace(layer, calls=calls)


def _checked(model: ModelConfig) -> ModelConfig:
    """Raise if a tensor comes from a layer or a call that the model doesn't have."""
    read = (ref for layer in model.layers.values() for call in layer.calls for ref in call.refs())
    for ref in itertools.chain(read, model.inputs, model.outputs):
        layer = model.layers.get(ref.layer)
        if layer is None:
            raise ModelFileError(
                _("A call reads from “{name}”, and the model has no such layer.").format(name=shown(ref.layer))
            )
        # Input layers list no call and have one; a nested model that lists none was never called.
        if ref.call >= len(layer.calls) + (not layer.calls and layer.model is None):
            raise ModelFileError(
                _("Something reads call number {call} of “{name}”; the number of its calls is {times}.").format(
                    call=ref.call + 1, name=shown(ref.layer), times=len(layer.calls)
                )
            )
    return model
