import pytest

from mtl_core.jobs.leases import Leases


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def leases(clock: Clock) -> Leases:
    return Leases(100, clock)


def test_a_visitor_has_one_run_of_their_own(leases: Leases) -> None:
    assert leases.follow("ann", "first") == set()
    assert leases.follow("ann", "second") == {"first"}
    assert not leases.followed("first")
    assert leases.followed("second")


def test_to_train_the_same_again_leaves_nothing(leases: Leases) -> None:
    leases.follow("ann", "run")
    assert leases.follow("ann", "run") == set()
    assert leases.followed("run")


def test_what_stands_beside_is_left_with_the_next_own_run(leases: Leases) -> None:
    leases.follow("ann", "own")
    leases.follow_beside("ann", "other case")
    assert leases.followed("other case")
    assert leases.follow("ann", "next") == {"own", "other case"}


def test_what_stood_beside_may_become_the_own_run(leases: Leases) -> None:
    leases.follow("ann", "own")
    leases.follow_beside("ann", "other case")
    assert leases.follow("ann", "other case") == {"own"}
    leases.follow_beside("ann", "other case")
    leases.leave("ann", "other case")
    assert not leases.followed("other case")


def test_a_run_is_followed_until_the_last_has_left(leases: Leases) -> None:
    leases.follow("ann", "run")
    leases.follow_beside("ben", "run")
    leases.leave("ann", "run")
    assert leases.followed("run")
    leases.leave("ben", "run")
    assert not leases.followed("run")


def test_a_lease_ends_when_it_was_not_renewed_in_time(leases: Leases, clock: Clock) -> None:
    leases.follow("ann", "hers")
    leases.follow("ben", "his")
    leases.follow_beside("ben", "hers")
    clock.now = 60
    leases.renew("ann")
    clock.now = 120
    assert leases.expire() == {"his", "hers"}
    assert (leases.followed("hers"), leases.followed("his")) == (True, False)
    assert leases.expire() == set()


def test_nobody_follows_a_run_that_has_ended(leases: Leases) -> None:
    leases.follow("ann", "run")
    leases.follow_beside("ben", "run")
    leases.forget("run")
    assert not leases.followed("run")
    assert leases.follow("ann", "next") == set()


def test_who_looks_at_a_run_keeps_it_going_for_as_long_as_they_look(leases: Leases, clock: Clock) -> None:
    leases.follow("ann", "run")
    leases.watch("ben", "run")
    leases.leave("ann", "run")
    assert leases.followed("run")
    clock.now = 90
    leases.watch("ben", "run")
    clock.now = 120
    assert leases.expire() == set()
    leases.renew("ben")
    clock.now = 191
    assert leases.expire() >= {"run"}
    assert not leases.followed("run")


def test_who_trains_something_else_no_longer_watches_what_they_trained(leases: Leases) -> None:
    leases.follow("ann", "first")
    leases.watch("ann", "first")
    assert leases.follow("ann", "second") == {"first"}
    assert not leases.followed("first")


def test_who_watches_is_counted_once_and_for_as_long_as_they_look(leases: Leases, clock: Clock) -> None:
    leases.watch("ann", "run")
    leases.watch("ann", "other case")
    leases.watch("ben", "run")
    assert leases.watchers(5) == 2
    clock.now = 4
    leases.watch("ben", "run")
    clock.now = 6
    assert leases.watchers(5) == 1


def test_runs_of_the_last_ten_minutes_are_counted_for_each_visitor(leases: Leases, clock: Clock) -> None:
    assert [leases.count("ann") for _ in range(3)] == [0, 1, 2]
    assert leases.count("ben") == 0
    leases.expire()
    clock.now = 601
    leases.expire()
    assert leases.count("ann") == 0


def test_twenty_tabs_of_one_browser_count_as_one(leases: Leases) -> None:
    assert [leases.count(f"anns.{tab}") for tab in range(20)] == [*range(20)]
    assert leases.count("bens.1") == 0


def test_who_leaves_and_comes_again_is_not_new(leases: Leases, clock: Clock) -> None:
    leases.renew("anns.1")
    leases.count("anns.1")
    clock.now = 200
    leases.expire()
    assert leases.count("anns.2") == 1
