"""What one head says while the other tweet's evidence slides: it follows, or cannot, and every part says which."""

import math

import numpy as np
import pytest

from mtl_core.figures.what_if import exhibit
from mtl_core.palette import LIGHT
from mtl_core.spec import OUTPUTS
from tests.mtl_core.figures.made_exhibits import curve, drawn, words
from tests.mtl_core.made_runs import EVIDENCE, what_if_of


def shown(*, connected, output=OUTPUTS[0], at=-1.0):
    return exhibit(what_if_of(connected=connected), EVIDENCE, output=output, at=at, connected=connected)


def test_a_head_without_a_path_cannot_follow():
    made = shown(connected=False)
    assert "With evidence of −1 in tweet_b, head 1 gives a label of 1 a probability of 0.800" in made.reading
    assert "by the data rule it is 0.0180" in made.reading
    assert "no path exists" in made.reading
    says, costs = made.draw(LIGHT).values()
    assert set(curve(says, "head 1")["y"]) == {row["probability"] for row in made.rows()} == {0.8}
    assert "0: no path exists" in words(says)
    assert "0: no path exists" not in words(costs)


def test_whoever_has_not_asked_for_losses_reads_chances_in_100():
    answer = what_if_of(connected=True)
    made = exhibit(answer, EVIDENCE, output=OUTPUTS[0], at=-1.0, connected=True, plain=True)
    assert (
        "With evidence of −1 in tweet_b, head 1 gives yes a chance of 5 in 100. The truth is 2 in 100." in made.reading
    )
    (says,) = made.draw(LIGHT).values()
    assert says["layout"]["yaxis"]["title"]["text"] == "chance of yes, in 100"
    assert curve(says, "head 1")["y"] == pytest.approx(list(100 * answer.probability))


def test_a_head_with_a_path_follows():
    made = shown(connected=True, output=OUTPUTS[1])
    assert "in tweet_a, head 2" in made.reading
    assert "no path" not in made.reading + "".join(words(drawn(made)))
    assert np.all(np.diff(curve(drawn(made), "head 2")["y"]) > 0)


def test_the_marker_follows_the_slider():
    at = 1.25
    says, costs = (
        next(trace for trace in figure["data"] if trace["mode"] == "markers")
        for figure in shown(connected=True, at=at).draw(LIGHT).values()
    )
    assert says["x"] == costs["x"] == [at]
    assert says["y"][0] == pytest.approx(1 / (1 + math.exp(-3 * at)), abs=0.005)


@pytest.mark.parametrize(("output", "label"), zip(OUTPUTS, ("y1", "y2"), strict=True))
def test_each_chart_says_what_it_measures(output, label):
    says, costs = shown(connected=True, output=output).draw(LIGHT).values()
    assert says["layout"]["yaxis"]["title"]["text"] == f"probability of {label} = 1"
    assert costs["layout"]["yaxis"]["title"]["text"] == "expected loss (nats)"


def test_the_table_has_a_row_for_each_evidence():
    rows = shown(connected=True).rows()
    assert [rows[0]["evidence in the other tweet (sd)"], rows[-1]["evidence in the other tweet (sd)"]] == ["−3", "3"]
    assert len(rows) == len(EVIDENCE)
