# The same models as Keras 3 builds them.
import keras
from keras import layers as L
from keras import ops

a, b = keras.Input((4,)), keras.Input((4,))
enc = L.Dense(6, activation="relu")
one, other = ops.split(ops.concatenate([enc(a), enc(b)], axis=-1), 2, axis=1)
p1 = L.Dense(1, name="p1")(one)
p2 = L.Dense(1, name="p2")(ops.concatenate([other, ops.stop_gradient(b)], axis=-1))
p3 = L.Dense(1, name="p3")(ops.mean(ops.stack([a, b], axis=1), axis=1))
model = keras.Model([a, b], [p1, p2, p3])
