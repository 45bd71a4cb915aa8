# Source: made for this corpus: Python's operators on tensors.
import keras
from keras import layers

a = keras.Input((4,), name="a")
b = keras.Input((4,), name="b")
c = keras.Input((4,), name="c")
mixed = (a * 2 + b) / 3 - 1
negative = -c
model = keras.Model([a, b, c], [layers.Dense(1)(mixed), layers.Dense(1)(c[:, 1:3]), negative, a**2, 1 - b])
