"""A finished run's model can be asked without a worker, at any epoch whose weights are kept."""

from pathlib import Path

import numpy as np

from mtl_core.jobs.finished import Finished
from mtl_core.jobs.runs import Runs
from mtl_core.records import Gallery, Outcome, Run, pack, run_key, versions
from mtl_core.spec import ExperimentSpec
from tests.mtl_core.forward.made_networks import weights_of
from tests.mtl_core.made_runs import epoch_of

SPEC = ExperimentSpec().replace(tweets="words", epochs=3)
TWEETS = np.eye(64, dtype=np.float32)[None, :12]


def keep(finished: Finished, attempt: str, seed: int) -> None:
    run = Run(spec=SPEC, state="finished", epochs=tuple(epoch_of(SPEC, i, 0.5) for i in range(4)), versions=versions())
    weights = {epoch: weights_of(SPEC.model, seed + epoch) for epoch in (0, 3)}
    head, body = pack(run, weights, attempt)
    finished.keep(run_key(SPEC), Outcome(state="finished", attempt=attempt, head=head, body=body))


def test_the_network_is_the_one_of_the_nearest_kept_epoch_and_follows_a_new_training(tmp_path: Path) -> None:
    finished = Finished(tmp_path / "store", gallery=Gallery(tmp_path / "none"))
    runs = Runs(finished=finished)
    assert runs.network(SPEC) is None
    keep(finished, "first", seed=10)
    newest, first, between = runs.network(SPEC), runs.network(SPEC, 0), runs.network(SPEC, 1)
    assert newest
    assert first
    assert between
    assert (newest[0], first[0], between[0]) == (3, 0, 0)
    assert not np.array_equal(newest[1].probabilities(TWEETS, TWEETS), first[1].probabilities(TWEETS, TWEETS))
    assert first[1] is between[1], "the same weights are read once"
    keep(finished, "second", seed=20)
    again = runs.network(SPEC)
    assert again
    assert not np.array_equal(newest[1].probabilities(TWEETS, TWEETS), again[1].probabilities(TWEETS, TWEETS))
    finished.close()
