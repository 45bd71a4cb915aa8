"""The world of words: two tweets that are small made-up sentences, and what each knows about each label.

A tweet has a tone t = ±1 with probability 1/2, and four slots whose words carry valences v in {-2, -1, 1, 2}: P(sign v = t) = 0.8, both
strengths equally likely. All other words carry none. All that a tweet knows is its *evidence*

    m = Σv / sd,        sd² = E[(Σv)²] = 4·2.5 + 12·0.9² = 19.72,

one of 17 levels, as likely as its opposite. The labels follow the rules in `labels`, so every expectation over tweets is a finite sum over
levels. Vocabulary and grammar are in `lexicon`.

As in `numbers`, every ingredient has a random stream of its own: the same seed gives the same sentences whatever the settings are, and
a smaller split is the beginning of a larger one.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mtl_core.data.labels import Part, Tweet, _rows, _stream
from mtl_core.data.lexicon import AGREEMENT, LEXICON, SLOTS, TEMPLATES, VALENCES
from mtl_core.data.sentences import read
from mtl_core.spec import WORDS_SHAPE, DataSpec, Float32, Float64

__all__ = [
    "LEVELS",
    "LEVEL_PROBABILITIES",
    "evidence",
    "make_evidence",
    "make_tweets",
    "possible_evidence",
    "random_tweets",
    "tweets_with_evidence",
]

Tokens = npt.NDArray[np.int64]

_MOST = len(SLOTS) * max(VALENCES)
_SUMS: Tokens = np.arange(-_MOST, _MOST + 1)
_PADDING = -1
_STRENGTHS = tuple(valence for valence in VALENCES if valence > 0)
_DRAWN = (*SLOTS, *sorted({part for template in TEMPLATES for part in template if isinstance(part, str)} - {*SLOTS}))
"""Kinds of words that are drawn for a sentence."""


def _law() -> Float64:
    """P(Σv) over `_SUMS`."""
    share = 1 / len(_STRENGTHS)
    one = np.zeros(2 * max(VALENCES) + 1)
    for valence in VALENCES:
        one[valence + max(VALENCES)] = share * (AGREEMENT if valence > 0 else 1 - AGREEMENT)
    friendly = functools.reduce(np.convolve, [one] * len(SLOTS))
    return np.asarray((friendly + friendly[::-1]) / 2)


LEVEL_PROBABILITIES: Float64 = _law()
"""How likely each of `LEVELS` is, (17,)."""

_SCALE = float(np.sqrt(LEVEL_PROBABILITIES @ _SUMS**2))
"""Standard deviation of Σv."""

LEVELS: Float64 = _SUMS / _SCALE
"""The evidence that a tweet can have, (17,), in standard deviations, rising."""


def evidence(text: str, language: str = "en") -> float:
    """What the words of a text know: the sum of their valences, in standard deviations of a tweet's.

    Unknown words are left out, as in `encode`.

    Examples
    --------
    >>> round(evidence("finally i like this film what a fine film ok"), 2)
    0.9
    """
    return sum(LEXICON[token].valence for token in read(text, language).tokens) / _SCALE


def make_evidence(data: DataSpec, seed: int, part: Part, which: Tweet) -> Float64:
    """The evidence (n,) of a split's tweets, in standard deviations."""
    return np.asarray(_valences(seed, part, which, _rows(data, part)).sum(axis=1) / _SCALE)


def make_tweets(data: DataSpec, seed: int, part: Part, which: Tweet) -> Float32:
    """A split's tweets, (n, T, D)."""
    return _sentences(seed, part, which, _rows(data, part))


def random_tweets(count: int, seed: int) -> Float32:
    """Some tweets as the world has them, (count, T, D)."""
    return _sentences(seed, "drawn", "a", count)


def possible_evidence(wanted: npt.ArrayLike) -> Float64:
    """The nearest evidence that a tweet can have, element by element."""
    return np.asarray(_nearest_sums(wanted) / _SCALE)


def tweets_with_evidence(data: DataSpec, which: Tweet, evidence: npt.ArrayLike, seed: int = 0) -> Float32:
    """Tweets that carry the nearest possible evidence to what is asked for, and are alike in everything else.

    The valences are those that a tweet of this evidence most likely has, the mildest of them; template, nouns and places stay.

    Parameters
    ----------
    data : DataSpec
    which : {"a", "b"}
        Whose sentence.
    evidence : array (K,)
        In standard deviations.
    seed : int

    Returns
    -------
    float32 array (K, T, D)
    """
    sums = _nearest_sums(np.atleast_1d(evidence))
    order = _stream(seed, "what-if", f"order_{which}").permutation(len(SLOTS))
    valences = np.array([np.array(_typical(int(total)))[order] for total in sums]).reshape(len(sums), len(SLOTS))
    template = _uniform(seed, "what-if", f"template_{which}", 1, 1).repeat(len(sums), axis=0)
    choices = _uniform(seed, "what-if", f"word_{which}", 1, len(_DRAWN)).repeat(len(sums), axis=0)
    return _written(valences, template, choices)


def _sentences(seed: int, part: str, which: Tweet, rows: int) -> Float32:
    template = _uniform(seed, part, f"template_{which}", rows, 1)
    choices = _uniform(seed, part, f"word_{which}", rows, len(_DRAWN))
    return _written(_valences(seed, part, which, rows), template, choices)


def _valences(seed: int, part: str, which: Tweet, rows: int) -> Tokens:
    """The valences of the four slots, (n, 4)."""
    tone = np.where(_uniform(seed, part, f"tone_{which}", rows, 1) < 0.5, 1, -1)
    side = np.where(_uniform(seed, part, f"side_{which}", rows, len(SLOTS)) < AGREEMENT, tone, -tone)
    strength = _pick(_STRENGTHS, _uniform(seed, part, f"strength_{which}", rows, len(SLOTS)))
    return np.asarray(side * strength)


def _written(valences: Tokens, template: Float64, choices: Float64) -> Float32:
    """Sentences (n, T, D) from valences (n, 4), and uniform numbers that choose templates (n, 1) and words (n, kinds)."""
    tokens = np.array([_padded(parts) for parts in TEMPLATES])[_pick(range(len(TEMPLATES)), template[:, 0])]
    for place, kind in enumerate(_DRAWN):
        words = np.empty(len(tokens), np.int64)
        valence = valences[:, place] if kind in SLOTS else np.zeros(len(tokens), np.int64)
        for value in np.unique(valence):
            rows = valence == value
            words[rows] = _pick(_of_kind(kind, int(value)), choices[rows, place])
        row, step = np.nonzero(tokens == _code(kind))
        tokens[row, step] = words[row]
    tweets = np.zeros((len(tokens), *WORDS_SHAPE), np.float32)
    row, step = np.nonzero(tokens != _PADDING)
    tweets[row, step, tokens[row, step]] = 1
    return tweets


def _padded(template: Sequence[int | str]) -> list[int]:
    """A template as T numbers: padding in front, ids, and negative codes of kinds."""
    padding = [_PADDING] * (WORDS_SHAPE[0] - len(template))
    return padding + [_code(part) if isinstance(part, str) else part for part in template]


def _code(kind: str) -> int:
    return _PADDING - 1 - _DRAWN.index(kind)


def _of_kind(kind: str, valence: int) -> tuple[int, ...]:
    return tuple(word.token for word in LEXICON if (word.kind, word.valence) == (kind, valence))


def _pick(values: Sequence[int], uniform: Float64) -> Tokens:
    """One of some values, all equally likely, for each uniform number in [0, 1)."""
    return np.asarray(values)[(uniform * len(values)).astype(np.int64)]


def _uniform(seed: int, part: str, name: str, rows: int, columns: int) -> Float64:
    return _stream(seed, part, name).random((rows, columns))


def _nearest_sums(wanted: npt.ArrayLike) -> Tokens:
    return np.clip(np.rint(np.asarray(wanted, np.float64) * _SCALE), -_MOST, _MOST).astype(np.int64)


@functools.cache
def _typical(total: int) -> tuple[int, ...]:
    """Four valences with this sum: as many as possible on one side, and then the mildest."""
    ways = (way for way in itertools.combinations_with_replacement(VALENCES, len(SLOTS)) if sum(way) == total)
    return min(ways, key=lambda way: (-abs(sum(np.sign(way))), sum(map(abs, way))))
