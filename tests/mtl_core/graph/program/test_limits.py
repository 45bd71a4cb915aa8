"""`docs/limits.md` tells of programs what is so today."""

import ast

import pytest

from tests.mtl_core.graph.program.limits import DOCUMENT, PYTHON, TABLES, between, handled, is_followed


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_of_programs_are_those_of_the_reader_its_corpus_and_its_cases(name):
    assert between(DOCUMENT.read_text(), name) == TABLES[name](), "run: python -m tests.mtl_core.graph.program.limits"


def test_every_kind_of_statement_and_expression_is_in_the_table_and_as_it_says():
    listed = [name for row in PYTHON for name in row.classes.split()]
    assert len(set(listed)) == len(listed)
    # Others derive from these classes, too: TensorFlow brings some of Python 2.
    classes = [cls for kind in (ast.stmt, ast.expr) for cls in kind.__subclasses__()]
    grammar = {cls.__name__ for cls in classes if getattr(ast, cls.__name__, None) is cls}
    assert grammar <= set(listed)
    assert {name for name in grammar if is_followed(name)} == handled() & grammar
