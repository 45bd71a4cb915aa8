"""An experiment with small made-up sentences, complete: `take_home.program` puts other settings and another model in."""

# %% What does `concatenate` do in a multi-task model?
# A complete program for Keras 3 and numpy: two tweets, two heads.
# It prints the test losses that the app shows for these settings; on the same machine and with the same versions they
# agree to four decimals. Random initial weights differ between Keras's backends, so it asks for TensorFlow.

import hashlib
import math
import os
import zlib

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np

# %% The experiment
# All that was chosen.

SEED = 0
TIMESTEPS = 12
FEATURES = 64
N_TRAIN = 2048
N_TEST = 2048
RULE = "additive"
MIXING_DEG = 45.0
SHARPNESS = 6.0
SHUFFLED_LABELS = "none"
EPOCHS = 12
BATCH_SIZE = 32
OPTIMIZER = keras.optimizers.RMSprop(learning_rate=0.003)
LOSS_WEIGHTS = [1.0, 1.0]


# %% The model
# `concatenate` lays both encodings side by side, so that each head reads both tweets.

tweet_a = keras.Input(shape=(12, 64), name="tweet_a")
tweet_b = keras.Input(shape=(12, 64), name="tweet_b")
shared_lstm = keras.layers.LSTM(16, name="shared_lstm")
encoded_a = shared_lstm(tweet_a)
encoded_b = shared_lstm(tweet_b)
merged_vector = keras.layers.concatenate([encoded_a, encoded_b], axis=-1, name="merged_vector")
predictions1 = keras.layers.Dense(1, activation="sigmoid", name="predictions1")(merged_vector)
predictions2 = keras.layers.Dense(1, activation="sigmoid", name="predictions2")(merged_vector)
model = keras.Model(inputs=[tweet_a, tweet_b], outputs=[predictions1, predictions2])


# %% The words, and the sentences that they are put into
# A word's place in the vocabulary is its place in a one-hot vector. Four slots of each sentence carry a valence, from -2 (no!)
# to 2 (yes!); all other words say nothing about any label.

VOCABULARY = """
ugh argh hmm meh finally nice hooray wow hate loathe dislike avoid like enjoy love adore awful terrible weak
dull fine good superb brilliant fail never sigh nope ok thanks yay bravo film book game song show phone team
place today again now i we they my friends everyone this that the a new it is was saw says really so how what
but
""".split()
CHOICES = {  # by kind of word and valence; the first four kinds are the slots
    "interjection": {-2: ["ugh", "argh"], -1: ["hmm", "meh"], 1: ["finally", "nice"], 2: ["hooray", "wow"]},
    "verb": {-2: ["hate", "loathe"], -1: ["dislike", "avoid"], 1: ["like", "enjoy"], 2: ["love", "adore"]},
    "adjective": {-2: ["awful", "terrible"], -1: ["weak", "dull"], 1: ["fine", "good"], 2: ["superb", "brilliant"]},
    "ending": {-2: ["fail", "never"], -1: ["sigh", "nope"], 1: ["ok", "thanks"], 2: ["yay", "bravo"]},
    "noun": {0: ["film", "book", "game", "song", "show", "phone", "team", "place"]},
    "time": {0: ["today", "again", "now"]},
}
TEMPLATES = [
    "{interjection} i {verb} this {noun} what a {adjective} {noun} {ending}",
    "{interjection} the new {noun} is so {adjective} we {verb} it {ending}",
    "{interjection} {time} my friends {verb} a {adjective} {noun} {ending}",
    "i {verb} how {adjective} that {noun} was {interjection} {ending}",
    "saw the {noun} it was {adjective} {interjection} i {verb} it {ending}",
    "everyone says {adjective} but they really {verb} this {noun} {time} {interjection} {ending}",
]
AGREEMENT = 0.8  # how often a slot's word is on the side of the tweet's tone


# %% The data: two made-up sentences and two labels
# A tweet has a tone, yes or no, and its four slots mostly follow it. What can be seen of that is its evidence: the sum of the
# valences, divided by its standard deviation. Head 1's own tweet is tweet_a, head 2's is tweet_b.


def stream(name):
    """A random generator of its own for every ingredient."""
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])


def cosine_and_sine(degrees):
    return math.sin(math.radians(90 - degrees)), math.sin(math.radians(degrees))


def encode(sentence):
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
    return tweets, valences.sum(axis=1) / math.sqrt(4 * square + 12 * product)


def make_labels(part, name, own, other):
    """Labels (rows, 1): coin tosses whose log odds follow from the evidence of the head's own and of the other tweet."""
    cosine, sine = cosine_and_sine(MIXING_DEG)
    told = own * other if RULE == "match" else other
    log_odds = SHARPNESS * (cosine * own + sine * told)
    probability = np.exp(-np.logaddexp(0.0, -log_odds))
    return (stream(f"{part} {name}").random(len(own)) < probability).astype(np.float32)[:, None]


# %% Rows to learn from, and fresh rows to be judged on
# Both are drawn by the same rule, each from streams of its own.


def make_rows(part, rows):
    a, evidence_a = make_tweets(part, rows, "a")
    b, evidence_b = make_tweets(part, rows, "b")
    y1 = make_labels(part, "y1", evidence_a, evidence_b)
    y2 = make_labels(part, "y2", evidence_b, evidence_a)
    return [a, b], [y1, y2]


x_train, y_train = make_rows("train", N_TRAIN)
x_test, y_test = make_rows("test", N_TEST)
if SHUFFLED_LABELS != "none":  # in the training rows, so that this task becomes noise
    stream("train shuffle").shuffle(y_train[["y1", "y2"].index(SHUFFLED_LABELS)])


# %% Where learning starts
# Keras's own random weights, but with a seed for each part of each layer, so that both cases start alike. Biases keep
# their defaults: 0, and 1 for the LSTM's forget gate.

draws = {"kernel": keras.initializers.GlorotUniform, "recurrent_kernel": keras.initializers.Orthogonal}
for layer in model.layers:
    role = "lstm" if "lstm" in layer.name else layer.name
    for weight in layer.weights:
        if weight.name in draws:
            digest = hashlib.sha256(f"{SEED}/{role}/{weight.name}".encode()).digest()
            draw = draws[weight.name](seed=int.from_bytes(digest[:4], "big") >> 1)
            weight.assign(draw(weight.shape))


# %% Training
# The order of the batches is drawn anew for every epoch. Both heads are judged on all test rows, in nats.

model.compile(
    optimizer=OPTIMIZER,
    loss=["binary_crossentropy", "binary_crossentropy"],
    loss_weights=LOSS_WEIGHTS,
    metrics=[["accuracy"], ["accuracy"]],
)


def judge(epoch):
    for head, y, p in zip(model.output_names, y_test, model.predict(x_test, batch_size=256, verbose=0)):
        p = np.clip(p.astype(np.float64), 1e-7, 1 - 1e-7)
        loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
        print(f"epoch {epoch:3d}  {head}  test loss {loss:.6f} nats  accuracy {np.mean((p > 0.5) == y):.4f}")


judge(0)
for epoch in range(1, EPOCHS + 1):
    order = stream(f"epoch {epoch}").permutation(N_TRAIN)
    model.fit([x[order] for x in x_train], [y[order] for y in y_train], batch_size=BATCH_SIZE, shuffle=False, verbose=0)
    judge(epoch)
