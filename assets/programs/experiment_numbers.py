"""An experiment with number sequences, complete: `take_home.program` puts other settings and another model in."""

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
TIMESTEPS = 20
FEATURES = 8
N_TRAIN = 2048
N_TEST = 2048
RULE = "additive"
MIXING_DEG = 45.0
SHARPNESS = 6.0
FEATURE_ANGLE_DEG = 0.0
SIGNAL = 0.5
SHUFFLED_LABELS = "none"
EPOCHS = 12
BATCH_SIZE = 32
OPTIMIZER = keras.optimizers.RMSprop(learning_rate=0.001)
LOSS_WEIGHTS = [1.0, 1.0]


# %% The model
# `concatenate` lays both encodings side by side, so that each head reads both tweets.

tweet_a = keras.Input(shape=(20, 8), name="tweet_a")
tweet_b = keras.Input(shape=(20, 8), name="tweet_b")
shared_lstm = keras.layers.LSTM(16, name="shared_lstm")
encoded_a = shared_lstm(tweet_a)
encoded_b = shared_lstm(tweet_b)
merged_vector = keras.layers.concatenate([encoded_a, encoded_b], axis=-1, name="merged_vector")
predictions1 = keras.layers.Dense(1, activation="sigmoid", name="predictions1")(merged_vector)
predictions2 = keras.layers.Dense(1, activation="sigmoid", name="predictions2")(merged_vector)
model = keras.Model(inputs=[tweet_a, tweet_b], outputs=[predictions1, predictions2])


# %% The data: two synthetic tweets and two labels
# A tweet is a sequence of numbers, not text. Along one direction it carries a hidden mean; what can be seen of that is
# its evidence, a standard normal number. Head 1's own tweet is tweet_a, head 2's is tweet_b.


def stream(name):
    """A random generator of its own for every ingredient."""
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])


def cosine_and_sine(degrees):
    return math.sin(math.radians(90 - degrees)), math.sin(math.radians(degrees))


def make_tweets(part, rows, which, degrees):
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
    return tweets, along.mean(axis=1) / math.sqrt(SIGNAL**2 + (1 - SIGNAL**2) / TIMESTEPS)


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
    a, evidence_a = make_tweets(part, rows, "a", 0)
    b, evidence_b = make_tweets(part, rows, "b", FEATURE_ANGLE_DEG)
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
