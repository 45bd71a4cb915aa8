"""Every item has one right answer, and the model's call graph says which: held to a reading of the sketch by other means."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_core.lessons.quiz import KINDS, MISCONCEPTIONS, SURFACES, Item, Kind, Sketch, make_item
from mtl_core.lessons.quiz.items import lesson_structures
from mtl_core.lessons.quiz.sketch import structure

SEEDS = st.integers(0, 10**6)
FEW = settings(max_examples=20)


def heads_that_read(sketch: Sketch, name: str) -> set[str]:
    number = sketch.inputs.index(name)
    return {head.name for head in sketch.heads if number in head.reads}


def losses_that_change(sketch: Sketch, layer: str) -> set[str]:
    if layer == sketch.frozen:
        return set()
    encoded = {n for n, encoder in enumerate(sketch.encoders) if encoder == layer}
    return {head.name for head in sketch.heads if encoded & set(head.reads)}


def said(item: Item, names: set[str]) -> str:
    """The option that names exactly these heads or losses."""
    one, other = item.names["one"], item.names["other"]
    number = {frozenset({one}): 0, frozenset({other}): 1, frozenset({one, other}): 2, frozenset(): 3}[frozenset(names)]
    return item.options[number].text


@pytest.mark.parametrize("kind", KINDS)
@FEW
@given(SEEDS)
def test_an_item_has_one_right_answer_and_each_wrong_one_names_a_misconception(kind: Kind, seed: int) -> None:
    item = make_item(kind, Random(seed), SURFACES[seed % len(SURFACES)])
    assert [option.right for option in item.options].count(True) == 1
    assert len({item.text(option.text) for option in item.options}) == 4
    for option in item.options:
        assert option.misconception == "" if option.right else option.misconception in MISCONCEPTIONS
    assert structure(item.sketch.graph) not in lesson_structures()


@pytest.mark.parametrize("kind", ["forward", "drawn", "prose"])
@FEW
@given(SEEDS)
def test_the_heads_that_can_change_are_those_that_are_given_the_input(kind: Kind, seed: int) -> None:
    item = make_item(kind, Random(seed), SURFACES[0])
    assert item.options[item.right].text == said(item, heads_that_read(item.sketch, item.names["input"]))


@pytest.mark.parametrize("kind", ["trains", "frozen"])
@FEW
@given(SEEDS)
def test_the_losses_that_change_a_layer_are_those_of_heads_that_read_what_it_makes(kind: Kind, seed: int) -> None:
    item = make_item(kind, Random(seed), SURFACES[1])
    assert item.options[item.right].text == said(item, losses_that_change(item.sketch, item.names["layer"]))


@FEW
@given(SEEDS)
def test_the_edit_that_works_gives_the_head_both_codes(seed: int) -> None:
    item = make_item("edit", Random(seed), SURFACES[2])
    first, second = (f"`code_{name}`" for name in item.sketch.inputs)
    right = f"Concatenate {first} and {second} and give `{item.names['head']}` the result"
    assert item.text(item.options[item.right].text) == right


@FEW
@given(SEEDS)
def test_a_drawing_is_false_only_where_a_layer_is_called_twice(seed: int) -> None:
    item = make_item("picture", Random(seed), SURFACES[3])
    layers = item.shown.index("layers")
    shared = len(set(item.sketch.encoders)) == 1 and item.names["input"] not in (
        item.sketch.inputs[n] for head in item.sketch.heads if head.name == item.names["head"] for n in head.reads
    )
    assert item.right == (layers - 1 if shared else 3)


def test_models_with_the_same_wiring_have_the_same_structure_whatever_their_names() -> None:
    items = [make_item("forward", Random(7), surface) for surface in SURFACES[:2]]
    one, other = (item.sketch for item in items)
    assert one.inputs != other.inputs
    assert structure(one.graph) == structure(other.graph)
    assert structure(one.graph) != structure(make_item("prose", Random(7), SURFACES[0]).sketch.graph)


def test_a_model_in_sentences_names_every_input_and_both_heads() -> None:
    item = make_item("prose", Random(1), SURFACES[4])
    for name in (*item.sketch.inputs, *item.sketch.names):
        assert f"`{name}`" in item.prose
