"""The answer follows the model on screen, and is true of it."""

import itertools

import pytest

from mtl_core.figures.answer import advice, answer, headline, in_short
from mtl_core.spec import ExperimentSpec, ModelSpec

CASE1 = ExperimentSpec()
MODELS = [
    ModelSpec(merge=merge, encoder=encoder, hidden_units=hidden)
    for merge, encoder, hidden in itertools.product(
        ("none", "concatenate", "add", "multiply"), ("shared", "separate"), (0, 8)
    )
]


def test_case_1_reads_both_tweets_and_case_2_its_own():
    joined, alone = answer(CASE1), answer(CASE1.other_case)
    assert joined.startswith("Head 1 reads tweet_a and tweet_b, and so does head 2.")
    assert alone.startswith("Head 1 never sees tweet_b, and head 2 never sees tweet_a.")
    assert "The only tie between the tasks is the shared LSTM, which couples them only while training." in alone


def test_without_merge_and_sharing_there_is_no_tie():
    apart = answer(CASE1.replace(merge="none", encoder="separate"))
    assert "no tie at all: two models in one object" in apart
    assert "shared LSTM" not in apart
    assert "multi-task" not in apart


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_only_what_this_model_cannot_do_is_said_of_it(model):
    sentences = answer(ExperimentSpec(model=model))
    adds_up = model.merge in ("concatenate", "add") and not model.hidden_units
    unordered = model.merge in ("add", "multiply") and model.encoder == "shared"
    assert ("cannot tell whose tweet is whose" in sentences) == unordered
    assert ("cannot learn how the two match" in sentences) == (adds_up and not unordered)
    assert ("never sees" in sentences) == (model.merge == "none")
    assert ("`concatenate`" in sentences) == (model.merge == "concatenate")
    assert ("shared LSTM" in sentences) == (model.encoder == "shared")


def test_words_change_with_the_model():
    shown = {
        answer(CASE1.replace(merge=m, encoder=e))
        for m in ("none", "concatenate", "add", "multiply")
        for e in ("shared", "separate")
    }
    assert len(shown) == 8
    assert len({headline(model) for model in MODELS}) == 5


def test_the_advice_is_two_sentences_and_says_nothing_that_is_not_shown():
    assert advice().count(". ") == 1
    assert advice().startswith("Concatenate when")
    assert "noise" not in advice()


@pytest.mark.parametrize("merge", ["none", "concatenate", "add", "multiply"])
def test_both_losses_are_said_to_change_the_shared_lstm_only_where_both_count(merge):
    together = answer(CASE1.replace(merge=merge))
    assert "both losses also change the shared LSTM" in together or "couples them only while training" in together
    for changes in ({"loss_weights": (1, 0)}, {"loss_weights": (0, 1)}, {"detach": "predictions1"}, {"detach": "both"}):
        alone = answer(CASE1.replace(merge=merge, **changes))
        assert "both losses" not in alone
        assert "couples them" not in alone


def test_where_one_loss_weighs_nothing_the_other_head_is_said_not_to_be_trained():
    alone = CASE1.replace(loss_weights=(1, 0))
    for sentences in (answer(alone), in_short(alone)):
        assert "Head 2 is not trained: its loss does not count." in sentences
        assert "Head 1 is not trained" not in sentences
    assert "only head 1’s loss changes the shared LSTM" in answer(alone)
    assert "it is not multi-task" in answer(alone)


def test_where_both_losses_weigh_nothing_nothing_is_trained():
    idle = CASE1.replace(loss_weights=(0, 0))
    for spec in (idle, idle.other_case, idle.replace(merge="none", encoder="separate")):
        for sentences in (answer(spec), in_short(spec)):
            assert "Neither loss counts, so nothing is trained." in sentences
            assert "multi-task" not in sentences


def test_a_head_that_changes_no_encoder_is_tied_one_way():
    apart = CASE1.other_case.replace(detach="predictions2")
    assert "only tie is one way, while training: head 2 reads an LSTM that only head 1’s loss changes" in answer(apart)
    assert "No loss changes the shared LSTM" in answer(apart.replace(detach="both"))
