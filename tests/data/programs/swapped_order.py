# Source: made for this corpus: the same two tensors, joined in both orders and read by one shared layer.
import keras
from keras import layers

a = keras.Input((3,), name="a")
b = keras.Input((3,), name="b")
shared = layers.Dense(4, name="shared")
one = shared(layers.concatenate([a, b]))
other = shared(layers.concatenate([b, a]))
model = keras.Model([a, b], [layers.Dense(1, name="y")(one), layers.Dense(1, name="z")(other), layers.subtract([a, b])])
