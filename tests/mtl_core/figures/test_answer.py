"""The answer follows the model on screen, and is true of it."""

import itertools

import pytest

from mtl_core.figures.answer import advice, answer, headline, question
from mtl_core.spec import ModelSpec

MODELS = [
    ModelSpec(merge=merge, encoder=encoder, hidden_units=hidden)
    for merge, encoder, hidden in itertools.product(
        ("none", "concatenate", "add", "multiply"), ("shared", "separate"), (0, 8)
    )
]


def test_case_1_reads_both_tweets_and_case_2_its_own():
    joined, alone = answer(ModelSpec()), answer(ModelSpec(merge="none"))
    assert joined.startswith("Head 1 reads tweet_a and tweet_b, and so does head 2.")
    assert alone.startswith("Head 1 never sees tweet_b, and head 2 never sees tweet_a.")
    assert "The only tie between the tasks is the shared LSTM, which couples them only while training." in alone


def test_without_merge_and_sharing_there_is_no_tie():
    apart = answer(ModelSpec(merge="none", encoder="separate"))
    assert "no tie at all: two models in one object" in apart
    assert "shared LSTM" not in apart
    assert "multi-task" not in apart


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_only_what_this_model_cannot_do_is_said_of_it(model):
    said = answer(model)
    adds_up = model.merge in ("concatenate", "add") and not model.hidden_units
    unordered = model.merge in ("add", "multiply") and model.encoder == "shared"
    assert ("cannot tell whose tweet is whose" in said) == unordered
    assert ("cannot learn how the two match" in said) == (adds_up and not unordered)
    assert ("never sees" in said) == (model.merge == "none")
    assert ("`concatenate`" in said) == (model.merge == "concatenate")
    assert ("shared LSTM" in said) == (model.encoder == "shared")


def test_words_change_with_the_model():
    shown = {
        answer(ModelSpec(merge=m, encoder=e))
        for m in ("none", "concatenate", "add", "multiply")
        for e in ("shared", "separate")
    }
    assert len(shown) == 8
    assert len({headline(model) for model in MODELS}) == 5


def test_the_question_is_one_sentence_and_the_advice_is_two():
    assert question().count(". ") == 0
    assert question().endswith("?")
    assert advice().count(". ") == 1
    assert advice().startswith("Concatenate when")
