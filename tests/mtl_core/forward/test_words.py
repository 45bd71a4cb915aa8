"""Which words a head listens to, and which word turns it: held to the Keras model, word by word."""

import numpy as np
import pytest

from mtl_core.data import LEXICON, SUBSTITUTES, encode, make_task, random_tweets, tokens_of
from mtl_core.forward import Network, shortest_edit, word_effects
from mtl_core.model import build_model
from mtl_core.response import word_effects as effects_in_keras
from mtl_core.spec import INPUTS, DataSpec, ModelSpec
from tests.pairwise import cases

WORDS = DataSpec(tweets="words", n_train=64, n_test=64)
A, B = (encode(text) for text in ("finally i like this film what a fine film ok", "ugh i hate this film awful fail"))
EVERY_MODEL = cases(("none", "concatenate", "add", "multiply"), ("shared", "separate"), (0, 5))


def spec_of(merge, encoder, hidden):
    return ModelSpec(merge=merge, encoder=encoder, lstm_units=7, hidden_units=hidden)


def model_of(spec, data=WORDS):
    model = build_model(spec, data, seed=1)
    random = np.random.default_rng(2)
    model.set_weights([2 * w + random.normal(0, 0.3, w.shape).astype(np.float32) for w in model.get_weights()])
    return model


def network_of(spec):
    return Network.of_weights(spec, model_of(spec).get_weights())


def asked(model, a, b):
    return np.array([float(head[0, 0]) for head in model([a[None], b[None]])])


def distance(old, new):
    return abs(LEXICON[old].valence - LEXICON[new].valence)


@pytest.mark.parametrize(("merge", "encoder", "hidden"), EVERY_MODEL)
def test_a_words_effect_is_what_the_keras_model_says_without_it_minus_what_it_says_with_it(merge, encoder, hidden):
    spec = spec_of(merge, encoder, hidden)
    model = model_of(spec)
    effects = effects_in_keras(model, WORDS, A, B)
    assert effects.shape == (2, 2, 12)
    a, b = np.repeat(A[None], 25, axis=0), np.repeat(B[None], 25, axis=0)
    a[range(12), range(12)] = 0
    b[range(12, 24), range(12)] = 0
    said = np.concatenate([np.asarray(head) for head in model([a, b])], axis=1)
    np.testing.assert_allclose(effects.reshape(2, 24), (said[:24] - said[24]).T, atol=1e-5)


@pytest.mark.parametrize(("merge", "encoder", "hidden"), EVERY_MODEL)
def test_an_effect_is_exactly_zero_where_no_path_leads_and_nowhere_else(merge, encoder, hidden):
    effects = word_effects(network_of(spec_of(merge, encoder, hidden)), A, B)
    spoken = [[token >= 0 for token in tokens_of(x)] for x in (A, B)]
    for head in (0, 1):
        for i in (0, 1):
            path = merge != "none" or head == i
            assert np.array_equal(effects[head, i] != 0, np.array(spoken[i]) & path)


def test_numbers_are_blanked_step_by_step():
    data = DataSpec(tweets="numbers", timesteps=5, features=3, n_train=64, n_test=64)
    model, split = model_of(ModelSpec(lstm_units=4), data), make_task(data, 0).test
    effects = effects_in_keras(model, data, split.a[0], split.b[0])
    blanked = split.a[0].copy()
    blanked[2] = 0
    expected = asked(model, blanked, split.b[0]) - asked(model, split.a[0], split.b[0])
    np.testing.assert_allclose(effects[:, 0, 2], expected, atol=1e-5)


def test_a_tweet_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="reshape"):
        effects_in_keras(model_of(ModelSpec(lstm_units=4)), WORDS, A[:5], B)


def test_an_empty_tweet_has_no_words_to_listen_to():
    effects = word_effects(network_of(ModelSpec(lstm_units=7)), np.zeros_like(A), B)
    assert not effects[:, 0].any()
    assert effects[:, 1].any()


def undecided(spec):
    """A network whose heads say yes to half of all pairs, so that a word can turn them."""
    model = model_of(spec)
    split = make_task(WORDS, 0).test
    for name, head in zip(("predictions1", "predictions2"), model([split.a, split.b]), strict=True):
        kernel, bias = model.get_layer(name).get_weights()
        p = np.median(np.asarray(head))
        model.get_layer(name).set_weights([kernel, bias - np.log(p / (1 - p))])
    return Network.of_weights(spec, model.get_weights())


def every_edit(network, a, b, head, tweets):
    """All single substitutions that turn a head, one at a time: (distance, -decidedness, tweet, position, new)."""
    k = int(head[-1]) - 1
    before = network.probabilities(a[None], b[None])[0, k]
    for i, name in enumerate(INPUTS):
        for position, old in enumerate(tokens_of((a, b)[i])):
            for new in SUBSTITUTES.get(old, ()) if name in tweets else ():
                pair = [a.copy(), b.copy()]
                pair[i][position] = 0
                pair[i][position, new] = 1
                after = network.probabilities(pair[0][None], pair[1][None])[0, k]
                if (after > 0.5) != (before > 0.5):
                    yield distance(old, new), -abs(after - 0.5), name, position, new


@pytest.mark.parametrize(
    ("merge", "head", "tweets"),
    cases(("none", "concatenate"), ("predictions1", "predictions2"), (INPUTS, INPUTS[:1], INPUTS[1:])),
)
def test_the_shortest_edit_is_the_best_of_all_single_words(merge, head, tweets):
    network = undecided(ModelSpec(merge=merge, lstm_units=7))
    turned = 0
    for a, b in zip(random_tweets(8, 1), random_tweets(8, 2), strict=True):
        best = min(every_edit(network, a, b, head, tweets), default=None)
        edit = shortest_edit(network, a, b, head=head, substitutes=SUBSTITUTES, distance=distance, tweets=tweets)
        assert (edit is None) == (best is None)
        if edit:
            turned += 1
            assert (edit.tweet, edit.position, edit.new) == best[2:]
            assert edit.old == tokens_of(a if edit.tweet == "tweet_a" else b)[edit.position]
            assert (edit.after > 0.5) != (edit.before > 0.5)
    own = INPUTS[int(head[-1]) - 1]
    assert (turned > 0) == (merge == "concatenate" or own in tweets)


def test_an_unknown_head_is_named():
    with pytest.raises(ValueError, match="head is 'predictions3'; it must be one of predictions1, predictions2"):
        shortest_edit(
            network_of(ModelSpec(lstm_units=7)), A, B, head="predictions3", substitutes=SUBSTITUTES, distance=distance
        )
