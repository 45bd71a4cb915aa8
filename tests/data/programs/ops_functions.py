# Source: made for this corpus: functions of keras.ops on tensors.
import keras
from keras import layers, ops

a = keras.Input((4,), name="a")
b = keras.Input((4,), name="b")
c = keras.Input((4,), name="c")
first, second = ops.split(ops.concatenate([a + b, a - b], axis=-1), 2, axis=-1)
product = ops.matmul(ops.expand_dims(c, 1), ops.expand_dims(a, 2))
stacked = ops.stack([a, b], axis=1)
model = keras.Model(
    [a, b, c],
    [
        layers.Dense(1)(first),
        layers.Dense(1)(second),
        layers.Dense(1)(ops.reshape(product, (-1, 1))),
        layers.Dense(1)(ops.tanh(c)),
        layers.Dense(1)(ops.mean(stacked, axis=1)),
        layers.Dense(1)(ops.transpose(stacked, (0, 2, 1))),
        layers.Dense(1)(ops.stop_gradient(c)),
        layers.Dense(1)(ops.max(b, axis=-1, keepdims=True)),
    ],
)
