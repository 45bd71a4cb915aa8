"""What a worker computes, here in this process; everything around it is tested with stand-ins."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from mtl_core.jobs import compute, tasks
from mtl_core.records import Outcome, Response, TrainingDiverged, WhatIf, decode_head, epoch_from_plain, versions
from mtl_core.spec import ExperimentSpec

SPEC = ExperimentSpec().replace(tweets="numbers", lstm_units=4, timesteps=5, n_train=256, n_test=256, epochs=3)


@pytest.fixture(scope="module")
def told() -> list[Mapping[str, Any]]:
    return []


@pytest.fixture(scope="module")
def outcome(told: list[Mapping[str, Any]]) -> Outcome:
    return compute.finish(SPEC, "attempt", told.append, lambda: False)


@pytest.fixture(scope="module")
def last_weights(outcome: Outcome) -> tuple[np.ndarray, ...]:
    head = decode_head(outcome.head)
    return head.weights(3, outcome.body.tobytes()[head.offset(3) :])


def test_a_finished_run_has_every_epoch_every_snapshot_and_its_response(outcome: Outcome) -> None:
    head = decode_head(outcome.head)
    assert (outcome.state, outcome.attempt, head.attempt) == ("finished", "attempt", "attempt")
    assert [epoch.index for epoch in head.run.epochs] == list(head.run.kept) == [0, 1, 2, 3]
    assert outcome.body.dtype == np.float32
    assert outcome.body.nbytes == head.body_bytes
    assert head.run.versions == versions()
    assert head.run.response is not None
    assert head.run.response.perturbation == "permute"


def test_progress_tells_each_epoch_and_the_real_models_config_as_they_come(
    outcome: Outcome, told: list[Mapping[str, Any]]
) -> None:
    run = decode_head(outcome.head).run
    epochs = [epoch_from_plain(event["epoch"]) for event in told if "epoch" in event]
    assert tuple(epochs) == run.epochs
    (config,) = [event["config"] for event in told if "config" in event]
    assert config == run.config
    layers = {layer["config"]["name"] for layer in json.loads(config)["config"]["layers"]}
    assert {"tweet_a", "tweet_b", "shared_lstm", "merged_vector", "predictions1", "predictions2"} <= layers
    assert json.loads(config)["config"]["layers"][0]["config"]["batch_shape"] == [None, 5, 8]


def test_the_kept_weights_give_back_the_loss_that_was_told(
    outcome: Outcome, last_weights: tuple[np.ndarray, ...]
) -> None:
    response = tasks.answer(SPEC, last_weights, "respond", {"perturbation": "permute"})
    assert isinstance(response, Response)
    last = decode_head(outcome.head).run.epochs[-1]
    for k, name in enumerate(("predictions1", "predictions2")):
        np.testing.assert_allclose(response.loss[k, :, 0], last.test[name].loss, atol=1e-5)


def test_other_questions_get_the_record_or_array_that_was_promised(last_weights: tuple[np.ndarray, ...]) -> None:
    options = {"head": "predictions1", "own_evidence": 0.5, "other_evidence": [-1.0, 0.0, 1.0]}
    what_if = tasks.answer(SPEC, last_weights, "what_if", options)
    assert isinstance(what_if, WhatIf)
    assert what_if.probability.shape == (3,)
    assert tasks.answer(SPEC, last_weights, "jacobian", {}).shape == (2, 2, 5)
    assert tasks.answer(SPEC, last_weights, "block_scale", {"alphas": [0.0, 1.0]}).shape == (2, 2)


def test_a_run_that_is_told_to_stop_is_partial_and_has_no_archive() -> None:
    told: list[Mapping[str, Any]] = []
    outcome = compute.finish(SPEC, "attempt", told.append, lambda: sum("epoch" in event for event in told) > 1)
    assert (outcome.state, outcome.head, outcome.body.size) == ("stopped", b"", 0)


def test_a_diverged_run_travels_as_numbers_that_make_the_sentence() -> None:
    spec = ExperimentSpec().replace(
        tweets="numbers",
        optimizer="sgd",
        learning_rate=1.0,
        loss_weights=(10, 10),
        hidden_units=128,
        batch_size=1,
        n_train=512,
        n_test=64,
    )
    outcome = tasks.attempted(compute.finish, spec, "attempt", lambda event: None, lambda: False)
    assert outcome.state == "diverged"
    assert outcome.diverged is not None
    assert "Lower the learning rate" in str(TrainingDiverged(*outcome.diverged))


def test_an_unexpected_failure_travels_as_one_line() -> None:
    def broken(*arguments: object) -> Outcome:
        raise OSError("first line\nsecond line")

    outcome = tasks.attempted(broken, SPEC, "attempt", lambda event: None, lambda: False)
    assert (outcome.state, outcome.error) == ("failed", "OSError: first line")
