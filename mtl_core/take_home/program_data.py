"""The data of an experiment as sections of its program: both worlds in a few lines of numpy, stream by stream as the app draws them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from mtl_core.data import LEXICON, SLOTS, TEMPLATES, VALENCES, Word, spelling
from mtl_core.data.lexicon import AGREEMENT
from mtl_core.spec import DataSpec

__all__ = ["data_sections"]


def data_sections(data: DataSpec) -> Iterator[str]:
    """The sections that make `x_train`, `y_train`, `x_test` and `y_test`; they read the settings above them."""
    words = data.tweets == "words"
    if words:
        yield _vocabulary()
    yield "\n\n\n".join(
        (
            _WORDS_TITLE if words else _NUMBERS_TITLE,
            _STREAMS,
            _MAKE_SENTENCES if words else _MAKE_SEQUENCES,
            _LABELS.replace("TERM", "own * other" if data.rule == "match" else "other"),
        )
    )
    directions = ("", "") if words else (", 0", ", FEATURE_ANGLE_DEG")
    yield (
        _ROWS.replace("DIRECTION_A", directions[0]).replace("DIRECTION_B", directions[1])
        + _SHUFFLED[data.shuffled_labels]
    )


def _vocabulary() -> str:
    """The lexicon and the grammar, in English."""
    listed = textwrap.fill(" ".join(spelling(word.token) for word in LEXICON), 110)
    drawn = dict.fromkeys(
        (*SLOTS, *sorted(part for template in TEMPLATES for part in template if isinstance(part, str)))
    )
    rows = []
    for kind in drawn:
        valences = VALENCES if kind in SLOTS else (0,)
        choices = {v: [spelling(word.token) for word in LEXICON if _is(word, kind, v)] for v in valences}
        rows.append(f'    "{kind}": {choices!r},'.replace("'", '"'))
    sentences = [
        f'    "{" ".join(spelling(part) if isinstance(part, int) else "{" + part + "}" for part in template)}",'
        for template in TEMPLATES
    ]
    return "\n".join(
        (
            *_VOCABULARY_WORDS,
            "",
            f'VOCABULARY = """\n{listed}\n""".split()',
            "CHOICES = {  # by kind of word and valence; the first four kinds are the slots",
            *rows,
            "}",
            "TEMPLATES = [",
            *sentences,
            "]",
            f"AGREEMENT = {AGREEMENT}  # how often a slot's word is on the side of the tweet's tone",
        )
    )


def _is(word: Word, kind: str, valence: int) -> bool:
    return (word.kind, word.valence) == (kind, valence)


_VOCABULARY_WORDS = (
    "# %% The words, and the sentences that they are put into",
    "# A word's place in the vocabulary is its place in a one-hot vector. Four slots of each sentence carry a valence, from -2 (no!)",
    "# to 2 (yes!); all other words say nothing about any label.",
)

_NUMBERS_TITLE = """# %% The data: two synthetic tweets and two labels
# A tweet is a sequence of numbers, not text. Along one direction it carries a hidden mean; what can be seen of that is
# its evidence, a standard normal number. Head 1's own tweet is tweet_a, head 2's is tweet_b."""

_WORDS_TITLE = """# %% The data: two made-up sentences and two labels
# A tweet has a tone, yes or no, and its four slots mostly follow it. What can be seen of that is its evidence: the sum of the
# valences, divided by its standard deviation. Head 1's own tweet is tweet_a, head 2's is tweet_b."""

_STREAMS = '''def stream(name):
    """A random generator of its own for every ingredient."""
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])


def cosine_and_sine(degrees):
    return math.sin(math.radians(90 - degrees)), math.sin(math.radians(degrees))'''

_MAKE_SEQUENCES = '''def make_tweets(part, rows, which, degrees):
    """Tweets (rows, TIMESTEPS, FEATURES), and the evidence (rows,) that they carry."""
    hidden = stream(f"{part} hidden_{which}").standard_normal((rows, 1))
    steps = stream(f"{part} along_{which}").standard_normal((rows, TIMESTEPS))
    along = SIGNAL * hidden + math.sqrt(1 - SIGNAL**2) * steps
    shape = (rows, TIMESTEPS, FEATURES)
    tweets = stream(f"{part} noise_{which}").standard_normal(shape, dtype=np.float32)
    cosine, sine = cosine_and_sine(degrees)
    across = tweets[..., 1].copy()
    tweets[..., 0] = cosine * along - sine * across
    tweets[..., 1] = sine * along + cosine * across
    return tweets, along.mean(axis=1) / math.sqrt(SIGNAL**2 + (1 - SIGNAL**2) / TIMESTEPS)'''

_MAKE_SENTENCES = '''def encode(sentence):
    """A sentence as one-hot words (TIMESTEPS, FEATURES), padded in front with zeros."""
    words = sentence.split()
    tweet = np.zeros((TIMESTEPS, FEATURES), np.float32)
    for step, word in enumerate(words, start=TIMESTEPS - len(words)):
        tweet[step, VOCABULARY.index(word)] = 1
    return tweet


def make_tweets(part, rows, which):
    """Tweets (rows, TIMESTEPS, FEATURES), and the evidence (rows,) that they carry."""

    def uniform(name, columns):
        return stream(f"{part} {name}_{which}").random((rows, columns))

    tone = np.where(uniform("tone", 1) < 0.5, 1, -1)
    side = np.where(uniform("side", 4) < AGREEMENT, tone, -tone)
    valences = side * np.where(uniform("strength", 4) < 0.5, 1, 2)
    templates = (uniform("template", 1)[:, 0] * len(TEMPLATES)).astype(int)
    tweets = np.zeros((rows, TIMESTEPS, FEATURES), np.float32)
    for row, numbers in enumerate(uniform("word", len(CHOICES))):
        drawn = {}
        for (kind, words), valence, number in zip(CHOICES.items(), [*valences[row], 0, 0], numbers):
            drawn[kind] = words[valence][int(number * len(words[valence]))]
        tweets[row] = encode(TEMPLATES[templates[row]].format(**drawn))
    square, product = 2.5, (1.5 * (2 * AGREEMENT - 1)) ** 2  # E[v²] of a slot, and E[v w] of two
    return tweets, valences.sum(axis=1) / math.sqrt(4 * square + 12 * product)'''

_LABELS = '''def make_labels(part, name, own, other):
    """Labels (rows, 1): coin tosses whose log odds follow from the evidence of the head's own and of the other tweet."""
    cosine, sine = cosine_and_sine(MIXING_DEG)
    log_odds = SHARPNESS * (cosine * own + sine * (TERM))
    probability = np.exp(-np.logaddexp(0.0, -log_odds))
    return (stream(f"{part} {name}").random(len(own)) < probability).astype(np.float32)[:, None]'''

_ROWS = """# %% Rows to learn from, and fresh rows to be judged on


def make_rows(part, rows):
    a, evidence_a = make_tweets(part, rows, "a"DIRECTION_A)
    b, evidence_b = make_tweets(part, rows, "b"DIRECTION_B)
    y1 = make_labels(part, "y1", evidence_a, evidence_b)
    y2 = make_labels(part, "y2", evidence_b, evidence_a)
    return [a, b], [y1, y2]


x_train, y_train = make_rows("train", N_TRAIN)
x_test, y_test = make_rows("test", N_TEST)"""

_SHUFFLED = {
    "none": "",
    "y1": '\nstream("train shuffle").shuffle(y_train[0])  # task 1 becomes noise',
    "y2": '\nstream("train shuffle").shuffle(y_train[1])  # task 2 becomes noise',
}
