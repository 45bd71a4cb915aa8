"""Files that were written once are read for ever: here one that was recorded with link version 1."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from mtl_core.records import RunFolder, decode_head, encode, epoch_to_plain, split
from mtl_core.spec import ExperimentSpec

FOLDER = Path(__file__).parents[2] / "data" / "runs"
DIGEST = "2edbf3ed0eb8160d61eeed7ddad17e3f"
QUERY = {"v": "1", "m": "none", "u": "1", "mix": "0", "fa": "90", "n": "1024", "lr": "0.02", "w": "1,0"}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_its_experiment_has_the_same_name() -> None:
    experiment, notes = ExperimentSpec.from_query(QUERY)
    assert (experiment.digest(), notes) == (DIGEST, [])
    head = RunFolder(FOLDER).head(DIGEST)
    assert head is not None
    assert head.run.spec == experiment


def test_its_curves_are_the_same_to_the_last_digit() -> None:
    head = RunFolder(FOLDER).head(DIGEST)
    assert head is not None
    last = head.run.epochs[-1]
    assert last.test["predictions1"].loss == 0.24262093238157048
    assert last.reliance["predictions1", "tweet_a"] == 1.1040345162036829
    assert last.gradients is None
    curves = json.dumps([epoch_to_plain(epoch) for epoch in head.run.epochs])
    assert sha256(curves.encode()) == "2d57e48a3e8896557c0f32961184387062748939ebd55bcc4313adbf039615e4"


def test_its_weights_are_the_same_to_the_last_bit() -> None:
    runs = RunFolder(FOLDER)
    weights = [runs.weights(DIGEST, epoch) for epoch in range(13)]
    flat = b"".join(array.astype("<f4").tobytes() for arrays in weights if arrays for array in arrays)
    assert sha256(flat) == "4d65a8006c9d5d9165a8c60f2f616c600ce87fd6ed7c79e63152a9459b1d96f6"
    assert [array.shape for array in weights[0] or ()] == [(8, 4), (1, 4), (4,), (1, 1), (1,), (1, 1), (1,)]
    assert runs.weights(DIGEST, 13) is None


def test_its_response_is_the_same_to_the_last_digit() -> None:
    head = RunFolder(FOLDER).head(DIGEST)
    assert head is not None
    response = head.run.response
    assert response is not None
    assert (response.perturbation, response.repeats, response.rows) == ("permute", 8, 2048)
    assert response.changed is None
    curves = np.stack([response.loss, response.low, response.high, response.accuracy])
    assert sha256(curves.astype("<f8").tobytes()) == "b6a7761f8b9a37c70c28f52a2de6eff5f43120b9cae8793a859a7090202bf5a8"


def test_head_and_body_make_the_same_file_again() -> None:
    data = (FOLDER / f"{DIGEST}.run").read_bytes()
    assert encode(*split(data)) == data
    assert decode_head(split(data)[0]).run.versions["keras"] == "3.15.1"


@pytest.mark.parametrize("length", [0, 13, 14, 1000, 5533])
def test_a_part_of_it_is_refused_in_words(length: int) -> None:
    with pytest.raises(ValueError, match="recorded run"):
        split((FOLDER / f"{DIGEST}.run").read_bytes()[:length])
