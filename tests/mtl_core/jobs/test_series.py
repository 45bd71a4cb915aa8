"""A series of runs on a real cluster: one at a time, none twice, and nobody's own Train waits for it."""

from mtl_core.jobs.runs import Runs
from mtl_core.jobs.series import Series
from mtl_core.jobs.tasks import Rank
from tests.mtl_core.jobs.fakes import DIVERGES, FAILS, a_spec, executions, let_go
from tests.mtl_core.jobs.waiting import until

ANN, BOB = "ann", "bob"


def test_a_series_runs_to_its_end_each_run_once_and_one_at_a_time(runs: Runs) -> None:
    specs = tuple(a_spec(700 + k) for k in range(4))
    series = Series(specs, {})
    seen = set()

    def ended() -> bool:
        under_way = series.advance(runs, ANN)
        busy = [spec for spec in specs if runs.look(spec).busy]
        seen.add(len(busy))
        return under_way is None

    until(ended)
    assert [*series.scores] == [*specs]
    assert seen <= {0, 1}
    assert [len(executions(spec)) for spec in specs] == [1, 1, 1, 1]


def test_nobodys_own_train_waits_for_a_series_and_the_series_goes_on_behind_it(runs: Runs) -> None:
    slow, *rest = specs = (a_spec(710, held=True), a_spec(711), a_spec(712))
    series = Series(specs, {})
    until(lambda: (run := series.advance(runs, ANN)) is not None and len(run.epochs) > 1)
    own = a_spec(713)
    runs.train(own, BOB)
    until(lambda: series.advance(runs, ANN) is not None and runs.look(own, BOB).state == "finished")
    assert slow not in series.scores, "the run under way gave way to it"
    let_go(slow)
    until(lambda: series.advance(runs, ANN) is None)
    assert set(series.scores) == {slow, *rest}


def test_the_visitors_own_train_goes_first_and_the_series_goes_on_after_it(runs: Runs) -> None:
    slow = a_spec(720, held=True)
    series = Series((slow,), {})
    until(lambda: (run := series.advance(runs, ANN)) is not None and len(run.epochs) > 1)
    own = a_spec(721)
    runs.train(own, ANN)
    until(lambda: runs.look(own, ANN).state == "finished")
    let_go(slow)
    until(lambda: series.advance(runs, ANN) is None)
    assert slow in series.scores


def test_what_is_stored_is_not_trained_again_and_what_diverges_is_left_out(runs: Runs) -> None:
    stored, bad, new = specs = (a_spec(730), a_spec(731, seed=DIVERGES), a_spec(732))
    runs.train(stored, BOB)
    until(lambda: runs.look(stored, BOB).state == "finished")
    series = Series(specs, {})
    until(lambda: series.advance(runs, ANN) is None)
    assert set(series.scores) == {stored, new}
    assert "diverged" in series.problems[bad].message
    assert len(executions(stored)) == 1


def test_the_other_case_of_a_visitor_goes_before_a_series_and_their_own_train_before_both(runs: Runs) -> None:
    slow, beside, own = a_spec(750, held=True), a_spec(751, held=True), a_spec(752)
    series = Series((slow,), {})
    until(lambda: (run := series.advance(runs, ANN)) is not None and len(run.epochs) > 1)
    runs.background(beside, BOB)
    until(lambda: len(runs.look(beside, BOB).epochs) > 1)
    runs.train(own, "cyd")
    until(lambda: runs.look(own, "cyd").state == "finished")
    let_go(beside)
    until(lambda: series.advance(runs, ANN) is not None and runs.look(beside, BOB).state == "finished")
    assert slow not in series.scores
    let_go(slow)
    until(lambda: series.advance(runs, ANN) is None)


def test_a_run_of_a_series_that_is_somebodys_other_case_stands_where_that_does(runs: Runs) -> None:
    bens, first, second = a_spec(760, held=True), a_spec(761, held=True), a_spec(762, held=True)
    runs.train(bens, BOB)
    until(lambda: runs.look(bens, BOB).epochs)
    runs.background(first, ANN, Rank.SERIES)
    runs.background(second, "cyd", Rank.SERIES)
    until(lambda: runs.health().queued == 2)
    runs.background(second, "dan")
    let_go(bens)
    until(lambda: runs.look(second, "dan").epochs)
    assert runs.look(first).state == "queued"
    let_go(second)
    let_go(first)
    until(lambda: runs.look(first, ANN).state == "finished")


def test_what_failed_before_a_series_began_is_tried_once_more_by_anybody(runs: Runs) -> None:
    bad = a_spec(770, seed=FAILS)
    first, second = Series((bad,), {}), Series((bad,), {})
    until(lambda: first.advance(runs, ANN) is None)
    assert len(executions(bad)) == 1
    until(lambda: second.advance(runs, BOB) is None)
    assert len(executions(bad)) == 2
    assert "told to fail" in second.problems[bad].message


def test_a_stopped_series_lets_its_run_go(runs: Runs) -> None:
    slow = a_spec(740, held=True)
    series = Series((slow, a_spec(741)), {})
    until(lambda: (run := series.advance(runs, ANN)) is not None and len(run.epochs) > 1)
    series.stop(runs, ANN)
    until(lambda: not runs.look(slow).busy)
    assert executions(a_spec(741)) == []
