"""What an operator sets wrongly does not keep the server from starting, and is named in its log."""

import pytest

from mtl_core.jobs.settings import number


@pytest.mark.parametrize(("text", "value"), [("3", 3), ("2.5", 2.5), ("500_000_000", 5e8), ("", 7)])
def test_a_number_is_taken_as_it_is_set(monkeypatch, caplog, text, value):
    monkeypatch.setenv("MTL_TEST", text)
    assert number("MTL_TEST", 7) == value
    assert not caplog.records


@pytest.mark.parametrize("text", ["two", "0", "-1", "nan", "inf", "1e999"])
def test_anything_else_is_named_and_the_default_is_used(monkeypatch, caplog, text):
    monkeypatch.setenv("MTL_TEST", text)
    assert number("MTL_TEST", 7) == 7
    assert f"MTL_TEST is {text!r}" in caplog.text
    assert "7 is used instead" in caplog.text


def test_what_is_not_set_is_the_default(monkeypatch):
    monkeypatch.delenv("MTL_TEST", raising=False)
    assert number("MTL_TEST", 7) == 7
