"""What the walkthrough says can be read by somebody who knows no statistics, in the order in which a page shows it."""

import re

import pytest

from mtl_core.data import read
from mtl_core.lessons.ending import ANSWER
from mtl_core.lessons.glossary import GLOSSARY
from mtl_core.lessons.steps.worlds import ALIKE, CASE1, UNLIKE
from mtl_core.lessons.walkthrough import STEPS

BY_ID = {step.id: step for step in STEPS}

TERMS = {
    r"\b[Hh]eads?\b": "head",
    r"\b[Ee]ncod(er|ing)s?\b": "encoder",
    r"\bcall(s|ed)\b(?! a)": "call",
    r"\bunseen pairs?\b": "unseen",
    r"\bloss(es)?\b(?! weight)": "loss",
    r"\bnats?\b": "nats",
    r"\bloss weight": "loss_weight",
    r"\bshuffled? (tweet_b|every)|tweet_b (is|was) shuffled": "shuffling",
    r"\bhidden layer\b": "hidden",
    r"\bbest possible\b": "best_possible",
    r"\btweet is worth\b": "worth",
}
"""Terms by how they look in a text."""

FIELD_WORDS = (
    r"\b(logit|cross-entropy|Bayes|permutation|Jacobian|gradient|kernel|mutual information|regulari\w+|overfit\w*)\b"
)


def shown(step):
    """A step's texts in the order in which its page shows them."""
    yield step.setup
    for question in step.questions:
        yield question.text
        yield from (choice.text for choice in question.choices)
    yield from (choice.why for question in step.questions for choice in question.choices)
    yield from (notice.text for notice in step.notice)


def words(text):
    """A text as a reader sees it: without addresses of links, and without code."""
    return re.sub(r"`[^`]*`", "", re.sub(r"\]\([^)]*\)", "]", text))


@pytest.mark.parametrize("step_id", BY_ID)
def test_a_term_links_to_its_explanation_where_a_step_uses_it_first(step_id):
    for look, key in TERMS.items():
        first = next((text for text in shown(BY_ID[step_id]) if re.search(look, words(text))), None)
        if first is not None:
            link = first.find(f"](glossary#{key})")
            assert link >= 0, f"{key} is used first, and without a link, in: {first}"
            begin = first.rfind("[", 0, link)
            assert not re.search(look, words(first[:begin])), f"{key} is used before its link in: {first}"


@pytest.mark.parametrize("text", [*(text for step in STEPS for text in shown(step)), *ANSWER])
def test_links_lead_to_words_that_there_are_and_sentences_are_short(text):
    assert set(re.findall(r"\(glossary#(\w+)\)", text)) <= set(GLOSSARY)
    assert not re.search(FIELD_WORDS, words(text))
    for sentence in re.split(r"(?<=[.?!:;])\s+", words(text)):
        assert len(sentence.split()) <= 30, sentence


def test_a_step_is_not_told_in_words_that_come_later():
    """What an angle and a rule are is for the playground; no step needs them."""
    for step in STEPS:
        assert [text for text in shown(step) if re.search(r"\bangle\b|\b(match|additive) rule\b", text)] == []


def test_the_tweets_that_a_step_quotes_are_tweets_of_its_world():
    quoted = [tweet for step in STEPS for text in shown(step) for tweet in re.findall(r"“([a-z ]{20,})”", text)]
    assert quoted
    for tweet in quoted:
        assert read(tweet).unknown == read(tweet).dropped == ()


def test_all_steps_are_told_in_words_but_for_one_world_that_says_why():
    in_numbers = {step.id for step in STEPS if any(e.spec.data.tweets == "numbers" for e in step.experiments)}
    assert in_numbers == {"sharing"}
    assert "World A keeps to tweets of numbers: only there can" in BY_ID["sharing"].setup


def test_there_is_one_definition_of_multi_task():
    definition = GLOSSARY["multi_task"].definition.split(".")[0]
    (why,) = [choice.why for choice in BY_ID["two_losses"].questions[0].choices if choice.right]
    assert definition[1:] in why


@pytest.mark.parametrize("step_id", ["drawing", "shuffle_apart"])
def test_no_picture_shows_the_answer_before_the_question(step_id):
    """Which head a tweet reaches is told by a drawing of calls; before the question there is only that of layers."""
    step = BY_ID[step_id]
    assert {picture.view for picture in step.pictures} == {"layers"}
    assert "tweet" not in {picture.highlight[:5] for picture in step.pictures}
    assert "calls" in {picture.view for picture in step.revealed}


def test_no_answer_lights_up_before_its_question():
    assert [step.id for step in STEPS for picture in step.pictures if picture.highlight.startswith("tweet")] == []


def test_numbers_in_a_setup_are_those_of_its_experiments():
    assert f"into {CASE1.model.lstm_units} numbers" in BY_ID["two_losses"].setup
    assert f"block of {CASE1.model.lstm_units} weights" in BY_ID["blocks"].setup
    assert f"only {ALIKE.data.n_train} pairs" in BY_ID["tie"].setup
    assert {picture.data for picture in BY_ID["sharing"].pictures} == {UNLIKE.data}, "drawn is world A"
    _titles, tweets, _sought, units, pairs = BY_ID["sharing"].table
    assert tweets[1:] == ("number sequences", "sentences")
    assert [spec.data.tweets for spec in (UNLIKE, ALIKE)] == ["numbers", "words"]
    assert units[1:] == (str(UNLIKE.model.lstm_units), str(ALIKE.model.lstm_units))
    assert pairs[1:] == (f"{UNLIKE.data.n_train:,}", f"{ALIKE.data.n_train:,}")
