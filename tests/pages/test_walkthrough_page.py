"""The walkthrough in-process: every step, with right and wrong predictions."""

import pytest

from mtl_core import __version__
from mtl_core.lessons.votes import lettered
from mtl_core.lessons.walkthrough import STEPS, questions
from pages.components.lesson import readiness
from pages.components.server import descriptors
from tests.pages.reading import link, shown

WALK = "pages/walkthrough.py"


def predict(at, step, which):
    for number, question in questions(step):
        choice = question.right if which == "right" else (question.right + 1) % len(question.choices)
        at.radio(key=f"choice_{number}").set_value(choice).run()
        at.button(key=f"commit_{number}").click().run()
    assert not at.exception
    return at


@pytest.mark.parametrize("which", ["right", "wrong"])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.id)
def test_a_prediction_is_answered_with_what_is_right_and_why(visit, step, which):
    at = visit(WALK, step=str(STEPS.index(step) + 1))
    before = shown(at)
    for _number, question in questions(step):
        assert question.text in before
        assert all(choice.why not in before for choice in question.choices)
    words = shown(predict(at, step, which))
    assert len(at.success) == (len(step.questions) if which == "right" else 0)
    for _number, question in questions(step):
        assert (f"The right answer: {lettered(question, question.right)}" in words) == (which == "wrong")
        assert all(choice.why in words for choice in question.choices)
        mine = "(right, your prediction)" if which == "right" else "(not right, your prediction)"
        assert mine in words


def test_nothing_can_be_committed_before_a_choice_is_made(visit):
    assert visit(WALK).button(key="commit_0").disabled


def test_predictions_are_in_the_link_and_survive_it(visit):
    at = predict(visit(WALK), STEPS[0], "wrong")
    again = visit(WALK, **link(at))
    assert "your prediction" in shown(again)
    assert not again.radio


def test_hidden_answers_take_the_prediction_and_give_nothing_away(visit):
    at = predict(visit(WALK, hide="1"), STEPS[0], "right")
    words = shown(at)
    assert "Your prediction:" in words
    assert all(choice.why not in words for choice in STEPS[0].questions[0].choices)
    assert "What to notice" not in words
    at.button(key="unhide").click().run()
    assert "(right, your prediction)" in shown(at)


def test_a_student_s_step_has_no_teacher_s_tools_and_a_presenter_s_has(visit):
    student, teacher = visit(WALK), visit(WALK, pres="1")
    assert [toggle.key for toggle in student.toggle] == []
    assert [toggle.key for toggle in teacher.toggle] == ["presenter", "hide_answers"]


def test_back_and_next_walk_through_all_steps(visit):
    at = visit(WALK)
    assert at.button(key="back").disabled
    for step in STEPS[1:]:
        at.button(key="next").click().run()
        assert at.title[0].value == step.title
    assert at.button(key="next").disabled
    assert link(at)["step"] == str(len(STEPS))
    at.button(key="back").click().run()
    assert at.title[0].value == STEPS[-2].title


def test_who_has_read_a_step_to_its_end_goes_on_from_there(visit):
    at = visit(WALK)
    assert not [button for button in at.button if button.key == "onward"], "predict first"
    for step in STEPS[:-1]:
        following = STEPS[STEPS.index(step) + 1]
        onward = predict(at, step, "right").button(key="onward")
        assert onward.label == f"Next: {following.title}"
        onward.click().run()
        assert at.title[0].value == following.title
    targets = [each.proto.page for each in predict(at, STEPS[-1], "right").get("page_link")]
    assert targets[-2:] == ["", "inspect_model"]


def test_a_step_beyond_the_last_shows_the_last(visit):
    assert visit(WALK, step="12").title[0].value == STEPS[-1].title


def test_presenting_enlarges_the_type_and_leaves_nothing_beside_the_page(visit):
    def enlarged(at):
        return any(element.proto.component_name == "presenter" for element in at.get("bidi_component"))

    on_a_desk, on_a_wall = visit(WALK), visit(WALK, pres="1")
    assert (enlarged(on_a_desk), enlarged(on_a_wall)) == (False, True)
    # The menu itself is looked for in a real browser: tests/browser/test_walkthrough.py.
    assert on_a_desk.sidebar.children
    assert not on_a_wall.sidebar.children


def test_the_teachers_page_has_each_step_with_its_handout_and_says_whether_all_is_ready(visit):
    at = visit("pages/teachers.py")
    assert not at.exception
    assert len(at.expander) >= len(STEPS)
    handouts = [button for button in at.get("download_button") if button.proto.label == "Handout to print"]
    assert len(handouts) == len(STEPS)
    assert "Ready for class?" in shown(at)
    assert "Not yet" in shown(at)


@pytest.mark.parametrize(("cores", "said"), [(4, "Ready**: Room:"), (1, "Not yet**: Room:")])
def test_teachers_are_told_whether_this_server_has_the_room_of_the_one_in_the_rehearsal(
    visit, monkeypatch, cores, said
):
    monkeypatch.setattr(readiness, "CPU_COUNT", cores)
    words = shown(visit("pages/teachers.py"))
    assert said in words
    assert f"this one may use {cores}" in words


@pytest.mark.parametrize(
    ("people", "sentence"), [(16_354, "Ready**: Connections:"), (226, "Not yet**: Connections:"), (None, "")]
)
def test_teachers_are_told_for_how_many_the_system_lets_this_server_open_connections(
    visit, monkeypatch, people, sentence
):
    monkeypatch.setattr(descriptors, "room", lambda: people)
    words = shown(visit("pages/teachers.py"))
    assert sentence in words
    assert ("Connections:" in words) == bool(people)
    assert not people or f"serve {people:,} people" in words


def test_the_foot_of_a_page_says_which_version_this_is_but_not_on_a_wall(visit):
    assert f"Version {__version__}" in shown(visit(WALK))
    assert "Version" not in shown(visit(WALK, pres="1"))


def test_who_leaves_the_lesson_while_presenting_gets_the_menu_back(visit):
    at = visit(WALK, pres="1", step="2")
    assert link(at)["pres"] == "1"
    at.switch_page("pages/playground.py").run()
    assert "pres" not in link(at)
    assert at.sidebar.get("popover")


def test_predictions_survive_a_visit_to_the_playground(visit):
    at = visit(a="2-1")
    for page in ("glossary", "playground", "walkthrough"):
        at.switch_page(f"pages/{page}.py").run()
        assert not at.exception
        assert link(at)["a"] == "2-1"
