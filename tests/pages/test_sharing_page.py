"""The page on sharing: recorded results at once, the same study live on request, one run at a time."""

from urllib.parse import parse_qsl

import pytest

from mtl_core.records import Run
from mtl_core.study import sharing
from tests.mtl_core.made_runs import run_of
from tests.pages.reading import link, read, shown

SHARING = "pages/sharing.py"


def test_the_recorded_study_is_there_at_once_with_its_findings_as_headings(made, visit):
    at = visit(SHARING)
    assert not at.exception
    assert [read(header.value) for header in at.header] == [
        "Here concatenation helps head 1 much, sharing the LSTM a little",
        "An LSTM each, no merge: nothing done to task 2 changes a digit of head 1’s loss",
        "One shared LSTM, no merge: whatever is done to task 2, head 1 pays",
        "The fewer the units, the more the task that weighs more takes them",
        "How do both tasks pull at what they share? Train to see",
    ]
    assert "Recorded with Keras" in shown(at)
    assert made.asked == []


def test_the_tasks_pulls_are_shown_of_a_recorded_run_and_called_a_diagnostic(visit):
    at = visit(SHARING)
    pulled = "Both tasks pull at what they share the same way in"
    assert [each for each in at.header if read(each.value).startswith(pulled)]
    assert "This is a diagnostic" in shown(at)


def test_every_intervention_is_explained(made, visit):
    words = shown(visit(SHARING))
    for name, each in sharing.INTERVENTIONS.items():
        assert (each.what in words) == (name != "untouched")


def test_live_the_study_begins_from_seeds_of_the_visitors_own_one_run_at_a_time(made, visit, monkeypatch):
    monkeypatch.setattr("random.randint", lambda _low, _high: 500)
    at = visit(SHARING)
    at.button(key="live").click().run()
    assert not at.exception
    specs = sharing.specs(range(500, 503))
    assert [each[:2] for each in made.asked if each[0] != "look"] == [("background", specs[0])]
    assert link(at)["ls"] == "500"
    assert "Your own runs, seeds 500 to 502." in shown(at)
    assert "Four ways to tie two tasks" in [read(header.value) for header in at.header]


def test_a_link_to_a_live_study_trains_nothing_by_itself_and_says_what_it_would_take(made, visit):
    at = visit(SHARING, ls="500")
    assert f"{len(sharing.specs(range(3)))} runs: 0 known already" in shown(at)
    assert made.asked == []
    at.button(key="recorded").click().run()
    assert "ls" not in link(at)
    assert "Recorded with Keras" in shown(at)


def test_a_live_study_that_is_finished_says_what_its_own_seeds_say(made, visit):
    for spec in sharing.specs(range(500, 503)):
        tied = spec.model.encoder == "shared" or spec.model.merge != "none"
        disturbed = spec.replace(seed=0) not in [
            sharing.cell(*each, seeds=range(1)).specs[0] for each in sharing.ARRANGEMENTS
        ]
        loss = 0.5 - 0.2 * (spec.model.merge != "none") + 0.1 * (tied and disturbed)
        made.known[spec] = run_of(spec, losses=(0.7, loss))
    at = visit(SHARING, ls="500")
    headings = [read(header.value) for header in at.header]
    assert "An LSTM each, no merge: nothing done to task 2 changes a digit of head 1’s loss" in headings
    assert "All" in shown(at)
    assert made.asked == []


@pytest.mark.parametrize("most", ["100", "0"])
def test_a_server_that_allows_fewer_runs_offers_the_recorded_study_only(made, visit, monkeypatch, most):
    monkeypatch.setenv("MTL_SWEEP_RUNS", most)
    assert visit(SHARING).button(key="live").disabled


def test_a_run_of_the_live_study_that_fails_is_said(made, visit):
    specs = sharing.specs(range(500, 503))
    made.known[specs[0]] = Run(spec=specs[0], state="failed", message="The run failed on the worker: no room.")
    assert "The run failed on the worker: no room." in shown(visit(SHARING, ls="500"))


def test_the_link_to_the_lesson_keeps_the_visitors_settings_and_opens_its_step(visit):
    at = visit(SHARING, u="32")
    (query,) = (link.proto.query_string for link in at.get("page_link") if "walkthrough" in link.proto.page)
    opened = dict(parse_qsl(query))
    assert opened["u"] == "32"
    assert "v" in opened  # without it the app would not take the step over
    assert int(opened["step"]) > 1
