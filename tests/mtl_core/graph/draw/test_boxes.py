"""Folding hides calls and never a path: whatever is folded up, the same inputs lead to the same heads."""

import functools
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.graph import CallGraph
from mtl_core.graph.draw.boxes import SHORTEST_RUN, boxes_of, lit_calls
from mtl_core.graph.draw.dot import drawn_boxes, to_dot
from mtl_core.inspect.examples import EXAMPLES, load_example
from tests.mtl_core.graph.dense_graphs import chain


@functools.cache
def example(name):
    return CallGraph.from_json(load_example(name))


def reached(boxes, start):
    """Ids of the calls in all boxes that arrows lead to from a call's box."""
    below = set()
    for box in boxes:
        if start in box.calls or not below.isdisjoint(box.reads):
            below.add(box.id)
    return {call for box in boxes if box.id in below for call in box.calls}


@given(st.lists(st.integers(1, 3), min_size=1, max_size=12), st.integers(0, 20))
def test_straight_runs_hold_all_calls_once_and_every_path(widths, opened):
    graph = chain(*widths)
    opened = {call.id for call in graph.calls[opened : opened + 1]}
    boxes = boxes_of(graph, open_runs=opened)
    assert Counter(call for box in boxes for call in box.calls) == Counter(call.id for call in graph.calls)
    for head in graph.outputs:
        assert graph.head(head).call in reached(boxes, "start")
    for box in boxes:
        if box.run:
            assert len(box.calls) >= SHORTEST_RUN
            assert opened.isdisjoint(box.calls)
            assert all(graph[after].reads == (before,) for before, after in zip(box.calls, box.calls[1:], strict=False))


def test_a_chain_of_calls_is_one_box_between_its_input_and_its_head():
    graph = chain(*[1] * 40)
    assert [box.id for box in boxes_of(graph, open_runs=())] == ["start", "d0_0 … d38_0", "d39_0"]
    assert "39 calls in a row" in to_dot(graph, open_runs=())
    assert len(boxes_of(graph)) == len(boxes_of(graph, open_runs={"d7_0"})) == 41


def test_calls_that_branch_or_merge_are_not_hidden_in_a_run():
    assert {box.id for box in boxes_of(chain(1, 1, 2, 1, 1), open_runs=()) if box.run} == set()


@pytest.mark.parametrize("name", EXAMPLES)
def test_only_what_lies_between_an_input_and_a_head_is_kept(name):
    graph = example(name)
    for start in graph.inputs:
        for head in graph.outputs:
            boxes = boxes_of(graph, highlight=(start, head), only_lit=True)
            between = {call.id for call in graph.calls_between(start, head)}
            assert {call for box in boxes for call in box.calls} == between | {start, graph.head(head).call}
            assert (graph.head(head).call in reached(boxes, start)) == graph.reaches(start, head)


def test_a_pair_that_no_path_joins_lights_up_its_two_ends_only():
    assert lit_calls(example("case2"), ("tweet_b", "predictions1")) == {"tweet_b", "predictions1"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_drawing_has_a_node_for_each_box_that_is_named(name):
    graph = example(name)
    options = {"collapsed": graph.nested_models, "open_runs": (), "highlight": graph.outputs[0]}
    nodes = re.findall(r'^\s*"?([^"\n]+?)"? \[label=.* class=\w+', graph.to_dot(**options), flags=re.MULTILINE)
    assert sorted(drawn_boxes(graph, **options)) == sorted(nodes)


def test_nested_models_are_named_once():
    assert example("siamese").nested_models == ("encoder",)
    assert example("case1").nested_models == ()
