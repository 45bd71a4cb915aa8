"""Two synthetic tweets and two labels, made so that what each tweet knows about each label is known exactly."""

from mtl_core.data.labels import Labels, Part, Split, Task, Tweet, label_logit, label_probability
from mtl_core.data.lexicon import LEXICON, SLOTS, SUBSTITUTES, TEMPLATES, VALENCES, Word, spelling
from mtl_core.data.sentences import Reading, coded, decoded, encode, one_hot, read, tokens_of, words_of
from mtl_core.data.task import make_labels, make_split, make_task, make_tweets, possible_evidence, tweets_with_evidence
from mtl_core.data.words import LEVEL_PROBABILITIES, LEVELS, evidence, random_tweets

__all__ = [
    "LEVELS",
    "LEVEL_PROBABILITIES",
    "LEXICON",
    "SLOTS",
    "SUBSTITUTES",
    "TEMPLATES",
    "VALENCES",
    "Labels",
    "Part",
    "Reading",
    "Split",
    "Task",
    "Tweet",
    "Word",
    "coded",
    "decoded",
    "encode",
    "evidence",
    "label_logit",
    "label_probability",
    "make_labels",
    "make_split",
    "make_task",
    "make_tweets",
    "one_hot",
    "possible_evidence",
    "random_tweets",
    "read",
    "spelling",
    "tokens_of",
    "tweets_with_evidence",
    "words_of",
]
