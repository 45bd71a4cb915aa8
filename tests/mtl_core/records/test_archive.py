import json
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.records import Epoch, HeadMetrics, Pull, Response, Run, archive
from mtl_core.spec import INPUTS, OUTPUTS, ExperimentSpec

SPEC = ExperimentSpec().replace(
    tweets="numbers", epochs=3, learning_rate=0.0123, loss_weights=(0.1, 7), mixing_deg=33.3
)


def an_epoch(index: int) -> Epoch:
    heads = {name: HeadMetrics(0.1 + index / 7 + k, 0.5) for k, name in enumerate(OUTPUTS)}
    pairs = [(output, seen) for output in OUTPUTS for seen in INPUTS]
    applied = (0.5, None) if index else (None, None)
    pull = Pull(0.25 + index / 3, 0.0, -0.125, *applied)
    gradients = {("shared_lstm", "kernel"): pull, ("predictions1", "bias"): None}
    return Epoch(
        index, index / 3, heads, heads, {pair: k / 9 - 0.2 for k, pair in enumerate(pairs)}, gradients=gradients
    )


def a_run() -> Run:
    *curves, changed = [np.random.default_rng(k).random((2, 2, 5)) for k in range(5)]
    response = Response("permute", np.linspace(0, 1, 5), *curves, repeats=8, rows=2048, changed=changed)
    return Run(
        spec=SPEC,
        state="finished",
        epochs=tuple(map(an_epoch, range(4))),
        response=response,
        config='{"name": "ü"}',
        versions={"engine": "1", "machine": "a machine"},
    )


def some_weights() -> dict[int, list[np.ndarray]]:
    draw = np.random.default_rng(1)
    return {e: [draw.random((3, 4)).astype("f4"), draw.random(4).astype("f4"), np.float32([[e]])] for e in (0, 2, 3)}


def a_file() -> bytes:
    return archive.encode(*archive.pack(a_run(), some_weights(), "attempt"))


def test_a_run_comes_back_from_its_file_to_the_last_bit() -> None:
    run, weights = a_run(), some_weights()
    head_bytes, body = archive.split(a_file())
    head = archive.decode_head(head_bytes)
    assert head.run.epochs == run.epochs
    assert (head.run.spec, head.run.config, head.run.versions) == (SPEC, run.config, run.versions)
    assert (head.attempt, head.run.state, head.run.kept) == ("attempt", "finished", (0, 2, 3))
    for name in ("levels", "loss", "low", "high", "accuracy", "changed"):
        np.testing.assert_array_equal(getattr(head.run.response, name), getattr(run.response, name))
    for epoch, arrays in weights.items():
        piece = body[head.offset(epoch) : head.offset(epoch) + head.epoch_bytes]
        for read, written in zip(head.weights(epoch, piece), arrays, strict=True):
            np.testing.assert_array_equal(read, written)
            assert read.dtype == np.float32


def test_a_run_without_kept_weights_or_response_comes_back() -> None:
    run = Run(spec=SPEC, state="finished", epochs=a_run().epochs)
    head_bytes, body = archive.split(archive.encode(*archive.pack(run, {}, "")))
    head = archive.decode_head(head_bytes)
    assert (head.run.kept, head.run.response, head.run.config, body) == ((), None, None, b"")


def test_a_run_recorded_before_changed_answers_were_counted_says_that_they_were_not() -> None:
    head = archive.decode_head(changed(response__changed=None))
    assert head.run.response is not None
    assert head.run.response.changed is None


def test_a_run_recorded_before_gradients_were_measured_says_that_they_were_not() -> None:
    plain = json.loads(zlib.decompress(archive.split(a_file())[0]))
    head = archive.decode_head(changed(epochs=[epoch[:5] for epoch in plain["epochs"]]))
    assert [epoch.gradients for epoch in head.run.epochs] == [None] * 4
    assert [epoch.test for epoch in head.run.epochs] == [epoch.test for epoch in a_run().epochs]


def test_weights_of_an_epoch_that_was_not_kept_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="epoch 1 was not kept"):
        archive.decode_head(archive.split(a_file())[0]).offset(1)


def test_a_damaged_epoch_is_found_by_its_checksum() -> None:
    head_bytes, body = archive.split(a_file())
    head = archive.decode_head(head_bytes)
    piece = bytearray(body[head.offset(2) : head.offset(2) + head.epoch_bytes])
    piece[5] ^= 1
    with pytest.raises(ValueError, match="epoch 2 are damaged"):
        head.weights(2, bytes(piece))


@given(st.integers(0, len(a_file()) - 1))
def test_a_file_cut_off_anywhere_is_refused_in_words(end: int) -> None:
    with pytest.raises(ValueError, match="recorded run"):
        archive.split(a_file()[:end])


@given(st.binary(max_size=300))
def test_bytes_of_a_stranger_are_refused_in_words(data: bytes) -> None:
    for door in (archive.split, archive.decode_head):
        with pytest.raises(ValueError, match="recorded run"):
            door(data)


@given(st.data())
def test_a_changed_byte_never_does_worse_than_a_value_error(data: st.DataObject) -> None:
    file = bytearray(a_file())
    file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    try:
        head_bytes, body = archive.split(bytes(file))
        head = archive.decode_head(head_bytes)
        for epoch in head.run.kept:
            head.weights(epoch, body[head.offset(epoch) : head.offset(epoch) + head.epoch_bytes])
    except ValueError:
        return
    assert head.run.epochs == a_run().epochs


def changed(**changes: object) -> bytes:
    plain = json.loads(zlib.decompress(archive.split(a_file())[0]))
    for path, value in changes.items():
        at = plain
        *way, last = path.split("__")
        for step in way:
            at = at[int(step) if step.isdigit() else step]
        at[int(last) if last.isdigit() else last] = value
    return zlib.compress(json.dumps(plain).encode())


@pytest.mark.parametrize(
    "changes",
    [
        {"digest": "0" * 32},
        {"spec__u": "9999"},
        {"spec": []},
        {"spec": {"v": "1", "u": 16}},
        {"epochs": []},
        {"epochs__0": [0, 0.0]},
        {"epochs__1__0": 2},
        {"epochs__1__0": True},
        {"epochs__1__1": -1.0},
        {"epochs__1__2__0__1": 1.5},
        {"epochs__1__2__0__0": "0.5"},
        {"epochs__1__4": [0.0]},
        {"epochs__1__5": 7},
        {"epochs__1__5": [["shared_lstm"]]},
        {"epochs__1__5": [["shared_lstm", 3]]},
        {"epochs__1__5": [["shared_lstm", "kernel", 0.1]]},
        {"epochs__1__5": [["shared_lstm", "kernel", -0.1, 0.1, 0.0, None, None]]},
        {"epochs__1__5": [["shared_lstm", "kernel", 0.1, 0.1, 1.5, None, None]]},
        {"epochs__1__5": [["shared_lstm", "kernel", 0.1, 0.1, "0", None, None]]},
        {"kept": [3, 0, 2]},
        {"kept": [0, 2, 4]},
        {"checksums": [1, 2]},
        {"checksums": ["1", 2, 3]},
        {"shapes": [[2**30]]},
        {"shapes": [[-1]]},
        {"response": {}},
        {"response__perturbation": "eval"},
        {"response__loss": [[[0.0]]]},
        {"response__levels": 5},
        {"response__repeats": "x"},
        {"response__changed": [0.1, 0.2]},
        {"response__changed": [[[1.5] * 5] * 2] * 2},
        {"config": 5},
        {"versions": {"keras": 3}},
        {"attempt": None},
    ],
)
def test_a_wrong_field_is_refused_in_words(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="record"):
        archive.decode_head(changed(**changes))


@pytest.mark.parametrize("text", ["[]", "null", "NaN", "[" * 100_000, '{"spec": Infinity}'])
def test_json_that_is_no_record_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="recorded run"):
        archive.decode_head(zlib.compress(text.encode()))


def test_a_head_that_unpacks_to_gigabytes_is_refused_without_unpacking_it() -> None:
    bomb = zlib.compress(b" " * 60_000_000, 9)
    with pytest.raises(ValueError, match="too large"):
        archive.decode_head(bomb)


def test_a_run_with_a_loss_that_is_no_number_cannot_be_packed() -> None:
    broken = an_epoch(0)
    broken = Epoch(0, float("nan"), broken.train, broken.test, broken.reliance)
    with pytest.raises(ValueError, match="JSON"):
        archive.pack(Run(spec=SPEC, epochs=(broken,)), {}, "")
