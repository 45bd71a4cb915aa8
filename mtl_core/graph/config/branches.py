"""A sequential model of Keras 1 that begins with a merge: branches that meet, written as one functional model.

Keras 1 wrote such a model as a list whose first entry is a `Merge` with the branches in its config (`Sequential.get_config` in
keras/models.py of 1.2). Each branch begins with an input of its own, and may begin with a merge again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mtl_core.graph.config.parts import CallConfig, LayerConfig, ModelConfig, Ref
from mtl_core.graph.config.unroll import from_input, input_layer
from mtl_core.graph.config.untrusted import MAX_NESTED, ModelFileError, shown
from mtl_core.language import _

__all__ = ["branched", "is_branched"]

ReadLayer = Callable[[Any], LayerConfig]


def is_branched(entries: Sequence[Any]) -> bool:
    """Whether a sequential model's layers begin with a merge of branches."""
    return bool(entries) and bool(_branches(entries[0]))


def branched(name: str, entries: Sequence[Any], read_layer: ReadLayer) -> ModelConfig:
    """The functional model that a sequential model of Keras 1 with branches is.

    Parameters
    ----------
    name : str
    entries : sequence
        The layers as the config lists them.
    read_layer : callable
        Reads one entry.

    Raises
    ------
    ModelFileError
        If two layers bear one name, or a branch is empty.
    """
    model = _Branches(read_layer)
    output = model.chain(entries)
    return ModelConfig(name, model.layers, tuple(model.inputs), (output,))


class _Branches:
    """A functional model that grows, branch by branch."""

    def __init__(self, read_layer: ReadLayer) -> None:
        self.layers: dict[str, LayerConfig] = {}
        self.inputs: list[Ref] = []
        self._read_layer = read_layer

    def chain(self, entries: Sequence[Any], depth: int = 0) -> Ref:
        """Each layer called on the one before it; the first on an input of its own, or on its branches."""
        if depth > MAX_NESTED:
            raise ModelFileError(_("Models are nested in one another more than {most} deep.").format(most=MAX_NESTED))
        if not entries:
            raise ModelFileError(_("A branch of the model has no layers."))
        if branches := _branches(entries[0]):
            tensor = self._call(self._read_layer(entries[0]), [self._branch(branch, depth + 1) for branch in branches])
            layers = [self._read_layer(entry) for entry in entries[1:]]
        else:
            layers = list({layer.name: layer for layer in map(self._read_layer, entries)}.values())
            first, *layers = from_input(ModelConfig("", {layer.name: layer for layer in layers}, sequential=True))
            tensor = self._input(first)
        for layer in layers:
            tensor = self._call(layer, [tensor])
        return tensor

    def _branch(self, entry: Any, depth: int) -> Ref:
        config = entry.get("config") if isinstance(entry, Mapping) else None
        layers = config.get("layers") if isinstance(config, Mapping) else config
        if isinstance(entry, Mapping) and entry.get("class_name") == "Sequential" and isinstance(layers, (list, tuple)):
            return self.chain(layers, depth)
        layer = self._read_layer(entry)
        inputs = len(layer.model.inputs) if layer.model else 1
        given = [self._input(input_layer(f"{layer.name}_input{n or ''}", None)) for n in range(max(1, inputs))]
        return self._call(layer, given)

    def _input(self, layer: LayerConfig) -> Ref:
        self._add(layer)
        self.inputs.append(Ref(layer.name, 0, 0))
        return self.inputs[-1]

    def _call(self, layer: LayerConfig, reads: Sequence[Ref]) -> Ref:
        self._add(dataclasses.replace(layer, calls=(CallConfig(first=tuple(reads)),)))
        return Ref(layer.name, 0, 0)

    def _add(self, layer: LayerConfig) -> None:
        if layer.name in self.layers:
            raise ModelFileError(
                _("Two layers are named “{name}”, so their calls can't be told apart.").format(name=shown(layer.name))
            )
        self.layers[layer.name] = layer


def _branches(entry: Any) -> Sequence[Any]:
    """What the first layer of a sequential model merges; empty if it is no merge of branches."""
    if not isinstance(entry, Mapping) or entry.get("class_name") != "Merge":
        return ()
    config = entry.get("config")
    layers = config.get("layers") if isinstance(config, Mapping) else None
    return layers if isinstance(layers, (list, tuple)) else ()
