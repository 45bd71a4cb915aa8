"""The walkthrough in-process: every step, with right and wrong predictions."""

import re

import pytest

from mtl_core import __version__
from mtl_core.lessons.glossary import GLOSSARY
from mtl_core.lessons.votes import lettered
from mtl_core.lessons.walkthrough import STEPS, questions
from pages.components.lesson import readiness
from pages.components.server import descriptors
from tests.pages.reading import link, read, shown

WALK = "pages/walkthrough.py"


def predict(at, step, which):
    for number, question in questions(step):
        choice = question.right if which == "right" else (question.right + 1) % len(question.choices)
        choose(at, number, choice)
    assert not at.exception
    return at


def choose(at, number, choice):
    at.radio(key=f"choice_{number}").set_value(choice).run()
    return at.button(key=f"commit_{number}").click().run()


def wrong(question):
    return [n for n, choice in enumerate(question.choices) if not choice.right]


@pytest.mark.parametrize("which", ["right", "wrong"])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.id)
def test_a_prediction_is_answered_with_what_is_right_and_why(visit, step, which):
    at = visit(WALK, step=str(STEPS.index(step) + 1))
    before = shown(at)
    for _number, question in questions(step):
        assert question.text in before
        assert all(read(choice.why) not in before for choice in question.choices)
    words = shown(predict(at, step, which))
    assert len(at.success) == (len(step.questions) if which == "right" else 0)
    for _number, question in questions(step):
        if which == "right":
            assert all(read(choice.why) in words for choice in question.choices)
            assert "(right, your prediction)" in words
        else:
            wrong_one = (question.right + 1) % len(question.choices)
            assert f"“{lettered(question, wrong_one)}” is not right. {read(question.choices[wrong_one].why)}" in words
            assert read(question.choices[question.right].why) not in words, "who is wrong may try again"


def test_a_wrong_answer_can_be_tried_again_until_it_is_right(visit):
    question = STEPS[0].questions[0]
    at = visit(WALK)
    for choice in wrong(question)[:2]:
        assert f"“{lettered(question, choice)}” is not right" in shown(choose(at, 0, choice))
        assert at.button(key="commit_0").disabled, "the same again is no other try"
    words = shown(choose(at, 0, question.right))
    assert f"The right answer: {lettered(question, question.right)}" in words
    assert f"**{lettered(question, wrong(question)[0])}** (not right, your prediction)" in words
    assert not at.radio
    assert "The right answer" in shown(visit(WALK, **link(at)))


def test_a_choice_changed_and_committed_at_once_is_the_prediction(visit):
    at = visit(WALK)
    at.radio(key="choice_0").set_value(0).run()
    at.radio(key="choice_0").set_value(1)
    at.button(key="commit_0").click().run()
    assert not at.exception
    assert link(at)["a"] == "1"


def test_who_does_not_want_to_try_again_is_shown_the_answer(visit):
    question = STEPS[0].questions[0]
    at = choose(visit(WALK), 0, wrong(question)[0])
    words = shown(at.button(key="answer_0").click().run())
    assert all(read(choice.why) in words for choice in question.choices)
    assert "(right, your prediction)" not in words


def test_nothing_can_be_committed_before_a_choice_is_made(visit):
    assert visit(WALK).button(key="commit_0").disabled


def test_predictions_are_in_the_link_and_survive_it(visit):
    at = predict(visit(WALK), STEPS[0], "right")
    again = visit(WALK, **link(at))
    assert "your prediction" in shown(again)
    assert not again.radio


def test_hidden_answers_take_the_prediction_and_give_nothing_away(visit):
    at = predict(visit(WALK, hide="1"), STEPS[0], "right")
    words = shown(at)
    assert "Your prediction:" in words
    assert all(read(choice.why) not in words for choice in STEPS[0].questions[0].choices)
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


def test_the_last_step_ends_with_the_answer_ones_predictions_and_what_to_do_next(visit):
    at = visit(WALK, step=str(len(STEPS)), a=str(wrong(STEPS[0].questions[0])[0]))
    assert "The answer to the question of step 1" not in shown(at)
    words = shown(predict(at, STEPS[-1], "right"))
    assert "Both models are multi-task." in words
    assert "Concatenate decides what a head can read." in words
    assert "Your predictions: 3 of 12 were right" in words
    first, second = STEPS[0].questions[0], STEPS[1].questions[0]
    predicted, seen = first.choices[wrong(first)[0]].text, first.choices[first.right].text
    assert f"Step 1. {first.text} You predicted “{predicted}”; what was seen: “{seen}”." in words
    assert f"Step 2. {second.text} You made no prediction." in words
    assert second.choices[second.right].text not in words
    assert [each.proto.page for each in at.get("page_link")][-3:] == ["", "inspect_model", "glossary"]


def test_right_answers_come_first_and_nats_on_request(visit):
    at = predict(visit(WALK), STEPS[0], "right")
    assert "The best possible is 91 in 100 with both tweets" in shown(at)
    assert "their losses are" not in shown(at)
    at.toggle(key="nats").set_value(True).run()
    assert "their losses are" in shown(at)


def test_the_words_of_a_lesson_are_explained_where_its_links_lead(visit):
    at = visit("pages/glossary.py")
    anchors = {header.proto.anchor: header.value for header in at.header}
    linked = set(re.findall(r"\(glossary#(\w+)\)", str(STEPS)))
    assert len(linked) > 10
    assert {key: GLOSSARY[key].plain for key in linked}.items() <= anchors.items()


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


def test_on_a_wall_each_question_with_a_picture_has_the_screen_to_itself(visit):
    place = next(n for n, step in enumerate(STEPS, start=1) if len(step.questions) > 1)
    texts = [question.text for question in STEPS[place - 1].questions]

    def asked(at):
        return [texts.index(header.value) for header in at.header if header.value in texts]

    assert asked(visit(WALK, step=str(place))) == [0, 1, 2]
    at = visit(WALK, pres="1", step=str(place - 1))
    for key, step, questions_shown in (
        ("next", place, [0]),
        ("next", place, [1]),
        ("next", place, [2]),
        ("back", place, [1]),
        ("back", place, [0]),
        ("back", place - 1, []),
    ):
        at.button(key=key).click().run()
        assert (link(at)["step"], asked(at)) == (str(step), questions_shown)
    at.button(key="next").click().run()
    for _screen in range(2):
        at.button(key="next").click().run()
    assert at.button(key="next").disabled == (STEPS[place - 1] is STEPS[-1])
