"""From text to the tweet that a network reads, and back.

A tweet of words is an array (T, D): one row a word, with a single one at the word's id, and rows of zeros in front where the sentence is
shorter than twelve words. A word that the vocabulary does not have is named and left out; nothing is guessed for it.
"""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mtl_core.data.lexicon import forms, spelling
from mtl_core.spec import WORD_CODES, WORDS_SHAPE, Float32

__all__ = ["Reading", "coded", "decoded", "encode", "one_hot", "read", "tokens_of", "words_of"]

_AROUND = string.punctuation + "…“”„‘’«»¿¡–—"
"""What may stand around a word without being a part of it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a text.

    Parameters
    ----------
    tokens : tuple of int
        Ids of the words that are read, in order; at most twelve.
    unknown : tuple of str
        Words that the vocabulary does not have, as they were written.
    dropped : tuple of str
        Known words that came after the twelfth.
    """

    tokens: tuple[int, ...]
    unknown: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


def read(text: str, language: str = "en") -> Reading:
    """Read a text word by word.

    Parameters
    ----------
    text : str
        Words between spaces; capitals and punctuation around a word don't matter.
    language : str
        In whose words it is written; English where the vocabulary has none in that language.

    Examples
    --------
    >>> read("Hooray, I like this flim!").unknown
    ('flim',)
    """
    known = forms(language)
    words = [word for part in unicodedata.normalize("NFC", text).split() if (word := part.strip(_AROUND))]
    tokens = [(word, known[word.casefold()]) for word in words if word.casefold() in known]
    room = WORDS_SHAPE[0]
    return Reading(
        tokens=tuple(token for _word, token in tokens[:room]),
        unknown=tuple(word for word in words if word.casefold() not in known),
        dropped=tuple(word for word, _token in tokens[room:]),
    )


def encode(text: str, language: str = "en") -> Float32:
    """The tweet that a network reads; `read` says which words were left out.

    Returns
    -------
    float32 array (T, D)

    Examples
    --------
    >>> encode("i love this film").shape
    (12, 64)
    >>> words_of(encode("I love this FILM!"))
    ('i', 'love', 'this', 'film')
    """
    return one_hot(read(text, language).tokens)


def one_hot(tokens: Sequence[int]) -> Float32:
    """The tweet (T, D) of at most T ids, padded in front with zeros."""
    timesteps, features = WORDS_SHAPE
    tweet = np.zeros((timesteps, features), np.float32)
    tweet[np.arange(timesteps - len(tokens), timesteps), list(tokens)] = 1
    return tweet


def coded(tokens: Sequence[int]) -> str:
    """Ids of words as a link writes them, a character each.

    Examples
    --------
    >>> coded(read("i love this film").tokens), decoded("rOxg")
    ('rOxg', (43, 14, 49, 32))
    """
    return "".join(WORD_CODES[token] for token in tokens)


def decoded(code: str) -> tuple[int, ...]:
    """Ids of the words that a link names; the inverse of `coded`."""
    return tuple(WORD_CODES.index(character) for character in code)


def words_of(x: npt.ArrayLike, language: str = "en") -> tuple[str, ...]:
    """The words of a tweet (T, D), without what it is padded with."""
    return tuple(spelling(token, language) for token in tokens_of(x) if token >= 0)


def tokens_of(x: npt.ArrayLike) -> tuple[int, ...]:
    """The id at each of the T places of a tweet (T, D), and -1 where no word is."""
    return tuple(int(row.argmax()) if row.any() else -1 for row in np.asarray(x))
