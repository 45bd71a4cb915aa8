"""A chart on a wall is the same chart, larger: numbers stay, and pixels grow."""

import copy

import plotly.graph_objects as go
import pytest

from mtl_core.figures.enlarged import enlarged
from mtl_core.palette import LIGHT
from tests.mtl_core.figures.made_exhibits import EXHIBITS


@pytest.mark.parametrize("name", EXHIBITS)
def test_what_is_drawn_stays_and_only_pixels_grow(name):
    for figure in EXHIBITS[name].draw(LIGHT).values():
        before = copy.deepcopy(figure)
        large = enlarged(figure, 2)
        assert figure == before
        go.Figure(large)  # still one that Plotly takes
        for drawn, former in zip(large["data"], figure["data"], strict=True):
            assert (drawn.get("x"), drawn.get("y")) == (former.get("x"), former.get("y"))
        assert large["layout"]["height"] == 2 * figure["layout"]["height"]
        assert large["layout"]["margin"]["l"] == 2 * figure["layout"]["margin"]["l"]
        assert large["layout"]["xaxis"]["range"] == figure["layout"]["xaxis"]["range"]
        for note, former in zip(large["layout"]["annotations"], figure["layout"]["annotations"], strict=True):
            assert note["font"]["size"] == 2 * former["font"]["size"]
            assert (note["x"], note["y"]) == (former["x"], former["y"])
