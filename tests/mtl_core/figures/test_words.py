"""What each word adds: signs, what no path leads to, and what is said of it."""

import math

import numpy as np

from mtl_core.data import encode, words_of
from mtl_core.figures.words import exhibit
from mtl_core.forward import word_effects
from mtl_core.palette import LIGHT
from mtl_core.spec import ModelSpec
from tests.mtl_core.forward.made_networks import network_of

A, B = encode("finally i like this film"), encode("ugh i hate it")
WORDS = {"tweet_a": words_of(A), "tweet_b": words_of(B)}


def shown(model):
    return exhibit(word_effects(network_of(model), A, B), WORDS, model)


def test_a_word_that_moves_a_head_toward_yes_stands_above_zero():
    effects = np.zeros((2, 2, 12))
    effects[0, 1, -3] = -0.2  # without "i" head 1 says yes less often
    figure = exhibit(effects, WORDS, ModelSpec()).draw(LIGHT)["predictions1"]
    assert figure["data"][1]["y"] == [0, 20.0, 0, 0]
    assert figure["data"][1]["marker"]["color"] == LIGHT.line["tweet_b"]


def test_all_words_of_both_tweets_are_named_below_their_bars():
    ticks = shown(ModelSpec()).draw(LIGHT)["predictions1"]["layout"]["xaxis"]["ticktext"]
    assert len(ticks) == 9
    assert all(word in tick for word, tick in zip((*WORDS["tweet_a"], *WORDS["tweet_b"]), ticks, strict=True))


def test_where_no_path_leads_every_word_adds_exactly_nothing_and_that_is_said():
    apart = shown(ModelSpec(merge="none"))
    bars = apart.draw(LIGHT)["predictions1"]["data"][1]["y"]
    assert bars == [0.0] * 4
    assert all(math.copysign(1, bar) == 1 for bar in bars)
    assert "No word of tweet_b moves it at all: no path exists." in apart.reading
    assert apart.heading == "Each head can hear the words of its own tweet only"
    assert "no path" not in shown(ModelSpec()).reading


def test_a_head_is_said_to_listen_to_the_other_tweet_only_where_its_words_move_it():
    effects = np.zeros((2, 2, 12))
    assert exhibit(effects, WORDS, ModelSpec()).heading == "Each head can hear the words of both tweets"
    effects[0, 1, -1] = effects[1, 0, -1] = 0.2
    assert exhibit(effects, WORDS, ModelSpec()).heading == "Each head listens to words of the other tweet too"


def test_two_empty_tweets_are_said_to_have_no_word():
    empty = exhibit(np.zeros((2, 2, 12)), {"tweet_a": (), "tweet_b": ()}, ModelSpec())
    assert empty.reading == "Head 1 hears no word here. Head 2 hears no word here."
    assert empty.rows() == []
    assert empty.draw(LIGHT)
