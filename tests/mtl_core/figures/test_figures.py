"""Every figure is a valid plotly figure that says what it must, in both themes, wide and narrow."""

import dataclasses
import itertools
import json
import math

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.figures import figures, lesson_figures
from mtl_core.palette import DARK, LIGHT, theme
from mtl_core.records import Run
from mtl_core.spec import OUTPUTS, ExperimentSpec
from tests.mtl_core.made_runs import EVIDENCE, LEVELS, bounds_for, paths_of, response_of, run_of, what_if_of

CASE1 = ExperimentSpec()
CASE2 = CASE1.other_case
MATCH = CASE1.replace(rule="match", mixing_deg=90.0)
ANGLES = np.linspace(0, 90, 7)
VALUES = {"additive": np.linspace(0, 0.487, 7), "match": np.linspace(0, 0.358, 7)}
SLOPES = np.ones((2, 2, 20)) * np.array([[[1.0], [0.0]], [[0.0], [1.0]]])
SCALED = np.stack([1.1 - 0.8 * LEVELS, 1.0 - 0.7 * LEVELS])

DRAWN = {
    "loss": lambda **k: figures.loss(run_of(CASE1), run_of(CASE2, source="recorded"), bounds_for(CASE1), pinned=2, **k),
    "loss, nothing yet": lambda **k: figures.loss(Run(spec=CASE2), None, bounds_for(CASE2), pinned=None, **k),
    "loss, match": lambda **k: figures.loss(run_of(MATCH), None, bounds_for(MATCH), pinned=None, **k),
    "reliance": lambda **k: figures.reliance(run_of(CASE2), pinned=1, **k),
    "reliance, nothing yet": lambda **k: figures.reliance(Run(spec=CASE1), **k),
    "response": lambda **k: figures.response(response_of(CASE1), paths_of(CASE1), bounds_for(CASE1), **k),
    "response, no path": lambda **k: figures.response(response_of(CASE2), paths_of(CASE2), bounds_for(CASE2), **k),
    "what if": lambda **k: figures.what_if(
        what_if_of(connected=False), EVIDENCE, output=OUTPUTS[1], at=-1.0, connected=False, **k
    ),
    "block scale": lambda **k: figures.block_scale(LEVELS, SCALED, (0.56, 0.55), scale=0.4, **k),
    "jacobian": lambda **k: figures.jacobian(SLOPES, paths_of(CASE2), **k),
    "jacobian, untrained": lambda **k: figures.jacobian(np.zeros((2, 2, 1)), paths_of(CASE1), **k),
    "compare": lambda **k: lesson_figures.compare({"alone": run_of(CASE1), "other way": run_of(CASE2)}, "World", **k),
    "compare, nothing yet": lambda **k: lesson_figures.compare({"alone": Run(spec=CASE1)}, "World", **k),
    "value of other": lambda **k: figures.value_of_other(ANGLES, VALUES, angle=45, rule="match", **k),
}
EACH = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)


def words(figure) -> str:
    return " | ".join(note["text"] for note in figure["layout"]["annotations"])


def curves(figure, name, panel=0) -> list[dict]:
    axis = "x" if panel == 0 else f"x{panel + 1}"
    return [its for its in figure["data"] if its.get("name") == name and its["xaxis"] == axis]


@EACH
@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_figure_is_valid_and_can_travel(draw, dark, narrow):
    figure = draw(dark=dark, narrow=narrow)
    assert len(go.Figure(figure).data) == len(figure["data"]) > 0
    assert json.loads(json.dumps(figure, allow_nan=False)) == figure


@EACH
def test_a_zoom_survives_the_next_epoch_and_the_background_is_the_page(draw):
    layout = draw(dark=False)["layout"]
    assert layout["uirevision"] == draw(dark=False)["layout"]["uirevision"] is not None
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"


@EACH
def test_only_colours_of_the_theme_are_used(draw):
    for dark, other in ((False, DARK), (True, LIGHT)):
        text = json.dumps(draw(dark=dark))
        assert theme(dark).ink in text
        assert not any(colour in text for colour in (other.ink, other.muted, other.grid, *other.line.values()))


@EACH
def test_words_and_marks_fit_between_the_figures_edges(draw):
    """Labels of a margin lie within their panel's height and don't overlap."""
    figure = draw(dark=False)
    boxes: dict[tuple, list[tuple[float, float]]] = {}
    for note in figure["layout"]["annotations"]:
        if note["xref"] == "paper" and note["yref"] != "paper":
            half = 7 * (1 + note["text"].count("<br>"))
            boxes.setdefault((note["yref"], note["x"]), []).append((note["yshift"] - half, note["yshift"] + half))
    for spans in boxes.values():
        spans.sort()
        assert all(below[1] <= above[0] + 0.2 for below, above in itertools.pairwise(spans))
        assert spans[0][0] >= -15
        assert spans[-1][1] <= 210 + 15


def test_the_loss_chart_spans_the_planned_epochs_before_they_come():
    bounds = bounds_for(CASE1)
    before = figures.loss(Run(spec=CASE1, state="queued"), None, bounds, pinned=None, dark=False)["layout"]
    during = figures.loss(run_of(CASE1, state="running"), None, bounds, pinned=None, dark=False)["layout"]
    for axis in ("xaxis", "xaxis2", "yaxis", "yaxis2"):
        assert before[axis]["range"] == during[axis]["range"]
        assert before[axis]["domain"] == during[axis]["domain"]
    assert before["xaxis"]["range"] == [0, 12]
    assert before["height"] == during["height"]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (run_of(CASE2, source="recorded"), "case 2: not connected — recorded"),
        (run_of(CASE2, source="stored"), "case 2: not connected — stored"),
        (run_of(CASE2, state="running"), "case 2: not connected — live"),
        (Run(spec=CASE2, state="queued"), "case 2: not connected — waiting"),
        (Run(spec=CASE2), "case 2: not connected — not trained yet"),
    ],
    ids=["recorded", "stored", "live", "waiting", "none"],
)
def test_the_legend_says_where_the_other_case_comes_from(other, said):
    assert said in words(figures.loss(run_of(CASE1), other, bounds_for(CASE1), pinned=None, dark=False))


def test_recorded_curves_are_dashed_and_live_ones_are_not():
    figure = figures.loss(run_of(CASE1), run_of(CASE2, source="recorded"), bounds_for(CASE1), pinned=None, dark=False)
    assert [its["line"]["dash"] for its in curves(figure, "case 1: concatenated")] == ["solid"]
    assert [its["line"]["dash"] for its in curves(figure, "case 2: not connected")] == ["dash"]
    assert [its["line"]["dash"] for its in curves(figure, "training pairs")] == ["dot"]


@pytest.mark.parametrize(
    ("spec", "floor"),
    [
        (CASE1, "both tweets"),
        (CASE2, "own tweet"),
        (CASE1.replace(rule="match"), "own tweet"),
        (CASE1.replace(merge="add", mixing_deg=0.0), "unordered pair"),
    ],
    ids=["case 1", "case 2", "match rule", "add"],
)
def test_the_line_this_model_cannot_go_below_is_stressed_and_named(spec, floor):
    bounds = bounds_for(spec)
    figure = figures.loss(run_of(spec), None, bounds, pinned=None, dark=False)
    stressed = [note["text"] for note in figure["layout"]["annotations"] if "cannot go below" in note["text"]]
    assert len(stressed) == 2
    assert all(text.startswith(f"<b>{floor} ") for text in stressed)
    (thick,) = {
        line["y0"] for line in figure["layout"]["shapes"] if line["type"] == "line" and line["line"]["width"] == 2.5
    }
    assert thick == bounds.floor[1][0]


def test_the_pinned_epoch_is_marked_and_its_loss_is_in_the_title():
    figure = figures.loss(run_of(CASE1), None, bounds_for(CASE1), pinned=2, dark=False)
    assert words(figure).count("epoch 2") == 4  # a title and a mark in each panel
    assert "Head 1: loss 0.4 at epoch 2" in words(figure)


def test_a_pinned_epoch_that_has_not_come_has_no_loss():
    figure = figures.loss(run_of(CASE1), None, bounds_for(CASE1), pinned=9, dark=False)
    assert "loss 0" not in words(figure)


def test_a_curve_has_the_colour_of_what_the_head_reads():
    colours = LIGHT
    connected = figures.loss(run_of(CASE1), None, bounds_for(CASE1), pinned=None, dark=False)
    alone = figures.loss(run_of(CASE2), None, bounds_for(CASE2), pinned=None, dark=False)
    for panel, name in enumerate(("tweet_a", "tweet_b")):
        assert curves(connected, "case 1: concatenated", panel)[0]["line"]["color"] == colours.ink
        assert curves(alone, "case 2: not connected", panel)[0]["line"]["color"] == colours.line[name]


def test_the_response_puts_the_other_input_in_front_in_its_own_colour():
    figure = figures.response(response_of(CASE1), paths_of(CASE1), bounds_for(CASE1), dark=True)
    for panel, (own, other) in enumerate((("tweet_a", "tweet_b"), ("tweet_b", "tweet_a"))):
        (own_curve,), (other_curve,) = curves(figure, own, panel), curves(figure, other, panel)
        assert figure["data"].index(other_curve) > figure["data"].index(own_curve)
        assert other_curve["line"]["width"] > own_curve["line"]["width"]
        assert other_curve["line"]["color"] == DARK.line[other]


def test_without_a_path_the_response_is_flat_without_a_band_and_says_so():
    figure = figures.response(response_of(CASE2), paths_of(CASE2), bounds_for(CASE2), dark=False)
    assert words(figure).count("0: no path exists") == 2
    assert sum(its.get("fill") == "toself" for its in figure["data"]) == 2  # the own inputs' bands
    (flat,) = curves(figure, "tweet_b", panel=0)
    assert len(set(flat["y"])) == 1


def test_with_a_path_nothing_claims_there_is_none():
    drawn = figures.response(response_of(CASE1), paths_of(CASE1), bounds_for(CASE1), dark=False)
    assert "no path" not in words(drawn) + words(figures.reliance(run_of(CASE1), dark=False))


def test_a_slope_of_zero_is_called_no_path_only_where_there_is_none():
    assert words(figures.jacobian(SLOPES, paths_of(CASE2), dark=False)).count("0: no path exists") == 2
    assert "no path" not in words(figures.jacobian(SLOPES, paths_of(CASE1), dark=False))


def test_one_head_can_be_drawn_alone_with_its_own_numbers():
    response = response_of(CASE1)
    response.loss[1] += 0.1
    figure = figures.response(response, paths_of(CASE1), bounds_for(CASE1), heads=OUTPUTS[1:], dark=False)
    assert "xaxis2" not in figure["layout"]
    assert curves(figure, "tweet_a")[0]["y"] == pytest.approx(list(response.loss[1, 0]))


def test_experiments_are_named_where_they_end_and_told_apart_by_dash():
    runs = {name: run_of(CASE1, (0.7, end)) for name, end in (("one", 0.3), ("two", 0.31), ("three", 0.5))}
    figure = lesson_figures.compare(runs, "World A", dark=False)
    assert "World A: head 1" in words(figure)
    assert all(name in words(figure).split(" | ") for name in runs)
    assert len({curves(figure, name)[0]["line"]["dash"] for name in runs}) == 3
    same = {"one": runs["one"], "like it": runs["one"]}
    assert "one<br>= like it" in words(lesson_figures.compare(same, "World A", dark=False))


def test_the_marker_follows_the_slider():
    figure = figures.what_if(
        what_if_of(connected=True), EVIDENCE, output=OUTPUTS[0], at=1.25, connected=True, dark=False
    )
    said, loss = (its for its in figure["data"] if its["mode"] == "markers")
    assert said["x"] == loss["x"] == [1.25]
    assert said["y"][0] == pytest.approx(1 / (1 + math.exp(-3 * 1.25)), abs=0.005)
    assert "no path" not in words(figure)


@pytest.mark.parametrize(
    ("part", "title"), [("probability", "probability of y2 = 1"), ("loss", "expected loss (nats)")]
)
def test_a_part_of_the_what_if_can_be_drawn_alone(part, title):
    figure = figures.what_if(
        what_if_of(connected=False), EVIDENCE, output=OUTPUTS[1], at=0, connected=False, parts=(part,), dark=False
    )
    assert "xaxis2" not in figure["layout"]
    assert figure["layout"]["yaxis"]["title"]["text"] == title
    assert ("no path" in words(figure)) == (part == "probability")


def test_an_unplottable_loss_leaves_a_gap_and_no_invalid_figure():
    broken = run_of(CASE1, losses=(0.7, 40.0, math.nan), state="diverged")
    figure = figures.loss(broken, None, bounds_for(CASE1), pinned=None, dark=False)
    go.Figure(figure)
    json.dumps(figure, allow_nan=False)
    assert figure["layout"]["yaxis"]["range"][1] == 3


@given(
    losses=st.lists(st.floats(0, 100) | st.just(math.inf), max_size=30),
    spec=st.sampled_from([CASE1, CASE2, MATCH]),
    pinned=st.none() | st.integers(0, 30),
)
def test_no_run_breaks_a_figure(losses, spec, pinned):
    run = dataclasses.replace(run_of(spec.replace(epochs=30), losses), source="stored")
    for figure in (
        figures.loss(run, run, bounds_for(spec), pinned=pinned, dark=True),
        figures.reliance(run, pinned=pinned, dark=True),
    ):
        low, high = figure["layout"]["yaxis"]["range"]
        assert low < high
        json.dumps(figure, allow_nan=False)
