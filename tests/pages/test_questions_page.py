"""Training questions: each answer with its program and what that prints, and the way to exactly that setting."""

import pytest

from mtl_core.lessons.questions import QUESTIONS
from mtl_core.spec import ExperimentSpec
from tests.pages.reading import link, shown

PAGE = "pages/questions.py"
OPENED = [question for question in QUESTIONS if question.experiment is not None]


def test_every_question_is_answered_with_a_program_what_it_prints_and_sources(visit):
    at = visit(PAGE)
    assert not at.exception
    assert [header.value for header in at.header] == [question.title for question in QUESTIONS]
    codes = [code.value for code in at.code]
    assert codes == [text.strip("\n") for question in QUESTIONS for text in (question.program, question.printed)]
    for question in QUESTIONS:
        assert all(source in shown(at) for source in question.sources)


@pytest.mark.parametrize("question", OPENED, ids=lambda question: question.id)
def test_a_question_opens_the_playground_with_its_setting(visit, question):
    at = visit(PAGE, u="64")
    at.button(key=f"open_{question.id}").click().run()
    assert not at.exception
    assert ExperimentSpec.from_query(link(at)) == (question.experiment, [])
    assert link(at).get("fig", "learning") == question.chart
    assert at.toggle(key="concatenate").value == (question.experiment.model.merge != "none")
