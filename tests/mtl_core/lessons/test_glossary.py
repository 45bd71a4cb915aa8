"""The glossary explains what the app says, in numbers that are right and from sources that can be looked up."""

import ast
import math
import re
from pathlib import Path

import pytest

from mtl_core.graph import CallGraph
from mtl_core.inspect.examples import load_example
from mtl_core.lessons.glossary import GLOSSARY

ROOT = Path(__file__).parents[3]


def said_in_the_app() -> str:
    """Everything that the app may show: its texts outside the glossary, and the programs that it offers."""
    texts = []
    for folder in ("pages", "mtl_core"):
        for path in (ROOT / folder).rglob("*.py"):
            if path.name != "glossary.py":
                constants = (
                    node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)
                )
                texts += [value for value in constants if isinstance(value, str)]
    texts += [path.read_text() for path in (ROOT / "assets" / "programs").glob("*.py")]
    return " ".join(texts).lower()


@pytest.fixture(scope="module")
def app():
    return said_in_the_app()


@pytest.mark.parametrize("key", GLOSSARY)
def test_every_word_of_the_glossary_is_one_that_the_app_says(app, key):
    assert GLOSSARY[key].plain.lower() in app


def test_the_numbers_in_definitions_are_right():
    nats = GLOSSARY["nats"].definition
    assert f"ln 2 = {math.log(2):.3f} nats" in nats
    assert f"1 nat is {1 / math.log(2):.2f} bits" in nats
    assert re.search(
        r"two encodings of (\d+) numbers become one of (\d+)", GLOSSARY["concatenate"].definition
    ).groups() == (
        "16",
        "32",
    )


def test_the_examples_of_may_cannot_and_not_known_are_what_the_graphs_say():
    case1, case2 = (CallGraph.from_json(load_example(name)) for name in ("case1", "case2"))
    unread = CallGraph.from_program("x = Input((3,))\nmodel = Model(x, Dense(1)(attend(x)))")
    assert "predictions1 may depend on tweet_b" in GLOSSARY["may_depend"].definition
    assert case1.status("predictions1", "tweet_b") == "may"
    assert "predictions1 cannot depend on tweet_b" in GLOSSARY["cannot"].definition
    assert case2.status("predictions1", "tweet_b") == "cannot"
    assert "Dense(1)(attend(x))" in GLOSSARY["not_known"].definition
    assert unread.status(unread.outputs[0], "x") == "unknown"


@pytest.mark.parametrize("key", [key for key, term in GLOSSARY.items() if term.source])
def test_a_source_is_a_dated_citation_or_an_address(key):
    for source in GLOSSARY[key].source.split("; "):
        assert re.search(r"\((19|20)\d\d\)", source) or source.startswith("https://"), source


@pytest.mark.parametrize("key", GLOSSARY)
def test_a_definition_says_more_than_its_own_name(key):
    term = GLOSSARY[key]
    names = set(re.findall(r"\w+", f"{term.plain} {term.formal}".lower()))
    assert len(set(re.findall(r"\w+", term.definition.lower())) - names) >= 8
    assert all(len(sentence.split()) <= 35 for sentence in re.split(r"(?<=[.:;])\s", term.definition))
