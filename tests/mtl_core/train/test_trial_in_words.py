"""What training comes to in the world of words, with a range over seeds: lessons and pages may count on it."""

import functools

import numpy as np
import pytest

from mtl_core.data import LEXICON, encode, make_labels, tokens_of
from mtl_core.forward import Network, word_effects
from mtl_core.spec import ExperimentSpec
from mtl_core.theory import bayes_loss
from mtl_core.train import train

SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(1, 10))]
BASE = ExperimentSpec().replace(tweets="words", learning_rate=0.003)
MATCH = BASE.replace(rule="match", epochs=20)
MINE, NO, YES = (
    encode(text)
    for text in (
        "finally i like this film what a fine film ok",
        "ugh i hate this film what a awful film fail",
        "hooray i love this film what a superb film yay",
    )
)


@functools.cache
def trained(spec):
    """Epochs, head 1's test loss in each, and the trained network."""
    epochs = tuple(train(spec))
    losses = [epoch.test["predictions1"].loss for epoch in epochs]
    return epochs, losses, Network.of_weights(spec.model, epochs[-1].weights)


def lines(spec):
    return bayes_loss(make_labels(spec.data, spec.train.seed, "test"), spec.data)


@pytest.mark.parametrize("seed", SEEDS)
def test_concatenated_a_head_comes_close_to_the_best_possible_and_not_connected_it_stays_at_its_own_tweet(seed):
    case1, case2 = BASE.replace(seed=seed), BASE.replace(seed=seed, merge="none")
    for spec, line, room in ((case1, lines(case1).both[0], 0.1), (case2, lines(case2).own[0], 0.08)):
        epochs, losses, _network = trained(spec)
        assert losses[0] == pytest.approx(0.693, abs=0.03)
        assert line - 0.01 < min(losses) < line + room / 2
        assert losses[-1] < line + room
        rises = epochs[-1].reliance
        assert rises["predictions1", "tweet_a"] > 0.2
        if spec is case1:
            assert rises["predictions1", "tweet_b"] > 0.5
        else:
            assert rises["predictions1", "tweet_b"] == rises["predictions2", "tweet_a"] == 0.0


@pytest.mark.parametrize("seed", SEEDS)
def test_one_dense_unit_on_a_concatenation_is_no_better_than_the_own_tweet_where_the_match_counts(seed):
    spec = MATCH.replace(seed=seed)
    own = lines(spec).own[0]
    assert own - 0.01 < min(trained(spec)[1]) < own + 0.05


@pytest.mark.parametrize("seed", SEEDS)
def test_a_hidden_layer_learns_how_the_two_match(seed):
    spec = MATCH.replace(seed=seed, hidden_units=16)
    best = lines(spec)
    assert best.both[0] - 0.01 < min(trained(spec)[1]) < best.both[0] + 0.06 < best.symmetric[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_where_only_the_match_counts_a_hidden_layer_learns_it_and_then_learns_by_heart(seed):
    spec = MATCH.replace(seed=seed, hidden_units=16, mixing_deg=90.0)
    losses = trained(spec)[1]
    assert losses[0] == pytest.approx(0.693, abs=0.01)
    assert min(losses) < lines(spec).both[0] + 0.06
    assert losses[-1] > min(losses)


@pytest.mark.parametrize("seed", SEEDS)
def test_another_tweet_b_turns_head_1_in_case_1_and_moves_not_one_bit_in_case_2(seed):
    case1, case2 = (trained(BASE.replace(seed=seed, merge=merge))[2] for merge in ("concatenate", "none"))
    (no, _), (yes, _) = (case1.probabilities(MINE[None], other[None])[0] for other in (NO, YES))
    assert no < 0.4
    assert yes > 0.98
    (no, _), (yes, _) = (case2.probabilities(MINE[None], other[None])[0] for other in (NO, YES))
    assert no == yes
    assert 0.6 < yes < 0.95


@pytest.mark.parametrize("seed", SEEDS)
def test_head_1_listens_to_the_words_that_say_something_and_in_case_2_to_none_of_tweet_b(seed):
    case1, case2 = (trained(BASE.replace(seed=seed, merge=merge))[2] for merge in ("concatenate", "none"))
    heard = word_effects(case1, MINE, NO)[0, 1]
    says = np.array([token >= 0 and LEXICON[token].valence != 0 for token in tokens_of(NO)])
    assert heard[says].min() > 0.005
    assert heard[says].mean() > 0.02
    assert np.abs(heard[~says]).max() < 0.05
    assert np.abs(heard[~says]).mean() < 0.2 * heard[says].mean()
    assert np.array_equal(word_effects(case2, MINE, NO)[0, 1], np.zeros(12))
