"""What can be taken home from a step of the walkthrough: all its runs and figures, and never nothing."""

import pytest

from mtl_core.lessons.walkthrough import STEPS
from mtl_core.take_home import report
from pages.components.lesson import take_home

WALK = "pages/walkthrough.py"
PREDICTED = "0" * 24


def files(at):
    at.session_state["take_home"] = True
    at.run()
    assert not at.exception
    return [button.proto.label for button in at.get("download_button")]


@pytest.mark.parametrize("step", [STEPS[1], STEPS[3], STEPS[9]], ids=lambda step: step.id)
def test_a_step_has_something_to_take_home_and_a_program_for_each_of_its_runs(visit, step):
    names = files(visit(WALK, step=str(STEPS.index(step) + 1), a=PREDICTED))
    programs = [name for name in names if name.startswith("Keras program")]
    assert len(programs) == len(step.experiments)
    assert names
    assert len(set(names)) == len(names)


def test_the_report_of_a_step_has_all_figures_on_screen_and_all_runs(visit, monkeypatch):
    made = []
    monkeypatch.setattr(take_home, "file", lambda label, name, mime, make, **about: made.append((name, make)))
    step = next(step for step in STEPS if len(step.experiments) > 1 and step.show == "match")
    at = visit(WALK, step=str(STEPS.index(step) + 1), a=PREDICTED)
    files(at)
    text = dict(made)["report.html"]()
    for experiment in step.experiments:
        assert f"<h2>{experiment.label}</h2>" in text
    assert text.count("<h2>") > len(step.experiments)
    assert text.count('class="chart"') >= 1
    assert "seed" in text


def test_a_link_that_is_no_page_s_becomes_none():
    assert "alert(1)" not in report.lesson_report("t", "s", {}, [], link="javascript:alert(1)")
