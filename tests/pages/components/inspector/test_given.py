"""What was given to do harm is read or refused in words: files that once broke the page are kept in `tests/data/hostile`."""

import json
import time
import tracemalloc
from pathlib import Path

import pytest

from mtl_core.graph import CallGraph
from mtl_core.graph.config.untrusted import Budget
from mtl_core.inspect.examples import load_example
from pages.components.inspector import given
from pages.components.inspector.given import NotReadError
from tests.mtl_core.graph.test_hostile import entry, model
from tests.mtl_core.graph.test_hostile import given as an_input
from tests.pages.components.inspector.described import described

HOSTILE = Path(__file__).parents[3] / "data" / "hostile"

REFUSED = {
    "aliases_of_aliases.yaml": "stands for more than 4,000,000 bytes",
    "an_input_twice_by_call.json": "An input is listed twice",
    "an_input_twice_by_output.json": "An input is listed twice",
    "half_a_character.yaml": "not valid YAML",
    "itself.yaml": "not valid YAML",
    "list_as_key.yaml": "not valid YAML",
    "long_number.yaml": "a number that is too long",
    "merges_of_merges.yaml": "stands for more than 4,000,000 bytes",
    "one_long_text_often.yaml": "stands for more than 4,000,000 bytes",
}
"""Why each file is refused."""

READ = [path for path in sorted(HOSTILE.iterdir()) if path.name not in REFUSED]
"""The files that are read."""

MOST_SECONDS, MOST_BYTES = 2.0, 250_000_000
"""Of computing, for a reader that stops after a second and then says so; and of memory, for a file of 10 MB."""


def twins() -> bytes:
    """A layer of many arguments, and many in nested models that may be the same object."""
    nested = []
    for number in range(1, 2_500):
        inner = model([an_input("i"), entry("d", ["i"]) | {"shared_object_id": number}], ["i"], ["d"])
        nested.append(inner | {"name": f"n{number}", "inbound_nodes": [[["a", 0, 0, {}]]]})
    twin = entry("d", ["a"], **{f"argument{number}": number for number in range(60_000)})
    return json.dumps(model([an_input("a"), twin, *nested], ["a"], ["d"])).encode()


BOMBS = {
    "layers that may be one": twins(),
    "aliases of aliases": b"class_name: x\nlayers:\n- &a0 [1]\n"
    + b"".join(b"- &a%d [%s]\n" % (i, b",".join([b"*a%d" % (i - 1)] * 9)) for i in range(1, 12)),
    "empty lines": b"\n" * 2_000_000,
    "empty lines in a brace": b"{" + b"\n" * 2_000_000,
    "lines of spaces": b"x\n" + b"  \n" * 600_000,
    "one text of YAML": b"class_name: x\nconfig: '" + b"a b\n  " * 600_000 + b"'\n",
    "many values of YAML": b"class_name: x\nconfig: [" + b"1," * 1_900_000 + b"]\n",
    "deep YAML": b"class_name: x\nconfig: " + b"[" * 1_000_000,
    "many names for tags": b"".join(b"%%TAG !%x! x\n" % i for i in range(200_000)) + b"---\nclass_name: x\n",
    "many objects of a protocol buffer": b"\x0a\x00" * 5_000_000,
    "an object of many parts": b"\x0a\x80\xad\xe2\x04" + b"\x08\x01" * 5_000_000,
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_once_broke_the_page_is_refused_in_words(name):
    with pytest.raises(NotReadError, match=REFUSED[name]):
        given.read(name, (HOSTILE / name).read_bytes())


@pytest.mark.parametrize("path", READ, ids=lambda path: path.name)
def test_a_file_that_once_broke_the_page_is_read_and_described(path):
    assert described(given.program_of(given.read(path.name, path.read_bytes())))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", BOMBS)
def test_what_is_made_to_take_time_is_refused_in_time(name):
    start = time.thread_time()
    with pytest.raises(NotReadError):
        given.read(name, BOMBS[name])
    assert time.thread_time() - start < MOST_SECONDS


@pytest.mark.parametrize("name", ["aliases of aliases", "many objects of a protocol buffer"])
def test_what_is_made_to_take_memory_takes_little(name):
    tracemalloc.start()
    try:
        with pytest.raises(NotReadError):
            given.read(name, BOMBS[name])
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("at", ["read_file", "describe"])
def test_what_nobody_thought_of_is_refused_with_its_name_and_written_to_the_log(at, monkeypatch, caplog):
    def broken(*_args, **_named):
        raise KeyError("x")

    monkeypatch.setattr(given, at, broken)
    with pytest.raises(NotReadError, match="KeyError: 'x'"):
        given.read("a model", load_example("siamese").encode())
    assert "KeyError" in caplog.text
    assert "raised" in caplog.text


def test_letters_beyond_ascii_make_a_model_no_larger():
    config = json.loads(load_example("siamese")) | {"note": "é" * 900_000}
    assert given.program_of(given.read("a model", json.dumps(config, ensure_ascii=False).encode())).models


def test_many_models_are_described_in_one_step(monkeypatch):
    described_for = []

    def slow(_graph, *_args):
        end = time.thread_time() + 0.2
        while time.thread_time() < end:
            Budget().clock()
        described_for.append(0.2)

    monkeypatch.setattr(given, "describe", slow)
    models = "".join(f"m{i} = Model(a, Dense({i + 1})(a))\n" for i in range(20))
    given.read("a program", f"from keras import *\na = Input((3,))\n{models}".encode())
    assert sum(described_for) <= MOST_SECONDS


def test_a_model_that_takes_too_long_to_be_described_is_kept_and_says_so_later(monkeypatch):
    def slow(*_args, **_named):
        raise given.ModelFileError("It takes longer than 1 s.")

    monkeypatch.setattr(CallGraph, "to_dot", slow)
    assert given.program_of(given.read("a model", load_example("siamese").encode())).models
