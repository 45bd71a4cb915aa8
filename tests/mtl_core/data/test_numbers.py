"""The tweets are what their formulas say, and a setting moves what it should move and nothing else."""

import dataclasses
import os
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mtl_core.data import label_logit, label_probability, make_labels, make_task, tweets_with_evidence
from mtl_core.spec import DataSpec

SMALL = DataSpec(tweets="numbers", n_train=256, n_test=128)
BIG = DataSpec(tweets="numbers", n_train=64, n_test=16384)


def small(**changes):
    return dataclasses.replace(SMALL, **changes)


def direction(data, tweet):
    u = np.zeros(data.features)
    angle = np.radians(data.feature_angle_deg if tweet == "b" else 0)
    u[:2] = np.cos(angle), np.sin(angle)
    return u


def evidence(data, tweet, x):
    scale = np.sqrt(data.signal**2 + (1 - data.signal**2) / data.timesteps)
    return (x.astype(np.float64) @ direction(data, tweet)).mean(axis=1) / scale


def same(first, second):
    return all(np.array_equal(getattr(first, f.name), getattr(second, f.name)) for f in dataclasses.fields(first))


DATA_SPECS = st.builds(
    DataSpec,
    tweets=st.just("numbers"),
    rule=st.sampled_from(["additive", "match"]),
    mixing_deg=st.floats(0, 90),
    feature_angle_deg=st.floats(0, 90),
    sharpness=st.floats(0.5, 20),
    signal=st.floats(0.1, 1),
    timesteps=st.integers(1, 12),
    features=st.integers(2, 5),
    n_train=st.integers(64, 90),
    n_test=st.integers(64, 90),
    shuffled_labels=st.sampled_from(["none", "y1", "y2"]),
)


@given(DATA_SPECS, st.integers(0, 2**31 - 1))
@settings(max_examples=40)
def test_every_legal_task_has_the_promised_shapes_types_and_evidence(data, seed):
    task = make_task(data, seed)
    for split, rows in ((task.train, data.n_train), (task.test, data.n_test)):
        assert split.a.shape == split.b.shape == (rows, data.timesteps, data.features)
        assert split.y1.shape == split.y2.shape == (rows, 1)
        assert split.a.dtype == split.b.dtype == split.y1.dtype == split.y2.dtype == np.float32
        assert set(np.unique([split.y1, split.y2])) <= {0, 1}
        assert split.evidence_a.dtype == split.evidence_b.dtype == np.float64
        np.testing.assert_allclose(split.evidence_a, evidence(data, "a", split.a), atol=5e-6)
        np.testing.assert_allclose(split.evidence_b, evidence(data, "b", split.b), atol=5e-6)


def test_evidence_is_standard_normal_and_the_two_tweets_are_independent():
    for data in (BIG, dataclasses.replace(BIG, signal=0.1, timesteps=3), dataclasses.replace(BIG, signal=1.0)):
        split = make_labels(data, 1, "test")
        for m in (split.evidence_a, split.evidence_b):
            assert stats.kstest(m, "norm").pvalue > 1e-3
        assert abs(np.corrcoef(split.evidence_a, split.evidence_b)[0, 1]) < 4 / np.sqrt(data.n_test)


def test_along_the_feature_steps_share_a_hidden_mean_and_elsewhere_nothing():
    data = small(signal=0.7, feature_angle_deg=30, n_test=8192, timesteps=6, features=4)
    x = make_task(data, 0).test.b
    u = direction(data, "b")
    along = x @ u
    correlations = np.corrcoef(along.T)
    np.testing.assert_allclose(correlations[np.triu_indices(6, 1)], 0.7**2, atol=0.05)
    np.testing.assert_allclose(along.std(axis=0), 1, atol=0.05)
    rest = (x - along[..., None] * u)[..., 2:].reshape(len(x), -1)
    np.testing.assert_allclose(np.cov(rest.T), np.eye(rest.shape[1]), atol=0.08)
    orthogonal = x @ np.array([-u[1], u[0], 0, 0])
    np.testing.assert_allclose(np.cov(orthogonal.T), np.eye(6), atol=0.08)


@pytest.mark.parametrize("rule", ["additive", "match"])
def test_label_probability_is_the_formula(rule):
    data = small(rule=rule, mixing_deg=25, sharpness=3)
    m, n = np.linspace(-2, 2, 5), 0.7
    second = m * n if rule == "match" else n
    logit = 3 * (np.cos(np.radians(25)) * m + np.sin(np.radians(25)) * second)
    np.testing.assert_allclose(label_logit(data, m, n), logit, rtol=1e-12)
    np.testing.assert_allclose(label_probability(data, m, n), 1 / (1 + np.exp(-logit)), rtol=1e-12)


def test_at_the_ends_of_the_angle_one_tweet_knows_exactly_nothing():
    m = np.linspace(-3, 3, 7)
    assert np.ptp(label_probability(small(mixing_deg=0), 1.0, m)) == 0
    assert np.ptp(label_probability(small(mixing_deg=90), m, 1.0)) == 0
    assert np.array_equal(label_probability(small(), m, 0.3), label_probability(small(), 0.3, m))


def test_label_probability_survives_extreme_evidence():
    extreme = label_probability(small(rule="match", sharpness=20), np.array([-40.0, 40.0]), 40.0)
    np.testing.assert_array_equal(np.round(extreme), [0, 1])


@pytest.mark.parametrize("rule", ["additive", "match"])
@pytest.mark.parametrize("angle", [0, 30, 90])
def test_labels_are_balanced_and_follow_their_probability(rule, angle):
    data = dataclasses.replace(BIG, rule=rule, mixing_deg=angle)
    split = make_labels(data, 3, "test")
    for y, own, other in (
        (split.y1, split.evidence_a, split.evidence_b),
        (split.y2, split.evidence_b, split.evidence_a),
    ):
        p = label_probability(data, own, other)
        assert abs(y.mean() - 0.5) < 4 * 0.5 / np.sqrt(len(y))
        z = (y[:, 0] - p).sum() / np.sqrt((p * (1 - p)).sum())
        assert abs(z) < 4
        sure = p > 0.9
        assert abs(y[sure].mean() - p[sure].mean()) < 0.02


def test_the_same_seed_gives_the_same_task_and_another_seed_another():
    assert same(make_task(SMALL, 5).test, make_task(SMALL, 5).test)
    assert not np.array_equal(make_task(SMALL, 5).test.a, make_task(SMALL, 6).test.a)


def test_no_two_parts_of_a_task_repeat_each_other():
    task = make_task(small(n_train=128), 0)
    parts = [task.train.a, task.train.b, task.test.a, task.test.b]
    for i, first in enumerate(parts):
        for second in parts[i + 1 :]:
            assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 0.03


@pytest.mark.parametrize("change", [{"mixing_deg": 10.0}, {"rule": "match"}, {"sharpness": 1.0}])
def test_turning_the_rule_moves_the_labels_and_leaves_the_tweets_alone(change):
    before, after = make_task(SMALL, 0).test, make_task(small(**change), 0).test
    assert np.array_equal(before.a, after.a)
    assert np.array_equal(before.b, after.b)
    assert not np.array_equal(before.y1, after.y1)


def test_the_angle_between_features_changes_tweet_b_and_no_label():
    before, after = make_task(SMALL, 0).test, make_task(small(feature_angle_deg=70), 0).test
    assert np.array_equal(before.a, after.a)
    assert not np.array_equal(before.b, after.b)
    assert np.array_equal(before.y1, after.y1)
    assert np.array_equal(before.evidence_b, after.evidence_b)


def test_a_smaller_training_split_is_the_beginning_of_the_larger_one():
    small_task, large = make_task(small(n_train=64), 0), make_task(small(n_train=200), 0)
    assert same(small_task.test, large.test)
    for f in dataclasses.fields(small_task.train):
        assert np.array_equal(getattr(small_task.train, f.name), getattr(large.train, f.name)[:64])


@pytest.mark.parametrize(("shuffled", "kept"), [("y1", "y2"), ("y2", "y1")])
def test_shuffling_a_tasks_labels_touches_only_its_training_split(shuffled, kept):
    before, after = make_task(SMALL, 0), make_task(small(shuffled_labels=shuffled), 0)
    assert same(before.test, after.test)
    assert np.array_equal(getattr(before.train, kept), getattr(after.train, kept))
    was, now = getattr(before.train, shuffled), getattr(after.train, shuffled)
    assert was.sum() == now.sum()
    assert not np.array_equal(was, now)
    assert np.array_equal(before.train.a, after.train.a)


def test_labels_without_tweets_are_those_of_the_task():
    for data in (SMALL, small(shuffled_labels="y2", feature_angle_deg=20)):
        task = make_task(data, 4)
        for part, split in (("train", task.train), ("test", task.test)):
            labels = make_labels(data, 4, part)
            assert all(
                np.array_equal(getattr(labels, f.name), getattr(split, f.name)) for f in dataclasses.fields(labels)
            )


@pytest.mark.parametrize("which", ["a", "b"])
@pytest.mark.parametrize("data", [SMALL, small(feature_angle_deg=90, signal=1.0), small(timesteps=1, signal=0.1)])
def test_tweets_can_be_asked_for_by_their_evidence(which, data):
    wanted = np.array([-3.0, -0.5, 0.0, 1.25, 3.0])
    tweets = tweets_with_evidence(data, which, wanted, seed=2)
    assert tweets.shape == (5, data.timesteps, data.features)
    assert tweets.dtype == np.float32
    np.testing.assert_allclose(evidence(data, which, tweets), wanted, atol=2e-6)


def test_tweets_of_different_evidence_differ_along_the_feature_only():
    data = small(feature_angle_deg=40)
    low, high = tweets_with_evidence(data, "b", [-1.0, 2.0], seed=0)
    steps = high - low
    u = direction(data, "b")
    np.testing.assert_allclose(steps - (steps @ u)[:, None] * u, 0, atol=1e-6)
    np.testing.assert_allclose(steps @ u, (steps @ u)[0], atol=1e-6)


def test_tweets_of_a_given_evidence_are_as_restless_as_real_ones():
    data = small(timesteps=200, n_test=200)
    real = make_task(data, 0).test.a[..., 0].std(axis=1).mean()
    asked = tweets_with_evidence(data, "a", [1.0], seed=0)[..., 0].std()
    assert asked == pytest.approx(real, rel=0.15)


def test_different_seeds_and_tweets_have_different_noise():
    first = tweets_with_evidence(SMALL, "a", [0.0], seed=0)
    assert not np.array_equal(first, tweets_with_evidence(SMALL, "a", [0.0], seed=1))
    assert not np.array_equal(first, tweets_with_evidence(SMALL, "b", [0.0], seed=0))


def test_making_a_large_task_needs_little_more_memory_than_the_task():
    data = DataSpec(tweets="numbers", timesteps=280, features=64, n_train=256, n_test=64)
    tracemalloc.start()
    task = make_task(data, 0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    result = sum(x.nbytes for split in (task.train, task.test) for x in (split.a, split.b))
    assert peak < 1.3 * result


def test_another_process_makes_the_same_numbers():
    code = (
        "from mtl_core.data import make_task; from mtl_core.spec import DataSpec;"
        "t = make_task(DataSpec(tweets='numbers', n_train=64, n_test=64), 7); print(repr(float(t.test.a.sum())), int(t.train.y1.sum()))"
    )
    env = os.environ | {"PYTHONHASHSEED": "12345"}
    out = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout
    task = make_task(small(n_train=64, n_test=64), 7)
    assert out.split() == [repr(float(task.test.a.sum())), str(int(task.train.y1.sum()))]
