"""What figures say can be read by somebody who knows no statistics: short sentences, and every term in Words."""

import re

import pytest

from mtl_core.figures import answer
from mtl_core.lessons.glossary import GLOSSARY
from mtl_core.spec import DataSpec, ExperimentSpec, ModelSpec
from tests.mtl_core.figures.made_exhibits import EXHIBITS

MODELS = [
    ModelSpec(merge=merge, encoder=encoder, hidden_units=hidden)
    for merge in ("none", "concatenate", "add", "multiply")
    for encoder in ("shared", "separate")
    for hidden in (0, 8)
]
ANSWERS = [
    *(answer.answer(ExperimentSpec(model=model)) for model in MODELS),
    *(answer.headline(model) for model in MODELS),
    answer.advice(),
    answer.asked(DataSpec()),
]
TEXTS = [*(text for made in EXHIBITS.values() for text in (made.heading, made.reading)), *ANSWERS]

TERMS = {
    r"multi-task": "multi_task",
    r"[Ss]har(ed|ing)": "sharing",
    r"encod(er|ing)s?": "encoder",
    r"LSTM": "encoder",
    r"\bhead": "head",
    r"concatenate": "concatenate",
    r"\bread(s)?\b": "reads",
    r"epoch": "epoch",
    r"\bnats?\b": "nats",
    r"loss": "loss",
    r"best possible": "best_possible",
    r"worth": "worth",
    r"[Ss]huffl": "shuffling",
    r"unseen pairs": "unseen",
    r"hidden layer": "hidden",
    r"interval": "interval",
    r"evidence": "evidence",
    r"\b[Pp]ull(s)?\b": "pull",
    r"cosine": "cosine",
}
"""Terms by how they look in a text: where Words explains each."""

NO_WORDS_FOR = (
    r"\b(logit|cross-entropy|Bayes|permutation|Jacobian|gradient|kernel|perturb\w*|mutual information|latent|tensor)\b"
)
"""The field's words: they stand in Words as formal names, and not in what is read first."""


def sentences() -> list[str]:
    return [sentence for text in TEXTS for sentence in re.split(r"(?<=[.?!])\s+", text)]


def test_no_sentence_is_longer_than_thirty_words():
    assert {sentence for sentence in sentences() if len(sentence.split()) > 30} == set()


@pytest.mark.parametrize("look", TERMS)
def test_a_term_that_the_figures_use_is_explained_in_words(look):
    assert any(re.search(look, text) for text in TEXTS), "no figure says it: the table is out of date"
    term = GLOSSARY[TERMS[look]]
    assert re.search(look, f"{term.plain} {term.definition}"), "the word is not that of its explanation"


def test_no_figure_uses_a_word_of_the_field_that_it_does_not_explain():
    assert [text for text in TEXTS if re.search(NO_WORDS_FOR, text)] == []


def test_the_glossary_and_the_answer_have_one_definition_of_multi_task():
    definition = GLOSSARY["multi_task"].definition
    assert "several tasks" in definition
    assert "the merge has nothing to do with it" in definition
    assert "Its two outputs, not the merge, make it multi-task." in answer.answer(ExperimentSpec())
