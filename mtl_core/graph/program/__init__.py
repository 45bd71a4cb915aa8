"""Keras programs and files of any kind, as call graphs."""

from mtl_core.graph.interpreter.any_file import NoModelError
from mtl_core.graph.interpreter.reading import Remark
from mtl_core.graph.program.read import Program, read_file, read_program

__all__ = ["NoModelError", "Program", "Remark", "read_file", "read_program"]
