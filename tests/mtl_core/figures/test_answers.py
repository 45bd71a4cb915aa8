"""Four answers: what they are, what moves with tweet_b and what cannot, and what is said where nothing was trained."""

import numpy as np
import pytest

from mtl_core.data import LEVELS, encode, evidence, label_probability, tweets_with_evidence
from mtl_core.figures import answer
from mtl_core.figures.answers import Answers, exhibit, truth
from mtl_core.spec import DataSpec, ModelSpec
from tests.mtl_core.forward.made_networks import network_of

DATA = DataSpec(tweets="words")
JOINED, APART = ModelSpec(), ModelSpec(merge="none")
A, B = encode("finally i like this film what a fine film ok"), encode("ugh i hate this film what a awful film fail")
LADDER = tweets_with_evidence(DATA, "b", LEVELS)


def said(model, a=A, b=B):
    return Answers.by(network_of(model), a, b, LADDER)


def test_the_pairs_answer_is_the_networks_own():
    # Beside as many others: without AVX-512 the last digits depend on how many tweets are read at once.
    firsts, seconds = np.repeat(A[None], 1 + len(LADDER), axis=0), np.stack([B, *LADDER[::-1]])
    np.testing.assert_array_equal(said(JOINED).pair, network_of(JOINED).probabilities(firsts, seconds)[0])


def test_without_a_connection_head_1_is_frozen_bit_for_bit_wherever_tweet_b_goes():
    frozen, other = said(APART), said(APART, b=encode("love"))
    assert len(set(frozen.along[:, 0])) == 1
    assert frozen.pair[0] == other.pair[0] == frozen.along[0, 0]
    assert len(set(said(JOINED).along[:, 0])) > 10


@pytest.mark.parametrize("rule", ["additive", "match"])
def test_the_truth_is_the_rules_with_each_heads_own_tweet_first(rule):
    data = DataSpec(tweets="words", rule=rule, mixing_deg=30)
    a, b = evidence("like good ok"), evidence("hate")
    true = truth(data, a, b, LEVELS)
    assert true.pair[0] == label_probability(data, a, b)
    assert true.pair[1] == label_probability(data, b, a)
    np.testing.assert_array_equal(true.along[:, 1], label_probability(data, LEVELS, a))


def test_the_reading_says_that_one_case_moves_and_the_other_is_frozen_to_the_last_digit():
    shown = exhibit([(JOINED, said(JOINED)), (APART, said(APART))], truth(DATA, 0.9, -1.8, LEVELS))
    assert shown.heading == "Head 1 follows tweet_b only if connected"
    frozen = round(100 * said(APART).pair[0])
    assert f"always {frozen} in case 2, to the last digit" in shown.reading
    first, last = (round(100 * p) for p in said(JOINED).along[[0, -1], 0])
    assert f"{first} to {last} in case 1" in shown.reading


def test_a_connected_head_that_does_not_listen_is_not_said_to_move():
    deaf = Answers(np.array([0.5, 0.5]), np.full((17, 2), 0.5))
    shown = exhibit([(JOINED, deaf), (APART, said(APART))], truth(DATA, 0, 0, LEVELS))
    assert shown.heading == "Head 1 hardly follows tweet_b, connected or not"


def test_what_was_not_trained_has_no_answer_and_no_finding():
    shown = exhibit([(JOINED, None), (APART, None)], truth(DATA, 0, 0, LEVELS))
    assert shown.reading == ""
    assert [row["true chance"] for row in shown.rows()] == ["50", "50"]
    assert all(row["case 1: concatenated"] == "" for row in shown.rows())


@pytest.mark.parametrize("rule", ["additive", "match"])
@pytest.mark.parametrize("angle", [0, 20, 45, 70, 90])
def test_what_is_asked_names_the_tweet_that_decides(rule, angle):
    asked = answer.asked(DataSpec(tweets="words", rule=rule, mixing_deg=angle))
    assert ("agree" in asked) == (rule == "match" and angle > 0)
    assert ("together" in asked) == (rule == "additive" and angle == 45)
    assert ("Head 1: does tweet_b" in asked) == (rule == "additive" and angle == 90)
