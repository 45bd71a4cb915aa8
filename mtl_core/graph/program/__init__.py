"""Keras programs, read symbolically: parsed and followed, never executed."""

from mtl_core.graph.program.file import read_file
from mtl_core.graph.program.read import Program, Remark, read_program

__all__ = ["Program", "Remark", "read_file", "read_program"]
