import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mtl_core.jobs.cluster import Remote
from mtl_core.jobs.finished import Finished
from mtl_core.jobs.runs import Runs
from mtl_core.records import Gallery, Head, encode, run_key
from mtl_core.spec import ExperimentSpec
from tests.mtl_core.jobs import fakes
from tests.mtl_core.jobs.fakes import DIVERGES, FAILS, a_spec, answered, executions, finish, let_go
from tests.mtl_core.jobs.waiting import Followers, MakeRuns, until

ANN, BEN = "ann", "ben"


def test_a_trained_run_comes_epoch_by_epoch_and_stays(runs: Runs) -> None:
    spec = a_spec(1, held=True)
    assert runs.look(spec).state == "none"
    assert runs.train(spec, ANN).state == "queued"
    until(lambda: len(runs.look(spec).epochs) == 2)
    seen = runs.look(spec)
    assert (seen.state, seen.source, seen.config, seen.kept) == ("running", "live", "{}", ())
    let_go(spec)
    until(lambda: not runs.look(spec).busy)
    seen = runs.look(spec)
    assert (seen.state, seen.source, seen.message) == ("finished", "live", "")
    assert [epoch.index for epoch in seen.epochs] == list(seen.kept) == list(range(6))


def test_a_finished_run_is_still_there_after_a_restart_of_the_app(make_runs: MakeRuns, tmp_path: Path) -> None:
    spec = a_spec(2)
    first = make_runs(store=tmp_path / "store")
    first.train(spec, ANN)
    until(lambda: first.look(spec).state == "finished")
    first.close()
    second = make_runs(store=tmp_path / "store")
    seen = second.look(spec)
    assert (seen.state, seen.source) == ("finished", "stored")
    assert second.train(spec, ANN) is seen
    assert len(executions(spec)) == 1


def test_a_run_under_way_survives_a_restart_of_the_app_and_the_page_says_so(
    make_runs: MakeRuns, tmp_path: Path
) -> None:
    spec, stopped, over = a_spec(67, held=True), a_spec(68, held=True), a_spec(69)
    first = make_runs(store=tmp_path / "store")
    finished(first, over)
    first.train(stopped, BEN)
    until(lambda: first.look(stopped).epochs)
    first.stop(stopped, BEN)
    first.train(spec, ANN)
    until(lambda: first.look(spec).epochs)
    first.close()
    second = make_runs(store=tmp_path / "store")
    assert second.look(spec).state == "none"
    second.start()
    until(lambda: second.look(spec).epochs)
    seen = second.look(spec, "ann again")
    assert (seen.state, seen.message) == (
        "running",
        "The server was restarted; this run was asked for again by itself.",
    )
    let_go(spec)
    until(lambda: second.look(spec).state == "finished")
    assert second.look(stopped).state == "none"
    second.close()
    third = make_runs(store=tmp_path / "store")
    third.start()
    until(lambda: third.health().workers == 1)
    assert (third.look(spec).source, third.look(stopped).state) == ("stored", "none")


def test_a_run_that_was_asked_for_again_at_start_ends_if_nobody_comes_back(make_runs: MakeRuns, tmp_path: Path) -> None:
    spec = a_spec(48, held=True)
    first = make_runs(store=tmp_path / "store")
    first.train(spec, ANN)
    until(lambda: first.look(spec).epochs)
    first.close()
    second = make_runs(store=tmp_path / "store", grace=1.0)
    second.start()
    until(lambda: second.look(spec).busy)
    until(lambda: not second.look(spec).busy)


def test_two_visitors_share_one_training(runs: Runs) -> None:
    spec = a_spec(3, held=True)
    runs.train(spec, ANN)
    runs.train(spec, BEN)
    until(lambda: len(runs.look(spec).epochs) == 2)
    runs.stop(spec, ANN)
    let_go(spec)
    until(lambda: runs.look(spec).state == "finished")
    assert len(executions(spec)) == 1


def test_two_app_processes_share_one_training_and_the_late_one_sees_the_past(
    make_runs: MakeRuns, followers: Followers
) -> None:
    spec = a_spec(4, held=True)
    one, two = make_runs(), make_runs()
    one.train(spec, ANN)
    until(lambda: len(one.look(spec).epochs) == 2)
    two.train(spec, BEN)
    until(lambda: two.look(spec).epochs == one.look(spec).epochs and followers(spec) == 2)
    one.stop(spec, ANN)
    assert one.look(spec).state == "stopped"
    let_go(spec)
    until(lambda: two.look(spec).state == "finished")
    assert len(executions(spec)) == 1


def test_a_run_ends_when_the_last_follower_anywhere_stops(make_runs: MakeRuns, followers: Followers) -> None:
    spec, after = a_spec(5, held=True), a_spec(6)
    one, two = make_runs(), make_runs()
    one.train(spec, ANN)
    two.train(spec, BEN)
    until(lambda: two.look(spec).epochs and one.look(spec).epochs and followers(spec) == 2)
    one.stop(spec, ANN)
    until(lambda: followers(spec) == 1)
    two.stop(spec, BEN)
    seen = two.look(spec)
    assert (seen.state, seen.kept) == ("stopped", ())
    assert "Stopped after epoch" in seen.message
    # The one slot is free again only when the stopped run has really ended.
    two.train(after, BEN)
    until(lambda: two.look(after).state == "finished")
    assert make_runs().look(spec).state == "none"


def test_a_stop_never_touches_a_later_run_of_the_same_spec(runs: Runs) -> None:
    spec = a_spec(7, held=True)
    for _ in range(5):
        runs.train(spec, ANN)
        until(lambda: runs.look(spec).epochs)
        runs.stop(spec, ANN)
        runs.train(spec, ANN)
    let_go(spec)
    until(lambda: not runs.look(spec).busy)
    seen = runs.look(spec)
    assert seen.state == "finished"
    assert [epoch.index for epoch in seen.epochs] == list(range(6))


def test_a_stop_in_one_app_process_and_a_start_in_another_at_once_make_one_whole_run(make_runs: MakeRuns) -> None:
    spec = a_spec(8, held=True)
    one, two = make_runs(), make_runs()
    one.train(spec, ANN)
    until(lambda: one.look(spec).epochs)
    one.stop(spec, ANN)
    two.train(spec, BEN)
    let_go(spec)
    until(lambda: not two.look(spec).busy)
    assert two.look(spec).state == "finished"
    assert [epoch.index for epoch in two.look(spec).epochs] == list(range(6))


def test_any_order_of_trains_and_stops_in_three_apps_leaves_nothing_running_and_loses_no_run(
    make_runs: MakeRuns, followers: Followers
) -> None:
    order, spec, after = random.Random(1), a_spec(37, held=True), a_spec(38)
    apps = [make_runs() for _ in range(3)]
    for _ in range(60):
        app, visitor = order.choice(apps), order.choice((ANN, BEN))
        order.choice((app.train, app.stop))(spec, visitor)
        threading.Event().wait(order.choice((0, 0, 0.01, 0.03)))
    for app in apps:
        app.stop(spec, ANN)
        app.stop(spec, BEN)
    # The one slot is free only when no run is left behind.
    apps[0].train(after, ANN)
    until(lambda: apps[0].look(after).state == "finished" and followers(spec) == 0)
    apps[1].train(spec, ANN)
    let_go(spec)
    until(lambda: not apps[1].look(spec).busy)
    assert apps[1].look(spec).state == "finished"
    assert [epoch.index for epoch in apps[1].look(spec).epochs] == list(range(spec.train.epochs + 1))


def test_train_again_makes_new_numbers_and_shows_only_those(make_runs: MakeRuns, followers: Followers) -> None:
    spec = a_spec(9, held=True)
    one, two = make_runs(), make_runs()
    let_go(spec)
    for runs in (one, two):
        runs.train(spec, ANN)
        until(lambda runs=runs: runs.look(spec).state == "finished" and followers(spec) == 0)
    before = len(executions(spec))
    assert one.train(spec, ANN).state == "finished"
    assert one.train(spec, ANN, again=True).state == "queued"
    until(lambda: not one.look(spec).busy)
    assert one.look(spec).state == "finished"
    assert len(executions(spec)) == before + 1


def test_a_new_train_releases_the_visitors_former_run(runs: Runs) -> None:
    first, second = a_spec(10, held=True), a_spec(11)
    runs.train(first, ANN)
    until(lambda: runs.look(first).epochs)
    runs.train(second, ANN)
    assert runs.look(first).state == "stopped"
    until(lambda: runs.look(second).state == "finished")


def test_the_other_case_waits_behind_the_own_run_and_is_dropped_by_the_next_train(runs: Runs) -> None:
    own, beside, next_ = a_spec(12, held=True), a_spec(13), a_spec(14, held=True)
    runs.train(own, ANN)
    until(lambda: runs.look(own).epochs)
    assert runs.background(beside, ANN).state == "queued"
    assert runs.look(own).state == "running"
    runs.train(next_, ANN)
    assert (runs.look(own).state, runs.look(beside).state) == ("stopped", "none")
    let_go(next_)
    runs.background(beside, ANN)
    until(lambda: runs.look(next_).state == runs.look(beside).state == "finished")
    assert len(executions(beside)) == 1


def test_a_run_that_somebody_pressed_train_for_goes_before_one_that_stands_beside(runs: Runs) -> None:
    own, beside, bens = a_spec(15, held=True), a_spec(16, held=True), a_spec(17, held=True)
    runs.train(own, ANN)
    until(lambda: runs.look(own).epochs)
    runs.background(beside, ANN)
    runs.train(bens, BEN)
    until(lambda: runs.health().queued == 2)
    let_go(own)
    until(lambda: runs.look(bens).epochs)
    assert runs.look(beside).state == "queued"
    let_go(bens)
    let_go(beside)
    until(lambda: runs.look(beside).state == "finished")


def test_the_other_case_gives_way_to_a_run_of_another_app_and_begins_again_behind_it(make_runs: MakeRuns) -> None:
    beside, bens = a_spec(41, held=True), a_spec(42)
    one, two = make_runs(), make_runs()
    one.background(beside, ANN)
    until(lambda: one.look(beside).epochs)
    two.train(bens, BEN)
    until(lambda: two.look(bens).state == "finished")
    assert one.look(beside).busy
    let_go(beside)
    until(lambda: one.look(beside).state == "finished")
    assert len(executions(beside)) >= 2
    assert one.look(beside).retries == 0


@pytest.mark.parametrize("where", ["in the same app", "in another app"])
def test_the_other_case_gives_way_no_longer_once_somebody_presses_train_for_it(make_runs: MakeRuns, where: str) -> None:
    number = 43 if where == "in the same app" else 45
    beside, bens = a_spec(number, held=True), a_spec(number + 1)
    one, two = make_runs(), make_runs()
    one.background(beside, ANN)
    until(lambda: one.look(beside).epochs)
    wants = one if where == "in the same app" else two
    wants.train(beside, ANN)
    until(lambda: wants.look(beside).epochs)
    two.train(bens, BEN)
    until(lambda: two.health().queued == 1)
    assert two.look(bens).state == "queued"
    let_go(beside)
    until(lambda: two.look(bens).state == "finished")
    assert len(executions(beside)) == 1


def test_place_and_expected_wait_in_the_queue_are_known(runs: Runs) -> None:
    held, queued = a_spec(18, held=True), [a_spec(19), a_spec(20)]
    runs.train(held, ANN)
    until(lambda: runs.look(held).epochs)
    for number, spec in enumerate(queued):
        runs.train(spec, f"visitor {number}")
    until(lambda: [runs.look(spec).position for spec in queued] == [1, 2])
    first, second = (runs.look(spec).wait for spec in queued)
    assert first is not None
    assert second is not None
    assert 0 < first < second
    until(lambda: (runs.health().running, runs.health().queued) == (1, 2))
    let_go(held)
    until(lambda: all(runs.look(spec).state == "finished" for spec in queued))


def test_the_wait_is_what_the_run_ahead_still_needs_at_its_present_pace(runs: Runs) -> None:
    held, queued = a_spec(49, held=True), a_spec(39)
    runs.train(held, ANN)
    until(lambda: len(runs.look(held).epochs) == 2)
    runs.train(queued, BEN)
    until(lambda: runs.look(queued).position == 1)
    # Four of five epochs of 0.1 s are still to come.
    assert runs.look(queued).wait == pytest.approx(0.4)
    assert runs.look(held).seconds_left == pytest.approx(0.4)
    let_go(held)
    until(lambda: runs.look(queued).state == "finished")


def test_who_had_several_runs_just_now_waits_behind_who_had_none(runs: Runs) -> None:
    held, anns, bens = a_spec(77, held=True), a_spec(78), a_spec(79)
    for number in (65, 66):
        runs.train(a_spec(number), ANN)
        until(lambda number=number: runs.look(a_spec(number)).state == "finished")
    runs.train(held, "zoe")
    until(lambda: runs.look(held).epochs)
    runs.train(anns, ANN)
    until(lambda: runs.look(anns).position == 1)
    runs.train(bens, BEN)
    until(lambda: (runs.look(bens).position, runs.look(anns).position) == (1, 2))
    # Whoever joins a run takes it along to a better place.
    runs.train(anns, "dan")
    runs.train(a_spec(46), "eve")
    until(lambda: runs.look(a_spec(46)).position == 3 and runs.look(anns).position == 2)
    let_go(held)
    until(lambda: runs.look(anns).state == runs.look(bens).state == "finished")


def test_the_run_of_a_visitor_who_left_ends_and_that_of_one_who_ticks_goes_on(make_runs: MakeRuns) -> None:
    runs = make_runs(grace=1.0)
    left, kept = a_spec(21, held=True), a_spec(22, held=True)
    runs.train(left, ANN)
    runs.train(kept, BEN)
    until(lambda: runs.look(left).epochs)

    def ben_ticks() -> bool:
        runs.renew(BEN)
        return runs.look(left).state == "stopped" and bool(runs.look(kept).epochs)

    until(ben_ticks)
    let_go(kept)
    until(lambda: ben_ticks() and not runs.look(kept).busy)
    assert (runs.look(left).state, runs.look(kept).state) == ("stopped", "finished")


def test_a_visitor_who_comes_back_with_the_link_keeps_the_run_going(make_runs: MakeRuns) -> None:
    runs = make_runs(grace=1.0)
    spec, hers = a_spec(23, held=True), a_spec(35, held=True)
    runs.train(spec, ANN)
    runs.train(hers, "left for good")
    until(lambda: runs.look(spec).epochs)
    # A browser that comes back is a new visitor, who looks at the run at each tick.
    until(lambda: runs.look(spec, "ann again").busy and runs.look(hers).state == "none")
    assert runs.look(spec).busy
    let_go(spec)
    until(lambda: runs.look(spec, "ann again").state == "finished")


def test_who_stops_a_run_that_somebody_else_watches_is_told_that_it_goes_on(runs: Runs) -> None:
    spec = a_spec(36, held=True)
    runs.train(spec, ANN)
    until(lambda: runs.look(spec, ANN).epochs and runs.look(spec, BEN).epochs)
    runs.stop(spec, ANN)
    assert "goes on for others" in runs.look(spec, ANN).message
    assert (runs.look(spec, BEN).state, runs.look(spec, BEN).message) == ("running", "")
    runs.stop(spec, BEN)
    assert runs.look(spec, BEN).state == "stopped"


def test_a_stopped_run_is_shown_to_those_only_who_followed_it(runs: Runs) -> None:
    spec = a_spec(24, held=True)
    runs.train(spec, ANN)
    until(lambda: runs.look(spec).epochs)
    runs.stop(spec, ANN)
    assert runs.look(spec, ANN).state == "stopped"
    assert runs.look(spec, BEN).state == "none"


def test_a_diverged_run_says_what_to_change(runs: Runs) -> None:
    spec = a_spec(25, seed=DIVERGES)
    runs.train(spec, ANN)
    until(lambda: not runs.look(spec).busy)
    seen = runs.look(spec)
    assert seen.state == "diverged"
    assert "Lower the learning rate" in seen.message
    assert [epoch.index for epoch in seen.epochs] == [0, 1]
    assert runs.background(spec, ANN).state == "diverged"
    assert len(executions(spec)) == 1


def test_a_failed_run_says_so_in_one_line_and_can_be_trained_again(runs: Runs) -> None:
    spec = a_spec(26, seed=FAILS)
    for attempt in (1, 2):
        runs.train(spec, ANN)
        until(lambda: not runs.look(spec).busy)
        seen = runs.look(spec)
        assert seen.state == "failed"
        assert seen.message == "The run failed on the worker: RuntimeError: the fake was told to fail."
        assert len(executions(spec)) == attempt


def test_a_question_is_answered_later_and_at_once_when_asked_again(runs: Runs) -> None:
    spec = a_spec(27)
    runs.train(spec, ANN)
    until(lambda: runs.look(spec).state == "finished")
    assert runs.ask(spec, 2, "respond", perturbation="fade").state == "pending"
    until(lambda: runs.ask(spec, 2, "respond", perturbation="fade").state == "ready")
    assert runs.ask(spec, 2, "respond", perturbation="fade").value == 2 * 6 + 3
    assert runs.ask(spec, 3, "respond", perturbation="fade").state == "pending"


def test_a_question_does_not_wait_for_a_training(runs: Runs) -> None:
    spec, held = a_spec(28), a_spec(29, held=True)
    runs.train(spec, ANN)
    until(lambda: runs.look(spec).state == "finished")
    runs.train(held, ANN)
    until(lambda: runs.look(held).epochs)
    until(lambda: runs.ask(spec, 5, "jacobian").state == "ready")
    assert runs.look(held).state == "running"
    runs.stop(held, ANN)


def test_a_question_that_cannot_be_answered_says_why(runs: Runs) -> None:
    spec = a_spec(30)
    assert "epoch 2" in runs.ask(spec, 2, "respond").message
    runs.train(spec, ANN)
    until(lambda: runs.look(spec).state == "finished")
    assert runs.ask(spec, 77, "respond").state == "failed"
    until(lambda: runs.ask(spec, 2, "respond", fail=1).state == "failed")
    assert "the fake was told to fail" in runs.ask(spec, 2, "respond", fail=1).message
    with pytest.raises(ValueError, match="kind is 'eval'"):
        runs.ask(spec, 2, "eval")


def ask_number(runs: Runs, spec: ExperimentSpec, number: int, visitor: str) -> str:
    return runs.ask(spec, 2, "respond", visitor=visitor, number=number).state


def finished(runs: Runs, spec: ExperimentSpec) -> None:
    runs.train(spec, "whoever")
    until(lambda: runs.look(spec).state == "finished")


def test_a_question_does_not_wait_for_all_that_another_visitor_asked_before(runs: Runs) -> None:
    spec = a_spec(73)
    finished(runs, spec)
    for number in range(2):
        ask_number(runs, spec, number, ANN)
    until(lambda: len(answered(spec)) == 2)
    for number in range(2, 5):
        ask_number(runs, spec, number, f"{ANN}.tab {number}")
    ask_number(runs, spec, 100, BEN)
    let_go(spec)
    until(lambda: ask_number(runs, spec, 100, BEN) == "ready" and ask_number(runs, spec, 4, ANN) == "ready")
    order = answered(spec)
    assert len(order) == 6
    assert order.index(100) < order.index(4)


def test_of_one_visitors_questions_three_wait_those_that_were_asked_last(runs: Runs) -> None:
    spec = a_spec(74)
    finished(runs, spec)
    for number in range(2):
        ask_number(runs, spec, number, ANN)
    until(lambda: len(answered(spec)) == 2)
    for number in range(2, 20):
        ask_number(runs, spec, number, ANN)
    let_go(spec)
    until(lambda: all(ask_number(runs, spec, number, ANN) == "ready" for number in (17, 18, 19)))
    assert sorted(answered(spec)) == [0, 1, 17, 18, 19]
    assert ask_number(runs, spec, 2, ANN) == "pending"
    until(lambda: ask_number(runs, spec, 2, ANN) == "ready")


def test_a_question_that_nobody_looks_at_any_more_is_dropped(make_runs: MakeRuns) -> None:
    runs = make_runs(attention=0.5)
    spec = a_spec(75)
    finished(runs, spec)
    for number in range(2):
        ask_number(runs, spec, number, ANN)
    until(lambda: len(answered(spec)) == 2)
    for number in range(2, 4):
        ask_number(runs, spec, number, BEN)
    assert runs.health().questions == 4
    until(lambda: ask_number(runs, spec, 3, BEN) == "pending" and runs.health().questions == 1)
    let_go(spec)
    until(lambda: ask_number(runs, spec, 3, BEN) == "ready")
    assert sorted(answered(spec)) == [0, 1, 3]


def test_a_recorded_run_is_shown_asked_about_and_really_trained_on_request(make_runs: MakeRuns, tmp_path: Path) -> None:
    spec = a_spec(31)
    outcome = finish(spec, "recorded", tell=lambda event: None, should_stop=lambda: False)
    (tmp_path / f"{spec.digest()}.run").write_bytes(encode(outcome.head, outcome.body))
    runs = make_runs(gallery=tmp_path)
    seen = runs.look(spec)
    assert (seen.state, seen.source, seen.kept) == ("finished", "recorded", tuple(range(6)))
    assert runs.background(spec, ANN) is seen
    until(lambda: runs.ask(spec, 1, "block_scale").state == "ready")
    assert executions(spec) == []
    assert runs.train(spec, ANN).state == "queued"
    until(lambda: runs.look(spec).source == "live" and runs.look(spec).state == "finished")
    assert len(executions(spec)) == 1


class SlowDisk(Finished):
    """A disk that does not answer about one run until it is let go."""

    slow = ""

    def __init__(self, folder: Path) -> None:
        self.asked, self.let_go = threading.Event(), threading.Event()
        super().__init__(folder, gallery=Gallery(folder / "none"))

    def stored(self, key: str) -> Head | None:
        if key == self.slow:
            self.asked.set()
            assert self.let_go.wait(60)
        return super().stored(key)


@pytest.mark.parametrize("ask", ["look", "train", "background", "ask"])
def test_who_waits_for_a_slow_disk_keeps_nobody_else_waiting(scheduler: str, tmp_path: Path, ask: str) -> None:
    disk, slow, quick = SlowDisk(tmp_path), a_spec(32), a_spec(33, held=True)
    runs = Runs(cluster=Remote(scheduler), finished=disk, train_task=fakes.train, answer_task=fakes.answer)
    arguments = {"look": (ANN,), "train": (ANN,), "background": (ANN,), "ask": (1, "respond")}[ask]
    disk.slow = run_key(slow)
    anns = threading.Thread(target=lambda: getattr(runs, ask)(slow, *arguments))
    anns.start()
    assert disk.asked.wait(60)
    runs.train(quick, BEN)
    until(lambda: runs.look(quick, BEN).epochs)
    runs.renew(BEN)
    runs.stop(quick, BEN)
    assert runs.look(quick, BEN).state == "stopped"
    until(lambda: runs.health().workers == 1)
    assert anns.is_alive()
    disk.let_go.set()
    anns.join(60)
    runs.close()


class Unreachable(Remote):
    """A cluster about which nothing is known until the app gives up."""

    def start(self, given_up: threading.Event) -> str:
        given_up.wait()
        raise OSError("given up")


def test_everything_answers_while_the_cluster_is_waited_for(make_runs: MakeRuns) -> None:
    # A call that waited for the cluster would never come back.
    runs = make_runs(cluster=Unreachable(""))
    spec = a_spec(34)
    runs.start()
    assert runs.train(spec, ANN).state == "queued"
    assert (runs.look(spec).position, runs.look(spec).wait) == (0, None)
    assert runs.background(a_spec(47), ANN).state == "queued"
    assert runs.ask(spec, 1, "respond").state == "failed"
    runs.renew(ANN)
    runs.stop(spec, ANN)
    assert runs.look(spec).state == "none"
    assert (runs.health().workers, runs.health().problem) == (0, "")


def test_a_cluster_that_cannot_be_reached_is_said_to_be(make_runs: MakeRuns) -> None:
    runs = make_runs(cluster=Remote("tcp://127.0.0.1:9"))
    runs.start()
    until(lambda: "cannot be reached" in runs.health().problem)
    assert "Connection refused" in runs.health().problem
    assert runs.health().workers == 0


def test_health_tells_workers_memory_versions_and_store(make_runs: MakeRuns, tmp_path: Path) -> None:
    runs = make_runs(store=tmp_path / "here")
    runs.start()
    until(lambda: runs.health().workers == 1)
    health = runs.health()
    assert (health.problem, health.store, health.warm) == ("", str(tmp_path / "here"), False)
    assert 0 < health.memory < health.memory_limit == 2_000_000_000
    assert set(health.versions) == {"engine", "keras", "tensorflow", "machine"}


def test_importing_runs_loads_neither_keras_nor_tensorflow_nor_dask() -> None:
    script = (
        "import sys, numpy, time; began = time.perf_counter(); import mtl_core.jobs.runs\n"
        "print(*({'keras', 'tensorflow', 'distributed', 'dask', 'streamlit'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
