"""Training is what `keras.Model.fit` does, told epoch by epoch, the same every time, and it can be stopped."""

from __future__ import annotations

import dataclasses
import itertools
import threading
import zlib
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from mtl_core.data import make_task
from mtl_core.model import VARIANTS, build_model
from mtl_core.records import TrainingDiverged, kept_epochs
from mtl_core.spec import INPUTS, OUTPUTS, ExperimentSpec
from mtl_core.train import PROGRAMS, Pool, Program, Shape, epoch_order, program, train
from mtl_core.train import epochs as engine
from tests.pairwise import cases

SMALL = ExperimentSpec().replace(
    tweets="numbers",
    timesteps=4,
    features=3,
    lstm_units=4,
    n_train=72,
    n_test=65,
    epochs=2,
    batch_size=32,
    learning_rate=0.01,
)

MERGES = ("none", "concatenate", "add", "multiply")
ENCODERS = ("shared", "separate")
OPTIMIZERS = {"rmsprop": keras.optimizers.RMSprop, "adam": keras.optimizers.Adam, "sgd": keras.optimizers.SGD}


def spec_of(merge: str, encoder: str, hidden: int, optimizer: str) -> ExperimentSpec:
    return SMALL.replace(
        merge=merge, encoder=encoder, hidden_units=hidden, optimizer=optimizer, loss_weights=(1.0, 0.3), seed=11
    )


def fitted(spec: ExperimentSpec) -> keras.Model:
    """The same model trained by `keras.Model.fit` on the same batches."""
    model = build_model(spec.model, spec.data, spec.train.seed)
    binary = keras.losses.BinaryCrossentropy
    model.compile(
        optimizer=OPTIMIZERS[spec.train.optimizer](spec.train.learning_rate),
        loss=[binary(), binary()],
        loss_weights=list(spec.train.loss_weights),
        run_eagerly=spec.data.n_train < 10 * spec.train.batch_size,  # few batches are quicker than compiling
    )
    rows = make_task(spec.data, spec.train.seed).train
    for epoch in range(1, spec.train.epochs + 1):
        order = epoch_order(spec, epoch)
        model.fit(
            [rows.a[order], rows.b[order]],
            [rows.y1[order], rows.y2[order]],
            batch_size=spec.train.batch_size,
            shuffle=False,
            verbose=0,
        )
    return model


def weights_of(spec: ExperimentSpec) -> tuple[np.ndarray, ...]:
    return list(train(spec))[-1].weights


@pytest.fixture
def use_variant(monkeypatch):
    def use(variant):
        monkeypatch.setattr(program, "variant_of", lambda features, units: variant)

    return use


@pytest.mark.parametrize(
    ("merge", "encoder", "hidden", "optimizer", "variant"), cases(MERGES, ENCODERS, (0, 3), tuple(OPTIMIZERS), VARIANTS)
)
def test_two_epochs_give_the_weights_of_keras_fit(merge, encoder, hidden, optimizer, variant, use_variant):
    use_variant(variant)
    spec = spec_of(merge, encoder, hidden, optimizer)
    expected, (start, *_, last) = fitted(spec).get_weights(), train(spec)
    assert max(np.abs(a - b).max() for a, b in zip(expected, start.weights, strict=True)) > 1e-3
    for mine, theirs in zip(last.weights, expected, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-5)


@pytest.mark.parametrize("batch_size", [1, 50, 72, 1024])
def test_batches_of_any_size_are_those_of_keras_fit(batch_size):
    spec = SMALL.replace(batch_size=batch_size)
    for mine, theirs in zip(weights_of(spec), fitted(spec).get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-5)


@pytest.mark.full
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_default_experiment_gives_the_weights_of_keras_fit(variant, use_variant):
    use_variant(variant)
    spec = ExperimentSpec().replace(tweets="numbers", epochs=2)
    for mine, theirs in zip(weights_of(spec), fitted(spec).get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-5)


def test_metrics_are_those_that_keras_takes_from_the_weights_that_are_told():
    spec = SMALL.replace(hidden_units=3, learning_rate=0.05)
    epochs = list(train(spec))
    assert [epoch.index for epoch in epochs] == [0, 1, 2]
    task = make_task(spec.data, spec.train.seed)
    judge = build_model(spec.model, spec.data, 0)
    judge.compile(loss=["binary_crossentropy"] * 2, metrics=[["accuracy"], ["accuracy"]], run_eagerly=True)
    for epoch in epochs:
        judge.set_weights(epoch.weights)
        for told, rows in ((epoch.train, task.train), (epoch.test, task.test)):
            everything = {"batch_size": len(rows.y1), "verbose": 0, "return_dict": True}
            measured = judge.evaluate([rows.a, rows.b], [rows.y1, rows.y2], **everything)
            for output in OUTPUTS:
                assert told[output].loss == pytest.approx(measured[f"{output}_loss"], abs=2e-6)
                assert told[output].accuracy == pytest.approx(measured[f"{output}_accuracy"], abs=1e-6)


def test_epoch_0_is_the_model_before_any_update():
    first = next(train(SMALL))
    for told, built in zip(first.weights, build_model(SMALL.model, SMALL.data, 0).get_weights(), strict=True):
        np.testing.assert_array_equal(told, built)
    assert first.seconds == 0.0


def test_seconds_are_those_of_the_updates_and_not_of_whoever_looks_on(monkeypatch):
    clock = itertools.count()  # of seconds: one passes between two looks at it
    monkeypatch.setattr(engine, "time", SimpleNamespace(perf_counter=lambda: float(next(clock))))
    seconds = []
    for epoch in train(SMALL.replace(epochs=3)):
        seconds.append(epoch.seconds)
        clock = itertools.count(next(clock) + 1000)  # the one who looks on takes a quarter of an hour
    assert seconds == [0.0, 1.0, 2.0, 3.0]


def test_weights_are_kept_at_the_kept_epochs_only():
    spec = SMALL.replace(epochs=50)
    parameters = build_model(spec.model, spec.data, 0).count_params()
    told = [epoch.index for epoch in train(spec) if epoch.weights is not None]
    assert told == list(kept_epochs(50, parameters))
    assert len(told) == 41


@pytest.mark.parametrize("hidden", [0, 3])
@pytest.mark.parametrize("encoder", ENCODERS)
def test_what_a_head_cannot_read_it_does_not_rely_on_exactly(encoder, hidden):
    for epoch in train(
        SMALL.replace(merge="none", encoder=encoder, hidden_units=hidden, learning_rate=0.1, batch_size=16)
    ):
        for output, name in itertools.product(OUTPUTS, INPUTS):
            own = output[-1] == "12"[INPUTS.index(name)]
            assert (epoch.reliance[output, name] == 0.0) != own


def test_reliance_is_the_loss_with_another_rows_input_minus_the_loss():
    spec = SMALL.replace(learning_rate=0.1)
    last = list(train(spec))[-1]
    rows, model = make_task(spec.data, 0).test, build_model(spec.model, spec.data, 0)
    model.set_weights(last.weights)
    entropy = keras.losses.BinaryCrossentropy()
    order = np.random.default_rng([spec.train.seed, zlib.crc32(b"reliance")]).permutation(spec.data.n_test)
    dealt = np.empty_like(order)
    dealt[order] = np.roll(order, 1)  # one circle through all rows: each has another's tweet
    assert sorted(dealt) == list(range(spec.data.n_test))
    assert (dealt != np.arange(spec.data.n_test)).all()
    for name, tweets in (("tweet_a", [rows.a[dealt], rows.b]), ("tweet_b", [rows.a, rows.b[dealt]])):
        for output, y, p in zip(OUTPUTS, (rows.y1, rows.y2), model(tweets), strict=True):
            expected = float(entropy(y, p)) - last.test[output].loss
            assert last.reliance[output, name] == pytest.approx(expected, abs=5e-6)


@pytest.mark.parametrize("batch_size", [16, 7])
@pytest.mark.parametrize("variant", VARIANTS)
def test_without_the_other_tasks_loss_a_shared_encoder_is_a_separate_one_bit_for_bit(variant, batch_size, use_variant):
    use_variant(variant)
    spec = SMALL.replace(merge="none", loss_weights=(1.0, 0.0), batch_size=batch_size, learning_rate=0.05)
    shared, separate = (list(train(spec.replace(encoder=encoder))) for encoder in ENCODERS)
    for mine, other in zip(shared, separate, strict=True):
        assert mine.test["predictions1"] == other.test["predictions1"]
        assert mine.train["predictions1"] == other.train["predictions1"]
        for a, b in zip(mine.weights[:3], other.weights[:3], strict=True):
            np.testing.assert_array_equal(a, b)


def test_noise_in_the_other_task_reaches_a_head_through_shared_weights_only():
    last = {
        (encoder, shuffled): list(train(SMALL.replace(merge="none", encoder=encoder, shuffled_labels=shuffled)))[-1]
        for encoder, shuffled in itertools.product(ENCODERS, ("none", "y2"))
    }
    losses = {key: epoch.test["predictions1"].loss for key, epoch in last.items()}
    assert losses["separate", "none"] == losses["separate", "y2"]
    assert losses["shared", "none"] != losses["shared", "y2"]


def numbers(epochs) -> list[tuple]:
    return [(e.train, e.test, e.reliance, [w.tobytes() for w in e.weights]) for e in epochs]


def test_the_same_spec_gives_the_same_numbers_after_others_used_its_program():
    spec = SMALL.replace(optimizer="adam")
    first = numbers(train(spec))
    list(train(spec.replace(seed=5, learning_rate=0.3, n_train=64, timesteps=9, loss_weights=(0, 3))))
    assert numbers(train(spec)) == first


def test_trainings_at_once_do_not_disturb_each_other():
    specs = [SMALL.replace(seed=seed, epochs=6) for seed in (1, 2, 1)]
    alone, at_once = [numbers(train(spec)) for spec in specs], {}
    start = threading.Barrier(len(specs))

    def run(i: int) -> None:
        start.wait()
        at_once[i] = numbers(train(specs[i]))

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(specs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [at_once[i] for i in range(len(specs))] == alone


def test_a_training_that_is_stopped_tells_no_unfinished_epoch_and_is_asked_within_an_epoch(monkeypatch):
    monkeypatch.setattr(engine, "_CALL_SECONDS", 1e-9)
    asked = []

    def after_the_first_call_of_epoch_2() -> bool:
        asked.append(len(told))
        return asked.count(2) == 2

    told = []
    for epoch in train(SMALL.replace(epochs=5, batch_size=16), should_stop=after_the_first_call_of_epoch_2):
        told.append(epoch)  # noqa: PERF402, the callback looks at it
    assert [epoch.index for epoch in told] == [0, 1]
    assert asked.count(1) > 5


def test_short_calls_give_the_numbers_of_long_ones(monkeypatch):
    long = numbers(train(SMALL))
    monkeypatch.setattr(engine, "_CALL_SECONDS", 1e-9)
    assert numbers(train(SMALL)) == long


def test_a_training_that_is_abandoned_gives_its_program_back():
    shape = Shape.of(SMALL)
    list(train(SMALL))
    idle = len(PROGRAMS)
    stream = train(SMALL)
    next(stream)
    assert len(PROGRAMS) == idle - 1
    stream.close()
    assert len(PROGRAMS) == idle
    with PROGRAMS.borrow(shape) as borrowed:
        assert isinstance(borrowed, Program)


def test_a_loss_that_is_no_number_ends_the_run_and_names_what_to_change():
    spec = ExperimentSpec().replace(
        tweets="numbers",
        optimizer="sgd",
        learning_rate=1.0,
        loss_weights=(10.0, 10.0),
        hidden_units=128,
        batch_size=1,
        n_train=1024,  # After 512 pairs it depends on the processor's last digits.
    )
    with pytest.raises(TrainingDiverged, match="Lower the learning rate") as caught:
        list(train(spec.replace(n_test=64)))
    assert (caught.value.epoch, caught.value.optimizer, caught.value.learning_rate) == (1, "sgd", 1.0)


def test_every_epoch_has_an_order_of_its_own_that_is_always_the_same():
    first, second = epoch_order(SMALL, 1), epoch_order(SMALL, 2)
    assert sorted(first) == sorted(second) == list(range(72))
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(first, epoch_order(SMALL, 1))


def test_warming_leaves_a_program_for_each_shape_once(monkeypatch):
    programs = Pool(Program, capacity=4)
    monkeypatch.setattr(engine, "PROGRAMS", programs)
    spec = SMALL.replace(lstm_units=3)
    engine.warm([spec, dataclasses.replace(spec, train=SMALL.train), spec.replace(seed=9)])
    assert len(programs) == 1
