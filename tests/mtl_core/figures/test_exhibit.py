"""Every exhibit can be shown: its charts are valid in both themes and readable, its words whole, its table rectangular."""

import itertools
import json
import math

import plotly.graph_objects as go
import pytest

from mtl_core.figures.numbers import number
from mtl_core.palette import DARK, LIGHT
from tests.mtl_core.figures.made_exhibits import EXHIBITS

EACH = pytest.mark.parametrize("exhibit", EXHIBITS.values(), ids=EXHIBITS)
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


@EACH
@THEMES
def test_every_chart_is_valid_and_can_travel(exhibit, theme):
    for figure in exhibit.draw(theme).values():
        assert len(go.Figure(figure).data) == len(figure["data"]) > 0
        assert json.loads(json.dumps(figure, allow_nan=False)) == figure


@EACH
def test_a_zoom_survives_the_next_epoch_and_the_background_is_the_page(exhibit):
    for figure, again in zip(exhibit.draw(LIGHT).values(), exhibit.draw(LIGHT).values(), strict=True):
        assert figure["layout"]["uirevision"] == again["layout"]["uirevision"] is not None
        assert figure["layout"]["paper_bgcolor"] == figure["layout"]["plot_bgcolor"] == "rgba(0,0,0,0)"


@EACH
@pytest.mark.parametrize(("theme", "other"), [(LIGHT, DARK), (DARK, LIGHT)], ids=["light", "dark"])
def test_only_colours_of_the_theme_are_used(exhibit, theme, other):
    for figure in exhibit.draw(theme).values():
        text = json.dumps(figure)
        assert theme.ink in text
        assert not any(colour in text for colour in (other.ink, other.muted, other.grid, *other.line.values()))


@EACH
def test_labels_in_the_margin_lie_beside_the_panel_and_not_over_each_other(exhibit):
    for figure in exhibit.draw(LIGHT).values():
        boxes = []
        for note in figure["layout"]["annotations"]:
            if note["xref"] == "paper" and note["yref"] == "y":
                half = 7 * (1 + note["text"].count("<br>"))
                boxes.append((note["yshift"] - half, note["yshift"] + half))
        boxes.sort()
        assert all(below[1] <= above[0] + 0.2 for below, above in itertools.pairwise(boxes))
        assert not boxes or (boxes[0][0] >= -15 and boxes[-1][1] <= 210 + 15)


@EACH
def test_heading_and_reading_are_whole_sentences_of_one_language(exhibit):
    for text in (exhibit.heading, exhibit.reading):
        assert text
        assert not any(slip in text for slip in ("{", "}", "None", "nan", "  "))
    assert exhibit.heading[0].isupper()
    assert not exhibit.heading.endswith(".")
    assert exhibit.reading.endswith(".")


@EACH
def test_every_row_of_the_table_has_a_title_for_each_cell_and_no_number_that_is_none(exhibit):
    for row in exhibit.rows():
        assert all(title and title == title.strip() for title in row)
        assert all(isinstance(value, str) or math.isfinite(value) for value in row.values())


@EACH
def test_what_a_curve_ends_at_is_in_the_table(exhibit):
    """The picture and the table are of the same numbers."""
    cells = {number(value) for row in exhibit.rows() for value in row.values() if isinstance(value, float)}
    for figure in exhibit.draw(LIGHT).values():
        ends = (
            [trace["y"][-1] for trace in figure["data"] if trace["mode"] == "lines" and "fill" not in trace]
            if cells
            else []
        )
        assert {number(end) for end in ends} <= cells
