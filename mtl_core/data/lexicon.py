"""The vocabulary and the grammar of the world of words, read from two small files that a reader can check.

`assets/words/lexicon.toml` lists 64 words. Each has an id, which is its place in a one-hot vector; the kind of word that it is; how it is
written in each language; and a *valence* in {-2, -1, 1, 2} if it says something. `assets/words/grammar.toml` has the sentences. A
network sees ids alone, so a run is the same run in every language.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["AGREEMENT", "LEXICON", "SLOTS", "SUBSTITUTES", "TEMPLATES", "VALENCES", "Word", "forms", "spelling"]

_FOLDER = Path(__file__).parents[2] / "assets" / "words"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the vocabulary.

    Parameters
    ----------
    token : int
        Its id, 0..63.
    kind : str
        A slot's name, "noun", "time" or "filler".
    valence : int
        -2, -1, 1 or 2: how strongly it says no or yes; 0 if it says nothing.
    spellings : mapping of str to str
        How it is written, by language.
    """

    token: int
    kind: str
    valence: int
    spellings: Mapping[str, str]


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


def _word(row: dict[str, Any]) -> Word:
    spellings = {name: value for name, value in row.items() if name not in ("id", "kind", "valence")}
    return Word(row["id"], row["kind"], row.get("valence", 0), spellings)


_grammar = _load("grammar.toml")

LEXICON: tuple[Word, ...] = tuple(sorted(map(_word, _load("lexicon.toml")["words"]), key=lambda word: word.token))
"""All words; the place of each is its id."""

SLOTS: tuple[str, ...] = tuple(_grammar["slots"])
"""The four kinds of words that have a valence; each sentence has one of each."""

AGREEMENT: float = _grammar["agreement"]
"""The chance that a slot's word is on the side of the tweet's tone."""

VALENCES: tuple[int, ...] = tuple(sorted({word.valence for word in LEXICON} - {0}))
"""-2, -1, 1, 2."""

SUBSTITUTES: Mapping[int, tuple[int, ...]] = {
    word.token: tuple(
        other.token for other in LEXICON if other.kind == word.kind and word.kind in SLOTS and other != word
    )
    for word in LEXICON
}
"""By id: the words that can take the place of one with a valence; none for the others."""


def forms(language: str = "en") -> Mapping[str, int]:
    """Ids by the way they are written in a language, in lower case; English where the language has no word."""
    return _forms(language)


def spelling(token: int, language: str = "en") -> str:
    """How a word is written in a language; in English where the language has no word."""
    spellings = LEXICON[token].spellings
    return spellings.get(language, spellings["en"])


@functools.cache
def _forms(language: str) -> Mapping[str, int]:
    return {spelling(word.token, language).casefold(): word.token for word in LEXICON}


def _template(text: str) -> tuple[int | str, ...]:
    """A sentence as ids of words that are always there, and kinds of words that are drawn."""
    drawn = {"{" + word.kind + "}": word.kind for word in LEXICON}
    return tuple(drawn[part] if part in drawn else forms()[part] for part in re.split(r"\s+", text))


TEMPLATES: tuple[tuple[int | str, ...], ...] = tuple(map(_template, _grammar["templates"]))
"""Each sentence as a row of ids (always this word) and kinds (a word of that kind)."""
