"""What travels between processes is plain data, and which epochs are kept is decided by two caps."""

import dataclasses
import itertools
import json
import pickle
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.records import MAX_SNAPSHOT_BYTES, MAX_SNAPSHOTS, Epoch, HeadMetrics, Run, TrainingDiverged, kept_epochs
from mtl_core.spec import INPUTS, OUTPUTS, OWN_INPUT, ExperimentSpec, other_input
from tests.mtl_core.made_runs import run_of

LARGEST_MODEL = 2 * 4 * 256 * (256 + 256 + 1) + 2 * (512 * 128 + 128 + 128 + 1)
"""Parameters: two LSTMs of 256 units on 256 features, two hidden layers of 128."""


@given(st.integers(1, 200), st.integers(1, LARGEST_MODEL))
def test_first_and_last_epoch_are_kept_and_both_caps_hold(epochs, parameters):
    kept = kept_epochs(epochs, parameters)
    assert kept[0] == 0
    assert kept[-1] == epochs
    assert list(kept) == sorted(set(kept))
    assert len(kept) <= MAX_SNAPSHOTS
    assert len(kept) * parameters * 4 <= MAX_SNAPSHOT_BYTES


@given(st.integers(1, 200), st.integers(1, LARGEST_MODEL))
def test_kept_epochs_are_evenly_spread(epochs, parameters):
    kept = kept_epochs(epochs, parameters)
    gaps = [later - earlier for earlier, later in itertools.pairwise(kept)]
    assert max(gaps) - min(gaps) <= 1


def test_a_short_run_of_a_small_model_keeps_every_epoch():
    assert kept_epochs(40, 1000) == tuple(range(41))
    assert len(kept_epochs(41, 1000)) == MAX_SNAPSHOTS


def test_each_head_has_an_own_and_an_other_tweet():
    assert {OWN_INPUT[output] for output in OUTPUTS} == set(INPUTS)
    for output in OUTPUTS:
        assert {OWN_INPUT[output], other_input(output)} == set(INPUTS)


def test_divergence_names_the_epoch_and_what_to_change():
    sentence = str(TrainingDiverged(3, "sgd", 1.0))
    assert "epoch 3" in sentence
    assert "sgd" in sentence
    assert "try 0.01" in sentence
    assert "try 0.0001" in str(TrainingDiverged(1, "adam", 0.001))


def test_divergence_survives_the_trip_between_processes():
    again = pickle.loads(pickle.dumps(TrainingDiverged(3, "sgd", 1.0)))
    assert (again.epoch, again.optimizer, again.learning_rate) == (3, "sgd", 1.0)


@pytest.mark.parametrize(
    ("state", "busy"),
    [("none", False), ("queued", True), ("running", True), ("finished", False), ("stopped", False), ("failed", False)],
)
def test_only_a_queued_or_running_run_may_bring_more(state, busy):
    assert Run(spec=ExperimentSpec(), state=state).busy is busy


def test_an_epoch_is_found_by_its_index_and_the_newest_without_one():
    run = run_of(ExperimentSpec(), (0.7, 0.5, 0.4))
    assert [run.at(n).index for n in (0, 1, 2, -1, None)] == [0, 1, 2, 2, 2]
    assert run.at(3) is None
    assert Run(spec=ExperimentSpec()).at() is None


@given(st.integers(0, 8), st.none() | st.integers(-1, 12), st.sets(st.integers(0, 7)))
def test_the_nearest_epoch_has_come_and_the_nearest_kept_one_has_its_weights(count, epoch, kept):
    run = run_of(ExperimentSpec(), [0.5] * count, kept=tuple(sorted(kept)))
    nearest = run.nearest(epoch)
    assert nearest == (run.at(nearest).index if count else 0)
    if epoch in range(count):
        assert nearest == epoch
    measured = run.nearest_kept(epoch)
    assert measured in kept if kept else measured == nearest
    assert all(abs(measured - nearest) <= abs(other - nearest) for other in kept)


def test_progress_carries_metrics_alone():
    metrics = {name: HeadMetrics(0.5, 0.75) for name in OUTPUTS}
    epoch = Epoch(1, 0.5, metrics, metrics, {}, weights=())
    assert epoch.without_weights().weights is None
    assert epoch.without_weights().test == metrics


def test_reading_a_record_or_a_task_needs_no_keras():
    code = (
        "import sys, json; import mtl_core.records, mtl_core.theory, mtl_core.data, mtl_core.spec;"
        "print(json.dumps([m for m in ('keras', 'tensorflow', 'streamlit', 'distributed') if m in sys.modules]))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert json.loads(out) == []


def after(seconds: tuple[float, ...], **fields: float) -> Run:
    """A run of 12 epochs whose epochs ended at these seconds."""
    run = run_of(ExperimentSpec(), (0.7,) * len(seconds), state="running")
    epochs = [dataclasses.replace(epoch, seconds=end) for epoch, end in zip(run.epochs, seconds, strict=True)]
    return dataclasses.replace(run, epochs=tuple(epochs), **fields)


def test_the_time_left_is_that_of_the_latest_epochs():
    # The first epoch compiles, and the worker gets slower towards the end.
    assert after((0, 9, 10, 11, 13, 15, 17, 19)).seconds_left == pytest.approx(5 * 2)
    # It stood still for an hour in between.
    assert after((0, 1, 2, 3, 3603, 3604, 3605)).seconds_left == pytest.approx(6 * 1)


def test_no_time_is_promised_before_the_first_epoch_or_while_the_worker_is_silent():
    assert after(()).seconds_left is None
    assert after((0,)).seconds_left is None
    assert after((0, 1, 2), silent=11.0).seconds_left is None
    assert after(tuple(range(13))).seconds_left == 0
