"""A pool hands out what lies idle, to one user at a time, and forgets what nobody used for longest."""

import itertools

import pytest

from mtl_core.train import Pool


@pytest.fixture
def made():
    """Everything that was built, in order: pairs of a key and a number."""
    return []


@pytest.fixture
def pool(made):
    numbers = itertools.count()

    def make(key):
        made.append((key, next(numbers)))
        return made[-1]

    return Pool(make, capacity=2)


def use(pool, *keys):
    for key in keys:
        with pool.borrow(key):
            pass


def test_what_lies_idle_is_used_again(pool, made):
    use(pool, "a", "a", "a")
    assert made == [("a", 0)]


def test_two_users_at_once_have_one_each_and_both_lie_idle_afterwards(pool):
    with pool.borrow("a") as first, pool.borrow("a") as second:
        assert first != second
        assert len(pool) == 0
    assert len(pool) == 2


def test_beyond_its_room_the_pool_forgets_what_was_not_used_for_longest(pool, made):
    use(pool, "a", "b", "a", "c")
    assert len(pool) == 2
    use(pool, "a", "c")
    assert [key for key, _ in made] == ["a", "b", "c"], "both were kept"
    use(pool, "b")
    assert [key for key, _ in made] == ["a", "b", "c", "b"], "this one was not"


def test_what_is_lent_takes_no_room_and_of_one_key_only_so_many_are_kept(pool, made):
    with pool.borrow("a"), pool.borrow("a"), pool.borrow("a"):
        use(pool, "b")
        assert len(pool) == 1
    assert len(pool) == 2
    use(pool, "b")
    assert [key for key, _ in made].count("b") == 2


def test_what_a_user_breaks_off_with_is_given_back(pool, made):
    with pytest.raises(ZeroDivisionError), pool.borrow("a"):
        _ = 1 / 0
    use(pool, "a")
    assert len(made) == 1
