"""Several experiments: each named where it ends, in the chart, the list and the table alike."""

import pytest

from mtl_core.figures.compare import exhibit
from mtl_core.lessons.walkthrough import STEPS
from mtl_core.palette import LIGHT
from mtl_core.records import Run
from tests.mtl_core.figures.made_exhibits import CASE1, curve, drawn, words
from tests.mtl_core.made_runs import run_of

RUNS = {name: run_of(CASE1, (0.7, end)) for name, end in (("one", 0.3), ("two", 0.31), ("three", 0.5))}


def test_experiments_are_told_apart_and_named_in_every_part():
    made = exhibit({"World A": RUNS})
    figure = drawn(made)
    assert "World A: head 1" in words(figure)
    assert set(RUNS) <= set(words(figure))
    assert len({curve(figure, name)["line"]["dash"] for name in RUNS}) == 3
    assert "* World A: two: after epoch 1, head 1 is right on 90 in 100 unseen pairs (0.310 nats)" in made.reading
    (row,) = [row for row in made.rows() if row["experiment"] == "World A: two" and row["epoch"] == 1]
    assert row["head 1: loss (nats)"] == curve(figure, "two")["y"][-1] == 0.31


def test_equal_ends_share_a_label():
    assert "one<br>= like it" in words(drawn(exhibit({"A": {"one": RUNS["one"], "like it": RUNS["one"]}})))


def test_each_world_has_a_chart_and_one_alone_needs_no_name():
    made = exhibit({"A": {"one": RUNS["one"]}, "B": {"two": RUNS["two"]}})
    assert list(made.draw(LIGHT)) == ["A", "B"]
    assert "Head 1" in words(drawn(exhibit({"": RUNS})))
    assert exhibit({"": RUNS}).reading.startswith("* one: after epoch 1")


def test_right_answers_are_told_first_and_losses_only_on_request():
    made = exhibit({"A": RUNS}, plain=True)
    assert curve(drawn(made), "two")["y"][-1] == pytest.approx(90)
    assert made.reading == "* A: head 1 is right on unseen pairs: one 90 in 100; two 90 in 100; three 90 in 100."
    assert "nats" not in made.reading
    assert made.rows()[-1]["head 1: right in 100"] == pytest.approx(90)


def test_what_the_other_tweet_is_worth_is_the_distance_of_two_lines():
    made = exhibit(
        {"A": {"one": RUNS["one"]}, "B": {"two": RUNS["two"]}}, plain=True, best={"A": (0.91, 0.74), "B": (0.5, 0.5)}
    )
    apart, together = (drawn(made, part) for part in (0, 1))
    assert sorted(line["y0"] for line in apart["layout"]["shapes"]) == [74, 91]
    assert {"best with both", "best with own"} <= set(words(apart))
    assert "best with both<br>= best with own" in words(together)
    assert "The best possible is 91 in 100 with both tweets, 74 in 100 with its own alone." in made.reading


def test_what_was_not_trained_is_said_not_to_be():
    made = exhibit({"A": {"one": Run(spec=CASE1)}})
    assert made.reading == "* A: one: not trained yet."
    assert made.rows() == []
    assert "one not trained yet" in exhibit({"A": {"one": Run(spec=CASE1)}}, plain=True).reading


def test_no_lesson_has_more_curves_in_a_world_than_can_be_told_apart():
    for step in STEPS:
        worlds = [experiment.world for experiment in step.experiments]
        assert all(worlds.count(world) <= 3 for world in worlds)
