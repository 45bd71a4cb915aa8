"""The page that compares: what it would train is said first, one run at a time is asked for, and what is known is not run again."""

import pytest

from mtl_core.records import Run
from mtl_core.spec import ExperimentSpec, SweepSpec
from mtl_core.study import Sweep
from pages.components.study.controls import PRESETS
from tests.mtl_core.made_runs import run_of
from tests.pages.made_jobs import MadeRuns
from tests.pages.reading import link, read, shown

COMPARE = "pages/compare.py"
ASKED = {"by": "units", "val": "2~8", "s0": "100"}
"""Seeds that nobody recorded."""

SPECS = Sweep.of(ExperimentSpec(), SweepSpec(vary="units", vary_values="2~8", first_seed=100))[0].specs


class OneByOne(MadeRuns):
    """Jobs that note what is asked for in the background as under way, until the test ends it."""

    def background(self, spec, visitor, rank=None):
        super().background(spec, visitor, rank)
        self.known[spec] = Run(spec=spec, state="queued", position=0, wait=1.0)

    def finish(self, spec, loss=0.3, **fields):
        self.known[spec] = run_of(spec, losses=(0.7, loss), **fields)

    @property
    def started(self):
        return [spec for kind, spec, *_rest in self.asked if kind == "background"]


@pytest.fixture
def made(monkeypatch):
    jobs = OneByOne()
    monkeypatch.setattr("mtl_core.jobs.runs._the_shared", lambda: jobs)
    return jobs


def test_what_it_would_take_is_said_before_anything_is_trained(made, visit):
    at = visit(COMPARE, **ASKED)
    assert not at.exception
    assert "12 runs: 0 known already, 12 to be trained, which takes about" in shown(at)
    assert made.asked == []


def test_what_is_compared_first_is_recorded_and_shown_at_once(made, visit):
    at = visit(COMPARE)
    assert "All 18 runs are known" in shown(at)
    assert at.button(key="start").disabled
    assert read(at.header[0].value) == "Concatenation raises head 1’s right answers in 2 of 3 settings"
    assert made.asked == []


def test_what_is_trained_is_what_was_set_last_however_soon_start_is_pressed(made, visit):
    at = visit(COMPARE, **ASKED)
    at.number_input(key="first_seed").set_value(200)
    at.button(key="start").click().run()
    assert not at.exception
    assert [spec.train.seed for spec in made.started] == [200]


def test_one_run_is_asked_for_at_a_time_behind_everybody_elses(made, visit):
    at = visit(COMPARE, **ASKED)
    at.button(key="start").click().run()
    assert made.started == [SPECS[0]]
    at.run().run()
    assert made.started == [SPECS[0]]
    made.finish(SPECS[0])
    at.run()
    assert made.started == [*SPECS[:2]]
    assert "1 of 12 runs" in at.get("progress")[0].proto.text
    assert not [each for each in made.asked if each[0] == "train"]


def test_all_of_it_ends_by_itself_and_the_finding_is_the_heading(made, visit):
    at = visit(COMPARE, **ASKED, meas="loss")
    at.button(key="start").click().run()
    for spec in SPECS:
        made.finish(spec, loss=(0.5 if spec.model.merge == "none" else 0.3) + 0.001 * spec.train.seed)
        at.run()
    assert made.started == [*SPECS]
    assert "All 12 runs are known" in shown(at)
    assert read(at.header[0].value) == "Concatenation lowers head 1’s loss in 2 of 2 settings"
    assert "With 3 seeds, concatenation lowers head 1’s loss by 0.200 nats with 2 LSTM units" in shown(at)


def test_what_is_stored_already_is_not_trained_again(made, visit):
    for spec in SPECS[:5]:
        made.finish(spec, source="stored")
    at = visit(COMPARE, **ASKED)
    assert "12 runs: 5 known already, 7 to be trained" in shown(at)
    at.button(key="start").click().run()
    assert made.started == [SPECS[5]]


def test_stop_ends_the_run_under_way_and_asks_for_no_more(made, visit):
    at = visit(COMPARE, **ASKED)
    at.button(key="start").click().run()
    at.button(key="stop").click().run()
    assert made.asked[-1] == ("stop", SPECS[0])
    made.finish(SPECS[0])
    at.run().run()
    assert made.started == [SPECS[0]]
    assert "12 runs: 1 known already" in shown(at)


def test_another_page_asks_for_no_more_runs_and_coming_back_goes_on(made, visit):
    at = visit(COMPARE, **ASKED)
    at.button(key="start").click().run()
    made.finish(SPECS[0])
    at.switch_page("pages/glossary.py").run().run()
    assert made.started == [SPECS[0]]
    at.switch_page(COMPARE).run()
    assert made.started == [*SPECS[:2]]


def test_a_run_that_the_visitors_own_train_took_the_place_of_is_asked_for_again(made, visit):
    at = visit(COMPARE, **ASKED)
    at.button(key="start").click().run()
    made.known[SPECS[0]] = Run(spec=SPECS[0], state="stopped")
    at.run()
    assert made.started == [SPECS[0], SPECS[0]]


def test_another_comparison_ends_the_one_that_goes_on(made, visit):
    at = visit(COMPARE, **ASKED)
    at.button(key="start").click().run()
    at.slider(key="seeds").set_value(5).run()
    assert made.asked[-1] == ("stop", SPECS[0])
    assert made.started == [SPECS[0]]
    assert "20 runs" in shown(at)


def test_a_run_that_diverges_is_said_once_and_the_others_go_on(made, visit):
    at = visit(COMPARE, **ASKED)
    at.button(key="start").click().run()
    made.known[SPECS[0]] = Run(spec=SPECS[0], state="diverged", message="Training diverged in epoch 2.")
    at.run()
    assert made.started == [*SPECS[:2]]
    assert "1 run gave no numbers. Training diverged in epoch 2." in shown(at)
    made.finish(SPECS[1])
    at.run()
    assert made.started == [*SPECS[:3]]


def test_a_run_that_failed_can_be_tried_again(made, visit):
    for spec in SPECS[1:]:
        made.finish(spec)
    made.known[SPECS[0]] = Run(spec=SPECS[0], state="failed", message="The run failed on the worker: no room.")
    at = visit(COMPARE, **ASKED)
    assert "1 run gave no numbers. The run failed on the worker: no room." in shown(at)
    assert at.button(key="start").label == "Try again"
    assert "12 runs: 11 known already, 1 to be trained" in shown(at)
    at.button(key="start").click().run()
    assert made.started == [SPECS[0]]
    made.finish(SPECS[0])
    at.run()
    assert "All 12 runs are known" in shown(at)
    assert "gave no numbers" not in shown(at)


def test_a_run_that_fails_again_is_not_tried_for_ever(made, visit):
    failed = Run(spec=SPECS[0], state="failed", message="The run failed on the worker: no room.")
    made.known[SPECS[0]] = failed
    at = visit(COMPARE, **ASKED)
    at.button(key="start").click().run()
    assert made.started == [SPECS[0]]
    made.known[SPECS[0]] = failed
    at.run()
    assert made.started == [*SPECS[:2]]


def test_a_comparison_with_a_run_without_numbers_is_not_said_to_be_complete(made, visit):
    for spec in SPECS[1:]:
        made.finish(spec)
    made.known[SPECS[0]] = Run(spec=SPECS[0], state="diverged", message="Training diverged in epoch 2.")
    at = visit(COMPARE, **ASKED)
    assert "11 of 12 runs are known, and the others gave no numbers." in shown(at)
    assert at.button(key="start").disabled
    assert "The picture is not complete: 1 result is missing." in shown(at)


def test_a_shared_server_says_how_many_runs_are_too_many(made, visit, monkeypatch):
    monkeypatch.setenv("MTL_SWEEP_RUNS", "11")
    at = visit(COMPARE, **ASKED)
    assert at.button(key="start").disabled
    assert "This server trains at most 11 for a comparison" in shown(at)
    made.finish(SPECS[0])
    assert not visit(COMPARE, **ASKED).button(key="start").disabled


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"val": "2~lots"}, "“lots” is not a whole number from 1 to 256"),
        ({"val": "0~2"}, "1 is used instead"),
        ({"by": "colour"}, "“colour” is not one of angle"),
        ({"ns": "99"}, "10 is used instead"),
        ({"by": "feature_angle", "val": ""}, "where tweets are words"),
    ],
)
def test_a_bad_value_in_a_link_is_said_and_the_page_stands(made, visit, query, said):
    at = visit(COMPARE, **{**ASKED, **query})
    assert not at.exception
    assert said in shown(at)
    assert at.button(key="start")


def test_a_comparison_is_a_link_that_survives_other_pages(made, visit):
    at = visit(COMPARE, **ASKED, both="0", meas="distance", mh="predictions2", u="32", m="none")
    before = link(at)
    assert before.items() >= {**ASKED, "both": "0", "meas": "distance", "mh": "predictions2", "u": "32"}.items()
    for page in ("playground", "walkthrough", "compare"):
        at.switch_page(f"pages/{page}.py").run()
        assert link(at) == before
    again = visit(COMPARE, **before)
    assert shown(again) == shown(at)


@pytest.mark.parametrize("tweets", ["words", "numbers"])
def test_only_settings_that_this_experiment_has_are_offered(made, visit, tweets):
    offered = visit(COMPARE, tw=tweets).selectbox(key="vary").options
    assert ("Angle between the features of the two tweets" in offered) == (tweets == "numbers")
    assert len(offered) >= 15


def test_another_setting_begins_with_its_own_values(made, visit):
    at = visit(COMPARE, **ASKED)
    at.selectbox(key="vary").set_value("rows").run()
    assert "val" not in link(at)
    at.multiselect(key="vary_values").set_value(["512", "128"]).run()
    assert link(at)["val"] == "512~128"
    assert not at.exception


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sets_all_of_it_and_the_link(made, visit, name):
    at = visit(COMPARE, **ASKED, mh="predictions2")
    at.menu_button(key="comparison").set_value(name).run()
    assert not at.exception
    assert SweepSpec.from_query(link(at)) == (PRESETS[name][1], [])
    assert made.asked == []
