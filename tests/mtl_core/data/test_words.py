"""The sentences follow their law, a seed is a seed, and a setting moves what it should move and nothing else."""

import dataclasses
import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mtl_core.data import (
    LEVEL_PROBABILITIES,
    LEVELS,
    LEXICON,
    SLOTS,
    TEMPLATES,
    encode,
    evidence,
    label_probability,
    make_labels,
    make_task,
    possible_evidence,
    random_tweets,
    spelling,
    tokens_of,
    tweets_with_evidence,
    words_of,
)
from mtl_core.spec import WORDS_SHAPE, DataSpec

SMALL = DataSpec(tweets="words", n_train=256, n_test=128)
BIG = dataclasses.replace(SMALL, n_train=64, n_test=16384)
SD = 19.72**0.5

DATA_SPECS = st.builds(
    DataSpec,
    tweets=st.just("words"),
    rule=st.sampled_from(["additive", "match"]),
    mixing_deg=st.floats(0, 90),
    sharpness=st.floats(0.5, 20),
    n_train=st.integers(64, 90),
    n_test=st.integers(64, 90),
    shuffled_labels=st.sampled_from(["none", "y1", "y2"]),
)


def same(first, second):
    return all(np.array_equal(getattr(first, f.name), getattr(second, f.name)) for f in dataclasses.fields(first))


def slots_of(x):
    """The valences (n, 4) in a split's tweets, slot by slot."""
    tokens = x.argmax(axis=2)
    there = x.any(axis=2)
    columns = []
    for slot in SLOTS:
        valence = np.array([word.valence if word.kind == slot else 0 for word in LEXICON])
        columns.append((valence[tokens] * there).sum(axis=1))
    return np.stack(columns, axis=1)


def enumerated():
    """P(Σv) by writing out all tones and all valences."""
    law = Counter()
    for tone, valences in itertools.product((-1, 1), itertools.product((-2, -1, 1, 2), repeat=4)):
        agree = sum(v * tone > 0 for v in valences)
        law[sum(valences)] += 0.5 * (0.8 / 2) ** agree * (0.2 / 2) ** (4 - agree)
    return law


def test_the_levels_are_those_that_counting_gives():
    law = enumerated()
    np.testing.assert_allclose(LEVELS * SD, range(-8, 9), atol=1e-12)
    np.testing.assert_allclose(LEVEL_PROBABILITIES, [law[total] for total in range(-8, 9)], atol=1e-15)
    np.testing.assert_array_equal(LEVEL_PROBABILITIES, LEVEL_PROBABILITIES[::-1])
    assert pytest.approx(1, abs=1e-12) == LEVEL_PROBABILITIES @ LEVELS**2


@given(DATA_SPECS, st.integers(0, 2**31 - 1))
@settings(max_examples=25)
def test_every_legal_task_has_the_promised_shapes_types_and_evidence(data, seed):
    task = make_task(data, seed)
    for split, rows in ((task.train, data.n_train), (task.test, data.n_test)):
        assert split.a.shape == split.b.shape == (rows, *WORDS_SHAPE)
        assert split.y1.shape == split.y2.shape == (rows, 1)
        assert split.a.dtype == split.b.dtype == split.y1.dtype == split.y2.dtype == np.float32
        assert set(np.unique(split.a)) <= {0, 1}
        assert split.a.sum(axis=2).max() == 1
        np.testing.assert_allclose(split.evidence_a, slots_of(split.a).sum(axis=1) / SD, atol=1e-12)
        np.testing.assert_allclose(split.evidence_b, slots_of(split.b).sum(axis=1) / SD, atol=1e-12)


def test_evidence_follows_its_law_and_the_two_tweets_are_independent():
    split = make_labels(BIG, 1, "test")
    for m in (split.evidence_a, split.evidence_b):
        counts = np.bincount(np.rint(m * SD).astype(int) + 8, minlength=17)
        assert stats.chisquare(counts, LEVEL_PROBABILITIES * len(m)).pvalue > 1e-3
    assert abs(np.corrcoef(split.evidence_a, split.evidence_b)[0, 1]) < 4 / np.sqrt(BIG.n_test)


def test_slots_agree_with_one_tone_and_words_of_a_valence_are_equally_likely():
    x = make_task(BIG, 2).test.a
    valences = slots_of(x)
    # Two slots agree where both follow the tone or both don't: 0.8² + 0.2².
    for i, j in itertools.combinations(range(4), 2):
        assert np.mean(valences[:, i] * valences[:, j] > 0) == pytest.approx(0.68, abs=0.015)
    assert np.mean(np.abs(valences) == 2) == pytest.approx(0.5, abs=0.01)
    counts = x.sum(axis=(0, 1))[[word.token for word in LEXICON if word.valence]]
    assert stats.chisquare(counts).pvalue > 1e-3


def test_every_sentence_follows_a_template_and_all_are_equally_likely():
    fillers = [tuple(part for part in template if isinstance(part, int)) for template in TEMPLATES]
    counts = Counter()
    for x in random_tweets(600, seed=0):
        tokens = [token for token in tokens_of(x) if token >= 0]
        kinds = [LEXICON[token].kind for token in tokens]
        ways = [
            number
            for number, template in enumerate(TEMPLATES)
            if len(template) == len(tokens)
            and all(part in (token, kind) for part, token, kind in zip(template, tokens, kinds, strict=True))
        ]
        assert len(ways) == 1
        assert len({token for token, kind in zip(tokens, kinds, strict=True) if kind == "noun"}) == 1
        counts[ways[0]] += 1
    assert len(set(fillers)) == len(TEMPLATES)
    assert stats.chisquare([counts[number] for number in range(len(TEMPLATES))]).pvalue > 1e-3


def test_the_evidence_of_a_text_is_that_of_the_tweet_it_is_read_as():
    split = make_task(SMALL, 3).test
    for x, m in zip(split.a[:40], split.evidence_a, strict=False):
        assert evidence(" ".join(words_of(x))) == m
    assert evidence("finally i like this film what a fine film ok") == pytest.approx(4 / SD)
    assert evidence("ugh nonsense") == pytest.approx(-2 / SD)
    assert evidence("") == 0


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
        assert abs((y[:, 0] - p).sum() / np.sqrt((p * (1 - p)).sum())) < 4


def test_the_same_seed_gives_the_same_task_and_another_seed_another():
    assert same(make_task(SMALL, 5).test, make_task(SMALL, 5).test)
    assert not np.array_equal(make_task(SMALL, 5).test.a, make_task(SMALL, 6).test.a)


def test_no_two_parts_of_a_task_repeat_each_other():
    task = make_task(SMALL, 0)
    firsts = [part[:64] for part in (task.train.a, task.train.b, task.test.a, task.test.b)]
    for one, other in itertools.combinations(firsts, 2):
        assert (one != other).any(axis=(1, 2)).mean() > 0.95


@pytest.mark.parametrize("change", [{"mixing_deg": 10.0}, {"rule": "match"}, {"sharpness": 1.0}])
def test_turning_the_rule_moves_the_labels_and_leaves_the_tweets_alone(change):
    before, after = make_task(SMALL, 0).test, make_task(dataclasses.replace(SMALL, **change), 0).test
    assert np.array_equal(before.a, after.a)
    assert np.array_equal(before.b, after.b)
    assert not np.array_equal(before.y1, after.y1)


def test_a_smaller_training_split_is_the_beginning_of_the_larger_one():
    few, many = (make_task(dataclasses.replace(SMALL, n_train=n), 0) for n in (64, 200))
    assert same(few.test, many.test)
    for f in dataclasses.fields(few.train):
        assert np.array_equal(getattr(few.train, f.name), getattr(many.train, f.name)[:64])


@pytest.mark.parametrize(("shuffled", "kept"), [("y1", "y2"), ("y2", "y1")])
def test_shuffling_a_tasks_labels_touches_only_its_training_split(shuffled, kept):
    before, after = make_task(SMALL, 0), make_task(dataclasses.replace(SMALL, shuffled_labels=shuffled), 0)
    assert same(before.test, after.test)
    assert np.array_equal(getattr(before.train, kept), getattr(after.train, kept))
    assert not np.array_equal(getattr(before.train, shuffled), getattr(after.train, shuffled))


def test_labels_without_tweets_are_those_of_the_task():
    task = make_task(SMALL, 4)
    for part, split in (("train", task.train), ("test", task.test)):
        labels = make_labels(SMALL, 4, part)
        assert all(np.array_equal(getattr(labels, f.name), getattr(split, f.name)) for f in dataclasses.fields(labels))


@pytest.mark.parametrize("which", ["a", "b"])
@pytest.mark.parametrize("seed", range(5))
def test_sentences_of_every_level_can_be_asked_for_and_differ_in_the_slots_alone(which, seed):
    tweets = tweets_with_evidence(SMALL, which, LEVELS, seed)
    np.testing.assert_allclose(slots_of(tweets).sum(axis=1) / SD, LEVELS, atol=1e-12)
    plain = {word.token for word in LEXICON if not word.valence}
    rest = [tuple(token if token in plain or token < 0 else None for token in tokens_of(x)) for x in tweets]
    assert len(set(rest)) == 1
    assert rest[0].count(None) == 4


def test_evidence_between_two_levels_goes_to_the_nearer_one():
    assert possible_evidence(SMALL, 3.6 / SD) == pytest.approx(4 / SD)
    np.testing.assert_allclose(possible_evidence(SMALL, [-99, 0.01, 99]), [LEVELS[0], 0, LEVELS[-1]], atol=1e-12)
    near, level = (tweets_with_evidence(SMALL, "a", [m / SD]) for m in (3.6, 4))
    assert np.array_equal(near, level)
    numbers = dataclasses.replace(SMALL, tweets="numbers")
    np.testing.assert_array_equal(possible_evidence(numbers, [0.123]), [0.123])


def test_drawn_tweets_are_new_sentences_for_each_seed():
    first, again, other = (random_tweets(2, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert all(np.array_equal(encode(" ".join(words_of(x))), x) for x in first)
    assert spelling(tokens_of(first[0])[-1]) == words_of(first[0])[-1]


GOLDEN = "i like how brilliant that team was wow bravo"


def test_the_first_test_sentence_of_seed_0_stays_the_same_on_every_machine():
    assert " ".join(words_of(make_task(SMALL, 0).test.a[0])) == GOLDEN
