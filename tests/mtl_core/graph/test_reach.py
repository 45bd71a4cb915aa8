"""Marks arrive exactly where a path leads, circles or not."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_core.graph import marks
from mtl_core.graph.reach import shortest_route


def by_definition(successors, start):
    """All nodes that a walk from `start` can come to."""
    seen, waiting = {start}, [start]
    while waiting:
        fresh = set(successors[waiting.pop()]) - seen
        seen |= fresh
        waiting += fresh
    return seen


@settings(max_examples=300, deadline=None)
@given(
    st.integers(1, 9).flatmap(lambda n: st.lists(st.lists(st.integers(0, n - 1), max_size=4), min_size=n, max_size=n))
)
def test_marks_are_where_a_walk_can_come_to(successors):
    arrived = marks(successors, [1 << i for i in range(len(successors))])
    for i in range(len(successors)):
        assert {j for j, mark in enumerate(arrived) if mark >> i & 1} == by_definition(successors, i)


def test_a_very_long_chain_and_a_very_large_circle_are_no_problem():
    n = 50_000
    chain = [[i + 1] for i in range(n - 1)] + [[]]
    assert marks(chain, [1] + [0] * (n - 1)) == [1] * n
    circle = [[(i + 1) % n] for i in range(n)]
    assert marks(circle, [0] * (n - 1) + [4]) == [4] * n


def test_the_shortest_route_has_both_ends_and_may_not_exist():
    arrows = [("a", "b"), ("b", "c"), ("c", "d"), ("a", "c"), ("c", "a")]
    assert shortest_route(arrows, "a", "d") == ("a", "c", "d")
    assert shortest_route(arrows, "a", "a") == ("a",)
    assert shortest_route(arrows, "d", "a") == ()
