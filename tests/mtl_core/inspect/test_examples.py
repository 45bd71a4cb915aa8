"""The examples are what Keras writes, and each shows what it promises."""

import importlib.util
import json
from pathlib import Path

import keras
import pytest

from mtl_core.graph import CallGraph
from mtl_core.inspect.examples import EXAMPLES, load_example

MAKER = Path(__file__).parents[3] / "assets" / "examples" / "make_examples.py"


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("make_examples", MAKER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_is_a_file_for_each_and_no_other():
    assert {path.stem for path in MAKER.parent.glob("*.json")} == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_what_keras_writes_today(name, maker):
    keras.utils.clear_session()
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
