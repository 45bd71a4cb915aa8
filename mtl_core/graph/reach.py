"""What reaches what in a directed graph, for all starting points at once.

Each node carries a set of marks as the bits of one integer, so that a thousand calls and their inputs take a thousand
"or" operations. Circles (which drawings of shared layers have, and calls don't) are passed as one node: Tarjan's strongly
connected components (SIAM Journal on Computing 1, 1972), written without recursion so that a long chain is no problem.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable, Sequence

from mtl_core.graph.config.untrusted import each

__all__ = ["marked", "marks", "shortest_route", "turned"]


def marked(names: Sequence[str], bits: int) -> tuple[str, ...]:
    """Those of the names whose bits are set, number 0 being the lowest.

    Examples
    --------
    >>> marked(("a", "b", "c"), 0b101)
    ('a', 'c')
    """
    return tuple(itertools.compress(names, f"{bits:b}"[::-1].encode().replace(b"0", b"\0")))


def turned(rows: Sequence[int], width: int) -> list[int]:
    """Rows of bits as columns: bit j of row i becomes bit i of row j, for `width` rows.

    Examples
    --------
    >>> turned([0b01, 0b11, 0b10], 2)
    [3, 6]
    """
    columns = zip(*(f"{row:0{width}b}" for row in reversed(rows)), strict=True)
    return [int("".join(column), 2) for column in columns][::-1] or [0] * width


def marks(successors: Sequence[Sequence[int]], starts: Sequence[int]) -> list[int]:
    """The marks that arrive at each node.

    Parameters
    ----------
    successors : sequence of sequences of int
        For each node, the nodes its arrows lead to.
    starts : sequence of int
        Marks that each node begins with, as bits.

    Returns
    -------
    list of int
        For each node, the union of the marks of all nodes from which a path leads to it, its own included.

    Examples
    --------
    >>> marks([[2], [2], []], [1, 2, 0])
    [1, 2, 3]
    """
    arrived = list(starts)
    for circle in each(reversed(_components(successors))):
        union = 0
        for node in circle:
            union |= arrived[node]
        for node in circle:
            arrived[node] = union
            for after in successors[node]:
                arrived[after] |= union
    return arrived


def shortest_route(arrows: Iterable[tuple[str, str]], start: str, end: str) -> tuple[str, ...]:
    """The nodes on a shortest way from one node to another, both included; empty if there is none."""
    after: dict[str, list[str]] = {}
    for source, target in arrows:
        after.setdefault(source, []).append(target)
    came_from = {start: ""}
    queue = deque(came_from)
    while queue and end not in came_from:
        node = queue.popleft()
        for reached in after.get(node, ()):
            if reached not in came_from:
                came_from[reached] = node
                queue.append(reached)
    route = [end] if end in came_from else []
    while route and route[-1] != start:
        route.append(came_from[route[-1]])
    return tuple(reversed(route))


def _components(successors: Sequence[Sequence[int]]) -> list[list[int]]:
    """Strongly connected components, each before those that lead to it."""
    order = [0] * len(successors)  # when first seen, from 1
    lowest = [0] * len(successors)
    on_path = [False] * len(successors)
    path: list[int] = []
    components: list[list[int]] = []
    clock = 0
    for root in each(range(len(successors))):
        stack = [(root, 0)] if not order[root] else []
        while stack:
            node, arrow = stack.pop()
            if not arrow:
                clock += 1
                order[node] = lowest[node] = clock
                path.append(node)
                on_path[node] = True
            for position in range(arrow, len(successors[node])):
                after = successors[node][position]
                if not order[after]:
                    stack += [(node, position + 1), (after, 0)]
                    break
                if on_path[after]:
                    lowest[node] = min(lowest[node], lowest[after])
            else:
                if lowest[node] == order[node]:
                    components.append([])
                    while on_path[node]:
                        components[-1].append(path.pop())
                        on_path[components[-1][-1]] = False
                if stack:
                    lowest[stack[-1][0]] = min(lowest[stack[-1][0]], lowest[node])
    return components
