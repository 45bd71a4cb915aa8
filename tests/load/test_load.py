"""The report of a class's visit says what was promised and did not hold."""

import asyncio
import math
from collections import Counter

import pytest

from tests.browser.server import Server
from tests.load.first_visit import fetch
from tests.load.load import BUDGETS, BYTES, FILES, Report


def good() -> Report:
    """A visit in which everything went well: of 100 actions of each kind five took long."""
    report = Report(bytes=[BYTES, BYTES - 1], finished=Counter({"a": 1, "b": 1}))
    report.timings.update({action: [0.1] * 95 + [9.0] * 5 for action in BUDGETS})
    return report


def broken(report: Report) -> list[str]:
    return [verdict for verdict, holds in report.verdicts().items() if not holds]


def test_a_good_visit_holds_all_that_was_promised() -> None:
    assert broken(good()) == []


@pytest.mark.parametrize("action", BUDGETS)
def test_one_kind_of_action_that_is_slow_or_was_never_done_is_named(action: str) -> None:
    slow, never = good(), good()
    slow.timings[action] = [0.1] * 94 + [BUDGETS[action] + 0.01] * 6
    del never.timings[action]
    assert never.p95(action) == math.inf
    for report in (slow, never):
        (verdict,) = broken(report)
        assert verdict.endswith(f"; not {action}")


def test_an_error_a_run_trained_twice_and_none_trained_break_a_promise_each() -> None:
    wrong, twice, none = good(), good(), good()
    wrong.errors["TimeoutError: "] += 1
    twice.finished["a"] += 1
    none.finished.clear()
    assert broken(wrong) == ["nobody saw an error"]
    assert broken(twice) == broken(none) == ["what was asked for was trained, and nothing twice"]


@pytest.mark.parametrize("sizes", [[], [BYTES - 1, BYTES + 1]])
def test_a_heavy_first_visit_breaks_a_promise_and_so_does_none(sizes: list[int]) -> None:
    heavy = good()
    heavy.bytes = sizes
    assert broken(heavy) == ["a first visit takes 3 MB at most"]
    assert FILES in heavy.timings


def test_a_file_that_is_not_there_is_no_first_visit(server: Server) -> None:
    assert asyncio.run(fetch(server.url, ["/_stcore/health"])) > 0
    with pytest.raises(ValueError, match="404"):
        asyncio.run(fetch(server.url, ["/media/nothing.png"]))
