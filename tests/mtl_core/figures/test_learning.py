"""Right answers out of 100: both cases, the best possible, and the epoch shown."""

from mtl_core.figures.learning import exhibit
from mtl_core.palette import LIGHT
from mtl_core.records import Run
from mtl_core.spec import ExperimentSpec
from tests.mtl_core.made_runs import run_of

SPEC = ExperimentSpec()
BEST = {"both": (0.92, 0.92), "own": (0.75, 0.75)}


def shown(run, other, **options):
    return exhibit(run, other, **BEST, **options)


def test_the_finding_and_the_words_count_right_answers():
    words = shown(run_of(SPEC), run_of(SPEC.other_case))
    assert words.heading == "Head 1 is right on 90 in 100 in case 1, on 90 in 100 in case 2"
    assert "After epoch 3, head 1 is right on 90 in 100" in words.reading
    assert "92 in 100 with both tweets, 75 in 100 with a head’s own alone" in words.reading
    assert "nats" not in words.reading


def test_before_training_nothing_is_claimed():
    words = shown(Run(spec=SPEC), Run(spec=SPEC.other_case))
    assert words.heading == "How often will each head be right? Train to see"
    assert words.rows() == []


def test_each_case_has_its_stroke_and_where_it_comes_from_is_a_word():
    figure = shown(run_of(SPEC, source="recorded"), run_of(SPEC.other_case)).draw(LIGHT)["predictions1"]
    strokes = {trace["name"]: trace["line"]["dash"] for trace in figure["data"] if trace.get("name")}
    assert strokes == {"case 1: concatenated": "solid", "case 2: not connected": "dash"}
    texts = [note["text"] for note in figure["layout"]["annotations"]]
    assert "case 1: concatenated — recorded" in texts
    assert "case 2: not connected — live" in texts


def test_the_marked_place_is_the_epoch_that_is_shown():
    figure = shown(run_of(SPEC), run_of(SPEC.other_case), pinned=1).draw(LIGHT)["predictions1"]
    marks = [trace["x"] for trace in figure["data"] if trace["mode"] == "markers"]
    assert marks == [[1.0], [1.0]]


def test_the_table_has_both_cases_a_row_an_epoch():
    rows = shown(run_of(SPEC), run_of(SPEC.other_case, losses=(0.7, 0.5))).rows()
    assert [len(row) for row in rows] == [5, 5, 3, 3]
    assert rows[0]["head 1, case 1: concatenated: right in 100"] == 90
