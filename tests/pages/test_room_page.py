"""A class and its teacher in-process: phones go where the class is, vote, and see the answer when it is revealed."""

import csv
import io
import re

import pytest
from streamlit.testing.v1 import AppTest

from mtl_core.lessons.votes import lettered, votes_csv
from mtl_core.lessons.walkthrough import STEPS
from mtl_core.rooms import Room
from tests.pages.reading import link, read, shown

WALK = "pages/walkthrough.py"
QUESTION = STEPS[0].questions[0]


@pytest.fixture
def teacher(visit, made):
    at = visit("pages/teachers.py")
    at.button(key="open_room").click().run()
    assert not at.exception
    return at.switch_page(WALK).run()  # where the button has led already; an AppTest would go back at its next run


@pytest.fixture
def lesson(teacher):
    """The same after the class has come in."""
    return teacher.button(key="begin").click().run()


@pytest.fixture
def phone(visit, made):
    return lambda **query: visit(WALK, room=made.rooms.only(), **query)


def vote(at, choice, take=1):
    at.radio(key=f"ballot_0_{take}").set_value(choice).run()
    at.button(key="vote_0").click().run()
    assert not at.exception
    return at


def test_a_teacher_opens_a_room_and_its_address_is_shown_large_with_its_code(teacher, made):
    code = made.rooms.only()
    assert link(teacher)["room"] == code
    words = " ".join(element.proto.body for element in teacher.get("html"))
    assert f'class="code">{code}<' in words
    assert f"walkthrough?room={code}" in words
    assert 'alt="QR code' in words


def waits_for_its_room():
    import streamlit as st

    from mtl_core.jobs.runs import shared
    from mtl_core.rooms import Room
    from pages.components.lesson.seat import Seat, follow

    st.session_state.visitor = "teacher"
    follow(Seat(Room(code=shared().rooms.only()), leads=False, follows=True, step=1))


def test_a_teacher_who_waits_for_the_room_to_open_is_not_counted_as_a_phone(teacher, made, monkeypatch):
    looks = []
    monkeypatch.setattr("streamlit.rerun", lambda: looks.append("the room is open"))
    assert not AppTest.from_function(waits_for_its_room).run().exception
    assert looks
    assert made.rooms.people() == 0


def test_a_phone_is_drawn_with_its_room_where_that_is_known_in_a_moment(lesson, phone, made, monkeypatch):
    look, unknown, drawn = made.rooms.look, iter([True]), []
    monkeypatch.setattr(made.rooms, "look", lambda code: Room(code=code) if next(unknown, False) else look(code))
    monkeypatch.setattr(made.rooms, "wait", lambda room, _seconds: look(room.code))
    monkeypatch.setattr("streamlit.rerun", lambda: drawn.append("again"))
    assert "this screen follows the class" in shown(phone())
    assert drawn == []


def test_phones_go_where_the_class_is_and_have_no_way_of_their_own(lesson, phone):
    at = phone(step="7")
    assert at.title[0].value == STEPS[0].title
    assert [button.key for button in at.button if button.key in ("back", "next", "onward")] == []
    lesson.button(key="next").click().run()
    assert at.run().title[0].value == STEPS[1].title
    assert not [toggle.key for toggle in at.toggle]


def test_who_goes_on_alone_is_left_alone_and_finds_back(lesson, phone):
    at = phone()
    at.button(key="alone").click().run()
    for _step in range(3):
        at.button(key="next").click().run()
    assert at.title[0].value == STEPS[3].title
    at.button(key="follow").click().run()
    assert at.title[0].value == STEPS[0].title


def test_going_on_alone_does_not_show_what_the_class_may_not_see_yet(lesson, phone):
    at = phone()
    vote(at, QUESTION.right)
    at.button(key="alone").click().run()
    assert all(read(choice.why) not in shown(at) for choice in QUESTION.choices)


def test_all_see_the_answer_when_the_teacher_reveals_it_whatever_they_predicted(lesson, phone):
    silent, right = phone(), vote(phone(), QUESTION.right)
    for at in (silent, right):
        assert all(read(choice.why) not in shown(at) for choice in QUESTION.choices)
    lesson.button(key="reveal").click().run()
    for at in (lesson, silent.run(), right.run()):
        assert all(read(choice.why) in shown(at) for choice in QUESTION.choices)
    assert f"The right answer: {lettered(QUESTION, QUESTION.right)}" in shown(lesson)
    assert "Your prediction is right." in [box.value for box in right.success]
    lesson.button(key="reveal").click().run()
    assert all(read(choice.why) not in shown(silent.run()) for choice in QUESTION.choices)


def test_a_choice_changed_and_pressed_at_once_is_the_one_that_counts(lesson, phone):
    at = vote(phone(), 0)
    at.radio(key="ballot_0_1").set_value(3).run()
    at.radio(key="ballot_0_1").set_value(2)
    at.button(key="vote_0").click().run()
    assert not at.exception
    assert f"You predict {lettered(QUESTION, 2)}" in shown(at)


def test_a_class_votes_talks_and_votes_again_and_the_teacher_sees_both_distributions_and_has_them_as_a_file(
    lesson, phone, made
):
    phones = [phone() for _ in range(5)]
    for at, choice in zip(phones, (0, 0, 1, 2, 3), strict=True):
        vote(at, choice)
    assert "**5 of 5 have predicted**" in shown(lesson.run())
    assert "First vote" not in shown(lesson)
    lesson.button(key="close").click().run()
    assert "First vote of 5 people: A 40 %, B 20 %, C 20 %, D 20 %." in shown(lesson)
    assert f"**A.** {QUESTION.choices[0].text} · **40\u00a0%**" in shown(lesson)
    assert phones[0].run().radio(key="ballot_0_1").disabled
    lesson.button(key="again").click().run()
    assert "**0 of 5 have predicted**" in shown(lesson)
    for at in phones:
        vote(at.run(), 2, take=2)
    lesson.button(key="reveal").click().run()
    assert "Of the class, 20 % predicted what is right, and 100 % after talking" in [
        header.value for header in lesson.header
    ]
    room = made.rooms.look(made.rooms.only())
    assert room.counts == {(0, 1): (2, 1, 1, 1), (0, 2): (0, 0, 5, 0)}


def test_a_timer_is_seen_by_all_and_closes_the_vote(lesson, phone, made):
    at = phone()
    lesson.button(key="timer_60").click().run()
    for each in (lesson.run(), at.run()):
        assert re.search(r"(60|59|5\d) s left", shown(each))
    (room,) = made.rooms.store.values()
    made.rooms.store[room["code"]] = {**room, "until": 0.0}
    assert at.run().radio(key="ballot_0_1").disabled
    assert "s left" not in shown(lesson.run())


def test_four_votes_are_a_number_and_no_distribution(lesson, phone):
    for choice in range(4):
        vote(phone(), choice)
    lesson.button(key="close").click().run()
    assert "from 5 votes on" in shown(lesson)
    assert "First vote of" not in shown(lesson)


def test_who_thinks_again_before_the_vote_is_closed_counts_once(lesson, phone, made):
    at = phone()
    for choice in (0, 3, 1):
        vote(at, choice)
    assert made.rooms.look(made.rooms.only()).voted == {(0, 1): 1}
    assert link(at)["a"] == "1"


def test_the_teacher_begins_a_step_again_and_phones_forget_their_prediction_there_and_no_other(lesson, phone):
    at = vote(phone(a="-2"), 0)
    lesson.button(key="restart").click().run()
    at.run()
    assert link(at)["a"] == "-2"
    assert at.radio(key="ballot_0_2").value is None


def test_a_student_who_makes_the_link_of_a_presenter_leads_nothing(lesson, phone, made):
    at = phone(pres="1", step="4")
    assert not [button.key for button in at.button if button.key in ("close", "reveal", "restart", "end_room")]
    assert made.rooms.look(made.rooms.only()).step == 1


def test_when_the_room_ends_predictions_stay_and_the_lesson_goes_on_without_it(lesson, phone):
    at = vote(phone(), 1)
    lesson.button(key="end_room").click().run()
    assert "has ended" in shown(at.run())
    at.button(key="leave").click().run()
    assert "room" not in link(at)
    assert f"“{lettered(QUESTION, 1)}” is not right" in shown(at)


def test_a_room_that_nobody_knows_is_said_to_have_ended(visit, made):
    assert "Room XXXXX has ended" in shown(visit(WALK, room="XXXXX"))


def test_afterwards_the_teacher_s_page_says_what_to_take_up_and_leads_back(lesson, phone, made):
    for choice in (0, 0, 2, 2, 3):
        vote(phone(), choice)
    lesson.button(key="reveal").click().run()
    wrong = QUESTION.choices[0]
    assert f"To take up: **{wrong.text}.** {wrong.why}" in shown(lesson)
    lesson.switch_page("pages/teachers.py").run()
    (table,) = lesson.dataframe
    assert table.value["first vote"].tolist() == ["2 of 5 right"]
    assert table.value["take up"].tolist() == [wrong.text]
    lesson.button(key="back_to_room").click().run()
    lesson.switch_page(WALK).run()
    assert link(lesson)["room"] == made.rooms.only()
    assert link(lesson)["pres"] == "1"
    assert "To take up" in shown(lesson)


def test_a_spreadsheet_of_votes_is_read_as_one(lesson, phone, made):
    for choice in (0, 0, 1, 2, 3):
        vote(phone(), choice)
    lesson.button(key="close").click().run()
    rows = list(csv.DictReader(io.StringIO(votes_csv(made.rooms.look(made.rooms.only())))))
    assert [row["first vote"] for row in rows] == ["2", "1", "1", "1"]
    assert [row["right"] for row in rows] == ["yes" if choice.right else "no" for choice in QUESTION.choices]
    assert rows[0]["take up"] == QUESTION.choices[0].why
