"""Three forms that ask the same of different models, and what a link keeps of the answers."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from mtl_core.lessons.quiz import FORMS, KINDS, MOMENTS, form, form_at, mistakes, replies_to, score, with_reply
from mtl_core.lessons.quiz.sketch import structure
from mtl_core.spec import ViewSpec, knob


def test_the_forms_ask_the_same_kinds_in_the_same_order_about_different_models() -> None:
    for name in FORMS:
        assert tuple(item.kind for item in form(name)) == tuple(KINDS)
    for one, other in itertools.combinations(FORMS, 2):
        for first, second in zip(form(one), form(other), strict=True):
            assert first.sketch.inputs != second.sketch.inputs


def test_within_a_form_no_model_comes_twice() -> None:
    for name in FORMS:
        programs = [item.sketch.program for item in form(name)]
        assert len(set(programs)) == len(programs)
        assert len({(item.sketch.inputs, structure(item.sketch.graph)) for item in form(name)}) == len(programs)


def test_the_right_choice_is_not_always_in_the_same_place() -> None:
    places = [item.right for name in FORMS for item in form(name)]
    assert max(places.count(place) for place in range(4)) <= len(places) / 2


def test_whoever_had_form_a_before_the_lesson_has_form_b_after_it_and_the_other_way_round() -> None:
    assert [form_at(moment, "ab") for moment in MOMENTS] == ["A", "B", "C"]
    assert [form_at(moment, "ba") for moment in MOMENTS] == ["B", "A", "C"]


@given(st.lists(st.tuples(st.sampled_from(MOMENTS), st.integers(0, len(KINDS) - 1), st.integers(0, 3)), max_size=30))
def test_a_link_keeps_every_answer_and_never_mixes_two_moments(entries: list[tuple[str, int, int]]) -> None:
    replies, wanted = "", {}
    for moment, number, choice in entries:
        replies = with_reply(replies, moment, number, choice)
        wanted[moment, number] = choice
    assert knob(ViewSpec, "replies").check("replies", replies) == replies
    for moment in MOMENTS:
        assert replies_to(replies, moment) == tuple(wanted.get((moment, number)) for number in range(len(KINDS)))


def test_a_score_counts_right_answers_once_all_are_given_and_names_what_the_wrong_ones_stand_for() -> None:
    right = tuple(item.right for item in form("A"))
    assert score(right, "A") == len(KINDS)
    assert score((None, *right[1:]), "A") is None
    wrong = tuple((choice + 1) % 4 for choice in right)
    assert score(wrong, "A") == 0
    assert sum(mistakes(wrong, "A").values()) == len(KINDS)
    assert mistakes(right, "A") == {}
