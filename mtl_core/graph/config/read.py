"""A Keras config as plain data in one form, whichever Keras wrote it.

A config lists layers, and under each layer its *calls* (`inbound_nodes`, read by `mtl_core.keras_calls`). A Sequential
model writes no calls at all: each of its layers is called once, on the layer before it.

A model class of somebody's own may do in its `call()` what its config doesn't tell. Nested, it is one closed box whose
outputs may depend on all it is given; at the top, where there is nothing else to go by, `own_class` warns of it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from mtl_core.graph.config.branches import branched, is_branched
from mtl_core.graph.config.call_numbers import counted_from_zero
from mtl_core.graph.config.inbound import read_call, read_ends
from mtl_core.graph.config.layers.operations import is_operation
from mtl_core.graph.config.loss_weights import plain_weights
from mtl_core.graph.config.parts import LayerConfig, ModelConfig, Ref, is_kerass
from mtl_core.graph.config.untrusted import (
    MAX_NAME,
    MAX_NESTED,
    Budget,
    ModelFileError,
    Shape,
    as_shape,
    is_index,
    shown,
)
from mtl_core.language import _

__all__ = ["read_model"]


def read_model(config: Any, budget: Budget | None = None) -> ModelConfig:
    """Read the config of a functional or sequential model, Keras 2 or 3.

    Parameters
    ----------
    config : mapping
        `model.get_config()`, or the parsed `model.to_json()`.
    budget : Budget, optional
        What reading may cost; one of its own by default.

    Raises
    ------
    ModelFileError
        If it is not such a config, is inconsistent, or too large.
    """
    model = _read(config, budget or Budget(), depth=0)
    compiled = config.get("compile_config") if isinstance(config, Mapping) else None
    model = dataclasses.replace(
        model,
        trainable=_inner(config).get("trainable") is not False,
        loss_weights=plain_weights(compiled.get("loss_weights")) if isinstance(compiled, Mapping) else (),
    )
    wrapped = isinstance(config, Mapping) and isinstance(config.get("class_name"), str)
    return dataclasses.replace(model, own_class=config["class_name"]) if wrapped and not _kind(config) else model


def _read(config: Any, budget: Budget, depth: int) -> ModelConfig:
    if depth > MAX_NESTED:
        raise ModelFileError(_("Models are nested in one another more than {most} deep.").format(most=MAX_NESTED))
    inner = _inner(config)
    functional = "input_layers" in inner or "output_layers" in inner
    name = inner.get("name")
    name = name if isinstance(name, str) else ""
    shapes: dict[Ref, Shape] = {}
    if not functional and is_branched(inner["layers"]):
        return branched(name, inner["layers"], lambda entry: _layer(entry, False, shapes, budget, depth))
    layers: dict[str, LayerConfig] = {}
    for entry in inner["layers"]:
        layer = _layer(entry, functional, shapes, budget, depth)
        if layer.name in layers:
            raise ModelFileError(
                _("Two layers are named “{name}”, so their calls can't be told apart.").format(name=shown(layer.name))
            )
        layers[layer.name] = layer
    if not functional:
        return ModelConfig(name, layers, sequential=True, built_for=as_shape(inner.get("build_input_shape")))
    inputs, input_keys = read_ends(inner.get("input_layers"), budget)
    outputs, output_keys = read_ends(inner.get("output_layers"), budget)
    if not inputs or not outputs:
        raise ModelFileError(_("The model has no inputs.") if outputs else _("The model has no outputs."))
    if len({ref.layer for ref in inputs}) < len(inputs):
        raise ModelFileError(_("An input is listed twice."))
    model = ModelConfig(name, layers, inputs, outputs, input_keys, output_keys, shapes)
    nodes = (node for entry in inner["layers"] for node in entry.get("inbound_nodes", ()))
    keras_3 = any(isinstance(node, Mapping) and "args" in node for node in nodes)
    return counted_from_zero(model, keras_3)


def _inner(config: Any) -> Mapping[str, Any]:
    """The part of a config that lists the layers."""
    inner = (
        config["config"] if isinstance(config, Mapping) and "class_name" in config and "config" in config else config
    )
    if isinstance(inner, (list, tuple)):  # Sequential models before Keras 2.2.3
        inner = {"layers": inner}
    if not isinstance(inner, Mapping):
        raise ModelFileError(_("This is no Keras model: a model's config is a JSON object that lists layers."))
    if not isinstance(inner.get("layers"), (list, tuple)):
        raise ModelFileError(
            _(
                "This config lists no layers. Only functional and sequential models save how their layers are "
                "connected; a subclassed model keeps that in its code. If it has `inputs` and `outputs`, as keras-hub's "
                "models do, then keras.Model(model.inputs, model.outputs).to_json() can be read."
            )
        )
    return inner


def _layer(entry: Any, functional: bool, shapes: dict[Ref, Shape], budget: Budget, depth: int) -> LayerConfig:
    budget.layer()
    if not isinstance(entry, Mapping):
        raise ModelFileError(_("An entry in the list of layers is not an object."))
    config, class_name = entry.get("config"), entry.get("class_name")
    own = config if isinstance(config, Mapping) else {}
    name = entry.get("name", own.get("name"))
    if not isinstance(class_name, str) or not class_name:
        raise ModelFileError(_("The layer “{name}” has no class name.").format(name=shown(name)))
    if not functional and name is None:
        name = class_name
    if not isinstance(name, str) or not name:
        raise ModelFileError(_("A layer of class {class_name} has no name.").format(class_name=shown(class_name)))
    if max(len(name), len(class_name)) > MAX_NAME:
        raise ModelFileError(_("A layer's name is longer than {most} characters.").format(most=MAX_NAME))
    nodes = entry.get("inbound_nodes", ()) if functional else ()
    if not isinstance(nodes, (list, tuple)):
        raise ModelFileError(_("The calls of “{name}” are not a list.").format(name=shown(name)))
    shared_id = entry.get("shared_object_id")
    layer = LayerConfig(
        name=name,
        class_name=class_name,
        module=str(entry.get("module") or ""),
        registered_name=str(entry.get("registered_name") or ""),
        config=own,
        built_for=_built_for(entry),
        calls=tuple(read_call(node, budget, shapes) for node in nodes),
        model=_read(entry, budget, depth + 1) if _kind(entry) else None,
        shared_id=shared_id if is_index(shared_id) else None,
        wrapped=_wrapped(class_name, own, budget, depth),
    )
    own_class = layer.own_class and not is_operation(layer)
    return dataclasses.replace(layer, unread=layer.model is None and (own_class or class_name in _CODE_ELSEWHERE))


_CODE_ELSEWHERE = frozenset({"Lambda", "TFSMLayer", "JaxLayer", "FlaxLayer", "TorchModuleWrapper"})
"""Keras's own layers around a function or a model of somebody's, whose code no config holds in a form that can be read."""


def _wrapped(class_name: str, config: Mapping[str, Any], budget: Budget, depth: int) -> ModelConfig | None:
    """The model inside a `TimeDistributed`; what is wrong with it leaves its numbers unknown and refuses no file."""
    entry = config.get("layer")
    if class_name != "TimeDistributed" or not isinstance(entry, Mapping) or not _kind(entry):
        return None
    try:
        return _read(entry, budget.again(), depth + 1)
    except ModelFileError:
        return None


def _kind(entry: Mapping[str, Any]) -> str:
    """ "functional" or "sequential" for an entry that is one of Keras's own models, else empty."""
    class_name = entry.get("class_name")
    if not isinstance(class_name, str) or not is_kerass(str(entry.get("module") or "")):
        return ""
    if entry.get("registered_name") not in (None, class_name):
        return ""
    return {"Functional": "functional", "Model": "functional", "Sequential": "sequential"}.get(class_name, "")


def _built_for(entry: Mapping[str, Any]) -> dict[str, Shape]:
    build = entry.get("build_config")
    build = build if isinstance(build, Mapping) else {}
    shapes = build.get("shapes_dict")
    shapes = shapes if isinstance(shapes, Mapping) else build
    read = {str(name): as_shape(shape) for name, shape in shapes.items()}
    return {name: shape for name, shape in read.items() if shape is not None}
