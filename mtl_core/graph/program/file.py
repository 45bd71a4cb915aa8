"""Any file that describes Keras models: one of Keras's own, or a program or notebook that makes some."""

from __future__ import annotations

import io
from typing import BinaryIO

from mtl_core.graph.call_graph import CallGraph
from mtl_core.graph.config.file import MAX_CONFIG_BYTES, NoConfigError, config_of_file
from mtl_core.graph.program.read import Program, read_program

__all__ = ["read_file"]


def read_file(file: bytes | BinaryIO) -> Program:
    """The models that a file describes, told by its content whether it is a program.

    Parameters
    ----------
    file : bytes or binary file
        Any format of `config_of_file`, Python, or a Jupyter notebook.

    Returns
    -------
    Program
        One model named "model" for a file that Keras wrote.

    Raises
    ------
    ModelFileError
        If it can't be read, or is neither a model's file nor a program that makes a model.
    """
    opened = io.BytesIO(file) if isinstance(file, bytes) else file
    try:
        return Program({"model": CallGraph.from_config(config_of_file(opened))}, ())
    except NoConfigError as other:
        opened.seek(0)
        program = read_program(opened.read(MAX_CONFIG_BYTES).decode("utf-8", "replace"))
        if not program.models:
            raise NoConfigError(program.remarks[-1].text if other.is_program else str(other)) from None
        return program
