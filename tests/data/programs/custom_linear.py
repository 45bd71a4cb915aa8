# Source: keras.io guide "Making new layers and models via subclassing", the linear layer; written anew.
import keras
from keras import layers, ops


class Linear(keras.layers.Layer):
    def __init__(self, units=3):
        super().__init__()
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer="random_normal", trainable=True)
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", trainable=True)

    def call(self, inputs):
        return ops.matmul(inputs, self.w) + self.b


a, b = keras.Input((4,)), keras.Input((4,))
linear = Linear(5)
model = keras.Model([a, b], [layers.Dense(1)(linear(a)), layers.Dense(1)(linear(b))])
