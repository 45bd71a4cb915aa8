"""Keras models in which it is easy to be wrong about who can see what. Each function makes one."""

import keras
import numpy as np
from keras import layers, ops

from mtl_core.model import build_model
from mtl_core.spec import DataSpec, ModelSpec

SMALL = DataSpec(tweets="numbers", timesteps=4, features=3)


def case1():
    return build_model(ModelSpec(lstm_units=3), SMALL, seed=1)


def case2():
    return build_model(ModelSpec(lstm_units=3, merge="none"), SMALL, seed=1)


def separate_encoders():
    return build_model(ModelSpec(lstm_units=3, encoder="separate", hidden_units=4), SMALL, seed=1)


def separate_and_apart():
    return build_model(ModelSpec(lstm_units=3, encoder="separate", merge="none", hidden_units=4), SMALL, seed=1)


def _inputs(*names, shape=(4,), **options):
    return [keras.Input(shape, name=name, **options) for name in names]


def called_three_times_in_a_chain():
    a, b = _inputs("a", "b")
    dense = layers.Dense(4, activation="tanh", name="dense")
    long = dense(dense(dense(a)))
    return keras.Model([a, b], [layers.Dense(1, name="long")(long), layers.Dense(1, name="short")(dense(b))])


def chain_that_another_input_joins_late():
    a, b = _inputs("a", "b")
    dense = layers.Dense(4, activation="tanh", name="dense")
    first = dense(a)
    second = dense(layers.Add(name="join")([first, b]))
    return keras.Model([a, b], [layers.Dense(1, name="early")(first), layers.Dense(1, name="late")(dense(second))])


def _swapping(name="inner"):
    """A model that gives back what it makes of its inputs, in the other order."""
    p, q = _inputs("p", "q")
    return keras.Model([p, q], [layers.Dense(4, name="of_q")(q), layers.Dense(4, name="of_p")(p)], name=name)


def nested_with_swapped_outputs():
    a, b = _inputs("a", "b")
    first, second = _swapping()([a, b])
    return keras.Model([a, b], [layers.Dense(1, name="one")(first), layers.Dense(1, name="two")(second)])


def shared_nested_called_on_swapped_inputs():
    a, b = _inputs("a", "b")
    inner = _swapping()
    of_b, of_a = inner([a, b])
    of_a_too, of_b_too = inner([b, a])
    heads = [layers.Dense(1, name=f"head{i}")(x) for i, x in enumerate((of_b, of_a, of_a_too, of_b_too))]
    return keras.Model([a, b], [*heads, layers.Dense(1, name="mixed")(layers.Concatenate()([of_a, of_b_too]))])


def nested_outputs_are_the_models_outputs():
    a, b = _inputs("a", "b")
    inner = _swapping()
    return keras.Model([a, b], [*inner([a, b]), inner([b, b])[1]])


def nested_three_deep():
    p, q = _inputs("p", "q")
    middle = keras.Model([p, q], _swapping("innermost")([q, p]), name="middle")
    r, s = _inputs("r", "s")
    x, y = middle([r, s])
    outer = keras.Model([r, s], [y, middle([x, x])[0]], name="outer")
    a, b = _inputs("a", "b")
    first, second = outer([a, b])
    return keras.Model([a, b], [layers.Dense(1, name="one")(first), layers.Dense(1, name="two")(second)])


def nested_gives_an_input_straight_back():
    p, q = _inputs("p", "q")
    inner = keras.Model([p, q], [q, layers.Dense(4, name="of_p")(p)], name="inner")
    a, b = _inputs("a", "b")
    first, second = inner([a, b])
    return keras.Model([a, b], [layers.Dense(1, name="one")(first), layers.Dense(1, name="two")(second)])


def nested_with_named_inputs():
    p, q = _inputs("p", "q")
    inner = keras.Model({"q": q, "p": p}, {"z": layers.Dense(4, name="of_p")(p), "y": layers.Dense(4, name="of_q")(q)})
    a, b = _inputs("a", "b")
    made = inner({"p": b, "q": a})
    return keras.Model({"a": a, "b": b}, {"z": made["z"], "y": made["y"]})


def nested_with_listed_inputs_called_by_name():
    a, b = _inputs("a", "b")
    first, second = _swapping()({"q": a, "p": b})
    return keras.Model([a, b], [layers.Dense(1, name="one")(first), layers.Dense(1, name="two")(second)])


def nested_sequential():
    a, b = _inputs("a", "b")
    tower = keras.Sequential([layers.Dense(5), layers.BatchNormalization(), layers.Dense(2)], name="tower")
    given = keras.Sequential([keras.Input((4,)), layers.Dense(5)], name="given")
    heads = [layers.Dense(1, name="one")(tower(a)), layers.Dense(1, name="two")(tower(b)), given(b), given(a)]
    return keras.Model([a, b], heads)


def sequential():
    return keras.Sequential([keras.Input((4,), name="x"), layers.Dense(3, name="d"), layers.Dense(1, name="head")])


def sequential_of_models():
    image = keras.Input((4,), name="x")
    inner = keras.Model(image, layers.Dense(3)(image))
    return keras.Sequential([keras.Input((4,), name="x"), inner, keras.Sequential([layers.Dense(2)]), layers.Dense(1)])


def lstm_states_to_another_lstm():
    a, b, c = _inputs("a", "b", "c", shape=(4, 3))
    _sequence, hidden, cell = layers.LSTM(3, return_state=True, return_sequences=True, name="encoder")(a)
    decoded = layers.LSTM(3, name="decoder")(b, initial_state=[hidden, cell])
    alone = layers.GRU(3, name="alone")(c)
    return keras.Model([a, b, c], [layers.Dense(1, name="decodes")(decoded), layers.Dense(1, name="solo")(alone)])


def states_as_outputs():
    a, b = _inputs("a", "b", shape=(4, 3))
    shared = layers.LSTM(3, return_state=True, name="shared")
    _last, hidden, _cell = shared(a)
    return keras.Model([a, b], [hidden, shared(b)[2]])


def bidirectional_with_initial_state():
    a, b, state = *_inputs("a", "b", shape=(4, 3)), keras.Input((3,), name="state")
    both_ways = layers.Bidirectional(layers.LSTM(3), name="both_ways")
    first = both_ways(a, initial_state=[state] * 4)
    return keras.Model(
        [a, b, state], [layers.Dense(1, name="one")(first), layers.Dense(1, name="two")(layers.LSTM(2)(b))]
    )


def tensors_in_keyword_arguments():
    query, value, other = _inputs("query", "value", "other", shape=(4, 3))
    attended = layers.MultiHeadAttention(2, 3, name="attention")(query=query, value=value, key=value)
    plain = layers.Attention(name="plain")([query, other])
    heads = [
        layers.Dense(1, name="one")(layers.Flatten()(attended)),
        layers.Dense(1, name="two")(layers.Flatten()(plain)),
    ]
    return keras.Model([query, value, other], heads)


def mask_in_a_keyword_argument():
    a, b = _inputs("a", "b", shape=(4, 3))
    mask = keras.Input((4,), dtype="bool", name="mask")
    first, second = layers.LSTM(3, name="one")(a, mask=mask), layers.LSTM(3, name="two")(b)
    return keras.Model([a, b, mask], [layers.Dense(1, name="masked")(first), layers.Dense(1, name="unmasked")(second)])


def masks_from_an_embedding():
    a, b = _inputs("a", "b", dtype="int32")
    words = layers.Embedding(4, 3, mask_zero=True, name="words")
    p = keras.Input((None, 3), name="p")
    encoder = keras.Model(p, layers.LSTM(3, name="lstm")(p), name="encoder")
    q, r = _inputs("q", "r", shape=(None, 3))
    pair = keras.Model([q, r], [layers.LSTM(2, name="of_r")(r), layers.LSTM(2, name="of_q")(q)], name="pair")
    x, y = words(a), words(b)
    first, second = pair([x, y])
    return keras.Model(
        [a, b], [layers.Dense(1, name=f"head{i}")(z) for i, z in enumerate((encoder(x), encoder(y), first, second))]
    )


def operators():
    a, b, c = _inputs("a", "b", "c")
    mixed = (a * 2 + b) / 3 - 1
    sliced = c[:, 1:3]
    return keras.Model([a, b, c], [layers.Dense(1, name="mix")(mixed), layers.Dense(1, name="slice")(sliced), -c])


def functions():
    a, b, c = _inputs("a", "b", "c")
    first, second = ops.split(ops.concatenate([a + b, a - b], axis=-1), 2, axis=-1)
    chosen = ops.where(a > 0, b, 0.0)
    product = ops.matmul(ops.expand_dims(c, 1), ops.expand_dims(a, 2))
    heads = (first, second, chosen, ops.reshape(product, (-1, 1)), ops.tanh(c))
    return keras.Model([a, b, c], [layers.Dense(1, name=f"head{i}")(x) for i, x in enumerate(heads)])


def outputs_of_one_call():
    a, b = _inputs("a", "b")
    pieces = ops.split(a, 2, axis=-1)
    return keras.Model([a, b], [*pieces, layers.Dense(1, name="of_b")(b)])


def one_layer_makes_all_outputs():
    a, b = _inputs("a", "b")
    head = layers.Dense(1, name="head")
    return keras.Model([a, b], {"y_b": head(b), "y_a": head(a)})


def unused_input_and_twice_the_same_tensor():
    a, b, c = _inputs("a", "b", "unused")
    twice = layers.Concatenate(name="twice")([a, a])
    return keras.Model([a, b, c], [layers.Dense(1, name="one")(twice), layers.Dense(1, name="two")(b)])


def an_input_is_an_output():
    a, b = _inputs("a", "b")
    return keras.Model([a, b], [a, layers.Dense(1, name="one")(b)])


def wrapped_model():
    a, b = _inputs("a", "b", shape=(3, 4))
    step = keras.Input((4,), name="step")
    each = layers.TimeDistributed(keras.Model(step, layers.Dense(2)(step)), name="each")
    return keras.Model([a, b], [layers.Flatten(name="one")(each(a)), layers.Flatten(name="two")(each(b))])


def part_of_another_model():
    a, b = _inputs("a", "b")
    dense = layers.Dense(4, name="dense")
    first, second = dense(a), dense(b)
    keras.Model([a, b], layers.Add()([first, second]))
    third = dense(second)  # call 3 of the layer, and the second of those in the model below
    return keras.Model(b, [layers.Dense(1, name="one")(third), layers.Dense(1, name="two")(second)])


def cut_out_of_another_model():
    a, b = _inputs("a", "b")
    middle = layers.Dense(4, name="middle")(layers.Add(name="sum")([a, b]))
    head = layers.Dense(1, name="head")(layers.Dense(3, name="later")(middle))
    return keras.Model([middle, b], [head, layers.Dense(1, name="of_b")(b)])


ZOO = [
    value
    for name, value in list(globals().items())
    if callable(value) and getattr(value, "__module__", "") == __name__ and not name.startswith("_")
]


def randomise(model, seed=0):
    """Give every weight a value that no symmetry can hide behind."""
    generator = np.random.default_rng(seed)
    for weight in model.weights:
        weight.assign(np.abs(generator.normal(0.3, 0.5, weight.shape)) + 0.1)


def random_inputs(model, seed):
    """One array for each input, in the order of `model.inputs`."""
    generator = np.random.default_rng(seed)
    arrays = []
    for tensor in model.inputs:
        shape = (6, *(size or 5 for size in tensor.shape[1:]))
        if tensor.dtype == "int32":
            arrays.append(generator.integers(0, 4, shape).astype("int32"))
        elif tensor.dtype == "bool":
            arrays.append(generator.integers(0, 2, shape).astype(bool))
        else:
            arrays.append(generator.normal(size=shape).astype("float32"))
    return arrays


def run(model, arrays):
    """The outputs for `arrays`, in the order of `model.outputs`."""
    packed = arrays[0] if isinstance(model, keras.Sequential) else keras.tree.pack_sequence_as(model.input, arrays)
    return [np.asarray(y) for y in keras.tree.flatten(model(packed, training=False))]
