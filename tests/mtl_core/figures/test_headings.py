"""A heading states what the run shows, and no more."""

import pytest

from mtl_core.figures import headings
from mtl_core.spec import ExperimentSpec
from tests.mtl_core.made_runs import bounds_for, epoch_of, response_of, run_of

CASE1 = ExperimentSpec()
CASE2 = CASE1.other_case
OWN = 0.5193  # nats: what the own tweet alone allows at 45 degrees


def learning(spec, losses):
    run = run_of(spec, losses)
    return headings.learning(run, bounds_for(spec), run.epochs[-1])


def test_without_epochs_it_asks_for_a_training():
    assert "Train to see" in headings.learning(run_of(CASE1, ()), bounds_for(CASE1), None)


def test_before_any_training_no_head_is_said_to_have_learned():
    assert learning(CASE1, (0.7,)) == "Before any training, no head has learned anything"


@pytest.mark.parametrize(
    ("loss", "says"),
    [(0.25, "Both heads do better"), (OWN, "Neither head does better yet"), (OWN - 0.01, "Neither head")],
)
def test_better_than_the_own_tweet_is_said_only_beyond_the_noise(loss, says):
    assert learning(CASE1, (0.7, loss)).startswith(says)


def test_an_unconnected_head_is_said_to_stop_at_its_own_tweet():
    assert learning(CASE2, (0.7, OWN)) == "Neither head gets below what its own tweet alone allows"


def test_one_head_alone_is_named():
    bounds, epoch = bounds_for(CASE1), epoch_of(CASE1, 3, OWN)
    better = epoch_of(CASE1, 3, 0.3)
    mixed = type(epoch)(
        3, 1.0, epoch.train, {**epoch.test, "predictions2": better.test["predictions2"]}, epoch.reliance
    )
    assert headings.learning(run_of(CASE1), bounds, mixed).startswith("Head 2 does better")


def test_no_path_is_said_where_there_is_none_and_a_count_where_there_is_one():
    assert "no path exists" in headings.reading(CASE2.model, response_of(CASE2))
    assert "20 in 100 fewer right answers" in headings.reading(CASE1.model, response_of(CASE1))
    assert headings.reading(CASE1.model, None) == "What each head can read"


@pytest.mark.parametrize("heading", [headings.reliance, headings.responding])
def test_the_two_cases_have_different_findings(heading):
    assert heading(CASE1.model) != heading(CASE2.model)
