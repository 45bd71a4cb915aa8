"""An HDF5 file, `.h5`: a whole model of Keras 1, 2 or 3, whose description is one attribute.

`model.save("model.h5")` writes the config as the attribute `model_config` of the file's root (keras/src/legacy/saving/
legacy_h5_format.py), beside `training_config`, what it was compiled with. Only these are read, in pure Python; weights are not
looked at.
"""

from __future__ import annotations

import contextlib
import io
from typing import Any, BinaryIO

from mtl_core.graph.config.formats.text import config_of_json
from mtl_core.graph.config.untrusted import Budget, ModelFileError
from mtl_core.language import _

__all__ = ["config_of_hdf5"]

_MAX_BYTES_READ = 8_000_000
"""Most bytes that are read of a file, however often it is read in circles."""


def config_of_hdf5(file: bytes | BinaryIO) -> Any:
    """The config in an `.h5` file.

    Raises
    ------
    ModelFileError
        If it holds weights only, or is damaged.
    """
    # It takes 0.15 s and 16 MB to import, for a format that few visitors bring.
    import pyfive

    try:
        with pyfive.File(_Watched(io.BytesIO(file) if isinstance(file, bytes) else file)) as opened:
            config = opened.attrs.get("model_config")
            training = opened.attrs.get("training_config")
    except ModelFileError:
        raise
    except Exception:  # A stranger's bytes: the reader raises whatever its arithmetic happens to raise.
        raise ModelFileError(_("The HDF5 file is damaged, or written in a way that can't be read here.")) from None
    if config is None:
        raise ModelFileError(
            _("This HDF5 file holds weights only, no model. Write model.to_json() to a .json file and give that.")
        )
    if not isinstance(config, (str, bytes)):
        raise ModelFileError(_("The HDF5 file is damaged, or written in a way that can't be read here."))
    read = config_of_json(config)
    if isinstance(read, dict) and isinstance(training, (str, bytes)):
        with contextlib.suppress(ModelFileError):  # the layers can be told without it
            read.setdefault("compile_config", config_of_json(training))  # as .keras files have it
    return read


class _Watched(io.RawIOBase):
    """A file that may be read for a limited time and a limited number of bytes."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file, self._budget, self._read = file, Budget(), 0

    def read(self, size: int = -1) -> bytes:
        self._budget.clock()
        piece = self._file.read(min(size, _MAX_BYTES_READ) if size >= 0 else _MAX_BYTES_READ)
        self._read += len(piece) + 1
        if self._read > _MAX_BYTES_READ:
            raise ModelFileError(_("The HDF5 file is damaged, or written in a way that can't be read here."))
        return piece

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True
