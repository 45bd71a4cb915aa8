"""Several experiments: each named where it ends, in the chart, the list and the table alike."""

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


def test_what_was_not_trained_is_said_not_to_be():
    made = exhibit({"A": {"one": Run(spec=CASE1)}})
    assert made.reading == "* A: one: not trained yet."
    assert made.rows() == []


def test_no_lesson_has_more_curves_in_a_world_than_can_be_told_apart():
    for step in STEPS:
        worlds = [experiment.world for experiment in step.experiments]
        assert all(worlds.count(world) <= 3 for world in worlds)
