import random

from hypothesis import given
from hypothesis import strategies as st

from mtl_core.jobs.attempts import Attempts
from mtl_core.records import epoch_to_plain
from tests.mtl_core.jobs.fakes import an_epoch


def events(attempt: str, begun: float, epochs: int, end: str = "") -> list[tuple[float, dict]]:
    """What one attempt tells, with the scheduler's time stamps."""
    told = [
        {"begin": True},
        {"config": f"of {attempt}"},
        *({"epoch": epoch_to_plain(an_epoch(i))} for i in range(epochs)),
    ]
    told += [{"end": end}] if end else []
    return [(begun + i / 100, {"attempt": attempt, **event}) for i, event in enumerate(told)]


def after(*attempts: list[tuple[float, dict]], rejected: tuple[str, ...] = ()) -> Attempts:
    progress = Attempts(rejected)
    for attempt in attempts:
        for stamp, event in attempt:
            progress.take(stamp, event)
    return progress


def indices(progress: Attempts) -> list[int]:
    return [epoch.index for epoch in progress.epochs]


def test_nothing_is_known_before_the_first_event() -> None:
    progress = Attempts()
    assert (progress.running, progress.epochs, progress.config, progress.retries) == (False, (), None, 0)


def test_epochs_come_in_order() -> None:
    progress = after(events("a", 1, 3))
    assert (progress.running, indices(progress), progress.config, progress.retries) == (True, [0, 1, 2], "of a", 0)


def test_only_the_newest_attempt_is_shown_after_a_worker_was_lost() -> None:
    progress = after(events("a", 1, 5), events("b", 2, 2))
    assert (indices(progress), progress.config, progress.retries) == ([0, 1], "of b", 1)


@given(st.randoms(use_true_random=False))
def test_events_may_come_twice_and_in_any_order(shuffle: random.Random) -> None:
    told = [*events("a", 1, 4), *events("b", 2, 3)] * 2
    shuffle.shuffle(told)
    progress = after(told)
    assert (indices(progress), progress.config, progress.retries) == ([0, 1, 2], "of b", 1)


def test_an_epoch_that_is_still_missing_hides_those_after_it() -> None:
    told = events("a", 1, 4)
    assert indices(after(told[:3] + told[4:])) == [0]


def test_an_attempt_that_was_stopped_leaves_nothing_and_counts_as_no_loss() -> None:
    stopped = after(events("a", 1, 4, end="stopped"))
    assert (stopped.running, stopped.epochs, stopped.retries) == (False, (), 0)
    assert after(events("a", 1, 4, end="stopped"), events("b", 2, 1)).retries == 0


def test_an_attempt_that_finished_is_shown_until_its_result_arrives() -> None:
    progress = after(events("a", 1, 4, end="finished"))
    assert (progress.running, indices(progress)) == (True, [0, 1, 2, 3])


def test_an_attempt_that_was_seen_to_its_end_before_is_left_out() -> None:
    progress = after(events("a", 1, 4, end="finished"), rejected=("a",))
    assert (progress.running, progress.epochs, progress.rejects("a"), progress.rejects("b")) == (False, (), True, False)


def test_an_attempt_that_went_with_its_scheduler_counts_as_lost_even_if_that_clock_was_ahead() -> None:
    progress = after(events("a", 1000, 4))
    progress.lose()
    assert (progress.running, progress.epochs, progress.retries) == (False, (), 1)
    for stamp, event in events("b", 5, 2):
        progress.take(stamp, event)
    assert (progress.running, indices(progress), progress.retries) == (True, [0, 1], 1)


def test_an_attempt_that_goes_on_after_only_the_connection_was_lost_is_shown_again() -> None:
    told = events("a", 1, 4)
    progress = after(told)
    progress.lose()
    for stamp, event in told:
        progress.take(stamp, event)
    assert (progress.running, indices(progress), progress.retries) == (True, [0, 1, 2, 3], 0)
