"""Means are over the seeds that are there, differences over the pairs that are, and a file has all of it."""

import csv
import io

import numpy as np
import pytest

from mtl_core.records import Estimate, Score
from mtl_core.spec import ExperimentSpec, SweepSpec
from mtl_core.study import Sweep, as_csv, differences, estimates
from tests.mtl_core.made_runs import run_of

GRID = Sweep.of(ExperimentSpec(), SweepSpec(vary="angle", vary_values="45", seeds=5))[0]
RNG = np.random.default_rng(1)
SEEDS_OWN = RNG.normal(0, 0.3, 5)
"""What a seed does to both cases alike: far more than the cases differ."""

GAINS = RNG.normal(0.1, 0.01, 5)


def a_score(loss: float) -> Score:
    return Score(right=(0.9, 0.8), loss=(loss, loss + 1), reliance=(0.5, 0.0), distance=(loss - 0.2, loss))


@pytest.fixture
def scores():
    made = {}
    for seed, (luck, gain) in enumerate(zip(SEEDS_OWN, GAINS, strict=True)):
        for spec in GRID.specs:
            if spec.train.seed == seed:
                made[spec] = a_score(1 + luck - (gain if spec.model.merge == "concatenate" else 0))
    return made


def test_a_difference_is_taken_seed_by_seed_so_that_the_luck_of_seeds_falls_out(scores):
    (difference,) = differences(GRID.contrasts, scores, "loss", "predictions1").values()
    assert difference.mean == pytest.approx(-GAINS.mean())
    assert difference.half < 0.02
    assert difference.verdict == "differs"
    means = estimates(GRID.cells, scores, "loss", "predictions1").values()
    assert all(estimate.half > 0.2 for estimate in means), "unpaired, nothing could be seen"


def test_pairs_of_which_one_is_missing_do_not_count(scores):
    missing = next(spec for spec in GRID.specs if spec.train.seed == 2)
    del scores[missing]
    (difference,) = differences(GRID.contrasts, scores, "loss", "predictions1").values()
    assert difference.count == 4
    assert {estimate.count for estimate in estimates(GRID.cells, scores, "loss", "predictions1").values()} == {4, 5}


def test_before_any_run_there_is_nothing_to_say():
    assert estimates(GRID.cells, {}, "loss", "predictions1") == {}
    assert differences(GRID.contrasts, {}, "loss", "predictions1") == {}


def test_each_head_has_its_own_numbers(scores):
    first, second = (
        next(iter(estimates(GRID.cells, scores, "loss", output).values()))
        for output in ("predictions1", "predictions2")
    )
    assert second.mean == pytest.approx(first.mean + 1)


def test_a_score_is_the_last_epoch_and_its_distance_is_to_the_best_possible():
    run = run_of(ExperimentSpec(), losses=(0.7, 0.5, 0.3))
    score = Score.of(run, (0.2, 0.1))
    assert score.loss == (0.3, 0.3)
    assert score.distance == pytest.approx((0.1, 0.2))
    assert score.reliance == (0.2, 0.2)
    assert Score.of(run_of(ExperimentSpec().other_case), (0.2, 0.2)).reliance == (0.0, 0.0)


def test_the_file_has_a_row_for_each_finished_run_with_its_seed_and_settings(scores):
    missing = GRID.specs[0]
    del scores[missing]
    rows = [*csv.DictReader(io.StringIO(as_csv(GRID.specs, scores)))]
    assert len(rows) == 9
    for row in rows:
        spec = ExperimentSpec().replace(merge=row["merge"], mixing_deg=float(row["mixing_deg"]), seed=int(row["seed"]))
        assert float(row["predictions1_loss"]) == scores[spec].loss[0]
        assert float(row["predictions2_distance"]) == scores[spec].distance[1]
        assert row["source"] == "recorded"
    assert {int(row["seed"]) for row in rows} == {0, 1, 2, 3, 4}


def test_scores_survive_the_file_that_they_are_recorded_in():
    score = a_score(0.1234567890123)
    assert Score.from_plain(score.to_plain()) == score
    assert Estimate.of([score.loss[0]]).mean == score.loss[0]
