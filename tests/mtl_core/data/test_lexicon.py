"""The two files say what the design says: 64 words, four slots, sentences that fit."""

from collections import Counter

import pytest

from mtl_core.data import LEXICON, SLOTS, SUBSTITUTES, TEMPLATES, VALENCES, spelling
from mtl_core.data.lexicon import AGREEMENT, forms
from mtl_core.spec import WORDS_SHAPE

GOLDEN = {
    "ugh": 0,
    "finally": 4,
    "hate": 8,
    "like": 12,
    "awful": 16,
    "superb": 22,
    "fail": 24,
    "yay": 30,
    "film": 32,
    "but": 63,
}
"""Ids that trained networks know; a word never moves."""


def test_ids_are_the_places_of_a_one_hot_word():
    assert [word.token for word in LEXICON] == list(range(WORDS_SHAPE[1]))


def test_a_word_keeps_its_id_for_ever():
    assert {name: forms()[name] for name in GOLDEN} == GOLDEN


def test_no_two_words_are_written_alike_and_each_is_one_word():
    written = [spelling(word.token) for word in LEXICON]
    assert len({text.casefold() for text in written}) == len(written)
    assert all(len(text.split()) == 1 for text in written)


def test_each_slot_has_two_words_or_more_of_each_valence_and_nothing_else_has_one():
    assert VALENCES == (-2, -1, 1, 2)
    counts = Counter((word.kind, word.valence) for word in LEXICON)
    assert all(counts[slot, valence] >= 2 for slot in SLOTS for valence in VALENCES)
    assert all((word.valence != 0) == (word.kind in SLOTS) for word in LEXICON)
    assert len(SLOTS) == 4
    assert AGREEMENT == 0.8


def test_each_template_has_the_four_slots_once_and_fits():
    assert len(TEMPLATES) >= 4
    for template in TEMPLATES:
        kinds = Counter(part for part in template if isinstance(part, str))
        assert all(kinds[slot] == 1 for slot in SLOTS)
        assert len(template) <= WORDS_SHAPE[0]
        assert all(LEXICON[part].valence == 0 for part in template if isinstance(part, int))


def test_every_word_can_come_up():
    always = {part for template in TEMPLATES for part in template if isinstance(part, int)}
    drawn = {part for template in TEMPLATES for part in template if isinstance(part, str)}
    assert {word.token for word in LEXICON if word.kind not in drawn} == always


def test_a_word_is_replaced_by_words_of_its_slot_alone():
    for word in LEXICON:
        others = SUBSTITUTES[word.token]
        assert word.token not in others
        assert {LEXICON[other].kind for other in others} <= {word.kind}
        assert bool(others) == (word.valence != 0)


@pytest.mark.parametrize("language", ["en", "qps", "tlh"])
def test_a_language_without_a_word_of_its_own_has_the_english_one(language):
    assert spelling(forms(language)["film"], language) == "film"
