"""Any file that describes Keras models: one of Keras's own, or a program or notebook that makes some."""

from __future__ import annotations

import io
from typing import BinaryIO

from mtl_core.graph.config.assemble import assemble
from mtl_core.graph.config.file import MAX_CONFIG_BYTES, NoConfigError, config_of_file, decoded
from mtl_core.graph.config.read import read_model
from mtl_core.graph.config.untrusted import Budget, step
from mtl_core.graph.interpreter.reading import Reading, Remark, reading_of_program

__all__ = ["NoModelError", "reading_of_file"]


class NoModelError(NoConfigError):
    """A program that makes no model; `remarks` say more of it, a line each."""

    def __init__(self, sentence: str, remarks: tuple[Remark, ...]) -> None:
        super().__init__(sentence, is_program=True)
        self.remarks = remarks


@step()
def reading_of_file(file: bytes | BinaryIO) -> Reading:
    """The models that a file describes, told by its content whether it is a program; raises `ModelFileError`."""
    opened = io.BytesIO(file) if isinstance(file, bytes) else file
    budget = Budget()
    try:
        return Reading({"model": assemble(read_model(config_of_file(opened), budget), budget)})
    except NoConfigError as other:
        opened.seek(0)
        reading = reading_of_program(decoded(opened.read(MAX_CONFIG_BYTES)))
        if reading.models:
            return reading
        if other.is_program:
            raise NoModelError(reading.remarks[-1].text, reading.remarks) from None
        raise
