"""When `trainable = False` takes effect in Keras 3: with the first fit after a compile, and then not before the next compile."""

import keras
import numpy as np

keras.utils.set_random_seed(0)
x, y = np.random.normal(size=(32, 3)), np.random.randint(0, 2, size=(32, 1))


def new_model():
    encoder = keras.layers.Dense(4, activation="tanh")
    model = keras.Sequential([keras.Input((3,)), encoder, keras.layers.Dense(1, activation="sigmoid")])
    model.compile("sgd", "binary_crossentropy")
    return model, encoder


def moves(model, layer):
    before = layer.get_weights()[0]
    model.fit(x, y, verbose=0)
    return bool((layer.get_weights()[0] != before).any())


model, encoder = new_model()
encoder.trainable = False
print("frozen before the first fit, it moves:", moves(model, encoder))

model, encoder = new_model()
print("not frozen, it moves:", moves(model, encoder))
encoder.trainable = False
print("frozen after a fit, it moves:", moves(model, encoder))
model.compile("sgd", "binary_crossentropy")
print("frozen and compiled again, it moves:", moves(model, encoder))
encoder.trainable = True
print("released without compile, it moves:", moves(model, encoder))
