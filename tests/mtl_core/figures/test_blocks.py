"""The other tweet's block turned down: beside it always stands a case 2 that was trained without."""

import numpy as np

from mtl_core.figures.blocks import exhibit
from tests.mtl_core.figures.made_exhibits import SCALED, curve, drawn, words
from tests.mtl_core.made_runs import LEVELS


def test_all_four_parts_tell_what_the_block_is_worth():
    made = exhibit(LEVELS, SCALED, (0.56, 0.55), scale=0.5)
    assert made.heading == "To lose the other tweet after training is worse than to be trained without it"
    assert (
        "times 0.5, head 1’s loss is 0.700 nats. As trained it is 0.300, with those weights at 0 it is 1.10"
        in made.reading
    )
    assert "trained without them has 0.560" in made.reading
    figure = drawn(made)
    assert "trained case 2<br>0.560" in words(figure)
    assert curve(figure, "tweet_b")["y"] == [row["head 1: loss (nats)"] for row in made.rows()[:-1]]
    assert made.rows()[-1] == {
        "other tweet’s weights times": "trained case 2",
        "head 1: loss (nats)": 0.56,
        "head 2: loss (nats)": 0.55,
    }


def test_a_block_that_harmed_is_not_called_a_loss():
    made = exhibit(LEVELS, np.full((2, len(LEVELS)), 0.5), (0.56, 0.55), scale=1)
    assert made.heading == "Turn the other tweet’s weights down, and see what each head loses"


def test_the_marker_follows_the_slider():
    (marker,) = [t for t in drawn(exhibit(LEVELS, SCALED, (0.56, 0.55), scale=0.25))["data"] if t["mode"] == "markers"]
    assert (marker["x"], marker["y"]) == ([0.25], [1.1 - 0.8 * 0.25])
