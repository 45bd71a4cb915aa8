"""Record what Keras 2 writes, and what its models do.

    pip install tf_keras && python tests/data/keras2/make_keras2.py

Each file holds `model.to_json()` (or the config.json of a `.keras` file), and which output was seen to change when an
input was changed, under random weights. Recorded with tf_keras 2.21 (`films` with 2.15); the tests need nothing but the files.
"""

import json
import os
import tempfile
import zipfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
import tf_keras as keras
from tf_keras import layers

FOLDER = Path(__file__).parent


def _inputs(*names, shape=(4,), **options):
    return [keras.Input(shape, name=name, **options) for name in names]


def case1():
    a, b = _inputs("tweet_a", "tweet_b", shape=(4, 3))
    shared = layers.LSTM(3, name="shared_lstm")
    merged = layers.concatenate([shared(a), shared(b)], axis=-1, name="merged_vector")
    heads = [layers.Dense(1, activation="sigmoid", name=f"predictions{k}")(merged) for k in (1, 2)]
    return keras.Model([a, b], heads)


def case2():
    a, b = _inputs("tweet_a", "tweet_b", shape=(4, 3))
    shared = layers.LSTM(3, name="shared_lstm")
    encoded = shared(a), shared(b)
    heads = [layers.Dense(1, activation="sigmoid", name=f"predictions{k}")(encoded[k - 1]) for k in (1, 2)]
    return keras.Model([a, b], heads)


def chain():
    a, b = _inputs("a", "b")
    dense = layers.Dense(4, activation="tanh", name="dense")
    return keras.Model(
        [a, b], [layers.Dense(1, name="long")(dense(dense(dense(a)))), layers.Dense(1, name="short")(dense(b))]
    )


def _swapping():
    p, q = _inputs("p", "q")
    return keras.Model([p, q], [layers.Dense(4, name="of_q")(q), layers.Dense(4, name="of_p")(p)], name="inner")


def nested_shared_and_swapped():
    a, b = _inputs("a", "b")
    inner = _swapping()
    made = [*inner([a, b]), *inner([b, a])]
    heads = [layers.Dense(1, name=f"head{i}")(x) for i, x in enumerate(made)]
    return keras.Model([a, b], [*heads, made[1]])


def nested_twice():
    p, q = _inputs("p", "q")
    middle = keras.Model([p, q], _swapping()([q, p]), name="middle")
    a, b = _inputs("a", "b")
    first, second = middle([a, b])
    return keras.Model([a, b], [layers.Dense(1, name="one")(first), layers.Dense(1, name="two")(second)])


def nested_sequential():
    a, b = _inputs("a", "b")
    later = keras.Sequential([layers.Dense(5), layers.BatchNormalization(), layers.Dense(2)], name="later")
    given = keras.Sequential([keras.Input((4,)), layers.Dense(5)], name="given")
    shaped = keras.Sequential([layers.Dense(5, input_shape=(4,))], name="shaped")
    heads = [
        layers.Dense(1, name="one")(later(a)),
        layers.Dense(1, name="two")(later(b)),
        given(b),
        given(a),
        shaped(a),
    ]
    return keras.Model([a, b], heads)


def sequential():
    return keras.Sequential([layers.Dense(3, input_shape=(4,), name="first"), layers.Dense(1, name="head")])


def sequential_with_input():
    return keras.Sequential([keras.Input((4,), name="x"), layers.Dense(3, name="first"), layers.Dense(1, name="head")])


def states():
    a, b, c = _inputs("a", "b", "c", shape=(4, 3))
    _sequence, hidden, cell = layers.LSTM(3, return_state=True, return_sequences=True, name="encoder")(a)
    decoded = layers.LSTM(3, name="decoder")(b, initial_state=[hidden, cell])
    alone = layers.Bidirectional(layers.GRU(3), name="alone")(c)
    return keras.Model([a, b, c], [layers.Dense(1, name="decodes")(decoded), layers.Dense(1, name="solo")(alone)])


def keyword_arguments():
    query, value, other = _inputs("query", "value", "other", shape=(4, 3))
    attended = layers.MultiHeadAttention(2, 3, name="attention")(query, value=value, key=value)
    mask = keras.Input((4,), dtype="bool", name="mask")
    masked = layers.LSTM(3, name="masked")(other, mask=mask)
    heads = [layers.Dense(1, name="one")(layers.Flatten()(attended)), layers.Dense(1, name="two")(masked)]
    return keras.Model([query, value, other, mask], heads)


def operators():
    a, b, c = _inputs("a", "b", "c")
    mixed = (2.0 - a) * 2 + b
    first, second = tf.split(tf.concat([a + b, a - b], axis=-1), 2, axis=-1)
    chosen = tf.where(a > 0, x=b, y=tf.zeros_like(b))
    product = tf.tensordot(c[:, 1:3], tf.constant([[1.0], [2.0]]), 1)
    heads = (mixed, first, second, chosen, product)
    return keras.Model([a, b, c], [layers.Dense(1, name=f"head{i}")(x) for i, x in enumerate(heads)])


def named():
    p, q = _inputs("p", "q")
    inner = keras.Model({"q": q, "p": p}, {"z": layers.Dense(4, name="of_p")(p), "y": layers.Dense(4, name="of_q")(q)})
    a, b = _inputs("a", "b")
    made = inner({"p": b, "q": a})
    heads = {"z": layers.Dense(1, name="z")(made["z"]), "y": layers.Dense(1, name="y")(made["y"])}
    return keras.Model({"a": a, "b": b}, heads)


def masks():
    a, b = _inputs("a", "b", dtype="int32")
    words = layers.Embedding(4, 3, mask_zero=True, name="words")
    p = keras.Input((None, 3), name="p")
    encoder = keras.Model(p, layers.LSTM(3, name="lstm")(p), name="encoder")
    return keras.Model(
        [a, b], [layers.Dense(1, name="one")(encoder(words(a))), layers.Dense(1, name="two")(encoder(words(b)))]
    )


def one_layer_makes_all_outputs():
    a, b = _inputs("a", "b")
    head = layers.Dense(1, name="head")
    return keras.Model([a, b], [head(b), head(a)])


def convolutions():
    image = keras.Input((12, 12, 3), name="image")
    x = layers.Conv2D(4, 3, padding="same", name="conv")(image)
    x = layers.MaxPooling2D(name="pool")(layers.BatchNormalization(name="norm")(x))
    x = layers.GlobalAveragePooling2D(name="mean")(layers.SeparableConv2D(5, 3, name="separable")(x))
    return keras.Model(image, layers.Dense(2, name="head")(x))


def films():
    """A model, and a sequential model without an input, at each step of two films."""
    a, b = _inputs("a", "b", shape=(3, 6, 6, 2))
    picture = keras.Input((6, 6, 2), name="picture")
    eye = keras.Model(picture, layers.Flatten(name="flat")(layers.Conv2D(4, 3, name="conv")(picture)), name="eye")
    later = keras.Sequential(
        [layers.Conv2D(3, 2), layers.GlobalMaxPooling2D(), layers.BatchNormalization()], name="later"
    )
    each, other = layers.TimeDistributed(eye, name="each"), layers.TimeDistributed(later, name="other")
    heads = [layers.Dense(1, name="one")(layers.LSTM(3)(each(a))), layers.Dense(1, name="two")(layers.GRU(3)(other(b)))]
    return keras.Model([a, b], [*heads, layers.Dense(1, name="three")(layers.SimpleRNN(2)(each(b)))])


MODELS = (
    case1, case2, chain, nested_shared_and_swapped, nested_twice, nested_sequential, sequential, sequential_with_input,
    states, keyword_arguments, operators, named, masks, one_layer_makes_all_outputs, convolutions, films,
)  # fmt: skip


def _random(model, seed):
    generator = np.random.default_rng(seed)
    arrays = []
    for tensor in model.inputs:
        shape = (6, *(size or 5 for size in tensor.shape[1:]))
        if tensor.dtype in (tf.int32, tf.bool):
            arrays.append(generator.integers(0, 2 if tensor.dtype == tf.bool else 4, shape).astype(tensor.dtype.name))
        else:
            arrays.append(generator.normal(size=shape).astype("float32"))
    return arrays


def _run(model, arrays):
    packed = arrays[0] if len(arrays) == 1 else dict(zip(model.input_names, arrays, strict=True))
    return [np.asarray(y) for y in tf.nest.flatten(model(packed, training=False))]


def seen(model):
    """For each output, in order, the inputs whose change was seen in it."""
    generator = np.random.default_rng(0)
    for weight in model.weights:
        weight.assign(np.abs(generator.normal(0.3, 0.5, weight.shape)) + 0.1)
    before = _run(model, _random(model, 1))
    changed = [[] for _ in before]
    for i, name in enumerate(model.input_names):
        arrays = _random(model, 1)
        arrays[i] = _random(model, 2)[i]
        for one, old, new in zip(changed, before, _run(model, arrays), strict=True):
            if not np.array_equal(old, new):
                one.append(name)
    return changed


def main():
    for make in MODELS:
        keras.backend.clear_session()
        model = make()
        record = {"config": json.loads(model.to_json()), "seen": seen(model), "parameters": model.count_params()}
        with tempfile.TemporaryDirectory() as folder:
            model.save(f"{folder}/model.keras")
            with zipfile.ZipFile(f"{folder}/model.keras") as archive:
                record["keras_file"] = json.loads(archive.read("config.json"))
        (FOLDER / f"{make.__name__}.json").write_text(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
