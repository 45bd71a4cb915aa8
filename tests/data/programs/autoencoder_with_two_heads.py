# Source: questions "train an autoencoder and a classifier together in Keras"; written anew.
import keras
from keras import layers

x_in = keras.Input(shape=(8,), name="x")
h = layers.Dense(5, activation="relu")(x_in)
code = layers.Dense(2, name="code")(h)
decoded = layers.Dense(8, name="decoded")(layers.Dense(5, activation="relu")(code))
label = layers.Dense(3, activation="softmax", name="label")(code)
model = keras.Model(x_in, [decoded, label])
model.compile("adam", {"decoded": "mse", "label": "categorical_crossentropy"}, loss_weights=[1.0, 0.5])
encoder = keras.Model(x_in, code)
