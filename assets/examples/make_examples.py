"""Build the example models with Keras and write what `model.to_json()` says of them.

    python assets/examples/make_examples.py

A test builds them again and compares, so that the examples stay what Keras really writes.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
from keras import layers, ops

FOLDER = Path(__file__).parent


def case1() -> keras.Model:
    """The question's case 1: both encodings concatenated."""
    tweet_a, tweet_b = (keras.Input((280, 256), name=name) for name in ("tweet_a", "tweet_b"))
    shared_lstm = layers.LSTM(64, name="shared_lstm")
    merged_vector = layers.Concatenate(name="merged_vector")([shared_lstm(tweet_a), shared_lstm(tweet_b)])
    heads = [layers.Dense(1, activation="sigmoid", name=f"predictions{k}")(merged_vector) for k in (1, 2)]
    return keras.Model([tweet_a, tweet_b], heads, name="case1")


def case2() -> keras.Model:
    """The question's case 2: each head reads its own encoding."""
    tweet_a, tweet_b = (keras.Input((280, 256), name=name) for name in ("tweet_a", "tweet_b"))
    shared_lstm = layers.LSTM(64, name="shared_lstm")
    encoded = shared_lstm(tweet_a), shared_lstm(tweet_b)
    heads = [layers.Dense(1, activation="sigmoid", name=f"predictions{k}")(encoded[k - 1]) for k in (1, 2)]
    return keras.Model([tweet_a, tweet_b], heads, name="case2")


def siamese() -> keras.Model:
    """Two images through one nested encoder; are they of the same person?"""
    image = keras.Input((28, 28, 1), name="image")
    x = layers.Conv2D(16, 3, activation="relu", name="conv1")(image)
    x = layers.MaxPooling2D(name="pool1")(x)
    x = layers.Conv2D(32, 3, activation="relu", name="conv2")(x)
    x = layers.GlobalAveragePooling2D(name="pool2")(x)
    encoder = keras.Model(image, layers.Dense(32, name="embedding")(x), name="encoder")
    left, right = keras.Input((28, 28, 1), name="left"), keras.Input((28, 28, 1), name="right")
    distance = ops.abs(encoder(left) - encoder(right))
    return keras.Model([left, right], layers.Dense(1, activation="sigmoid", name="same")(distance), name="siamese")


def tickets() -> keras.Model:
    """The multi-input multi-output model of Keras's guide to the functional API."""
    title, body = keras.Input((None,), name="title"), keras.Input((None,), name="body")
    tags = keras.Input((12,), name="tags")
    title_features = layers.LSTM(128, name="title_lstm")(layers.Embedding(10000, 64, name="title_words")(title))
    body_features = layers.LSTM(32, name="body_lstm")(layers.Embedding(10000, 64, name="body_words")(body))
    x = layers.Concatenate(name="features")([title_features, body_features, tags])
    priority = layers.Dense(1, activation="sigmoid", name="priority")(x)
    department = layers.Dense(4, activation="softmax", name="department")(x)
    return keras.Model([title, body, tags], [priority, department], name="tickets")


def experts() -> keras.Model:
    """A multi-gate mixture of experts (Ma et al., KDD 2018): each task mixes the same three experts its own way."""
    user, item = keras.Input((24,), name="user"), keras.Input((16,), name="item")
    x = layers.Concatenate(name="features")([user, item])
    experts = [layers.Dense(16, activation="relu", name=f"expert{i}")(x) for i in (1, 2, 3)]
    stack = ops.stack(experts, axis=1)
    heads = []
    for task in ("click", "buy"):
        gate = layers.Dense(3, activation="softmax", name=f"{task}_gate")(x)
        mixed = ops.sum(stack * ops.expand_dims(gate, -1), axis=1)
        tower = layers.Dense(8, activation="relu", name=f"{task}_tower")(mixed)
        heads.append(layers.Dense(1, activation="sigmoid", name=task)(tower))
    return keras.Model([user, item], heads, name="experts")


def unet() -> keras.Model:
    """A small U-Net (Ronneberger, Fischer and Brox, MICCAI 2015): down, up, and across."""
    image = keras.Input((64, 64, 3), name="image")
    x, across = image, []
    for depth, filters in enumerate((16, 32), start=1):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"down{depth}_conv")(x)
        across.append(x)
        x = layers.MaxPooling2D(name=f"down{depth}_pool")(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu", name="bottom_conv")(x)
    for depth, filters in ((2, 32), (1, 16)):
        x = layers.Conv2DTranspose(filters, 2, strides=2, name=f"up{depth}")(x)
        x = layers.Concatenate(name=f"across{depth}")([across[depth - 1], x])
        x = layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"up{depth}_conv")(x)
    return keras.Model(image, layers.Conv2D(1, 1, activation="sigmoid", name="mask")(x), name="unet")


def three_heads() -> keras.Model:
    """Two tasks about one tweet each, and a third about the pair: only the third is given both."""
    tweet_a, tweet_b = (keras.Input((20, 8), name=name) for name in ("tweet_a", "tweet_b"))
    shared_lstm = layers.LSTM(16, name="shared_lstm")
    encoded_a, encoded_b = shared_lstm(tweet_a), shared_lstm(tweet_b)
    merged_vector = layers.Concatenate(name="merged_vector")([encoded_a, encoded_b])
    hidden = layers.Dense(16, activation="relu", name="hidden")(merged_vector)
    heads = [
        layers.Dense(1, activation="sigmoid", name=name)(x)
        for name, x in (("mood_a", encoded_a), ("mood_b", encoded_b), ("same_author", hidden))
    ]
    return keras.Model([tweet_a, tweet_b], heads, name="three_heads")


def image_text() -> keras.Model:
    """A picture and its caption: one head needs both, one reads the caption alone."""
    image, caption = keras.Input((32, 32, 3), name="image"), keras.Input((16,), dtype="int32", name="caption")
    x = layers.Conv2D(16, 3, activation="relu", name="conv")(image)
    seen = layers.GlobalAveragePooling2D(name="pool")(x)
    told = layers.LSTM(16, name="caption_lstm")(layers.Embedding(2000, 16, name="words")(caption))
    both = layers.Concatenate(name="both")([seen, told])
    hidden = layers.Dense(16, activation="relu", name="hidden")(both)
    fits = layers.Dense(1, activation="sigmoid", name="caption_fits")(hidden)
    language = layers.Dense(5, activation="softmax", name="language")(told)
    return keras.Model([image, caption], [fits, language], name="image_text")


MODELS = (case1, case2, siamese, tickets, experts, unet, three_heads, image_text)


def main() -> None:
    """Write one file a model."""
    for make in MODELS:
        keras.utils.clear_session(free_memory=False)  # names such as "add" are numbered per session
        (FOLDER / f"{make.__name__}.json").write_text(make().to_json() + "\n")


if __name__ == "__main__":
    main()
