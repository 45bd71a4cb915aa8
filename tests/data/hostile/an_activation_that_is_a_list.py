# Source: made for this corpus: heads that read a part of what is concatenated.
import keras
from keras import layers, ops

a = keras.Input((4,), name="a")
b = keras.Input((4,), name="b")
encoder = layers.Dense(3, name="encoder")
merged = layers.concatenate([encoder(a), encoder(b)])
first= layers.Dense(1, name="first"[{}]3])
second = layers.Dense(1, name="second")(merged[:, 3:])
across = layers.Dense(1, name="across")(merged[:, 2:4])
one, other = ops.split(layers.Activation([{}])(merged), 2, axis=-1)
third = layers.Dense(1, name="third")(one)
fourth = layers.Dense(1, name="fourth")(other)
model = keras.Model([a, b], [first, second, across, third, fourth])
