"""The test of learning in-process: three forms, answers in the link, and no answer before the lesson."""

import pytest

from mtl_core.lessons.quiz import KINDS, MISCONCEPTIONS, form, with_reply
from tests.pages.reading import link, shown

QUIZ = "pages/quiz.py"
ALL = len(KINDS)


def replies(moment, name, *, right):
    """A link's answers to a whole form, of which so many are right."""
    text = ""
    for number, item in enumerate(form(name)):
        choice = item.right if number < right else (item.right + 1) % 4
        text = with_reply(text, moment, number, choice)
    return text


def test_every_item_shows_its_model_and_four_choices(visit):
    at = visit(QUIZ, ord="ab")
    assert not at.exception
    assert [radio.label for radio in at.radio] == [item.text(item.question) for item in form("A")]
    assert all(len(radio.options) == 4 for radio in at.radio)
    words = shown(at)
    for item in form("A"):
        assert "words" not in item.shown or item.prose in words
    assert {item.sketch.program for item in form("A") if "code" in item.shown} <= {code.value for code in at.code}
    assert all(code.proto.wrap_lines for code in at.code), "a phone would not show what a call takes"


def test_the_link_says_which_form_comes_first_and_a_link_without_it_draws_one(visit):
    assert "Form A" in shown(visit(QUIZ, ord="ab"))
    assert "Form B" in shown(visit(QUIZ, ord="ba"))
    assert "Form B" in shown(visit(QUIZ, ord="ab", when="after"))
    assert "Form C" in shown(visit(QUIZ, ord="ba", when="later"))
    assert link(visit(QUIZ))["ord"] in ("ab", "ba")


def test_an_answer_can_be_changed_until_the_last_one_is_given_and_is_in_the_link(visit):
    at = visit(QUIZ, ord="ab")
    at.radio[0].set_value(1).run()
    at.radio[0].set_value(2).run()
    assert f"1 of {ALL} answered" in shown(at)
    again = visit(QUIZ, **link(at))
    assert [radio.value for radio in again.radio] == [2] + [None] * (ALL - 1)


def test_nobody_learns_the_answers_before_the_lesson(visit):
    at = visit(QUIZ, ord="ab", rep=replies("before", "A", right=3))
    words = shown(at)
    assert at.success
    assert "Now take the lesson" in at.success[0].value
    assert all(radio.disabled for radio in at.radio)
    assert "Right." not in words
    assert "are right" not in words
    assert all(misconception.remedy not in words for misconception in MISCONCEPTIONS.values())


@pytest.mark.parametrize("moment", ["after", "later"])
def test_after_the_lesson_the_result_names_what_each_wrong_answer_stands_for(visit, moment):
    name = "B" if moment == "after" else "C"
    at = visit(QUIZ, ord="ab", when=moment, rep=replies(moment, name, right=ALL - 1))
    words = shown(at)
    assert f"{ALL - 1} of {ALL} are right" in words
    last = form(name)[-1]
    misconception = MISCONCEPTIONS[last.options[(last.right + 1) % 4].misconception]
    assert misconception.name in words
    assert misconception.remedy in words
    assert last.text(last.options[last.right].text) in words


def test_scores_of_two_moments_stand_side_by_side_with_what_they_cannot_tell(visit):
    both = replies("before", "A", right=2) + replies("after", "B", right=6)[ALL:]
    words = shown(visit(QUIZ, ord="ab", when="after", rep=both))
    assert "2 before the lesson, 6 after it" in words
    assert "without any learning" in words


def test_in_a_room_the_last_answer_hands_in_what_was_right_and_the_teacher_sees_counts(visit, made):
    teacher = visit("pages/teachers.py")
    teacher.button(key="open_room").click().run()
    code = made.rooms.only()
    for right in range(5):
        almost = replies("after", "B", right=right + 1)[:-1]
        at = visit(QUIZ, ord="ab", when="after", rep=almost, room=code)
        assert f"You are in room {code}" in shown(at)
        assert made.rooms.look(code).handed.get("after B", 0) == right
        at.radio[ALL - 1].set_value(form("B")[-1].right).run()
        assert not at.exception
    papers = made.rooms.look(code).papers["after B"]
    assert papers.people == (0, 0, 1, 1, 1, 1, 1, 0)
    teacher.switch_page("pages/teachers.py").run()
    table = next(frame.value for frame in teacher.dataframe if "form" in frame.value)
    assert list(table["people"]) == [5] * ALL
    assert list(table["right (share)"])[-1] == 1
