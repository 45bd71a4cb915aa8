"""The models of a Keras program, or of any file, as call graphs, and what of it could not be followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from mtl_core.graph.call_graph import CallGraph
from mtl_core.graph.interpreter.any_file import reading_of_file
from mtl_core.graph.interpreter.reading import Reading, Remark, reading_of_program

__all__ = ["Program", "read_file", "read_program"]


@dataclass(frozen=True, slots=True)
class Program:
    """The models of a program.

    Parameters
    ----------
    models : dict of str to CallGraph
        By the variable that each is assigned to, in the program's order; "model#2" for the second of that name.
    remarks : tuple of Remark
        By line.
    text : str
        The text whose lines are counted.
    """

    models: dict[str, CallGraph]
    remarks: tuple[Remark, ...]
    text: str = ""


def read_program(text: str) -> Program:
    """The models that a Keras program makes.

    Parameters
    ----------
    text : str
        A program, a part of one, a notebook's JSON, or either with prose, prompts or Markdown around it; for any Keras.

    Returns
    -------
    Program
        Without models if there are none; a remark says so. Never raises for a text, whatever is in it.

    Examples
    --------
    >>> program = read_program('''
    ... a = Input((4,))
    ... b = Input((4,))
    ... joined = concatenate([a, b])
    ... model = Model([a, b], [Dense(1)(joined), Dense(1)(a)])
    ... ''')
    >>> program.models["model"].dependence()
    {('dense', 'a'): True, ('dense', 'b'): True, ('dense_1', 'a'): True, ('dense_1', 'b'): False}
    """
    return _program(reading_of_program(text))


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
    return _program(reading_of_file(file))


def _program(reading: Reading) -> Program:
    graphs = {name: CallGraph(**parts._asdict()) for name, parts in reading.models.items()}
    return Program(graphs, reading.remarks, reading.text)
