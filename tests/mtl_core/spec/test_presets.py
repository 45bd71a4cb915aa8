"""Each preset isolates what its words promise; the numbers behind the words are those of the theory."""

import math

import pytest

from mtl_core.spec import PRESETS, ExperimentSpec
from mtl_core.theory import bayes_risk, lower_bound


def line(name):
    spec = PRESETS[name].spec
    return lower_bound(spec.model, spec.data)


def test_every_preset_is_another_experiment_with_its_own_words():
    assert len({preset.spec.digest() for preset in PRESETS.values()}) == len(PRESETS)
    assert len({preset.title for preset in PRESETS.values()}) == len(PRESETS)
    assert all(preset.about.endswith(".") for preset in PRESETS.values())


def test_the_first_screen_is_case_1():
    assert PRESETS["case1"].spec == ExperimentSpec()


def test_the_two_cases_differ_in_their_merge_alone():
    assert PRESETS["case1"].spec.other_case == PRESETS["case2"].spec


def test_case_1_can_come_close_to_the_best_and_case_2_cannot():
    risk = bayes_risk(PRESETS["case1"].spec.data)
    assert line("case1") == ("additive", pytest.approx(risk.both[0]))
    assert line("case2") == ("own", pytest.approx(risk.own[0]))
    assert risk.value_of_other[0] > 0.3


def test_only_the_own_tweet_knows():
    assert bayes_risk(PRESETS["own"].spec.data).value_of_other[0] == pytest.approx(0, abs=1e-9)


def test_only_the_other_tweet_knows():
    assert line("other")[1] < 0.21
    other = PRESETS["other"].spec.other_case
    assert lower_bound(other.model, other.data)[1] == pytest.approx(math.log(2))


def test_a_match_is_out_of_reach_of_one_dense_unit_on_a_concatenation():
    assert line("match") == ("additive", pytest.approx(math.log(2)))
    hidden = PRESETS["match"].spec.replace(hidden_units=16)
    assert lower_bound(hidden.model, hidden.data)[1] < 0.34


def test_the_questions_size_is_the_questions():
    assert PRESETS["size"].spec == ExperimentSpec.question()
