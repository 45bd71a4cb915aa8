"""What the other tweet is worth: the same numbers in the chart, the words and the table."""

import numpy as np
import pytest

from mtl_core.figures.worth import exhibit
from mtl_core.spec import DataSpec
from mtl_core.theory import bayes_risk
from tests.mtl_core.figures.made_exhibits import curve, drawn


def test_the_value_at_the_angle_and_at_both_ends_is_told():
    made = exhibit([0, 90], {"additive": [-1e-16, 0.487], "match": [0, 0.358]}, angle=45, rule="match")
    assert made.heading == "The larger the angle, the more the other tweet is worth"
    assert "At 45° the other tweet is worth 0.179 nats" in made.reading
    assert "additive rule it goes from 0 at 0° to 0.487 at 90°" in made.reading
    assert made.rows()[1] == {"angle (degrees)": "90", "additive rule (nats)": 0.487, "match rule (nats)": 0.358}
    assert curve(drawn(made), "additive rule")["y"] == [0, 0.487]
    (marker,) = [trace for trace in drawn(made)["data"] if trace["mode"] == "markers"]
    assert (marker["x"], marker["y"]) == ([45], [pytest.approx(0.179)])


def test_a_curve_that_falls_is_not_said_to_rise():
    made = exhibit([0, 45, 90], {"additive": [0.1, 0.4, 0.3]}, angle=45, rule="additive")
    assert made.heading == "What the other tweet is worth depends on the angle"


@pytest.mark.parametrize("rule", ["additive", "match"])
def test_the_walkthroughs_own_curves_do_rise(rule):
    angles = np.arange(0, 91, 5)
    values = [
        bayes_risk(DataSpec(tweets="numbers", rule=rule, mixing_deg=float(angle))).value_of_other[0] for angle in angles
    ]
    assert exhibit(angles, {rule: values}, angle=45, rule=rule).heading.startswith("The larger the angle")
