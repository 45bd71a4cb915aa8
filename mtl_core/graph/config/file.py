"""A stranger's model file, down to the description in it, without trusting a byte.

The kind of a file is known by its content, never by its name. Nothing is deserialised into objects. Every way in which reading
can fail ends in `ModelFileError` with a sentence that says what to do.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Mapping
from typing import Any, BinaryIO

from mtl_core.graph.config.formats.hdf5 import config_of_hdf5
from mtl_core.graph.config.formats.plain_yaml import config_of_yaml, is_yaml
from mtl_core.graph.config.formats.saved_model import config_of_metadata
from mtl_core.graph.config.formats.text import MAX_CONFIG_BYTES, config_of_json, decoded
from mtl_core.graph.config.formats.zipped import config_of_zip
from mtl_core.graph.config.untrusted import ModelFileError
from mtl_core.language import _

__all__ = [
    "MAX_CONFIG_BYTES",
    "NoConfigError",
    "config_of_file",
    "config_of_hdf5",
    "config_of_json",
    "config_of_zip",
    "decoded",
]


class NoConfigError(ModelFileError):
    """Text that is no config; perhaps a program that makes a model.

    Parameters
    ----------
    sentence : str
    is_program : bool
        Whether it looks like one: a notebook, or text that speaks of Keras.
    """

    def __init__(self, sentence: str, is_program: bool = False) -> None:
        super().__init__(sentence)
        self.is_program = is_program


log = logging.getLogger(__name__)

_PROGRAM = re.compile(r"^[ \t]*(>>> )?(import|from)\s+\w|\b(Input|Sequential|Model|Dense)\(", re.MULTILINE)
"""What a program that makes a model has, and no config."""

_JSON_STARTS = ("{", "[", '"')
_PROTOBUF = (0x08, 0x0A)
"""How a protocol buffer's first field begins; text may begin with the second, a new line, but has no control characters."""

_NOT_KERAS = (
    (4, b"TFL3", "TensorFlow Lite"),
    *((0, bytes((0x80, version)), "pickle") for version in (2, 3, 4, 5)),
    (8, b'{"', "safetensors"),
    (0, b"\x89PNG", "PNG"),
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"%PDF", "PDF"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"GGUF", "GGUF"),
)
"""Where other formats have their mark, the mark, and their name."""


def config_of_file(file: bytes | BinaryIO) -> Any:
    """The config in a `.keras`, `.h5`, `.json`, `.yaml` or `keras_metadata.pb` file, told apart by content.

    Raises
    ------
    NoConfigError
        If it is other text, such as a program.
    ModelFileError
        If it is none of them, or damaged, or too large.
    """
    opened = io.BytesIO(file) if isinstance(file, bytes) else file
    try:
        return _config(opened)
    except ModelFileError:
        raise
    except (
        Exception
    ) as error:  # Each cause that is known has its own sentence; this is the door for those that are not.
        log.warning("A model file raised %s: %s", type(error).__name__, error)
        raise ModelFileError(_("The file is damaged: it can't be read.")) from None


def _config(file: BinaryIO) -> Any:
    start = file.read(64)
    file.seek(0)
    if not start:
        raise ModelFileError(_("The file is empty."))
    if start.startswith(b"\x89HDF"):
        return config_of_hdf5(file)
    if start.startswith(b"PK"):
        return config_of_zip(file)
    for place, mark, name in _NOT_KERAS:
        # Eight bytes of text may stand before a brace; the length that safetensors writes there has a zero among them.
        if start[place:].startswith(mark) and (place != 8 or 0 in start[:8]):
            raise ModelFileError(
                _(
                    "This is a {name} file, which doesn't say how Keras's layers are connected. Save the model as .keras, "
                    "or write model.to_json() to a .json file."
                ).format(name=name)
            )
    if start[0] in _PROTOBUF and any(byte < 9 for byte in start[1:]):
        return config_of_metadata(file.read(4 * MAX_CONFIG_BYTES + 1))
    return _config_of_text(file.read(MAX_CONFIG_BYTES + 1))


def _config_of_text(data: bytes) -> Any:
    start = data[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").strip().decode("ascii", "replace")
    text = decoded(data)
    if not start or start.startswith(_JSON_STARTS):
        try:
            config = config_of_json(data)
        except ModelFileError as error:
            if _PROGRAM.search(text):
                raise NoConfigError(str(error), is_program=True) from None
            raise
        if isinstance(config, Mapping) and "cells" in config and "nbformat" in config:
            raise NoConfigError(_("This is a notebook, and no model is made in it."), is_program=True)
        return config
    if is_yaml(text):
        return config_of_yaml(text)
    raise NoConfigError(
        _(
            "This is no Keras model that can be read here: neither .keras, .h5, JSON, YAML nor keras_metadata.pb, and no "
            "program. Was it damaged on its way?"
        ),
        is_program=_PROGRAM.search(text) is not None,
    )
