"""The cost of one shuffle per epoch: a cost where a path leads, exactly nothing where none does."""

from mtl_core.figures.reliance import exhibit
from mtl_core.palette import LIGHT
from mtl_core.records import Run
from tests.mtl_core.figures.made_exhibits import CASE1, CASE2, curve, drawn, words
from tests.mtl_core.made_runs import run_of


def test_without_a_path_all_four_parts_say_so():
    made = exhibit(run_of(CASE2))
    assert made.heading == "At every epoch, shuffling the other tweet costs exactly nothing"
    assert "Head 1: tweet_b 0, because no path exists, tweet_a 0.300 nats." in made.reading
    assert words(drawn(made)).count("0: no path exists") == 1
    assert (
        curve(drawn(made), "tweet_b")["y"] == [row["head 1, tweet_b shuffled (nats)"] for row in made.rows()] == [0] * 4
    )


def test_with_a_path_the_costs_of_the_epoch_shown_are_told():
    made = exhibit(run_of(CASE1), pinned=2)
    assert made.heading == "How much each head comes to rely on each tweet"
    assert "after epoch 2" in made.reading
    assert "Head 2: tweet_a 0.200 nats, tweet_b 0.200 nats." in made.reading
    assert "epoch 2" in words(drawn(made))
    assert made.rows()[2]["head 2, tweet_a shuffled (nats)"] == curve(drawn(made, 1), "tweet_a")["y"][2] == 0.2
    assert "no path" not in made.reading + "".join(words(drawn(made)))


def test_the_colour_is_the_shuffled_tweets():
    for part in (0, 1):
        for name in ("tweet_a", "tweet_b"):
            assert curve(drawn(exhibit(run_of(CASE1)), part), name)["line"]["color"] == LIGHT.line[name]


def test_before_a_training_nothing_was_shuffled():
    made = exhibit(Run(spec=CASE1))
    assert made.reading == "Nothing was shuffled yet: train first."
    assert made.rows() == []
