"""From the arguments of a layer in a program to the config that Keras would save."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mtl_core.graph.config.parts import LayerConfig
from mtl_core.graph.interpreter.constants import is_key
from mtl_core.graph.interpreter.signatures import ALIASES, OLD_ARGUMENTS, is_layer, positional, signature
from mtl_core.graph.interpreter.values import Imported, Layer

__all__ = ["arguments", "entry", "snake_case"]

_COMMON = {"name", "dtype", "trainable"}


def arguments(written: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """A layer's config.

    Parameters
    ----------
    written : str
        The layer's name as the program has it, perhaps that of an earlier Keras.
    args, kwargs
        What it is made with. What is not a plain number, text or list of them is left out: it isn't known.
    """
    class_name = ALIASES.get(written, written)
    known = dict(signature(class_name)) if is_layer(class_name) else {}
    given = dict(kwargs)
    if written.startswith("Convolution") and len(args) > 2 and all(isinstance(size, int) for size in args[1:]):
        rank = 2 if "2D" in written else 3 if "3D" in written else 1
        if len(args) > rank:  # Keras 1 takes the kernel's sides one by one
            args = [args[0], tuple(args[1 : 1 + rank]), *args[1 + rank :]]
    given.update(zip(positional(class_name) if known else (), args, strict=False))
    for old, new in OLD_ARGUMENTS.items():
        if old in given and old not in known and new in known:
            given.setdefault(new, given.pop(old))
    if class_name == "Embedding" and "units" in given:
        given["output_dim"] = given.pop("units")
    sides = [given.pop(side) for side in ("nb_row", "nb_col") if side in given]
    if len(sides) == 2:
        given["kernel_size"] = tuple(sides)
    config = {name: default for name, default in known.items() if default is not ...}
    for name, value in given.items():
        if isinstance(value, Imported) and name.endswith("activation"):
            value = value.name
        if _is_plain(value):
            config[name] = value
        else:
            config.pop(name, None)
    return _normal(class_name, config)


def entry(layer: Layer) -> LayerConfig:
    """A layer, with neither calls nor insides, as the readers of configs know it."""
    return LayerConfig(layer.keras_name, layer.class_name, layer.module, "", layer.config, {}, (), None, None)


def snake_case(name: str) -> str:
    """ "MaxPooling2D" -> "max_pooling2d", as Keras names what has no name."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def _is_plain(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return len(value) <= 16 and all(map(_is_plain, value))
    if isinstance(value, Mapping):  # a layer inside a wrapper
        return True
    return value is None or isinstance(value, (bool, int, float, str))


_WINDOWS = ("kernel_size", "strides", "dilation_rate", "pool_size", "size")


def _normal(class_name: str, config: dict[str, Any]) -> dict[str, Any]:
    """The config as Keras keeps it: sizes for each axis, formats by their full names."""
    rank = re.search(r"([123])D", class_name)
    if rank:
        for name in _WINDOWS:
            value = config.get(name)
            if isinstance(value, int) and not isinstance(value, bool):
                config[name] = value if (class_name, name) == ("UpSampling1D", "size") else (value,) * int(rank[1])
    if "Pooling" in class_name and "pool_size" in config and config.get("strides") is None:
        config["strides"] = config["pool_size"]
    if class_name.startswith(("ZeroPadding", "Cropping")):
        name = "padding" if class_name.startswith("Zero") else "cropping"
        config[name] = _sides(config.get(name), int(rank[1]) if rank else 1)
    formats = {"tf": "channels_last", "th": "channels_first", None: "channels_last"}
    if "data_format" in config and is_key(config["data_format"]):
        config["data_format"] = formats.get(config["data_format"], config["data_format"])
    if isinstance(config.get("padding"), str):
        config["padding"] = config["padding"].lower()
    return config


def _sides(value: Any, rank: int) -> Any:
    """Padding or cropping as a pair for each axis."""
    if rank == 1:
        return (value, value) if isinstance(value, int) else value
    if isinstance(value, int):
        return ((value, value),) * rank
    if isinstance(value, (list, tuple)):
        return tuple((side, side) if isinstance(side, int) else side for side in value)
    return value
