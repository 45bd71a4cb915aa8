"""Text becomes a tweet and a tweet text; what is not understood is said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.data import LEXICON, encode, one_hot, read, spelling, tokens_of, words_of
from mtl_core.spec import WORDS_SHAPE

TRIAL = (
    "finally i like this film what a fine film ok",
    "ugh i hate this film what a awful film fail",
    "hooray i love this film what a superb film yay",
)
TOKENS = st.lists(st.integers(0, len(LEXICON) - 1), max_size=WORDS_SHAPE[0])


@pytest.mark.parametrize("text", TRIAL)
def test_the_sentences_of_the_trial_can_be_said(text):
    reading = read(text)
    assert reading.unknown == reading.dropped == ()
    assert words_of(encode(text)) == tuple(text.split())


@given(TOKENS)
def test_any_words_survive_the_way_into_a_tweet_and_back(tokens):
    text = " ".join(spelling(token) for token in tokens)
    assert read(text).tokens == tuple(tokens)
    tweet = encode(text)
    assert tweet.shape == WORDS_SHAPE
    assert tweet.dtype == np.float32
    assert words_of(tweet) == tuple(text.split())
    assert tokens_of(tweet) == (-1,) * (WORDS_SHAPE[0] - len(tokens)) + tuple(tokens)


def test_words_stand_at_the_end_and_zeros_in_front():
    tweet = encode("like film")
    np.testing.assert_array_equal(tweet[:10], 0)
    np.testing.assert_array_equal(tweet.sum(axis=1)[10:], 1)


def test_capitals_and_punctuation_do_not_matter():
    assert read("  Hooray!! I “LOVE” this film… ") == read("hooray i love this film")


def test_an_unknown_word_is_named_as_it_was_written_and_left_out():
    reading = read("I like this Flim 🙂 2 films, ok?")
    assert reading.unknown == ("Flim", "🙂", "2", "films")
    assert reading.tokens == read("i like this ok").tokens


def test_words_beyond_the_twelfth_are_named_and_left_out():
    reading = read("film " * 12 + "awful nonsense fail")
    assert len(reading.tokens) == 12
    assert reading.dropped == ("awful", "fail")
    assert reading.unknown == ("nonsense",)


@given(st.text(max_size=200))
def test_whatever_is_typed_gives_a_tweet_and_every_word_is_accounted_for(text):
    reading = read(text)
    assert encode(text).shape == WORDS_SHAPE
    assert len(reading.tokens) + len(reading.unknown) + len(reading.dropped) <= len(text.split())


def test_a_blanked_word_is_not_spoken():
    tweet = one_hot(read("i like this film").tokens)
    tweet[9] = 0
    assert words_of(tweet) == ("i", "this", "film")
