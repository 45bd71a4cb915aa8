"""A zip: a `.keras` file, or a folder of a SavedModel or of TensorFlow.js that somebody packed.

A `.keras` file is a zip of `config.json`, `metadata.json` and the weights. Only the description is unpacked, in pieces, and
never more than a fixed size of it.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from mtl_core.graph.config.formats.saved_model import config_of_metadata
from mtl_core.graph.config.formats.text import MAX_CONFIG_BYTES, config_of_json
from mtl_core.graph.config.untrusted import ModelFileError
from mtl_core.language import _

__all__ = ["config_of_zip"]

_MAX_LIST = 1_000_000
"""Most bytes of a zip that are read at once. A zip's list of contents is read whole, so this limits that list too."""

_PIECE = 65_536

_DESCRIPTIONS: Mapping[str, Callable[[bytes], Any]] = {
    "config.json": config_of_json,
    "keras_metadata.pb": config_of_metadata,
    "model.json": config_of_json,
}
"""How each file that can hold a model's description is read, the likeliest first."""


def config_of_zip(file: bytes | BinaryIO) -> Any:
    """The config in a `.keras` file; the weights are not read.

    Raises
    ------
    ModelFileError
        If it is no such file, or damaged, or its config is too large.
    """
    sparing = _Sparing(io.BytesIO(file) if isinstance(file, bytes) else file)
    try:
        with zipfile.ZipFile(sparing) as archive:
            for name, read in _DESCRIPTIONS.items():
                for entry in archive.infolist():
                    if PurePosixPath(entry.filename).name == name:
                        return read(_unpacked(archive, entry))
            names = [entry.filename for entry in archive.infolist()]
    except (NotImplementedError, RuntimeError):
        raise ModelFileError(_("The file is packed in a way that Keras doesn't use, so it was left unread.")) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, OverflowError, ValueError) as error:
        if isinstance(error, ModelFileError):
            raise
        raise ModelFileError(_("The file is damaged or no .keras file: it can't be unzipped.")) from None
    raise ModelFileError(_without_description(names))


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError
    # The size that a zip claims can be a lie, so what counts is what comes out.
    pieces, size = [], 0
    with archive.open(entry) as config:
        while size <= MAX_CONFIG_BYTES and (piece := config.read(_PIECE)):
            pieces.append(piece)
            size += len(piece)
    return b"".join(pieces)


def _without_description(names: list[str]) -> str:
    if any(name.endswith("saved_model.pb") for name in names):
        return _(
            "The zip holds a SavedModel without keras_metadata.pb, so it says nothing of Keras's layers. Save the model "
            "as .keras, or write model.to_json() to a .json file."
        )
    if any(name.endswith("data.pkl") for name in names):
        return _("This is a PyTorch file. Only Keras models can be read here.")
    return _("The file is a zip without a config.json, so it is no .keras file.")


class _Sparing(io.RawIOBase):
    """A file of which only small pieces may be read."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(min(size, _MAX_LIST + 1) if size >= 0 else _MAX_LIST + 1)
        if len(piece) > _MAX_LIST:
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
