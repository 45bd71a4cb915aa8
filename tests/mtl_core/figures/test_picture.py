"""The picture says what the graph says, and nothing in it moves or meets when the case changes."""

import itertools

import pytest

from mtl_core.figures.picture import MOST, picture
from mtl_core.graph import CallGraph
from mtl_core.spec import DataSpec, ModelSpec

MODELS = [
    ModelSpec(merge=merge, encoder=encoder, hidden_units=hidden)
    for merge, encoder, hidden in itertools.product(
        ("none", "concatenate", "add", "multiply"), ("shared", "separate"), (0, 8)
    )
]


def drawn(model, **options):
    graph = CallGraph.from_spec(model, DataSpec())
    return graph, picture(graph, **options)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_it_has_exactly_the_arrows_of_the_call_graph_with_a_strand_for_each_tweet_that_is_carried(model):
    graph, shown = drawn(model)
    strands = {(wire.source, wire.target, wire.tweet) for wire in shown.wires}
    assert strands == {(one, two, tweet) for one, two in graph.edges for tweet in graph.seen_by(one)}
    assert {box.name: box.sees for box in shown.boxes} == {call.id: graph.seen_by(call.id) for call in graph.calls}


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_no_box_lies_over_another_or_outside_and_every_arrow_ends_on_its_box(model):
    _graph, shown = drawn(model)
    boxes = {box.name: box for box in (*shown.boxes, *filter(None, [shown.empty]))}
    for one, two in itertools.combinations(boxes.values(), 2):
        beside = one.x + one.width <= two.x or two.x + two.width <= one.x
        assert beside or one.y + one.height <= two.y or two.y + two.height <= one.y
    for box in boxes.values():
        assert 0 <= box.x <= box.x + box.width <= shown.width
        assert 0 <= box.y <= box.y + box.height <= shown.height
    for wire in shown.wires:
        start, end = boxes[wire.source], boxes[wire.target]
        assert start.x <= wire.x0 <= start.x + start.width
        assert end.x <= wire.x1 <= end.x + end.width
        assert wire.y0 < wire.y1


@pytest.mark.parametrize("hidden", [0, 8])
def test_changing_the_case_moves_no_box_and_leaves_an_empty_place_for_the_merge(hidden):
    _graph, joined = drawn(ModelSpec(hidden_units=hidden))
    _graph, apart = drawn(ModelSpec(merge="none", hidden_units=hidden))
    place = {box.name: (box.x, box.y, box.width, box.height) for box in joined.boxes}
    assert all(place[box.name] == (box.x, box.y, box.width, box.height) for box in apart.boxes)
    assert joined.height == apart.height
    assert joined.empty is None
    assert apart.empty is not None
    assert place["merged_vector"] == (apart.empty.x, apart.empty.y, apart.empty.width, apart.empty.height)


def test_an_arrow_into_a_head_is_as_wide_as_the_head_relies_on_that_tweet():
    costs = {("predictions1", "tweet_a"): 0.25 * MOST, ("predictions1", "tweet_b"): 0.5 * MOST}
    costs |= {("predictions2", "tweet_a"): -0.1, ("predictions2", "tweet_b"): 7 * MOST}
    _graph, shown = drawn(ModelSpec(), reliance=costs)
    width = {(wire.target, wire.tweet): wire.width for wire in shown.wires if wire.target.startswith("predictions")}
    least, most = width["predictions2", "tweet_a"], width["predictions2", "tweet_b"]
    assert least < width["predictions1", "tweet_a"] < width["predictions1", "tweet_b"] < most
    assert width["predictions1", "tweet_b"] - least == pytest.approx((most - least) / 2)


def test_only_what_passes_the_merge_can_be_cut():
    _graph, shown = drawn(ModelSpec())
    assert {wire.target for wire in shown.wires if wire.cuts} == {"merged_vector", "predictions1", "predictions2"}
    assert not any(wire.cuts for wire in drawn(ModelSpec(merge="none"))[1].wires)


def test_a_head_lights_up_what_reaches_it():
    _graph, shown = drawn(ModelSpec(merge="none"), head="predictions1")
    assert {box.name for box in shown.boxes if not box.lit} == {"tweet_b", "shared_lstm#2", "predictions2"}
