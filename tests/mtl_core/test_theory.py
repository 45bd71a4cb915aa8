"""The Bayes risks agree with a printed table, with an adaptive integrator, with sampling and with what a fitted head reaches."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, optimize, special, stats

from mtl_core.data import LEVEL_PROBABILITIES, LEVELS, label_probability, make_labels, make_task
from mtl_core.spec import DataSpec, ModelSpec
from mtl_core.theory import bayes_accuracy, bayes_loss, bayes_risk, lower_bound

ANGLES = range(0, 91, 15)
TABLE = {
    ("additive", "both"): [0.2063] * 7,
    ("additive", "additive"): [0.2063] * 7,
    ("additive", "own"): [0.2063, 0.2719, 0.3976, 0.5193, 0.6141, 0.6732, 0.6931],
    ("additive", "symmetric"): [0.4610, 0.3589, 0.2624, 0.2063, 0.2624, 0.3589, 0.4610],
    ("match", "own"): [0.2063, 0.2355, 0.3717, 0.5266, 0.6259, 0.6774, 0.6931],
    ("match", "additive"): [0.2063, 0.2355, 0.3717, 0.5266, 0.6259, 0.6774, 0.6931],
    ("match", "both"): [0.2063, 0.2254, 0.2818, 0.3195, 0.3321, 0.3346, 0.3347],
    ("match", "symmetric"): [0.4610, 0.4717, 0.4971, 0.4782, 0.4212, 0.3620, 0.3347],
}

RULES = st.builds(
    DataSpec,
    tweets=st.just("numbers"),
    rule=st.sampled_from(["additive", "match"]),
    mixing_deg=st.floats(0, 90),
    sharpness=st.floats(0.5, 20),
)


@pytest.mark.parametrize(("rule", "name"), TABLE)
def test_risks_are_those_of_the_reference_table(rule, name):
    risks = [bayes_risk(DataSpec(tweets="numbers", rule=rule, mixing_deg=angle)) for angle in ANGLES]
    for head in (0, 1):
        np.testing.assert_allclose([getattr(r, name)[head] for r in risks], TABLE[rule, name], atol=5.1e-5)


def entropy(p):
    return special.entr(p) + special.entr(1 - p)


def legendre(data, name):
    """The same risk by Gauss-Legendre panels, the formula written out again."""
    x, w = special.roots_legendre(12)
    edges = np.linspace(-7, 7, 57)
    half = (edges[1] - edges[0]) / 2
    m = ((edges[:-1] + half)[:, None] + half * x).ravel()
    weight = np.tile(half * w, 56) * stats.norm.pdf(m)
    angle = math.radians(data.mixing_deg)

    def p(own, other):
        second = own * other if data.rule == "match" else other
        return special.expit(data.sharpness * (math.cos(angle) * own + math.sin(angle) * second))

    own, other = m[:, None], m
    if name == "own":
        return weight @ entropy(p(own, other) @ weight)
    seen = p(own, other) if name == "both" else (p(own, other) + p(other, own)) / 2
    return weight @ entropy(seen) @ weight


@pytest.mark.parametrize("name", ["both", "own", "symmetric"])
@pytest.mark.parametrize("sharpness", [0.5, 6, 20])
@pytest.mark.parametrize("angle", [0, 10, 45, 80, 90])
@pytest.mark.parametrize("rule", ["additive", "match"])
def test_risks_agree_with_a_second_way_of_integrating(rule, angle, sharpness, name):
    data = DataSpec(tweets="numbers", rule=rule, mixing_deg=angle, sharpness=sharpness)
    assert getattr(bayes_risk(data), name)[0] == pytest.approx(legendre(data, name), abs=2e-5)


@pytest.mark.parametrize("sharpness", [0.5, 6, 20])
def test_under_the_additive_rule_both_is_a_single_integral(sharpness):
    risk = integrate.quad(
        lambda g: entropy(special.expit(sharpness * g)) * stats.norm.pdf(g), -10, 10, points=[0], limit=400
    )
    for angle in (0, 20, 45, 90):
        got = bayes_risk(DataSpec(tweets="numbers", mixing_deg=angle, sharpness=sharpness)).both[0]
        assert got == pytest.approx(risk[0], abs=1e-5)


@given(RULES)
@settings(max_examples=60)
def test_seeing_more_never_hurts_and_chance_is_the_worst(data):
    risk = bayes_risk(data)
    assert 0 < risk.both[0] <= risk.own[0] + 1e-9
    assert risk.both[0] <= risk.symmetric[0] + 1e-9
    assert risk.both[0] - 1e-9 <= risk.additive[0] <= risk.own[0] + 1e-9
    assert max(risk.own[0], risk.symmetric[0]) <= math.log(2) + 1e-9
    assert risk.chance == (math.log(2), math.log(2))
    assert risk.value_of_other[0] == pytest.approx(risk.own[0] - risk.both[0])


@given(RULES)
@settings(max_examples=30)
def test_the_other_tweet_is_worth_nothing_at_0_degrees_and_all_there_is_at_90(data):
    nothing = bayes_risk(dataclasses.replace(data, mixing_deg=0.0))
    assert nothing.value_of_other[0] == pytest.approx(0, abs=1e-9)
    everything = bayes_risk(dataclasses.replace(data, mixing_deg=90.0))
    assert everything.own[0] == pytest.approx(math.log(2), abs=1e-9)


def test_sampled_labels_cost_the_best_predictors_their_risk():
    for rule, angle in (("additive", 30), ("match", 60), ("additive", 90)):
        data = DataSpec(tweets="numbers", rule=rule, mixing_deg=angle, n_train=64, n_test=16384)
        loss, risk = bayes_loss(make_labels(data, 11, "test"), data), bayes_risk(data)
        for name in ("both", "own", "additive", "symmetric"):
            # 16,384 rows: a standard error of about 0.004.
            np.testing.assert_allclose(getattr(loss, name), getattr(risk, name), atol=0.016)


def test_own_predictor_is_exact_on_every_row():
    for rule, angle, sharpness in (("match", 20, 20), ("additive", 80, 20), ("additive", 45, 6)):
        data = DataSpec(tweets="numbers", rule=rule, mixing_deg=angle, sharpness=sharpness, n_train=64, n_test=64)
        split = make_labels(data, 0, "test")

        def weighed(other, own=split.evidence_a, data=data):
            return label_probability(data, own, other) * stats.norm.pdf(other)

        q, _error = integrate.quad_vec(weighed, -8, 8, points=[0], epsabs=1e-10)
        y = split.y1[:, 0]
        loss = -(y * np.log(q) + (1 - y) * np.log(1 - q)).mean()
        assert bayes_loss(split, data).own[0] == pytest.approx(loss, abs=1e-4)


def test_a_loss_on_a_split_scores_the_true_probability_on_its_rows():
    data = DataSpec(tweets="numbers", n_train=64, n_test=64, mixing_deg=20)
    split = make_task(data, 0).test
    p = label_probability(data, split.evidence_b, split.evidence_a)
    y = split.y2[:, 0]
    assert bayes_loss(split, data).both[1] == pytest.approx(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(), rel=1e-9)


def test_a_loss_on_2048_rows_strays_from_the_risk_by_about_a_hundredth():
    data = DataSpec(tweets="numbers", n_train=64)
    losses = [bayes_loss(make_labels(data, seed, "test"), data).both[0] for seed in range(40)]
    assert np.std(losses) == pytest.approx(0.008, abs=0.004)
    assert np.mean(losses) == pytest.approx(bayes_risk(data).both[0], abs=0.005)


def test_scoring_rows_of_extreme_evidence_stays_finite():
    data = DataSpec(tweets="numbers", sharpness=20, rule="match", n_train=64, n_test=64)
    split = make_labels(data, 0, "test")
    far = dataclasses.replace(split, evidence_a=split.evidence_a * 50, evidence_b=split.evidence_b * 50)
    loss = bayes_loss(far, data)
    assert np.isfinite([loss.both, loss.own, loss.symmetric]).all()


@pytest.mark.parametrize("angle", [20, 60, 90])
def test_under_the_match_rule_the_best_sum_of_two_functions_ignores_the_other_tweet(angle):
    """Fit logit = f(a) + g(b), each a free value a bin, to the exact probabilities: g comes out flat."""
    data = DataSpec(tweets="numbers", rule="match", mixing_deg=angle)
    nodes = (np.arange(24) + 0.5) / 24
    m = stats.norm.ppf(nodes)
    p = label_probability(data, m[:, None], m[None, :])

    def loss(parameters):
        logit = parameters[:24, None] + parameters[None, 24:]
        q = special.expit(logit)
        residual = (q - p) / p.size
        value = (np.logaddexp(0, logit) - p * logit).mean()
        return value, np.concatenate([residual.sum(axis=1), residual.sum(axis=0)])

    start = np.random.default_rng(0).normal(size=48)
    best = optimize.minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-9})
    assert np.ptp(best.x[24:]) < 1e-3
    binned_own = entropy(p.mean(axis=1)).mean()
    assert best.fun == pytest.approx(binned_own, abs=1e-6)


def test_the_symmetric_predictor_is_as_good_as_the_others_allow():
    """A binned table over the unordered pair learns the same risk from samples."""
    data = DataSpec(tweets="numbers", mixing_deg=15, n_train=64, n_test=16384)
    split = make_labels(data, 0, "test")
    low, high = np.sort(np.stack([split.evidence_a, split.evidence_b]), axis=0)
    i, j = (np.clip(np.digitize(x, np.linspace(-2.5, 2.5, 21)), 0, 21) for x in (low, high))
    cell, y = i * 22 + j, split.y1[:, 0]
    ones, rows = np.bincount(cell, y, 484), np.bincount(cell, minlength=484)
    p = (ones + 1) / (rows + 2)
    learned = -(ones * np.log(p) + (rows - ones) * np.log(1 - p)).sum() / rows.sum()
    assert learned == pytest.approx(bayes_risk(data).symmetric[0], abs=0.02)


def test_risks_do_not_depend_on_size_or_noise_of_the_tweets():
    plain = DataSpec(tweets="numbers", mixing_deg=33)
    other = DataSpec(
        tweets="numbers",
        mixing_deg=33,
        timesteps=3,
        features=2,
        signal=0.1,
        feature_angle_deg=77,
        n_test=64,
        shuffled_labels="y1",
    )
    assert bayes_risk(plain) is bayes_risk(other)


def test_accuracy_of_the_best_is_what_sampling_says():
    for rule, angle in (("additive", 45), ("match", 30)):
        data = DataSpec(tweets="numbers", rule=rule, mixing_deg=angle, n_train=64, n_test=16384)
        split = make_labels(data, 2, "test")
        right = (label_probability(data, split.evidence_a, split.evidence_b) > 0.5) == (split.y1[:, 0] > 0.5)
        assert bayes_accuracy(data).both[0] == pytest.approx(right.mean(), abs=0.01)
        assert 0.5 <= bayes_accuracy(data).own[0] <= bayes_accuracy(data).both[0]


def test_accuracy_of_the_own_tweet_under_the_additive_rule_is_that_of_its_sign():
    angle = math.radians(60)
    noise = integrate.quad(
        lambda m: (
            2
            * stats.norm.pdf(m)
            * (
                special.expit(6 * (math.cos(angle) * m + math.sin(angle) * np.linspace(-6, 6, 2001)))
                * stats.norm.pdf(np.linspace(-6, 6, 2001))
            ).sum()
            * 0.006
        ),
        0,
        8,
    )[0]
    assert bayes_accuracy(DataSpec(tweets="numbers", mixing_deg=60)).own[0] == pytest.approx(noise, abs=1e-3)


BOUNDS = [
    ("none", "shared", 0, 0, "own"),
    ("none", "separate", 16, 90, "own"),
    ("concatenate", "shared", 0, 0, "additive"),
    ("concatenate", "separate", 0, 90, "additive"),
    ("concatenate", "shared", 8, 0, "both"),
    ("add", "shared", 0, 0, "symmetric"),
    ("add", "shared", 16, 0, "symmetric"),
    ("add", "shared", 0, 1, "additive"),
    ("add", "separate", 0, 0, "additive"),
    ("add", "separate", 16, 0, "both"),
    ("multiply", "shared", 0, 0, "symmetric"),
    ("multiply", "shared", 0, 45, "both"),
    ("multiply", "separate", 0, 0, "both"),
    ("multiply", "separate", 16, 0, "both"),
]


@pytest.mark.parametrize(("merge", "encoder", "hidden", "feature_angle", "name"), BOUNDS)
@pytest.mark.parametrize("rule", ["additive", "match"])
def test_each_shape_of_model_has_its_line(rule, merge, encoder, hidden, feature_angle, name):
    data = DataSpec(tweets="numbers", rule=rule, mixing_deg=30, feature_angle_deg=feature_angle)
    model = ModelSpec(merge=merge, encoder=encoder, hidden_units=hidden)
    assert lower_bound(model, data) == (name, getattr(bayes_risk(data), name)[0])


def test_adding_can_be_worse_than_not_merging_at_all():
    data = DataSpec(tweets="numbers", mixing_deg=0)
    added, apart = (lower_bound(ModelSpec(merge=merge), data)[1] for merge in ("add", "none"))
    assert (round(added, 3), round(apart, 3)) == (0.461, 0.206)


WORDS = {
    ("additive", 45): {"both": 0.201, "own": 0.520, "symmetric": 0.201},
    ("match", 45): {"both": 0.293, "own": 0.547, "symmetric": 0.445},
    ("match", 90): {"both": 0.238, "own": 0.693, "symmetric": 0.238},
}
IN_WORDS = RULES.map(lambda data: dataclasses.replace(data, tweets="words"))


@pytest.mark.parametrize(("rule", "angle"), WORDS)
def test_in_words_risks_are_those_of_the_trial(rule, angle):
    risk = bayes_risk(DataSpec(tweets="words", rule=rule, mixing_deg=angle))
    for name, nats in WORDS[rule, angle].items():
        np.testing.assert_allclose(getattr(risk, name), nats, atol=5.1e-4)
    assert risk.additive == (risk.both if rule == "additive" else risk.own)


@given(IN_WORDS)
@settings(max_examples=30)
def test_in_words_risks_are_sums_over_all_pairs_of_levels(data):
    angle, k = math.radians(data.mixing_deg), data.sharpness
    both = own = symmetric = right_both = right_own = 0.0
    for m, p_m in zip(LEVELS, LEVEL_PROBABILITIES, strict=True):
        alone = 0.0
        for n, p_n in zip(LEVELS, LEVEL_PROBABILITIES, strict=True):
            weight = p_m * p_n
            p, q = (
                special.expit(k * (math.cos(angle) * x + math.sin(angle) * (x * y if data.rule == "match" else y)))
                for x, y in ((m, n), (n, m))
            )
            both += weight * entropy(p)
            symmetric += weight * entropy((p + q) / 2)
            right_both += weight * max(p, 1 - p)
            alone += p_n * p
        own += p_m * entropy(alone)
        right_own += p_m * max(alone, 1 - alone)
    risk, accuracy = bayes_risk(data), bayes_accuracy(data)
    assert (risk.both[0], risk.own[0], risk.symmetric[0]) == pytest.approx((both, own, symmetric), abs=1e-9)
    assert (accuracy.both[0], accuracy.own[0]) == pytest.approx((right_both, right_own), abs=1e-9)
    assert risk.value_of_other[0] == pytest.approx(own - both, abs=1e-9)


@pytest.mark.parametrize("angle", [20, 45, 90])
def test_in_words_no_sum_of_two_functions_beats_the_own_tweet_under_the_match_rule(angle):
    """Fit f and g freely, a number for each of the 17 levels, with a general minimiser."""
    data = DataSpec(tweets="words", rule="match", mixing_deg=angle)
    weight = np.outer(LEVEL_PROBABILITIES, LEVEL_PROBABILITIES)
    p = label_probability(data, LEVELS[:, None], LEVELS)

    def loss(parameters):
        logit = parameters[:17, None] + parameters[17:]
        gradient = weight * (special.expit(logit) - p)
        value = (weight * (p * np.logaddexp(0, -logit) + (1 - p) * np.logaddexp(0, logit))).sum()
        return value, np.concatenate([gradient.sum(axis=1), gradient.sum(axis=0)])

    start = np.random.default_rng(0).normal(size=34)
    fitted = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 5000, "ftol": 1e-15})
    assert fitted.fun == pytest.approx(bayes_risk(data).additive[0], abs=1e-5)


def test_in_words_sampled_labels_cost_the_best_predictors_their_risk():
    for rule, angle in (("additive", 45), ("match", 45), ("match", 90)):
        data = DataSpec(tweets="words", rule=rule, mixing_deg=angle, n_train=64, n_test=16384)
        loss, risk = bayes_loss(make_labels(data, 11, "test"), data), bayes_risk(data)
        for name in ("both", "own", "additive", "symmetric"):
            np.testing.assert_allclose(getattr(loss, name), getattr(risk, name), atol=0.016)


def test_in_words_the_own_predictor_knows_its_level_and_nothing_else():
    data = DataSpec(tweets="words", mixing_deg=30, n_train=64, n_test=64)
    split = make_labels(data, 0, "test")
    q = [
        sum(w * label_probability(data, m, n) for n, w in zip(LEVELS, LEVEL_PROBABILITIES, strict=True))
        for m in split.evidence_a
    ]
    y = split.y1[:, 0]
    loss = -(y * np.log(q) + (1 - y) * np.log1p(-np.array(q))).mean()
    assert bayes_loss(split, data).own[0] == pytest.approx(loss, abs=1e-9)


@pytest.mark.parametrize("rule", ["additive", "match"])
def test_in_words_sharing_an_encoder_and_adding_makes_whose_tweet_is_whose_unknown(rule):
    data = DataSpec(tweets="words", rule=rule, mixing_deg=20)
    assert lower_bound(ModelSpec(merge="add"), data) == ("symmetric", bayes_risk(data).symmetric[0])
    assert lower_bound(ModelSpec(merge="none"), data)[0] == "own"
    assert lower_bound(ModelSpec(), data)[0] == "additive"
    assert lower_bound(ModelSpec(hidden_units=4), data)[0] == "both"
