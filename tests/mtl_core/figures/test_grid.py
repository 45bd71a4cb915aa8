"""Small multiples over seeds: what is there is drawn with its interval, what is not is said, and the table has the same numbers."""

from mtl_core.figures import grid
from mtl_core.figures.differences import Change
from mtl_core.records import Estimate
from tests.mtl_core.figures.made_exhibits import curve, drawn, words

SURE = Estimate.of([0.3, 0.31, 0.29])
ONE = Estimate.of([0.5])


def made(*places, measured="loss"):
    curves = [grid.Curve("case 1", places), grid.Curve("case 2", places[::-1], "dash")]
    names = [str(k) for k in range(len(places))]
    return grid.exhibit(
        {"": curves}, "units", names, [Change("it", {"": SURE})], measured=measured, output="predictions1"
    )


def test_a_place_says_how_many_of_its_seeds_are_there():
    figure = drawn(made(grid.Place(SURE, 3), grid.Place(ONE, 3), grid.Place(SURE, 3)))
    assert "1 of 3" in words(figure)
    empty = drawn(made(grid.Place(None, 3)))
    assert "waiting" in words(empty)


def test_a_complete_picture_says_nothing_of_waiting():
    exhibit = made(grid.Place(SURE, 3), grid.Place(SURE, 3))
    assert not {"waiting", "3 of 3"} & set(words(drawn(exhibit)))
    assert "missing" not in exhibit.reading
    assert "6 results are missing" in made(grid.Place(SURE, 3), grid.Place(ONE, 3), grid.Place(SURE, 4)).reading


def test_the_interval_is_drawn_from_end_to_end_and_one_seed_has_none():
    figure = drawn(made(grid.Place(SURE, 3), grid.Place(ONE, 3)))
    ends = [trace["y"] for trace in figure["data"] if trace.get("name") == "95 % interval over seeds"]
    assert ends == [[SURE.low, SURE.high]] * 2
    assert curve(figure, "case 1")["y"] == [SURE.mean, ONE.mean]


def test_cases_are_told_apart_by_line_style_and_name():
    figure = drawn(made(grid.Place(SURE, 3), grid.Place(ONE, 3)))
    assert [curve(figure, name)["line"]["dash"] for name in ("case 1", "case 2")] == ["solid", "dash"]
    assert {"case 1", "case 2"} <= set(words(figure))


def test_right_answers_are_drawn_and_listed_in_100():
    exhibit = made(grid.Place(SURE, 3), measured="right")
    assert curve(drawn(exhibit), "case 1")["y"] == [100 * SURE.mean]
    assert exhibit.rows()[0]["right answers in 100"] == 100 * SURE.mean


def test_after_the_first_run_of_all_there_is_a_picture_already():
    for measured in ("loss", "right", "reliance", "distance"):
        figure = drawn(made(grid.Place(ONE, 3), measured=measured))
        low, high = figure["layout"]["yaxis"]["range"]
        assert low < high
