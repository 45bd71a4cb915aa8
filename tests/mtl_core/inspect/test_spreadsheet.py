"""A table goes into a spreadsheet as it is, and nothing in it runs there."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.inspect.spreadsheet import as_csv, as_grid


def read(text):
    return list(csv.reader(io.StringIO(text, newline="")))


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=3), max_size=5))
def test_every_cell_comes_back_but_for_the_apostrophe_before_a_formula(rows):
    expected = [[f"'{cell}" if cell[:1] in tuple("=+-@\t\r") else cell for cell in row] for row in rows]
    assert read(as_csv(rows)) == expected


@pytest.mark.parametrize("name", ['=HYPERLINK("http://example.com")', "+1", "-2", "@SUM(A1)", "\t=1"])
def test_a_layer_named_like_a_formula_is_text(name):
    assert read(as_csv([[name]])) == [["'" + name]]


def test_so_it_is_in_a_grid_that_a_page_offers_as_a_file():
    assert as_grid([{"=a": "=1+1", "b": -1}, {"=a": "b", "b": 2}]) == [{"'=a": "'=1+1", "b": -1}, {"'=a": "b", "b": 2}]


def test_a_semicolon_in_a_name_begins_no_cell_and_so_no_formula():
    assert as_csv([["a;=1+1", "b"]]) == '"a;=1+1","b"\r\n'


def test_numbers_stay_numbers():
    assert as_csv([["loss", -0.5]]) == '"loss","-0.5"\r\n'
