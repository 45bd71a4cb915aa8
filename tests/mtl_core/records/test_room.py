from hypothesis import given
from hypothesis import strategies as st

from mtl_core.records.room import RunFile, in_order_of_leaving

NOW = 1_000_000.0


def leaving(*files: RunFile, limit: int = 1000, **coming: int) -> list[str]:
    return [file.name for file in in_order_of_leaving(files, limit, NOW, coming)]


def test_of_equal_sizes_the_longest_unused_goes_first() -> None:
    files = [RunFile(f"{used}.run", 10, used) for used in (3.0, 1.0, 2.0)]
    assert leaving(*files) == ["1.0.run", "2.0.run", "3.0.run"]


def test_large_runs_go_before_small_ones_that_were_not_used_for_a_day() -> None:
    small = [RunFile(f"small {n}.run", 1, NOW - 86_400 - n) for n in range(20)]
    large = [RunFile(f"large {n}.run", 290, NOW - n) for n in range(3)]
    assert leaving(*small, *large)[:3] == ["large 2.run", "large 1.run", "large 0.run"]


def test_a_large_run_that_nobody_used_for_longest_goes_and_a_small_one_that_is_in_use_stays() -> None:
    assert leaving(RunFile("small.run", 1, NOW), RunFile("large.run", 290, 0)) == ["large.run", "small.run"]


def test_whoever_has_more_than_a_quarter_gives_way_down_to_it() -> None:
    theirs = [RunFile(f"theirs {n}.run", 100, NOW - n, "they") for n in range(4)]
    others = [RunFile(f"others {n}.run", 100, n, f"other {n}") for n in range(4)]
    assert leaving(*theirs, *others)[:3] == ["theirs 3.run", "theirs 2.run", "others 0.run"]


def test_what_is_coming_counts_for_its_owner() -> None:
    theirs = RunFile("theirs.run", 200, NOW, "they")
    other = RunFile("other.run", 200, 0, "other")
    assert leaving(theirs, other) == ["other.run", "theirs.run"]
    assert leaving(theirs, other, they=100) == ["theirs.run", "other.run"]


def test_runs_whose_owner_is_not_known_are_nobodys() -> None:
    files = [RunFile(f"{n}.run", 300, n) for n in range(3)]
    mine = RunFile("mine.run", 300, NOW, "me")
    assert leaving(*files, mine)[0] == "mine.run"
    assert leaving(*files)[0] == "0.run"


def test_leftovers_go_first_and_what_is_being_written_never() -> None:
    files = [
        RunFile("a.run", 900, 0),
        RunFile("b.run.damaged", 1, NOW),
        RunFile("c.run.other-version", 1, NOW - 1),
        RunFile("d.run.x.tmp", 1, NOW - 7200),
        RunFile("e.run.x.tmp", 900, NOW - 10),
    ]
    assert leaving(*files) == ["d.run.x.tmp", "c.run.other-version", "b.run.damaged", "a.run"]


@given(
    st.lists(
        st.tuples(st.integers(0, 300), st.floats(0, NOW), st.sampled_from(["", "me", "you"])),
        max_size=20,
    )
)
def test_every_run_is_a_candidate_once(made: list[tuple[int, float, str]]) -> None:
    files = [RunFile(f"{n}.run", size, used, owner) for n, (size, used, owner) in enumerate(made)]
    assert sorted(leaving(*files)) == sorted(file.name for file in files)
