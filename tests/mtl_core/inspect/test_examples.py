"""The examples are what Keras writes, and each shows what it promises."""

import importlib.util
import json
from pathlib import Path

import keras
import pytest

from mtl_core.graph import CallGraph
from mtl_core.graph.program import read_program
from mtl_core.inspect.compare import compare
from mtl_core.inspect.examples import EXAMPLES, PROGRAMS, load_example, load_program
from mtl_core.spec import INSPECTED

MAKER = Path(__file__).parents[3] / "assets" / "examples" / "make_examples.py"


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("make_examples", MAKER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_is_a_file_for_each_and_no_other():
    assert {path.stem for path in MAKER.parent.glob("*.json")} == set(EXAMPLES)
    assert {path.stem for path in MAKER.parent.glob("*.txt")} == set(PROGRAMS)


def test_a_link_can_name_each_and_nothing_else_but_an_own_model():
    assert (*EXAMPLES, *PROGRAMS, "own") == INSPECTED


@pytest.mark.parametrize("case", ["case1", "case2"])
def test_a_program_of_2019_makes_the_model_that_keras_wrote(case):
    read, written = read_program(load_program(f"program_{case}")), CallGraph.from_json(load_example(case))
    (graph,) = read.models.values()
    assert not read.remarks
    assert (graph.statuses(), graph.parameters) == (written.statuses(), written.parameters)
    assert compare(graph, written).changes == ()


def test_the_program_with_an_edit_has_the_lines_that_it_says_itself():
    text = load_program("program_edit")
    program = read_program(text)
    assert list(program.models) == ["before", "after"]
    assert [(remark.line, remark.kind) for remark in program.remarks] == [(15, "unknown"), (21, "refused")]
    assert all(f"ine {remark.line} " in text.splitlines()[0] for remark in program.remarks)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_what_keras_writes_today(name, maker):
    keras.utils.clear_session(free_memory=False)
    model = getattr(maker, name)()
    assert json.loads(load_example(name)) == json.loads(model.to_json())
    assert CallGraph.from_json(load_example(name)).parameters == model.count_params()


def blind(name):
    return {pair for pair, may in CallGraph.from_json(load_example(name)).dependence().items() if not may}


def test_each_shows_what_it_promises():
    assert blind("case2") == {("predictions1", "tweet_b"), ("predictions2", "tweet_a")}
    assert blind("three_heads") == {("mood_a", "tweet_b"), ("mood_b", "tweet_a")}
    assert blind("image_text") == {("language", "image")}
    for name in ("case1", "siamese", "tickets", "experts", "unet"):
        assert not blind(name)
    assert "encoder/conv1" in CallGraph.from_json(load_example("siamese")).shared_layers


def test_an_unknown_example_is_no_path_to_other_files():
    with pytest.raises(KeyError):
        load_example("../../pyproject")
    with pytest.raises(KeyError):
        load_program("../programs/question_2019")
