"""A config as text: what `model.to_json()` wrote, and what TensorFlow.js wrote around it.

Parsing makes lists, tables, texts and numbers. Numbers are bounded and texts cleaned here, so that nothing behind this file
meets a number of thousands of digits or half of a character.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from typing import Any

from mtl_core.graph.config.untrusted import ModelFileError, whole
from mtl_core.language import _

__all__ = ["MAX_CONFIG_BYTES", "bounded", "config_of_json", "decoded"]

MAX_CONFIG_BYTES = 4_000_000
"""Most bytes of a config. Keras's largest application has a thousand layers and 1.2 MB."""

_MOST_DIGITS = 18
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
"""What half of a character may come from, as an escape or as it is."""


def config_of_json(text: str | bytes) -> Any:
    """The config that `model.to_json()` wrote, or that TensorFlow.js keeps in its `model.json`.

    Raises
    ------
    ModelFileError
        If it is no JSON, or too large, or a TensorFlow.js graph without layers.
    """
    if len(text) > MAX_CONFIG_BYTES:
        raise ModelFileError(_("The model's description is larger than {most:,} bytes.").format(most=MAX_CONFIG_BYTES))
    text = _text(text)
    if not text.strip():
        raise ModelFileError(_("The file is empty."))
    try:
        config = _parsed(text)
        # Who writes model.to_json() with json.dump gets a JSON text inside a JSON string.
        return _unwrapped(_parsed(config) if isinstance(config, str) else config)
    except RecursionError:
        raise ModelFileError(_("The JSON is nested too deeply to be a model.")) from None
    except json.JSONDecodeError as error:
        raise ModelFileError(_no_json(error)) from None


def decoded(data: bytes) -> str:
    """The text in some bytes: UTF-8, or what their first bytes say that it is, as Windows writes it."""
    for mark in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if data.startswith(mark):
            return data.decode(f"utf-{8 * len(mark)}", "replace")
    return data.decode("utf-8-sig", "replace")


def bounded(digits: str) -> int:
    """A whole number; raises `ModelFileError` if nobody would write one of so many digits."""
    if len(digits) > _MOST_DIGITS:
        raise ModelFileError(_("The file has a number that is too long to read."))
    return int(digits)


def _text(data: str | bytes) -> str:
    if isinstance(data, bytes):
        try:
            data = data.decode(json.detect_encoding(data))
        except UnicodeError:
            raise ModelFileError(_("The file is not text. A JSON file has to be in UTF-8.")) from None
    return data.lstrip("\ufeff")


def _parsed(text: str) -> Any:
    value = json.loads(text, parse_int=bounded)
    return _whole(value) if _SURROGATE.search(text) else value


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return {whole(key): _whole(item) for key, item in value.items()} if isinstance(value, dict) else value


def _unwrapped(config: Any) -> Any:
    """The Keras config inside what TensorFlow.js writes; any other config as it is."""
    if isinstance(config, list) and config and isinstance(config[0], Mapping) and "weights" in config[0]:
        raise ModelFileError(
            _("This is TensorFlow.js's list of weights. The layers are in the model.json that lies beside it.")
        )
    topology = config.get("modelTopology") if isinstance(config, Mapping) else None
    if not isinstance(topology, Mapping):
        return config
    if "node" in topology:
        raise ModelFileError(
            _(
                "This is a TensorFlow.js graph model: it holds operations, not Keras layers. Convert the Keras model to "
                "a layers model (tensorflowjs_converter --output_format=tfjs_layers_model), or export model.to_json()."
            )
        )
    inner = topology.get("model_config", topology)
    return _parsed(inner) if isinstance(inner, str) else inner


def _no_json(error: json.JSONDecodeError) -> str:
    text = error.doc.rstrip()
    # Nothing is left, or the beginning of a word, a number or an escape.
    cut = error.msg != "Extra data" and re.fullmatch(r"[-+.\\\w]{0,10}", text[error.pos :])
    if cut or error.msg.startswith("Unterminated string"):
        return _("The JSON ends too early, in line {line}: part of it is missing.").format(line=text.count("\n") + 1)
    return _("This is not valid JSON: in line {line}, column {column}, something else was expected.").format(
        line=error.lineno, column=error.colno
    )
