"""A config as text: what `model.to_json()` wrote, what TensorFlow.js wrote around it, and the YAML of Keras 1 and 2.

Parsing makes lists, tables, texts and numbers, never an object of another kind. Numbers are bounded and texts cleaned here, so
that nothing behind this file meets a number of thousands of digits or half of a character.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from mtl_core.graph.config.untrusted import Budget, ModelFileError
from mtl_core.language import _

__all__ = ["MAX_CONFIG_BYTES", "config_of_json", "config_of_yaml", "decoded", "is_yaml"]

MAX_CONFIG_BYTES = 4_000_000
"""Most bytes of a config. Keras's largest application has a thousand layers and 1.2 MB."""

_MOST_DIGITS = 18
_LONE_SURROGATE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
_YAML_KEY = re.compile(r"^(class_name|config|layers)\s*:", re.MULTILINE)


def config_of_json(text: str | bytes) -> Any:
    """The config that `model.to_json()` wrote, or that TensorFlow.js keeps in its `model.json`.

    Raises
    ------
    ModelFileError
        If it is no JSON, or too large, or a TensorFlow.js graph without layers.
    """
    if len(text) > MAX_CONFIG_BYTES:
        raise ModelFileError(_("The model's description is larger than {most:,} bytes.").format(most=MAX_CONFIG_BYTES))
    text = _cleaned(text)
    if not text.strip():
        raise ModelFileError(_("The file is empty."))
    try:
        config = _parsed(text)
        # Who writes model.to_json() with json.dump gets a JSON text inside a JSON string.
        return _unwrapped(_parsed(_cleaned(config)) if isinstance(config, str) else config)
    except RecursionError:
        raise ModelFileError(_("The JSON is nested too deeply to be a model.")) from None
    except json.JSONDecodeError as error:
        raise ModelFileError(_no_json(error)) from None


def config_of_yaml(text: str) -> Any:
    """The config that `model.to_yaml()` wrote, in Keras 1 and 2.

    Raises
    ------
    ModelFileError
        If it is no YAML, too large, or takes too long.
    """
    if len(text) > MAX_CONFIG_BYTES:
        raise ModelFileError(_("The model's description is larger than {most:,} bytes.").format(most=MAX_CONFIG_BYTES))
    try:
        return yaml.load(text, _Loader)
    except RecursionError:
        raise ModelFileError(_("The YAML is nested too deeply to be a model.")) from None
    except (yaml.YAMLError, ValueError, TypeError) as error:
        if isinstance(error, ModelFileError):
            raise
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        if line is None:
            raise ModelFileError(_("This is not valid YAML.")) from None
        raise ModelFileError(
            _("This is not valid YAML: something else was expected in line {line}.").format(line=line + 1)
        ) from None


def decoded(data: bytes) -> str:
    """The text in some bytes: UTF-8, or what their first bytes say that it is, as Windows writes it."""
    for mark in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if data.startswith(mark):
            return data.decode(f"utf-{8 * len(mark)}", "replace")
    return data.decode("utf-8-sig", "replace")


def is_yaml(text: str) -> bool:
    """Whether a text is like the YAML of a Keras model: a table with one of the keys that a config has."""
    return bool(_YAML_KEY.search(text))


class _Loader(yaml.SafeLoader):
    """YAML's plain values only; what Keras marked as Python's own becomes plain too, and a model is given its time."""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self._budget = Budget()

    def compose_node(self, parent: Any, index: Any) -> Any:
        self._budget.clock()
        return super().compose_node(parent, index)

    def _plain(self, _suffix: str, node: yaml.Node) -> Any:
        if isinstance(node, yaml.SequenceNode):
            return self.construct_sequence(node, deep=True)
        if isinstance(node, yaml.MappingNode):
            return self.construct_mapping(node, deep=True)
        return str(node.value)


_Loader.add_multi_constructor("", _Loader._plain)


def _cleaned(text: str | bytes) -> str:
    """The text with every half of a character replaced."""
    if isinstance(text, bytes):
        try:
            text = text.decode(json.detect_encoding(text))
        except UnicodeError:
            raise ModelFileError(_("The file is not text. A JSON file has to be in UTF-8.")) from None
    text = text.lstrip("\ufeff").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text) if "\\ud" in text.lower() else text


def _parsed(text: str) -> Any:
    return json.loads(text, parse_int=_bounded)


def _bounded(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ModelFileError(_("The JSON has a number that is too long to read."))
    return int(digits)


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
