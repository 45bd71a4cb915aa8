"""A stranger's model file, down to the JSON in it, without trusting a byte.

A `.keras` file is a zip of `config.json`, `metadata.json` and the weights. Only `config.json` is unpacked, in pieces, and
never more than a fixed size of it; nothing is deserialised into objects. Every way in which this can fail ends in
`ModelFileError` with a sentence that says what to do.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from typing import Any, BinaryIO

from mtl_core.graph.config.untrusted import ModelFileError
from mtl_core.language import _

__all__ = ["MAX_CONFIG_BYTES", "config_of_file", "config_of_json", "config_of_zip"]

MAX_CONFIG_BYTES = 4_000_000
"""Most bytes of a config. Keras's largest application has a thousand layers and 1.2 MB."""

_JSON_STARTS = (b"{", b"[", b'"', b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
"""An object, a list or a string, after white space or a mark of its encoding."""

MAX_READ = 1_000_000
"""Most bytes of a zip that are read at once. A zip's list of contents is read whole, so this limits that list too."""


def config_of_file(file: bytes | BinaryIO) -> Any:
    """The config in a `.keras` or `.json` file, told apart by their first bytes.

    Raises
    ------
    ModelFileError
        If it is neither, or damaged, or too large.
    """
    opened = io.BytesIO(file) if isinstance(file, bytes) else file
    start = opened.read(8)
    opened.seek(0)
    if not start:
        raise ModelFileError(_("The file is empty."))
    if start.startswith(b"\x89HDF"):
        raise ModelFileError(
            _("This is an HDF5 file. Save the model as .keras, or write model.to_json() to a .json file.")
        )
    if start.startswith(b"PK"):
        return config_of_zip(opened)
    text = start.replace(b"\0", b"").strip()  # UTF-16 and UTF-32 have zeros between
    if text and not text.startswith(_JSON_STARTS):
        raise ModelFileError(
            _("This is neither a .keras file, which is a zip, nor the JSON of a model. Was it damaged on its way?")
        )
    return config_of_json(opened.read(MAX_CONFIG_BYTES + 1))


def config_of_json(text: str | bytes) -> Any:
    """The config that `model.to_json()` wrote.

    Raises
    ------
    ModelFileError
        If it is no JSON, or too large.
    """
    if len(text) > MAX_CONFIG_BYTES:
        raise ModelFileError(_("The model's description is larger than {most:,} bytes.").format(most=MAX_CONFIG_BYTES))
    text = text.lstrip("\ufeff") if isinstance(text, str) else text
    if not text.strip():
        raise ModelFileError(_("The file is empty."))
    try:
        config = json.loads(text)
        # Who writes model.to_json() with json.dump gets a JSON text inside a JSON string.
        return json.loads(config) if isinstance(config, str) else config
    except RecursionError:
        raise ModelFileError(_("The JSON is nested too deeply to be a model.")) from None
    except UnicodeError:
        raise ModelFileError(_("The file is not text. A JSON file has to be in UTF-8.")) from None
    except json.JSONDecodeError as error:
        raise ModelFileError(_no_json(error)) from None
    except ValueError:  # a number of thousands of digits
        raise ModelFileError(_("The JSON has a number that is too long to read.")) from None


def _no_json(error: json.JSONDecodeError) -> str:
    text = error.doc.rstrip()
    # Nothing is left, or the beginning of a word, a number or an escape.
    cut = error.msg != "Extra data" and re.fullmatch(r"[-+.\\\w]{0,10}", text[error.pos :])
    if cut or error.msg.startswith("Unterminated string"):
        return _("The JSON ends too early, in line {line}: part of it is missing.").format(line=text.count("\n") + 1)
    return _("This is not valid JSON: in line {line}, column {column}, something else was expected.").format(
        line=error.lineno, column=error.colno
    )


def config_of_zip(file: bytes | BinaryIO) -> Any:
    """The config in a `.keras` file; the weights are not read.

    Raises
    ------
    ModelFileError
        If it is no such file, or damaged, or its config is too large.
    """
    opened = _Sparing(io.BytesIO(file) if isinstance(file, bytes) else file)
    try:
        with zipfile.ZipFile(opened) as archive:
            return config_of_json(_read_config(archive))
    except KeyError:
        raise ModelFileError(_("The file is a zip without a config.json, so it is no .keras file.")) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, OverflowError):
        raise ModelFileError(_("The file is damaged or no .keras file: it can't be unzipped.")) from None
    except (NotImplementedError, RuntimeError):
        raise ModelFileError(_("The file is packed in a way that Keras doesn't use, so it was left unread.")) from None


def _read_config(archive: zipfile.ZipFile) -> bytes:
    entry = archive.getinfo("config.json")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError
    # The size that a zip claims can be a lie, so what counts is what comes out.
    with archive.open(entry) as config:
        return config.read(MAX_CONFIG_BYTES + 1)


class _Sparing(io.RawIOBase):
    """A file of which only small pieces may be read."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(min(size, MAX_READ + 1) if size >= 0 else MAX_READ + 1)
        if len(piece) > MAX_READ:
            raise zipfile.BadZipFile
        return piece

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True
